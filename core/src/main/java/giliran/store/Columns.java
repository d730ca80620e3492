package giliran.store;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import org.jdbi.v3.core.argument.Argument;

/**
 * Columns of many rows as SQL arrays, in the forms that the driver sends fastest. Jdbi's own are
 * arrays of objects, which the driver writes as text, character by character, as PostgreSQL then
 * has to read them.
 */
public final class Columns {
    private static final Instant POSTGRES_EPOCH = Instant.parse("2000-01-01T00:00:00Z");

    private Columns() {}

    /** A column of {@code uuid}. */
    public static <R> Argument uuids(Collection<R> rows, Function<R, UUID> value) {
        return optionalUuids(rows, row -> Optional.of(value.apply(row)));
    }

    /** A column of {@code uuid} that may be null. */
    public static <R> Argument optionalUuids(
            Collection<R> rows, Function<R, Optional<UUID>> value) {
        return BinaryArray.of(
                BinaryArray.Type.UUID,
                rows,
                value,
                (bytes, uuid) ->
                        bytes.putLong(uuid.getMostSignificantBits())
                                .putLong(uuid.getLeastSignificantBits()));
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

    /** A column of {@code timestamptz} that may be null; what is finer than a µs is cut off. */
    public static <R> Argument optionalTimes(
            Collection<R> rows, Function<R, Optional<Instant>> value) {
        return BinaryArray.of(
                BinaryArray.Type.TIMESTAMPTZ,
                rows,
                value,
                (bytes, at) ->
                        bytes.putLong(
                                ChronoUnit.MICROS.between(
                                        POSTGRES_EPOCH, at.truncatedTo(ChronoUnit.MICROS))));
    }

    private static Argument array(String type, Object[] values) {
        return (position, statement, context) ->
                statement.setArray(position, statement.getConnection().createArrayOf(type, values));
    }
}
