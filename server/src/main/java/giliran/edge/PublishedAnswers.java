package giliran.edge;

import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The answers that are the same for everyone, ready to be written. A publication swaps one
 * reference; a reader costs one look-up.
 */
public final class PublishedAnswers {
    /** A finished body. */
    public record Answer(Buffer body, String contentType) {}

    private record Publication(Map<String, Answer> answers, String asOf) {}

    private volatile Publication publication = new Publication(Map.of(), "");

    /**
     * Replaces all answers at once.
     *
     * @param answers by path, with {@code ?region=…} where an answer is for one region
     * @param asOf when the answers were last compared with the truth
     */
    public void publish(Map<String, Answer> answers, Instant asOf) {
        publication =
                new Publication(Map.copyOf(answers), DateTimeFormatter.ISO_INSTANT.format(asOf));
    }

    /**
     * Writes the answer of a key and returns true, or returns false and leaves the request alone.
     */
    boolean answer(String key, AnswerWriter writer) {
        Publication current = publication;
        @Nullable Answer answer = current.answers().get(key);
        if (answer == null) {
            return false;
        }
        writer.write(answer, current.asOf());
        return true;
    }

    /** Writes an answer with the instant it was true at. */
    @FunctionalInterface
    interface AnswerWriter {
        void write(Answer answer, String asOf);
    }
}
