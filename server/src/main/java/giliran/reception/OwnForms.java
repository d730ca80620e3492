package giliran.reception;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;
import java.util.Optional;
import java.util.Set;

/**
 * Refuses what a page of another site has sent in a person's name. Beside this, the cookies are
 * {@code SameSite=Lax}, and what can be done to an appointment needs the secret of its link.
 */
public final class OwnForms {
    private static final int FORBIDDEN = 403;

    /** What browsers say of our own forms, and of a page that is loaded anew. */
    private static final Set<String> OURS = Set.of("same-origin", "none");

    private OwnForms() {}

    /** Lets requests pass that change nothing, and our own forms. */
    public static void guard(RoutingContext context) {
        if (context.request().method().equals(HttpMethod.POST) && isForeign(context.request())) {
            Problem.of(context, ProblemType.MALFORMED, "foreign-form")
                    .status(FORBIDDEN)
                    .send(context);
        } else {
            context.next();
        }
    }

    /**
     * Older browsers do not say from which site a form comes, but from which origin; with {@code
     * null} they say neither, and then the cookie alone tells: they send none with a form of
     * another site.
     */
    private static boolean isForeign(HttpServerRequest request) {
        String site = request.getHeader("Sec-Fetch-Site");
        if (site != null) {
            return !OURS.contains(site);
        }
        String origin = request.getHeader(HttpHeaders.ORIGIN);
        return origin != null
                && !origin.equals("null")
                && !authorityOf(origin).equals(Optional.ofNullable(request.getHeader("Host")));
    }

    /** The scheme is not compared: a proxy may have taken HTTPS off. */
    private static Optional<String> authorityOf(String origin) {
        try {
            return Optional.ofNullable(URI.create(origin).getRawAuthority());
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
