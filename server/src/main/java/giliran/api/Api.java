package giliran.api;

import giliran.booking.BookAppointment;
import giliran.booking.CancelAppointment;
import giliran.booking.IssuePass;
import giliran.booking.LookUpAppointment;
import giliran.booking.MoveAppointment;
import giliran.campaigns.Catalogue;
import giliran.edge.Readiness;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The routes of {@code openapi.yaml} that are not published answers, and what they share. */
public final class Api {
    private static final Logger LOG = LoggerFactory.getLogger("giliran.requests");
    private static final int BODY_BYTES_MAX = 16_384;

    private final Readiness readiness;
    private final Campaigns campaigns;
    private final PassResource passes;
    private final AppointmentResource appointments;
    private final ChallengeResource challenges;
    private final MeterRegistry meters;

    public Api(
            Supplier<Catalogue> catalogue,
            Readiness readiness,
            BookAppointment bookAppointment,
            LookUpAppointment lookUpAppointment,
            MoveAppointment moveAppointment,
            CancelAppointment cancelAppointment,
            IssuePass issuePass,
            PublishCampaigns publishCampaigns,
            FindLimits findLimits,
            BlockingCalls blockingCalls,
            ProofOfWork proofOfWork,
            Admission admission,
            MeterRegistry meters,
            InstantSource clock) {
        this.readiness = readiness;
        this.meters = meters;
        campaigns = new Campaigns(catalogue);
        RefusalAnswers refusals = new RefusalAnswers(catalogue, publishCampaigns, clock);
        passes = new PassResource(campaigns, issuePass, admission, refusals);
        challenges = new ChallengeResource(proofOfWork);
        appointments =
                new AppointmentResource(
                        catalogue,
                        campaigns,
                        readiness,
                        admission,
                        new AppointmentResource.UseCases(
                                bookAppointment,
                                lookUpAppointment,
                                moveAppointment,
                                cancelAppointment),
                        refusals,
                        findLimits,
                        blockingCalls);
    }

    /** Makes the handler of one event loop. */
    public Handler<HttpServerRequest> handler(Vertx vertx) {
        Router router = Router.router(vertx);
        router.route().handler(this::open);
        post(router, "/api/v1/campaigns/:campaign/appointments", appointments::book);
        post(router, "/api/v1/campaigns/:campaign/passes", passes::issue);
        post(router, "/api/v1/appointments/find", appointments::find);
        post(router, "/api/v1/appointments/:token/move", appointments::move);
        router.get("/api/v1/appointments/:token").handler(appointments::get);
        router.delete("/api/v1/appointments/:token").handler(appointments::cancel);
        router.get("/api/v1/challenge").handler(challenges::get);
        router.get("/api/v1/campaigns/:campaign/availability").handler(this::noAvailability);
        router.get("/api/v1/campaigns/:campaign").handler(this::noCampaign);
        HealthResource health = new HealthResource(readiness);
        router.get("/health/live").handler(health::live);
        router.get("/health/ready").handler(health::ready);
        new ContractPages().mount(router);
        router.errorHandler(
                404,
                context ->
                        Problem.of(context, ProblemType.UNKNOWN, "path")
                                .retry(ProblemType.Retry.NEVER)
                                .send());
        router.errorHandler(405, context -> malformed(context, 405, "method"));
        router.errorHandler(413, context -> malformed(context, 413, "too-large"));
        router.errorHandler(400, context -> Problem.of(context, ProblemType.MALFORMED).send());
        router.errorHandler(500, this::broken);
        return router;
    }

    private static void malformed(RoutingContext context, int status, String what) {
        Problem.of(context, ProblemType.MALFORMED, what).status(status).send();
    }

    private void open(RoutingContext context) {
        String id = Exchange.open(context);
        long started = System.nanoTime();
        context.addEndHandler(ended -> log(context, id, System.nanoTime() - started));
        context.next();
    }

    /** One line a request: the route's pattern, never the path, in which a secret may stand. */
    private void log(RoutingContext context, String id, long nanos) {
        Route route = context.currentRoute();
        String path = route == null ? "none" : Objects.requireNonNullElse(route.getPath(), "none");
        int status = context.response().getStatusCode();
        String method = context.request().method().name();
        String problem = Objects.requireNonNullElse(Exchange.problem(context), "");
        LOG.atInfo()
                .addKeyValue("request", id)
                .addKeyValue("method", method)
                .addKeyValue("route", path)
                .addKeyValue("status", status)
                .addKeyValue("problem", problem)
                .addKeyValue("micros", nanos / 1_000)
                .log("request");
        Timer.builder("giliran.requests")
                .tag("method", method)
                .tag("route", path)
                .tag("status", String.valueOf(status))
                .tag("problem", problem)
                .publishPercentileHistogram()
                .minimumExpectedValue(Duration.ofMillis(1))
                .maximumExpectedValue(Duration.ofSeconds(20))
                .register(meters)
                .record(Duration.ofNanos(nanos));
    }

    private static void post(Router router, String path, Consumer<RoutingContext> resource) {
        router.route(HttpMethod.POST, path)
                .handler(BodyHandler.create(false).setBodyLimit(BODY_BYTES_MAX))
                .handler(
                        context -> {
                            if (!isJson(context)) {
                                malformed(context, 415, "content-type");
                                return;
                            }
                            try {
                                resource.accept(context);
                            } catch (Body.MalformedException e) {
                                malformedAt(context, e.at);
                            }
                        });
    }

    private static void malformedAt(RoutingContext context, String at) {
        Problem problem = Problem.of(context, ProblemType.MALFORMED);
        if (!at.isEmpty()) {
            problem.with("at", at);
        }
        problem.send();
    }

    private static boolean isJson(RoutingContext context) {
        String type = Objects.requireNonNullElse(context.request().getHeader("Content-Type"), "");
        return type.split(";", 2)[0].strip().equalsIgnoreCase("application/json");
    }

    private void noCampaign(RoutingContext context) {
        Problem.of(context, ProblemType.UNKNOWN, "campaign").retry(ProblemType.Retry.NEVER).send();
    }

    private void noAvailability(RoutingContext context) {
        String region = Objects.requireNonNullElse(context.request().getParam("region"), "");
        if (campaigns.find(context).isEmpty()) {
            noCampaign(context);
        } else if (region.isEmpty()) {
            Problem.of(context, ProblemType.MALFORMED, "region").with("at", "query:region").send();
        } else {
            Problem.of(context, ProblemType.UNKNOWN, "region").send();
        }
    }

    private void broken(RoutingContext context) {
        Throwable failure = context.failure();
        if (failure != null) {
            Exchange.logFailure(context, failure);
        }
        Problem.of(context, ProblemType.BROKEN).send();
    }
}
