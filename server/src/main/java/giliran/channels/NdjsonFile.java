package giliran.channels;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import giliran.imports.FileProblems;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A file with one JSON object a line, read line by line in bounded memory. Blank lines are nothing,
 * and the last line may lack its end.
 */
final class NdjsonFile {
    private static final int LONGEST_LINE = 100_000;
    private static final int MOST_LINES = 1_000_000;
    private static final ObjectReader JSON =
            JsonMapper.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build()
                    .readerFor(JsonNode.class);

    private final SmartManifest.Part part;
    private final FileProblems problems;

    NdjsonFile(SmartManifest.Part part, FileProblems problems) {
        this.part = part;
        this.problems = problems;
    }

    /** Hands over each resource that can be read, and notes a problem for each line that cannot. */
    void forEach(Consumer<SmartResource> action) {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(part.file()), 65_536)) {
            read(in, action);
        } catch (IOException e) {
            problems.addUnreadable(part.name(), e);
        }
    }

    private void read(InputStream in, Consumer<SmartResource> action) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(4_096);
        long number = 1;
        boolean isTooLong = false;
        for (int b = in.read(); ; b = in.read()) {
            if (b == '\n' || b < 0) {
                if (isTooLong) {
                    refuse(number, "the line is longer than " + LONGEST_LINE + " bytes");
                } else {
                    take(number, line.toByteArray(), action);
                }
                if (b < 0 || problems.areTooMany()) {
                    return;
                }
                line.reset();
                isTooLong = false;
                if (++number > MOST_LINES) {
                    refuse(number, "there may be at most " + MOST_LINES + " lines");
                    return;
                }
            } else if (line.size() == LONGEST_LINE) {
                isTooLong = true;
            } else {
                line.write(b);
            }
        }
    }

    private void take(long number, byte[] bytes, Consumer<SmartResource> action) {
        text(number, bytes)
                .map(String::strip)
                .filter(text -> !text.isEmpty())
                .flatMap(text -> resource(number, text))
                .ifPresent(action);
    }

    private Optional<String> text(long number, byte[] bytes) {
        try {
            String text =
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            return Optional.of(number == 1 && text.startsWith("\uFEFF") ? text.substring(1) : text);
        } catch (CharacterCodingException e) {
            refuse(number, "the file must be in UTF-8");
            return Optional.empty();
        }
    }

    private Optional<SmartResource> resource(long number, String text) {
        try {
            if (JSON.readTree(text) instanceof ObjectNode object) {
                return Optional.of(new SmartResource(part.name(), number, object, text, problems));
            }
            refuse(number, "the line must be one JSON object");
        } catch (JsonEOFException e) {
            refuse(number, "the JSON ends in the middle: the line is cut off" + column(e));
        } catch (JsonProcessingException e) {
            refuse(
                    number,
                    "the line cannot be read as JSON: " + e.getOriginalMessage() + column(e));
        }
        return Optional.empty();
    }

    private static String column(JsonProcessingException e) {
        JsonLocation at = e.getLocation();
        return at == null ? "" : " (column " + at.getColumnNr() + ")";
    }

    private void refuse(long number, String reason) {
        problems.add(part.name(), number, reason);
    }
}
