package giliran.capacity;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import giliran.bench.LedgerFigures;
import giliran.subject.Door;
import giliran.subject.RehearsalException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Figures of a machine, as a benchmark wrote them. */
final class MeasuredFile {
    private MeasuredFile() {}

    /**
     * What the file says in place of what is usual.
     *
     * @throws RehearsalException if it cannot be read, or is nothing of ours
     */
    static Assumptions read(Path file, Assumptions usual) {
        JsonNode json = json(file);
        if (!LedgerFigures.isIn(json)) {
            throw new RehearsalException(
                    file + " is not what ./giliran bench ledger --out writes.");
        }
        LedgerFigures figures = LedgerFigures.read(json);
        String source = String.valueOf(file.getFileName());
        Assumptions read = with(usual, Assumption.BOOKING_MICROS, figures.bookingMicros(), source);
        read = with(read, Assumption.REFUSAL_MICROS, figures.refusalMicros(), source);
        if (figures.answerMillis().isPresent()) {
            read =
                    with(
                            read,
                            Assumption.ANSWER_MILLIS,
                            figures.answerMillis().getAsDouble(),
                            source);
        }
        if (figures.rowsPerSecond().isPresent()) {
            read =
                    with(
                            read,
                            Assumption.WRITER_ROWS,
                            figures.rowsPerSecond().getAsDouble(),
                            source);
        }
        return read;
    }

    private static Assumptions with(
            Assumptions before, Assumption assumption, double number, String source) {
        if (!assumption.allows(number)) {
            throw new RehearsalException(
                    "%s cannot be right: %s %s."
                            .formatted(source, Quantity.plain(number), assumption.meaning));
        }
        return before.with(assumption, number, source);
    }

    private static JsonNode json(Path file) {
        try {
            return Door.JSON.readTree(Files.readString(file));
        } catch (JsonProcessingException e) {
            throw new RehearsalException(file + " is not JSON.", e);
        } catch (IOException e) {
            throw new RehearsalException(file + " cannot be read.", e);
        }
    }
}
