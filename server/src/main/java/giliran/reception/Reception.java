package giliran.reception;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What all rooms that answer requests share: how one is opened, counted, timed and logged. */
public final class Reception {
    private static final Logger LOG = LoggerFactory.getLogger("giliran.requests");
    private static final int BODY_BYTES_MAX = 16_384;

    /** The requests a second that have a line in the log; all are counted in the metrics. */
    private static final int LINES_A_SECOND = 500;

    private static final int SERVER_FAULT = 500;
    private static final Set<HttpMethod> METHODS =
            Set.of(
                    HttpMethod.GET,
                    HttpMethod.HEAD,
                    HttpMethod.POST,
                    HttpMethod.PUT,
                    HttpMethod.PATCH,
                    HttpMethod.DELETE,
                    HttpMethod.OPTIONS);

    /** What requests are told apart by in the metrics. */
    private record Kind(String method, String route, int status, String problem) {}

    private final Throttle throttle;
    private final MeterRegistry meters;
    private final Map<Kind, Timer> timers = new ConcurrentHashMap<>();
    private final LineBudget lines = new LineBudget(LINES_A_SECOND);

    public Reception(Throttle throttle, MeterRegistry meters) {
        this.throttle = throttle;
        this.meters = meters;
    }

    /**
     * Makes a room's router, for one event loop.
     *
     * @param form how the room says no
     */
    public Router router(EventLoop loop, ProblemForm form) {
        Router router = Router.router(loop.vertx);
        router.route()
                .handler(
                        context -> {
                            Exchange.leaveTo(context, loop);
                            open(context, form);
                        });
        onError(
                router,
                404,
                form,
                context ->
                        Problem.of(context, ProblemType.UNKNOWN, "path")
                                .retry(ProblemType.Retry.NEVER)
                                .send(context));
        onError(router, 413, form, context -> malformed(context, 413, "too-large"));
        onError(router, 400, form, context -> malformedAt(context, ""));
        onError(router, 417, form, context -> malformedAt(context, "header:Expect"));
        // So BodyHandler calls a body that breaks off, which would then be answered as done.
        onError(router, 200, form, context -> malformedAt(context, ""));
        onError(router, 500, form, Reception::broken);
        return router;
    }

    /** Some requests fail before any route is looked for. */
    private static void onError(
            Router router, int status, ProblemForm form, Consumer<RoutingContext> answer) {
        router.errorHandler(
                status,
                context -> {
                    // A request may break off after its answer, too.
                    if (context.response().headWritten() || context.response().closed()) {
                        return;
                    }
                    if (!Exchange.hasProblemForm(context)) {
                        Exchange.answerProblemsWith(context, form);
                    }
                    answer.accept(context);
                });
    }

    private void open(RoutingContext context, ProblemForm form) {
        String id = Exchange.open(context);
        Exchange.answerProblemsWith(context, form);
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
        timers.computeIfAbsent(new Kind(method, path, status, problem), this::timer)
                .record(Duration.ofNanos(nanos));
    }

    private Timer timer(Kind kind) {
        return Timer.builder("giliran.requests")
                .tag("method", kind.method())
                .tag("route", kind.route())
                .tag("status", String.valueOf(kind.status()))
                .tag("problem", kind.problem())
                .publishPercentileHistogram()
                .minimumExpectedValue(Duration.ofMillis(1))
                .maximumExpectedValue(Duration.ofSeconds(20))
                .register(meters);
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
    public static Route get(Router router, String path) {
        return router.get(path).method(HttpMethod.HEAD);
    }

    /**
     * A route for what is personal.
     *
     * @param contentType the only form of a body that is read
     * @param deed what it would do to a place; empty if it changes none
     */
    public static void post(
            Router router,
            String path,
            String contentType,
            Optional<Deed> deed,
            Consumer<RoutingContext> resource) {
        // Comes before the body is read, so that one in another form is not read at all.
        router.post(path)
                .handler(
                        context -> {
                            Exchange.personal(context);
                            deed.ifPresent(intended -> Exchange.intend(context, intended));
                            if (isIn(context, contentType)) {
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
                            } catch (MalformedException e) {
                                malformedAt(context, e.at);
                            }
                        });
    }

    private static boolean isIn(RoutingContext context, String contentType) {
        String type = Objects.requireNonNullElse(context.request().getHeader("Content-Type"), "");
        return type.split(";", 2)[0].strip().equalsIgnoreCase(contentType);
    }

    /** Tells whoever comes with another method which ones the paths so far have. */
    public static void refuseOtherMethods(Router router) {
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

    private static void malformed(RoutingContext context, int status, String what) {
        Problem.of(context, ProblemType.MALFORMED, what).status(status).send(context);
    }

    private static void malformedAt(RoutingContext context, String at) {
        Problem problem = Problem.of(context, ProblemType.MALFORMED);
        if (!at.isEmpty()) {
            problem.with("at", at);
        }
        problem.send(context);
    }

    private static void broken(RoutingContext context) {
        Throwable failure = context.failure();
        if (failure != null) {
            Exchange.logFailure(context, failure);
        }
        Problem broken = Problem.of(context, ProblemType.BROKEN);
        if (Exchange.deed(context).isPresent()) {
            broken.booked(Problem.Booked.UNKNOWN);
        }
        broken.send(context);
    }
}
