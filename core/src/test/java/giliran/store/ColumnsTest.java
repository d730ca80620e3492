package giliran.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jdbi.v3.core.argument.Argument;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What goes to PostgreSQL as a column comes back the same, row by row. */
final class ColumnsTest {
    private static Database database;

    @BeforeAll
    static void open() {
        database = Database.open(TestDatabase.newDatabase(), 2, InstantSource.system());
    }

    @AfterAll
    static void close() {
        database.close();
    }

    private static <T> List<Optional<T>> sent(Argument column, String type, Class<T> as) {
        return database.read(
                handle ->
                        handle.createQuery(
                                        "SELECT value FROM unnest(CAST(:column AS %s[])) WITH ORDINALITY AS sent (value, row) ORDER BY row"
                                                .formatted(type))
                                .bind("column", column)
                                .map((rs, context) -> Optional.ofNullable(rs.getObject(1, as)))
                                .list());
    }

    private static <T> List<Optional<T>> all(List<T> rows) {
        return rows.stream().map(Optional::of).toList();
    }

    @Test
    void carriesNoRowsAtAll() {
        List<String> none = List.of();
        assertThat(sent(Columns.uuids(none, UUID::fromString), "uuid", UUID.class)).isEmpty();
        assertThat(sent(Columns.longs(none, Long::parseLong), "bigint", Long.class)).isEmpty();
        assertThat(sent(Columns.ints(none, Integer::parseInt), "integer", Integer.class)).isEmpty();
        assertThat(sent(Columns.texts(none, each -> each), "text", String.class)).isEmpty();
        assertThat(sent(Columns.bytes(none, each -> new byte[0]), "bytea", byte[].class)).isEmpty();
        assertThat(
                        sent(
                                Columns.optionalTimes(none, each -> Optional.empty()),
                                "timestamptz",
                                OffsetDateTime.class))
                .isEmpty();
    }

    @Test
    void carriesUuidsAndNullsAmongThem() {
        List<UUID> rows = List.of(new UUID(0, 0), new UUID(-1, -1), UUID.randomUUID());
        assertThat(sent(Columns.uuids(rows, each -> each), "uuid", UUID.class))
                .isEqualTo(all(rows));
        List<Optional<UUID>> some =
                List.of(Optional.empty(), Optional.of(rows.getLast()), Optional.empty());
        assertThat(sent(Columns.optionalUuids(some, each -> each), "uuid", UUID.class))
                .isEqualTo(some);
    }

    @Test
    void carriesTheLeastAndTheGreatestNumbers() {
        List<Long> longs = List.of(Long.MIN_VALUE, -1L, 0L, Long.MAX_VALUE);
        assertThat(sent(Columns.longs(longs, each -> each), "bigint", Long.class))
                .isEqualTo(all(longs));
        List<Integer> ints = List.of(Integer.MIN_VALUE, 0, Integer.MAX_VALUE);
        assertThat(sent(Columns.ints(ints, each -> each), "integer", Integer.class))
                .isEqualTo(all(ints));
    }

    @Test
    void carriesTextsWithWhateverArraysAreWrittenWith() {
        List<String> rows =
                List.of(
                        "",
                        " ",
                        "NULL",
                        "null",
                        "{}",
                        "{a,b}",
                        ",",
                        "\"",
                        "\\",
                        "\\\"",
                        "'",
                        "';--",
                        "two\nlines\ttabbed",
                        "王小明",
                        "😀",
                        "%s :name ?");
        assertThat(sent(Columns.texts(rows, each -> each), "text", String.class))
                .isEqualTo(all(rows));
    }

    @Test
    void carriesBytesOfAnyValue() {
        byte[] every = new byte[256];
        IntStream.range(0, every.length).forEach(i -> every[i] = (byte) i);
        List<byte[]> rows = List.of(new byte[0], every, new byte[] {'\\', 'x', 0});
        assertThat(sent(Columns.bytes(rows, each -> each), "bytea", byte[].class))
                .map(Optional::orElseThrow)
                .containsExactlyElementsOf(rows);
    }

    @Test
    void carriesTimesToTheMicrosecondAndNullsAmongThem() {
        List<Optional<Instant>> rows =
                List.of(
                        Optional.of(Instant.parse("2021-05-02T04:00:00.123456Z")),
                        Optional.empty(),
                        Optional.of(Instant.EPOCH),
                        Optional.of(Instant.parse("9999-12-31T23:59:59Z")));
        assertThat(
                        sent(
                                        Columns.optionalTimes(rows, Function.identity()),
                                        "timestamptz",
                                        OffsetDateTime.class)
                                .stream()
                                .map(each -> each.map(OffsetDateTime::toInstant)))
                .containsExactlyElementsOf(rows);
    }

    @Test
    void cutsOffWhatIsFinerThanAMicrosecond() {
        List<Optional<Instant>> rows =
                Stream.of("1969-12-31T23:59:59.123456789Z", "2021-05-26T04:00:00.999999999Z")
                        .map(Instant::parse)
                        .map(Optional::of)
                        .toList();
        assertThat(
                        sent(
                                        Columns.optionalTimes(rows, Function.identity()),
                                        "timestamptz",
                                        OffsetDateTime.class)
                                .stream()
                                .map(each -> each.map(OffsetDateTime::toInstant)))
                .containsExactlyElementsOf(
                        rows.stream()
                                .map(each -> each.map(at -> at.truncatedTo(ChronoUnit.MICROS)))
                                .toList());
    }

    @Test
    void carriesManyRowsInTheirOrder() {
        List<Long> rows = IntStream.range(0, 10_000).mapToObj(i -> (long) i * i).toList();
        assertThat(sent(Columns.longs(rows, each -> each), "bigint", Long.class))
                .isEqualTo(all(rows));
        assertThat(sent(Columns.uuids(rows, each -> new UUID(each, ~each)), "uuid", UUID.class))
                .isEqualTo(all(rows.stream().map(each -> new UUID(each, ~each)).toList()));
    }
}
