package giliran.capacity;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import giliran.bench.LedgerFigures;
import giliran.outcome.Outcome;
import giliran.outcome.OutcomeFile;
import giliran.subject.Door;
import giliran.subject.RehearsalException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalDouble;

/** Figures of a machine, as a benchmark or a rehearsal wrote them. */
final class MeasuredFile {
    private final String source;
    private Assumptions assumptions;

    private MeasuredFile(String source, Assumptions usual) {
        this.source = source;
        assumptions = usual;
    }

    /**
     * What the file says in place of what is usual.
     *
     * @throws RehearsalException if it cannot be read, or is nothing of ours
     */
    static Assumptions read(Path file, Assumptions usual) {
        MeasuredFile measured = new MeasuredFile(String.valueOf(file.getFileName()), usual);
        JsonNode json = json(file);
        if (LedgerFigures.isIn(json)) {
            measured.take(LedgerFigures.read(json));
        } else if (RehearsalFigures.isIn(json)) {
            measured.take(RehearsalFigures.of(outcome(file), usual.get(Assumption.READ_MICROS)));
        } else {
            throw new RehearsalException(
                    file + " is neither a benchmark of the ledger nor a rehearsal.");
        }
        return measured.assumptions;
    }

    private static Outcome outcome(Path file) {
        try {
            return OutcomeFile.read(file);
        } catch (UncheckedIOException e) {
            throw new RehearsalException(
                    file + " is not a rehearsal as this version writes it.", e);
        }
    }

    private void take(LedgerFigures figures) {
        take(Assumption.BOOKING_MICROS, OptionalDouble.of(figures.bookingMicros()));
        take(Assumption.REFUSAL_MICROS, OptionalDouble.of(figures.refusalMicros()));
        take(Assumption.ANSWER_MILLIS, figures.answerMillis());
        take(Assumption.WRITER_ROWS, figures.rowsPerSecond());
    }

    private void take(RehearsalFigures figures) {
        take(Assumption.BOOKING_MICROS, OptionalDouble.of(figures.requestMicros()));
        take(Assumption.REFUSAL_MICROS, OptionalDouble.of(figures.requestMicros()));
        take(Assumption.DATABASE_SHARE, OptionalDouble.of(figures.databaseShare()));
    }

    private void take(Assumption assumption, OptionalDouble figure) {
        if (figure.isPresent()) {
            double number = figure.getAsDouble();
            if (!assumption.allows(number)) {
                throw new RehearsalException(
                        "%s cannot be right: %s %s."
                                .formatted(source, Quantity.plain(number), assumption.meaning));
            }
            assumptions = assumptions.with(assumption, number, source);
        }
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
