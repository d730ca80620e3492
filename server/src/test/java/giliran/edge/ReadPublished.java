package giliran.edge;

import java.util.Optional;

/** Reads published answers as the door would write them. */
public final class ReadPublished {
    private ReadPublished() {}

    /** A body and the instant it was true at. */
    public record Read(String body, String asOf) {}

    /** The answer to a path, with {@code ?region=…} where it is for one region. */
    public static Optional<Read> read(PublishedAnswers published, String key) {
        return published
                .find(key)
                .map(answer -> new Read(answer.plain().toString(), published.asOf().toString()));
    }
}
