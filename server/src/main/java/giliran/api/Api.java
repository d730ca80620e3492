package giliran.api;

import giliran.admission.Admission;
import giliran.admission.ProofOfWork;
import giliran.admission.RateLimits;
import giliran.availability.PublishCampaigns;
import giliran.booking.BookAppointment;
import giliran.booking.CancelAppointment;
import giliran.booking.IssuePass;
import giliran.booking.LookUpAppointment;
import giliran.booking.MoveAppointment;
import giliran.campaigns.Catalogue;
import giliran.edge.Readiness;
import giliran.edge.TrustedProxies;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The routes of {@code openapi.yaml} that are not published answers, and what they share. */
public final class Api {
    private static final Logger LOG = LoggerFactory.getLogger("giliran.requests");
    private static final int BODY_BYTES_MAX = 16_384;
    private static final String BOOKING = "/api/v1/campaigns/:campaign/appointments";
    private static final String PASSES = "/api/v1/campaigns/:campaign/passes";
    private static final String FIND = "/api/v1/appointments/find";

    /** The requests a second that have a line in the log; all are counted in the metrics. */
    private static final int LINES_A_SECOND = 500;

    private static final int SERVER_FAULT = 500;
    private static final String APPOINTMENT = "/api/v1/appointments/:token";
    private static final Set<HttpMethod> METHODS =
            Set.of(
                    HttpMethod.GET,
                    HttpMethod.HEAD,
                    HttpMethod.POST,
                    HttpMethod.PUT,
                    HttpMethod.PATCH,
                    HttpMethod.DELETE,
                    HttpMethod.OPTIONS);

    private final Readiness readiness;
    private final Campaigns campaigns;
    private final PassResource passes;
    private final AppointmentResource appointments;
    private final ChallengeResource challenges;
    private final Throttle throttle;
    private final MeterRegistry meters;
    private final LineBudget lines = new LineBudget(LINES_A_SECOND);

