package giliran.pages;

import giliran.campaigns.Campaign;
import giliran.edge.TrustedProxies;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Optional;

/**
 * What a browser keeps for a person, and shows to personal pages only: the pass for each campaign,
 * and for a while the appointment that is being moved.
 *
 * <p>No script can read them, and no form of another site carries them. They are {@code Secure}
 * wherever the browser came by HTTPS, which a trusted proxy has to say; without one, as on a laptop
 * at {@code http://localhost}, they are not, since some browsers would then keep none.
 */
final class Cookies {
    private static final String MOVING = "moving";
    private static final Duration MOVING_LASTS = Duration.ofMinutes(15);

    private final TrustedProxies proxies;

    Cookies(TrustedProxies proxies) {
        this.proxies = proxies;
    }

    Optional<String> findPass(RoutingContext context, Campaign campaign) {
        return find(context, passOf(campaign));
    }

    void givePass(RoutingContext context, Campaign campaign, String pass, Duration lasts) {
        give(context, passOf(campaign), pass, lasts);
    }

    void takePass(RoutingContext context, Campaign campaign) {
        take(context, passOf(campaign));
    }

    /** The secret of the appointment that is being moved. */
    Optional<String> findMoving(RoutingContext context) {
        return find(context, MOVING);
    }

    void giveMoving(RoutingContext context, String token) {
        give(context, MOVING, token, MOVING_LASTS);
    }

    void takeMoving(RoutingContext context) {
        take(context, MOVING);
    }

    private static String passOf(Campaign campaign) {
        return "pass." + campaign.id();
    }

    private static Optional<String> find(RoutingContext context, String name) {
        return Optional.ofNullable(context.request().getCookie(name)).map(Cookie::getValue);
    }

    private void take(RoutingContext context, String name) {
        if (find(context, name).isPresent()) {
            give(context, name, "", Duration.ZERO);
        }
    }

    private void give(RoutingContext context, String name, String value, Duration lasts) {
        context.response()
                .addCookie(
                        Cookie.cookie(name, value)
                                .setPath(Frame.PERSONAL)
                                .setHttpOnly(true)
                                .setSameSite(CookieSameSite.LAX)
                                .setSecure(proxies.sayHttps(context.request()))
                                .setMaxAge(lasts.toSeconds()));
    }
}
