package giliran.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import giliran.availability.FreePlaces.Free;
import giliran.availability.Times;
import giliran.booking.BookingResult.FieldProblem;
import giliran.campaigns.Campaign;
import giliran.campaigns.Catalogue;
import giliran.campaigns.Slot;
import giliran.campaigns.SlotId;
import giliran.edge.Answer;
import giliran.edge.Json;
import giliran.edge.Piece;
import giliran.reception.Exchange;
import giliran.reception.Problem;
import giliran.reception.Problem.Booked;
import giliran.reception.ProblemForm;
import giliran.reception.ProblemType;
import giliran.reception.Sentences;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;

/** Writes a "no" as a problem document (RFC 9457). */
final class JsonProblems implements ProblemForm {
    /**
     * Places are counted every quarter of a second; who is told of some in between reads the same.
     */
    private static final Duration FRESH = Duration.ofMillis(250);

    private static final int FINISHED_MAX = 10_000;

    private record Gone(SlotId slot, String sentence, String language, Optional<Booked> booked) {}

    private record Finished(Buffer document, long atNanos) {}

    private final Supplier<Catalogue> catalogue;

    /** Thousands a second are told that a place is gone, all the same. */
    private final Map<Gone, Finished> finished = new ConcurrentHashMap<>();

    JsonProblems(Supplier<Catalogue> catalogue) {
        this.catalogue = catalogue;
    }

    @Override
    public void write(RoutingContext context, Problem problem) {
        Buffer document =
                problem.missed()
                        .filter(slot -> problem.type() == ProblemType.PLACE_GONE)
                        .map(slot -> gone(slot, problem))
                        .orElseGet(() -> whole(problem));
        String requestId = ",\"requestId\":\"" + Exchange.requestId(context) + "\"}";
        context.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/problem+json")
                .end(
                        Buffer.buffer(document.length() + requestId.length())
                                .appendBuffer(document, 0, document.length() - 1)
                                .appendString(requestId));
    }

    private Buffer gone(Slot slot, Problem problem) {
        Gone gone =
                new Gone(
                        slot.id(),
                        problem.sentence(),
                        problem.sentences().language(),
                        problem.booked());
        Finished last = finished.get(gone);
        long now = System.nanoTime();
        if (last != null && now - last.atNanos() < FRESH.toNanos()) {
            return last.document();
        }
        if (finished.size() >= FINISHED_MAX) {
            finished.clear();
        }
        Buffer document = whole(problem);
        finished.put(gone, new Finished(document, now));
        return document;
    }

    /** All but the request's name, which is different each time. */
    private Buffer whole(Problem problem) {
        ObjectNode document = document(problem);
        problem.booked().ifPresent(booked -> document.put("booked", booked.text));
        document.setAll(problem.facts());
        if (problem.type() == ProblemType.INVALID_DETAILS) {
            putFields(document, problem);
        }
        problem.alternatives().ifPresent(free -> putAlternatives(document, free));
        problem.standing()
                .ifPresent(
                        held ->
                                document.put("reference", held.appointment().reference().toString())
                                        .put("token", held.token()));
        return Json.bytes(document);
    }

    private static ObjectNode document(Problem problem) {
        return Json.object()
                .put("type", "/problems/" + problem.type().text)
                .put("title", problem.title())
                .put("status", problem.status())
                .put("detail", problem.detail())
                .put("next", problem.next())
                .put("retry", problem.retry().text);
    }

    private static void putFields(ObjectNode document, Problem problem) {
        ArrayNode fields = document.putArray("fields");
        for (FieldProblem field : problem.fields()) {
            fields.addObject()
                    .put("field", field.field())
                    .put("reason", field.reason())
                    .put("detail", problem.say(field));
        }
    }

    private void putAlternatives(ObjectNode document, List<Free> nearest) {
        ArrayNode alternatives = document.putArray("alternatives");
        for (Free free : nearest) {
            Slot slot = free.slot();
            Campaign campaign = catalogue.get().getCampaign(slot.campaign());
            alternatives
                    .addObject()
                    .put("slot", slot.id().toString())
                    .put("centre", slot.centre().value())
                    .put("centreName", catalogue.get().getCentre(slot.centre()).name())
                    .put("start", Times.text(slot.start(), campaign))
                    .put("end", Times.text(slot.end(), campaign))
                    .put("remaining", free.remaining());
        }
    }

    /**
     * A "no" that is the same for everyone, finished in every language, to be chosen from by {@code
     * Accept-Language}.
     */
    static Function<String, Answer> published(
            ProblemType type, String what, ProblemType.Retry retry) {
        Map<String, Answer> byLanguage = new HashMap<>();
        for (String language : Sentences.languages()) {
            Problem problem = Problem.in(Sentences.in(language), type, what).retry(retry);
            byLanguage.put(
                    language,
                    Answer.problem(
                            type.status,
                            language,
                            Piece.of(Json.bytes(document(problem)).getBytes())));
        }
        return accepted ->
                Objects.requireNonNull(byLanguage.get(Sentences.choose(accepted, () -> null)));
    }
}
