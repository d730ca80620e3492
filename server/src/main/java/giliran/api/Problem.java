package giliran.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import giliran.edge.Answer;
import giliran.edge.Json;
import giliran.edge.Piece;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/** A "no" on its way to a client: a problem document (RFC 9457) in the person's language. */
final class Problem {
    /** What is known of the place that the request was about. */
    enum Booked {
        YES,
        NO,
        UNKNOWN;

        final String text = name().toLowerCase(Locale.ROOT);
    }

    private final RoutingContext context;
    private final ProblemType type;
    private final String sentence;
    private final Sentences sentences;
    private final Map<String, String> values = new HashMap<>();
    private final ObjectNode members = Json.object();
    private int status;
    private ProblemType.Retry retry;

    private Problem(RoutingContext context, ProblemType type, String sentence) {
        this.context = context;
        this.type = type;
        sentences = Exchange.sentences(context);
        this.sentence = mostExact(sentence);
        status = type.status;
        retry = type.retry;
        Exchange.deed(context).ifPresent(deed -> booked(deed.bookedIfRefused));
    }

    /** The sentences of what the request would do, where there are such; else the usual ones. */
    private String mostExact(String usual) {
        return Exchange.deed(context)
                .map(deed -> usual + "." + deed.text)
                .filter(exact -> sentences.has(exact + ".detail"))
                .orElse(usual);
    }

    static Problem of(RoutingContext context, ProblemType type) {
        return new Problem(context, type, type.text);
    }

    /**
     * @param what what it was about, where the sentences differ by that, such as {@code campaign}
     */
    static Problem of(RoutingContext context, ProblemType type, String what) {
        return new Problem(context, type, type.text + "." + what);
    }

    Problem status(int status) {
        this.status = status;
        return this;
    }

    Problem retry(ProblemType.Retry retry) {
        this.retry = retry;
        return this;
    }

    Problem booked(Booked booked) {
        members.put("booked", booked.text);
        return this;
    }

    /** Tells the client, and the person, how long to wait: in whole seconds, rounded up. */
    Problem after(Duration wait) {
        long seconds = Math.max(1, wait.plusSeconds(1).minusNanos(1).toSeconds());
        context.response().putHeader(HttpHeaders.RETRY_AFTER, String.valueOf(seconds));
        values.put("wait", sentences.howLong(Duration.ofSeconds(seconds)));
        return this;
    }

    /** Fills a placeholder of the sentences. */
    Problem say(String placeholder, Function<Sentences, String> value) {
        values.put(placeholder, value.apply(sentences));
        return this;
    }

    Problem with(String member, String value) {
        members.put(member, value);
        return this;
    }

    /** The document's own members, to be added to. */
    ObjectNode members() {
        return members;
    }

    Sentences sentences() {
        return sentences;
    }

    void send() {
        ObjectNode problem = document(type, status, retry, sentences, sentence, values);
        problem.put("requestId", Exchange.requestId(context));
        problem.setAll(members);
        Exchange.noteProblem(context, type.text);
        context.response()
                .setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/problem+json")
                .putHeader(HttpHeaders.CONTENT_LANGUAGE, sentences.language())
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .end(Json.bytes(problem));
    }

    private static ObjectNode document(
            ProblemType type,
            int status,
            ProblemType.Retry retry,
            Sentences sentences,
            String sentence,
            Map<String, String> values) {
        return Json.object()
                .put("type", "/problems/" + type.text)
                .put("title", sentences.say(type.text + ".title"))
                .put("status", status)
                .put("detail", sentences.say(sentence + ".detail", values))
                .put("next", sentences.say(sentence + ".next", values))
                .put("retry", retry.text);
    }

    /**
     * A "no" that is the same for everyone, finished in every language, to be chosen from by {@code
     * Accept-Language}.
     */
    static Function<String, Answer> published(
            ProblemType type, String what, ProblemType.Retry retry) {
        Map<String, Answer> byLanguage = new HashMap<>();
        for (String language : Sentences.languages()) {
            ObjectNode document =
                    document(
                            type,
                            type.status,
                            retry,
                            Sentences.in(language),
                            type.text + "." + what,
                            Map.of());
            byLanguage.put(
                    language,
                    Answer.problem(
                            type.status, language, Piece.of(Json.bytes(document).getBytes())));
        }
        return accepted ->
                Objects.requireNonNull(byLanguage.get(Sentences.choose(accepted, () -> null)));
    }
}
