package giliran.api;

import giliran.admission.ProofOfWork;
import giliran.edge.Json;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;

/** Hands out the work that a device does before it is let in. */
final class ChallengeResource {
    private final ProofOfWork proofOfWork;

    ChallengeResource(ProofOfWork proofOfWork) {
        this.proofOfWork = proofOfWork;
    }

    void get(RoutingContext context) {
        ProofOfWork.Challenge challenge = proofOfWork.challenge();
        context.response().putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        Api.send(
                context,
                200,
                Json.object()
                        .put("algorithm", challenge.algorithm())
                        .put("challenge", challenge.challenge())
                        .put("maxnumber", challenge.maxnumber())
                        .put("salt", challenge.salt())
                        .put("signature", challenge.signature()));
    }
}
