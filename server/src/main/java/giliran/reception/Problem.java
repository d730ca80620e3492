package giliran.reception;

import com.fasterxml.jackson.databind.node.ObjectNode;
import giliran.availability.FreePlaces.Free;
import giliran.booking.BookingResult.FieldProblem;
import giliran.booking.HeldAppointment;
import giliran.campaigns.Slot;
import giliran.edge.Json;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** A "no" in the person's language, before it has a form: what happened, and what to do now. */
public final class Problem {
    /** What is known from this request alone of the place that it was about. */
    public enum Booked {
        YES,
        NO,
        UNKNOWN;

        public final String text = name().toLowerCase(Locale.ROOT);
    }

    /** A slot that could not be had, and who finds places near it. */
    private record Missed(Slot slot, Supplier<List<Free>> nearest) {}

    private final ProblemType type;
    private final String sentence;
    private final Sentences sentences;
    private final Map<String, String> values = new HashMap<>();
    private final ObjectNode facts = Json.object();
    private int status;
    private ProblemType.Retry retry;
    private Optional<Booked> booked;
    private Optional<Duration> toWait = Optional.empty();
    private List<FieldProblem> fields = List.of();
    private Optional<Missed> missed = Optional.empty();
    private Optional<HeldAppointment> standing = Optional.empty();

    private Problem(
            ProblemType type, String sentence, Sentences sentences, Optional<Deed> intended) {
        this.type = type;
        this.sentences = sentences;
        this.sentence = mostExact(sentence, intended);
        status = type.status;
        retry = type.retry;
        booked = intended.map(deed -> deed.bookedIfRefused);
    }

    /** The sentences of what the request would do, where there are such; else the usual ones. */
    private String mostExact(String usual, Optional<Deed> intended) {
        return intended.map(deed -> usual + "." + deed.text)
                .filter(exact -> sentences.has(exact + ".detail"))
                .orElse(usual);
    }

    /** For whoever sent this request, and about what it would do. */
    public static Problem of(RoutingContext context, ProblemType type) {
        return of(context, type, Optional.empty());
    }

    /**
     * For whoever sent this request, where the sentences differ by what it was about.
     *
     * @param what what it was about, such as {@code campaign}
     */
    public static Problem of(RoutingContext context, ProblemType type, String what) {
        return of(context, type, Optional.of(what));
    }

    private static Problem of(RoutingContext context, ProblemType type, Optional<String> what) {
        return new Problem(
                type,
                what.map(w -> type.text + "." + w).orElse(type.text),
                Exchange.sentences(context),
                Exchange.deed(context));
    }

    /** For everyone who reads this language. */
    public static Problem in(Sentences sentences, ProblemType type, String what) {
        return new Problem(type, type.text + "." + what, sentences, Optional.empty());
    }

    public Problem status(int status) {
        this.status = status;
        return this;
    }

    public Problem retry(ProblemType.Retry retry) {
        this.retry = retry;
        return this;
    }

    Problem booked(Booked booked) {
        this.booked = Optional.of(booked);
        return this;
    }

    /** Tells how long to wait: in whole seconds, rounded up. */
    Problem after(Duration wait) {
        Duration rounded =
                Duration.ofSeconds(Math.max(1, wait.plusSeconds(1).minusNanos(1).toSeconds()));
        toWait = Optional.of(rounded);
        values.put("wait", sentences.howLong(rounded));
        return this;
    }

    /** Fills a placeholder of the sentences. */
    Problem say(String placeholder, Function<Sentences, String> value) {
        values.put(placeholder, value.apply(sentences));
        return this;
    }

    /** Adds what software may want to know of it, as the contract names it. */
    public Problem with(String fact, String value) {
        facts.put(fact, value);
        return this;
    }

    Problem with(String fact, int value) {
        facts.put(fact, value);
        return this;
    }

    Problem fields(List<FieldProblem> fields) {
        this.fields = fields;
        return this;
    }

    Problem missed(Slot slot, Supplier<List<Free>> nearest) {
        missed = Optional.of(new Missed(slot, nearest));
        return this;
    }

    Problem standing(Optional<HeldAppointment> standing) {
        this.standing = standing;
        return this;
    }

    public ProblemType type() {
        return type;
    }

    public int status() {
        return status;
    }

    public ProblemType.Retry retry() {
        return retry;
    }

    /** Empty if the request would have changed no place. */
    public Optional<Booked> booked() {
        return booked;
    }

    /** How long to wait before trying again, in whole seconds. */
    public Optional<Duration> toWait() {
        return toWait;
    }

    public Sentences sentences() {
        return sentences;
    }

    /** The problem in a few words. */
    public String title() {
        return sentences.say(type.text + ".title");
    }

    /** What happened this time, and whether anything is booked. */
    public String detail() {
        return sentences.say(sentence + ".detail", values);
    }

    /** What to do now. */
    public String next() {
        return sentences.say(sentence + ".next", values);
    }

    /** What is wrong with the details, field by field. */
    public List<FieldProblem> fields() {
        return fields;
    }

    /** What is wrong with a field, to stand beside it. */
    public String say(FieldProblem field) {
        return sentences.say("field." + field.reason());
    }

    /** Places near the one that could not be had; empty if none was asked for. */
    public Optional<List<Free>> alternatives() {
        return missed.map(slot -> slot.nearest().get());
    }

    /** The slot that could not be had, where other places are offered. */
    public Optional<Slot> missed() {
        return missed.map(Missed::slot);
    }

    /** Which of the sentences tell it: a key without {@code .detail} and {@code .next}. */
    public String sentence() {
        return sentence;
    }

    /** The appointment that stands in the way, for the pass alone that has made it. */
    public Optional<HeldAppointment> standing() {
        return standing;
    }

    /** More for software, named as in the contract. */
    public ObjectNode facts() {
        return facts;
    }

    /** Whether the request may have done what it should. */
    public boolean isInDoubt() {
        return type == ProblemType.OUTCOME_UNKNOWN || type == ProblemType.BROKEN;
    }

    /**
     * Answers the request with this; but whoever asks again what became of a request is told that
     * it is still unknown, if nobody could look.
     */
    public void send(RoutingContext context) {
        boolean isUnseen = type == ProblemType.OVERLOADED || type == ProblemType.TOO_MANY;
        if (isUnseen && Exchange.isInDoubt(context)) {
            of(context, ProblemType.OUTCOME_UNKNOWN)
                    .booked(Booked.UNKNOWN)
                    .after(toWait.orElseThrow())
                    .send(context);
            return;
        }
        Exchange.noteProblem(context, type.text);
        context.response()
                .setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_LANGUAGE, sentences.language())
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        toWait.ifPresent(
                time ->
                        context.response()
                                .putHeader(
                                        HttpHeaders.RETRY_AFTER, String.valueOf(time.toSeconds())));
        Exchange.problemForm(context).write(context, this);
    }
}
