package giliran.store;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import org.jdbi.v3.core.argument.Argument;
import org.postgresql.util.PGobject;

/**
 * Columns of many rows as SQL arrays, in the forms that the driver sends fastest. Jdbi's own are
 * arrays of objects, which the driver writes as text, character by character.
 */
public final class Columns {
    private static final int UUID_CHARACTERS = 36;

    private Columns() {}

    /** A column of {@code uuid}. */
    public static <R> Argument uuids(Collection<R> rows, Function<R, UUID> value) {
        return optionalUuids(rows, row -> Optional.of(value.apply(row)));
    }

    /** A column of {@code uuid} that may be null. */
    public static <R> Argument optionalUuids(
            Collection<R> rows, Function<R, Optional<UUID>> value) {
        // The driver has no binary form of these.
        StringBuilder text = new StringBuilder(rows.size() * (UUID_CHARACTERS + 1) + 2);
        char before = '{';
        for (R row : rows) {
            text.append(before).append(value.apply(row).map(UUID::toString).orElse("NULL"));
            before = ',';
        }
        return literal("_uuid", (rows.isEmpty() ? text.append('{') : text).append('}').toString());
    }

    private static Argument literal(String type, String text) {
        return (position, statement, context) -> {
            PGobject array = new PGobject();
            array.setType(type);
            array.setValue(text);
            statement.setObject(position, array);
        };
    }

    /** A column of {@code bigint}. */
    public static <R> Argument longs(Collection<R> rows, ToLongFunction<R> value) {
        return array("int8", rows.stream().mapToLong(value).boxed().toArray(Long[]::new));
    }

    /** A column of {@code integer}. */
    public static <R> Argument ints(Collection<R> rows, ToIntFunction<R> value) {
        return array("int4", rows.stream().mapToInt(value).boxed().toArray(Integer[]::new));
    }

    /** A column of {@code text}. */
    public static <R> Argument texts(Collection<R> rows, Function<R, String> value) {
        return array("text", rows.stream().map(value).toArray(String[]::new));
    }

    /** A column of {@code bytea}. */
    public static <R> Argument bytes(Collection<R> rows, Function<R, byte[]> value) {
        return array("bytea", rows.stream().map(value).toArray(byte[][]::new));
    }

    /** A column of {@code timestamptz} that may be null. */
    public static <R> Argument optionalTimes(
            Collection<R> rows, Function<R, Optional<Instant>> value) {
        return array(
                "timestamptz",
                rows.stream()
                        .map(row -> value.apply(row).map(at -> at.atOffset(ZoneOffset.UTC)))
                        .map(at -> at.map(Object::toString).orElse(null))
                        .toArray(String[]::new));
    }

    private static Argument array(String type, Object[] values) {
        return (position, statement, context) ->
                statement.setArray(position, statement.getConnection().createArrayOf(type, values));
    }
}
