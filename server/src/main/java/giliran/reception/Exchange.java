package giliran.reception;

import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is kept of a request while it is answered, and the forms that answers share. */
public final class Exchange {
    private static final String REQUEST_ID = "giliran.request";
    private static final String LANGUAGE = "giliran.language";
    private static final String CHOSEN = "giliran.chosen-language";
    private static final String PROBLEM = "giliran.problem";
    private static final String DEED = "giliran.deed";
    private static final String IN_DOUBT = "giliran.in-doubt";
    private static final String LOOP = "giliran.loop";
    private static final String PROBLEM_FORM = "giliran.problem-form";

    /** The least id, so that each has 13 characters. */
    private static final long ID_MIN = Long.parseLong("1000000000000", Character.MAX_RADIX);

    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);

    private Exchange() {}

    /** Names the request, in its answer too. */
    static String open(RoutingContext context) {
        String id =
                Long.toString(
                        ThreadLocalRandom.current().nextLong(ID_MIN, Long.MAX_VALUE),
                        Character.MAX_RADIX);
        context.put(REQUEST_ID, id);
        context.response().putHeader("X-Request-Id", id);
        return id;
    }

    /** The request's name; one that no route was looked for is named now. */
    public static String requestId(RoutingContext context) {
        String id = context.get(REQUEST_ID);
        return id == null ? open(context) : id;
    }

    /** Where the rest of the work on a request is left when its result is there. */
    static void leaveTo(RoutingContext context, EventLoop loop) {
        context.put(LOOP, loop);
    }

    /** How a "no" to this request is written from here on. */
    public static void answerProblemsWith(RoutingContext context, ProblemForm form) {
        context.put(PROBLEM_FORM, form);
    }

    static boolean hasProblemForm(RoutingContext context) {
        return context.get(PROBLEM_FORM) != null;
    }

    static ProblemForm problemForm(RoutingContext context) {
        return Objects.requireNonNull(context.get(PROBLEM_FORM));
    }

    static Mailbox mailbox(RoutingContext context) {
        return loop(context).mailbox;
    }

    /** Where the answer is left if nothing can be given. */
    static BackRow backRow(RoutingContext context) {
        return loop(context).backRow;
    }

    private static EventLoop loop(RoutingContext context) {
        return Objects.requireNonNull(context.get(LOOP));
    }

    /** Remembers that a request would change a place. */
    public static void intend(RoutingContext context, Deed deed) {
        context.put(DEED, deed);
    }

    static Optional<Deed> deed(RoutingContext context) {
        return Optional.ofNullable(context.get(DEED));
    }

    /** Remembers that an earlier request like this may have done what it should. */
    public static void doubt(RoutingContext context) {
        context.put(IN_DOUBT, true);
    }

    static boolean isInDoubt(RoutingContext context) {
        return deed(context).isPresent() && context.get(IN_DOUBT) != null;
    }

    /** Who tells the person's own language, for whoever sends no {@code Accept-Language}. */
    public static void speak(RoutingContext context, Supplier<@Nullable String> language) {
        context.put(LANGUAGE, language);
    }

    /** Settles the language of the answer, whatever the header asks for. */
    public static void answerIn(RoutingContext context, String language) {
        context.put(CHOSEN, language);
    }

    public static Sentences sentences(RoutingContext context) {
        String chosen = context.get(CHOSEN);
        if (chosen != null) {
            return Sentences.in(chosen);
        }
        String accepted =
                String.join(",", context.request().headers().getAll(HttpHeaders.ACCEPT_LANGUAGE));
        Supplier<@Nullable String> own = context.get(LANGUAGE);
        return Sentences.in(Sentences.choose(accepted, own == null ? () -> null : own));
    }

    /** A part of the path that the route names. */
    public static String pathPart(RoutingContext context, String name) {
        return Objects.requireNonNullElse(context.pathParam(name), "");
    }

    /** Remembers, for the log, which problem the request was answered with. */
    static void noteProblem(RoutingContext context, String type) {
        context.put(PROBLEM, type);
    }

    static @Nullable String problem(RoutingContext context) {
        return context.get(PROBLEM);
    }

    /** Tells the operator what went wrong; the client learns only the request's id. */
    static void logFailure(RoutingContext context, Throwable failure) {
        LOG.error("Request {} failed", requestId(context), failure);
    }

    /**
     * Marks the answer as one person's: nobody may keep it, and no link may carry its address on.
     */
    public static void personal(RoutingContext context) {
        context.response()
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .putHeader("Referrer-Policy", "no-referrer");
    }
}
