package giliran.edge;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** Reads published answers as the door would write them. */
public final class ReadPublished {
    private ReadPublished() {}

    /** A body and the instant it was true at. */
    public record Read(String body, String asOf) {}

    /** The answer to a path, with {@code ?region=…} where it is for one region. */
    public static Optional<Read> read(PublishedAnswers published, String key) {
        AtomicReference<Optional<Read>> read = new AtomicReference<>(Optional.empty());
        published.answer(
                key,
                (answer, asOf) -> read.set(Optional.of(new Read(answer.body().toString(), asOf))));
        return read.get();
    }
}
