package giliran.imports;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.CsvRecordHandler;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A CSV file (RFC 4180, UTF-8) whose first row names its columns, read row by row.
 *
 * <p>The decoder replaces bytes that are not UTF-8, and a field that holds such a replacement is
 * refused where it is read: so each is told with its line, and reading goes on.
 */
final class CsvFile {
    private static final int BYTE_ORDER_MARK = 0xFEFF;
    private static final int LONGEST_FIELD = 10_000;
    private static final int MOST_COLUMNS = 100;
    private static final int MOST_ROWS = 1_000_000;

    private final Path path;
    private final String name;
    private final List<String> columns;
    private final FileProblems problems;

    private long lineRead;
    private long rowsRead;
    private boolean isWhole = true;

    /**
     * @param columns what the first row must name, in any order, and nothing else
     */
    CsvFile(Path folder, String name, List<String> columns, FileProblems problems) {
        this.path = folder.resolve(name);
        this.name = name;
        this.columns = columns;
        this.problems = problems;
    }

    /** A row's fields by their column's name. */
    record Row(Map<String, FileField> fields) {
        FileField field(String column) {
            return Objects.requireNonNull(fields.get(column), column);
        }
    }

    /**
     * Hands over each row that has its fields, and notes a problem for each that has not.
     *
     * @return whether every row of the file was handed over
     */
    boolean forEach(Consumer<Row> action) {
        try (BufferedReader text =
                new BufferedReader(
                        new InputStreamReader(
                                Files.newInputStream(path), StandardCharsets.UTF_8))) {
            text.mark(1);
            if (text.read() != BYTE_ORDER_MARK) {
                text.reset();
            }
            read(text, action);
        } catch (IOException e) {
            problems.addUnreadable(name, e);
            isWhole = false;
        } catch (UncheckedIOException e) {
            problems.addUnreadable(name, Objects.requireNonNull(e.getCause()));
            isWhole = false;
        } catch (CsvParseException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            refuse(lineRead + 1, "it cannot be read as CSV from here on: " + cause.getMessage());
        }
        return isWhole;
    }

    private void read(BufferedReader text, Consumer<Row> action) throws IOException {
        List<String> header = List.of();
        try (CsvReader<CsvRecord> records =
                CsvReader.builder()
                        .skipEmptyLines(false)
                        .allowMissingFields(true)
                        .allowExtraFields(true)
                        .build(
                                CsvRecordHandler.of(
                                        limits ->
                                                limits.maxFields(MOST_COLUMNS)
                                                        .maxFieldSize(LONGEST_FIELD)),
                                text)) {
            for (CsvRecord row : records) {
                lineRead = row.getStartingLineNumber();
                if (row.getFields().equals(List.of(""))) {
                    continue;
                }
                if (header.isEmpty()) {
                    header = row.getFields();
                    if (!isHeader(header)) {
                        return;
                    }
                    continue;
                }
                if (problems.areTooMany()) {
                    return;
                }
                if (++rowsRead > MOST_ROWS) {
                    refuse(lineRead, "there may be at most " + MOST_ROWS + " rows");
                    return;
                }
                handOver(row, header, action);
            }
        }
        if (rowsRead == 0) {
            refuse(0, "there is no row, or none but the first with the columns' names");
        }
    }

    private boolean isHeader(List<String> header) {
        Set<String> seen = new HashSet<>();
        for (String column : header) {
            if (!columns.contains(column)) {
                String known = String.join(", ", columns);
                refuse(lineRead, "column %s is not one of %s".formatted(shown(column), known));
            } else if (!seen.add(column)) {
                refuse(lineRead, "column " + column + " is there twice");
            }
        }
        for (String column : columns) {
            if (!seen.contains(column)) {
                refuse(lineRead, "column " + column + " is missing");
            }
        }
        return isWhole;
    }

    private void handOver(CsvRecord row, List<String> header, Consumer<Row> action) {
        if (row.getFieldCount() != header.size()) {
            refuse(
                    lineRead,
                    "the row has %d fields; it must have %d"
                            .formatted(row.getFieldCount(), header.size()));
            return;
        }
        Map<String, FileField> fields = HashMap.newHashMap(header.size());
        for (int i = 0; i < header.size(); i++) {
            String column = header.get(i);
            fields.put(column, new FileField(name, lineRead, column, row.getField(i), problems));
        }
        action.accept(new Row(fields));
    }

    private void refuse(long line, String reason) {
        problems.add(name, line, reason);
        isWhole = false;
    }

    private static String shown(String column) {
        return FileField.shown(column);
    }
}
