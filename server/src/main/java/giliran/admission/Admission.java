package giliran.admission;

import giliran.clients.Clients;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/**
 * Decides whether a request may go on to ask for a pass, or to book without one: where a campaign
 * asks for it, only with the credential of other software that we know or with a proof of work.
 */
public final class Admission {
    private static final String SCHEME = "Bearer ";

    private final Clients clients;
    private final ProofOfWork proofOfWork;

    public Admission(Clients clients, ProofOfWork proofOfWork) {
        this.clients = clients;
        this.proofOfWork = proofOfWork;
    }

    /**
     * Whether the request is let in. A proof is used up by this only if it was needed.
     *
     * @param proof the body's member {@code proof}: a solution in base64, as in {@code
     *     openapi.yaml}; any text may be given
     * @param proofNeeded whether the campaign asks for a proof of work
     */
    public boolean isAdmitted(RoutingContext context, Optional<String> proof, boolean proofNeeded) {
        return !proofNeeded || isClient(context) || proof.filter(proofOfWork::accept).isPresent();
    }

    private boolean isClient(RoutingContext context) {
        return Optional.ofNullable(context.request().getHeader(HttpHeaders.AUTHORIZATION))
                .filter(header -> header.regionMatches(true, 0, SCHEME, 0, SCHEME.length()))
                .flatMap(header -> clients.find(header.substring(SCHEME.length()).strip()))
                .isPresent();
    }
}
