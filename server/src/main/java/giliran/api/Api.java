package giliran.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import giliran.admission.Admission;
import giliran.admission.ProofOfWork;
import giliran.availability.PublishCampaigns;
import giliran.campaigns.Catalogue;
import giliran.edge.Json;
import giliran.edge.Readiness;
import giliran.reception.Appointments;
import giliran.reception.Campaigns;
import giliran.reception.Deed;
import giliran.reception.EventLoop;
import giliran.reception.Passes;
import giliran.reception.Problem;
import giliran.reception.ProblemType;
import giliran.reception.Reception;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The routes of {@code openapi.yaml} that are not published answers. */
public final class Api {
    private static final String BOOKING = "/api/v1/campaigns/:campaign/appointments";
    private static final String PASSES = "/api/v1/campaigns/:campaign/passes";
    private static final String FIND = "/api/v1/appointments/find";
    private static final String APPOINTMENT = "/api/v1/appointments/:token";

    private static final List<String> PATHS =
            List.of("/api/", "/docs", "/openapi.yaml", "/problems/", "/health/");

    private final Reception reception;
    private final Readiness readiness;
    private final Campaigns campaigns;
    private final PassResource passes;
    private final AppointmentResource appointments;
    private final ChallengeResource challenges;
    private final JsonProblems problems;

    public Api(
            Reception reception,
            Supplier<Catalogue> catalogue,
            Readiness readiness,
            Appointments appointments,
            Passes passes,
            ProofOfWork proofOfWork,
            Admission admission) {
        this.reception = reception;
        this.readiness = readiness;
        campaigns = new Campaigns(catalogue);
        this.passes = new PassResource(campaigns, admission, passes);
        this.appointments = new AppointmentResource(catalogue, campaigns, admission, appointments);
        challenges = new ChallengeResource(proofOfWork);
        problems = new JsonProblems(catalogue);
    }

    /** What is said of campaigns and regions that are not published. */
    public static PublishCampaigns.Missing missing() {
        return new PublishCampaigns.Missing(
                JsonProblems.published(ProblemType.UNKNOWN, "campaign", ProblemType.Retry.NEVER),
                JsonProblems.published(ProblemType.UNKNOWN, "region", ProblemType.UNKNOWN.retry));
    }

    /** Whether a path is answered here, be it known or not. */
    public static boolean owns(String path) {
        return PATHS.stream().anyMatch(path::startsWith);
    }

    /** Makes the handler of one event loop. */
    public Handler<HttpServerRequest> handler(EventLoop loop) {
        Router router = reception.router(loop, problems);
        post(router, BOOKING, Optional.of(Deed.BOOKING), appointments::book);
        post(router, PASSES, Optional.of(Deed.BOOKING), passes::issue);
        post(router, FIND, Optional.empty(), appointments::find);
        // Before the appointments' paths, which look the same.
        Reception.refuseOtherMethods(router);
        post(router, APPOINTMENT + "/move", Optional.of(Deed.MOVING), appointments::move);
        Reception.get(router, APPOINTMENT).handler(appointments::get);
        router.delete(APPOINTMENT).handler(appointments::cancel);
        Reception.get(router, "/api/v1/challenge").handler(challenges::get);
        Reception.get(router, "/api/v1/campaigns/:campaign/availability")
                .handler(this::noAvailability);
        Reception.get(router, "/api/v1/campaigns/:campaign").handler(context -> context.fail(404));
        Reception.get(router, PublishCampaigns.CAMPAIGNS).handler(context -> context.fail(404));
        HealthResource health = new HealthResource(readiness);
        Reception.get(router, "/health/live").handler(health::live);
        Reception.get(router, "/health/ready").handler(health::ready);
        new ContractPages().mount(router);
        Reception.refuseOtherMethods(router);
        return router;
    }

    private static void post(
            Router router, String path, Optional<Deed> deed, Consumer<RoutingContext> resource) {
        Reception.post(router, path, "application/json", deed, resource);
    }

    /** What is published did not come here: no region was named, or the path is written oddly. */
    private void noAvailability(RoutingContext context) {
        String region = Objects.requireNonNullElse(context.request().getParam("region"), "");
        if (region.isEmpty() && campaigns.find(context).isPresent()) {
            Problem.of(context, ProblemType.MALFORMED, "region")
                    .with("at", "query:region")
                    .send(context);
        } else {
            context.fail(404);
        }
    }

    static void send(RoutingContext context, int status, ObjectNode body) {
        context.response()
                .setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .end(Json.bytes(body));
    }
}
