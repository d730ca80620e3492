package giliran.reception;

import giliran.admission.RateLimits;
import giliran.admission.RateLimits.Exceeded;
import giliran.booking.BookAppointment.Applicant;
import giliran.edge.Network;
import giliran.edge.TrustedProxies;
import giliran.ledger.Reference;
import io.vertx.ext.web.RoutingContext;
import java.util.Objects;
import java.util.Optional;

/**
 * Refuses those who come too often. Each method returns whether the request has been answered so.
 */
public final class Throttle {
    private final RateLimits limits;
    private final TrustedProxies proxies;

    public Throttle(RateLimits limits, TrustedProxies proxies) {
        this.limits = limits;
        this.proxies = proxies;
    }

    boolean refuses(RoutingContext context) {
        return refuse(context, limits.tryRequest(network(context)));
    }

    /**
     * A pass is the person's own, and is counted wherever it comes from; an identity number may be
     * anyone's guess, so nobody who knows it can use up what its owner may try from elsewhere.
     */
    boolean refuses(RoutingContext context, Applicant applicant) {
        String who =
                switch (applicant) {
                    case Applicant.WithPass pass -> pass.text();
                    case Applicant.Typed typed ->
                            network(context)
                                    + Objects.requireNonNullElse(typed.person().idNumber(), "");
                };
        return refuse(context, limits.tryFor(who));
    }

    /** Counts by a secret that is one appointment's. */
    boolean refuses(RoutingContext context, String token) {
        return refuse(context, limits.tryFor(token));
    }

    boolean refusesToFind(RoutingContext context, Optional<Reference> reference) {
        return refuse(context, limits.tryFind(network(context), reference));
    }

    private Network network(RoutingContext context) {
        return proxies.clientOf(context.request());
    }

    private static boolean refuse(RoutingContext context, Optional<Exceeded> exceeded) {
        exceeded.ifPresent(
                limit -> {
                    Exchange.personal(context);
                    context.response()
                            .putHeader("RateLimit", limit.rateLimit())
                            .putHeader("RateLimit-Policy", limit.policy());
                    Problem.of(context, ProblemType.TOO_MANY)
                            .after(limit.retryAfter())
                            .send(context);
                });
        return exceeded.isPresent();
    }
}