    public Api(
            Supplier<Catalogue> catalogue,
            Readiness readiness,
            BookAppointment bookAppointment,
            LookUpAppointment lookUpAppointment,
            MoveAppointment moveAppointment,
            CancelAppointment cancelAppointment,
            IssuePass issuePass,
            PublishCampaigns publishCampaigns,
            TrustedProxies proxies,
            RateLimits limits,
            BlockingCalls blockingCalls,
            ProofOfWork proofOfWork,
            Admission admission,
            MeterRegistry meters,
            InstantSource clock) {
        this.readiness = readiness;
        throttle = new Throttle(limits, proxies);
        this.meters = meters;
        campaigns = new Campaigns(catalogue);
        challenges = new ChallengeResource(proofOfWork);
        RefusalAnswers refusals = new RefusalAnswers(catalogue, publishCampaigns, clock);
        passes = new PassResource(campaigns, issuePass, admission, throttle, refusals);
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
                        throttle,
                        blockingCalls);
    }

    /** What is said of campaigns and regions that are not published. */
    public static PublishCampaigns.Missing missing() {
        return new PublishCampaigns.Missing(
                Problem.published(ProblemType.UNKNOWN, "campaign", ProblemType.Retry.NEVER),
                Problem.published(ProblemType.UNKNOWN, "region", ProblemType.UNKNOWN.retry));
    }

    /** Makes the handler of one event loop. */
    public Handler<HttpServerRequest> handler(Vertx vertx) {
        Router router = Router.router(vertx);
        Mailbox mailbox = new Mailbox(vertx.getOrCreateContext());
        router.route().handler(context -> open(context, mailbox));
        post(router, BOOKING, Optional.of(Deed.BOOKING), appointments::book);
        post(router, PASSES, Optional.of(Deed.BOOKING), passes::issue);
        post(router, FIND, Optional.empty(), appointments::find);
        // Before the appointments' paths, which look the same.
        refuseOtherMethods(router);
        post(router, APPOINTMENT + "/move", Optional.of(Deed.MOVING), appointments::move);
        get(router, APPOINTMENT).handler(appointments::get);
        router.delete(APPOINTMENT).handler(appointments::cancel);
        get(router, "/api/v1/challenge").handler(challenges::get);
        get(router, "/api/v1/campaigns/:campaign/availability").handler(this::noAvailability);
        get(router, "/api/v1/campaigns/:campaign").handler(context -> context.fail(404));
        get(router, PublishCampaigns.CAMPAIGNS).handler(context -> context.fail(404));
        HealthResource health = new HealthResource(readiness);
        get(router, "/health/live").handler(health::live);
        get(router, "/health/ready").handler(health::ready);
        new ContractPages().mount(router);
        refuseOtherMethods(router);
        router.errorHandler(
                404,
                context ->
                        Problem.of(context, ProblemType.UNKNOWN, "path")
                                .retry(ProblemType.Retry.NEVER)
                                .send());
        router.errorHandler(413, context -> malformed(context, 413, "too-large"));
        router.errorHandler(400, context -> malformedAt(context, ""));
        router.errorHandler(417, context -> malformedAt(context, "header:Expect"));
        // So BodyHandler calls a body that breaks off, which would then be answered as done.
        router.errorHandler(200, context -> malformedAt(context, ""));
        router.errorHandler(500, this::broken);
        return router;
    }

    private static void malformed(RoutingContext context, int status, String what) {
        Problem.of(context, ProblemType.MALFORMED, what).status(status).send();
    }

    private void open(RoutingContext context, Mailbox mailbox) {
        String id = Exchange.open(context);
        Exchange.leaveTo(context, mailbox);
        long started = System.nanoTime();
        context.addEndHandler(ended -> log(context, id, System.nanoTime() - started));
        if (!throttle.refuses(context)) {
            context.next();
        }
    }

    /**
     * At most one line a request: the route's pattern, never the path, in which a secret may stand.
     */
    private void log(RoutingContext context, String id, long nanos) {
        Route route = context.currentRoute();
        String path = route == null ? "none" : Objects.requireNonNullElse(route.getPath(), "none");
        int status = context.response().getStatusCode();
        String method = method(context.request().method());
        String problem = Objects.requireNonNullElse(Exchange.problem(context), "");
        if (status >= SERVER_FAULT || lines.take(System.nanoTime())) {
            long leftOut = lines.takeLeftOut();
            if (leftOut > 0) {
                LOG.info("{} requests before this one have no line", leftOut);
            }
            writeLine(id, method, path, status, problem, nanos);
        }
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

    private static void writeLine(
            String id, String method, String path, int status, String problem, long nanos) {
        LOG.atInfo()
                .addKeyValue("request", id)
                .addKeyValue("method", method)
                .addKeyValue("route", path)
                .addKeyValue("status", status)
                .addKeyValue("problem", problem)
                .addKeyValue("micros", nanos / 1_000)
                .log("request");
    }

    /** A client may call its method anything; only the usual ones name a line of the metrics. */
    private static String method(HttpMethod method) {
        return METHODS.contains(method) ? method.name() : "OTHER";
    }

    /** HEAD is answered wherever GET is. */
    static Route get(Router router, String path) {
        return router.get(path).method(HttpMethod.HEAD);
    }

    /** Tells whoever comes with another method which ones the paths so far have. */
    private static void refuseOtherMethods(Router router) {
        Map<String, Set<String>> methods = new LinkedHashMap<>();
        for (Route route : router.getRoutes()) {
            if (route.getPath() != null && route.methods() != null) {
                Set<String> its = methods.computeIfAbsent(route.getPath(), k -> new TreeSet<>());
                route.methods().forEach(method -> its.add(method.name()));
            }
        }
        methods.forEach(
                (path, its) ->
                        router.route(path)
                                .handler(
                                        context -> {
                                            context.response()
                                                    .putHeader(
                                                            HttpHeaders.ALLOW,
                                                            String.join(", ", its));
                                            malformed(context, 405, "method");
                                        }));
    }

    private static void post(
            Router router, String path, Optional<Deed> deed, Consumer<RoutingContext> resource) {
        // Comes before the body is read, so that one in another form is not read at all.
        router.post(path)
                .handler(
                        context -> {
                            Exchange.personal(context);
                            deed.ifPresent(intended -> Exchange.intend(context, intended));
                            if (isJson(context)) {
                                context.next();
                            } else {
                                malformed(context, 415, "content-type");
                            }
                        });
        router.post(path)
                .handler(BodyHandler.create(false).setBodyLimit(BODY_BYTES_MAX))
                .handler(
                        context -> {
                            try {
                                resource.accept(context);
                            } catch (Body.MalformedException e) {
                                malformedAt(context, e.at);
                            }
                        });
    }

    private static void malformedAt(RoutingContext context, String at) {
        if (context.response().ended() || context.response().closed()) {
            return; // A body may break off after the answer, too.
        }
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

    /** What is published did not come here: no region was named, or the path is written oddly. */
    private void noAvailability(RoutingContext context) {
        String region = Objects.requireNonNullElse(context.request().getParam("region"), "");
        if (region.isEmpty() && campaigns.find(context).isPresent()) {
            Problem.of(context, ProblemType.MALFORMED, "region").with("at", "query:region").send();
        } else {
            context.fail(404);
        }
    }

    private void broken(RoutingContext context) {
        Throwable failure = context.failure();
        if (failure != null) {
            Exchange.logFailure(context, failure);
        }
        Problem broken = Problem.of(context, ProblemType.BROKEN);
        if (Exchange.deed(context).isPresent()) {
            broken.booked(Problem.Booked.UNKNOWN);
        }
        broken.send();
    }
}
