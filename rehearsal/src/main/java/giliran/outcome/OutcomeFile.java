package giliran.outcome;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * An outcome as a JSON file, whose members are called as the records' are. A number that there is
 * not is the text {@code NaN}.
 */
public final class OutcomeFile {
    private static final ObjectMapper JSON =
            JsonMapper.builder()
                    .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .defaultSetterInfo(JsonSetter.Value.forContentNulls(Nulls.FAIL))
                    .build();

    private OutcomeFile() {}

    /** Writes it, and the folder it is in if need be. */
    public static void write(Path file, Outcome outcome) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            JSON.writeValue(file.toFile(), outcome);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws UncheckedIOException if it is not there, or is something else
     */
    public static Outcome read(Path file) {
        try {
            return JSON.readValue(file.toFile(), Outcome.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
