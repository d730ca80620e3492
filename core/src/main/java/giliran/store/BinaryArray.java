package giliran.store;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collection;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.argument.Argument;
import org.postgresql.util.PGBinaryObject;
import org.postgresql.util.PGobject;

/** An SQL array of a type for which the driver itself has no binary form, in that form. */
final class BinaryArray extends PGobject implements PGBinaryObject {
    private static final long serialVersionUID = 1;
    private static final int HEADER_BYTES = 20;
    private static final int LENGTH_BYTES = 4;
    private static final int NULL_LENGTH = -1;

    /** What the elements are; the numbers are PostgreSQL's, in {@code pg_type.dat}. */
    enum Type {
        UUID("_uuid", 2951, 2950, 16),
        TIMESTAMPTZ("_timestamptz", 1185, 1184, 8);

        private final String arrayName;
        private final int arrayOid;
        private final int oid;
        private final int bytes;

        Type(String arrayName, int arrayOid, int oid, int bytes) {
            this.arrayName = arrayName;
            this.arrayOid = arrayOid;
            this.oid = oid;
            this.bytes = bytes;
        }
    }

    /** The driver's {@code binaryTransferEnable}, without which it would ask for a text. */
    static final String ENABLED =
            Arrays.stream(Type.values())
                    .map(type -> Integer.toString(type.arrayOid))
                    .collect(Collectors.joining(","));

    private final byte[] bytes;

    private BinaryArray(Type type, byte[] bytes) {
        setType(type.arrayName);
        this.bytes = bytes;
    }

    /**
     * A column of a statement.
     *
     * @param value of a row; null in SQL if it is empty
     * @param put writes the bytes of a value, as many as its type has
     */
    static <R, V> Argument of(
            Type type,
            Collection<R> rows,
            Function<R, Optional<V>> value,
            BiConsumer<ByteBuffer, V> put) {
        int dimensions = 1;
        int mayHaveNulls = 1;
        int firstIndex = 1;
        ByteBuffer array =
                ByteBuffer.allocate(HEADER_BYTES + rows.size() * (LENGTH_BYTES + type.bytes))
                        .putInt(dimensions)
                        .putInt(mayHaveNulls)
                        .putInt(type.oid)
                        .putInt(rows.size())
                        .putInt(firstIndex);
        for (R row : rows) {
            Optional<V> element = value.apply(row);
            array.putInt(element.isPresent() ? type.bytes : NULL_LENGTH);
            element.ifPresent(present -> put.accept(array, present));
        }
        var sent = new BinaryArray(type, Arrays.copyOf(array.array(), array.position()));
        return (position, statement, context) -> statement.setObject(position, sent);
    }

    @Override
    public int lengthInBytes() {
        return bytes.length;
    }

    @Override
    public void toBytes(byte[] target, int offset) {
        System.arraycopy(bytes, 0, target, offset, bytes.length);
    }

    @Override
    public void setByteValue(byte[] value, int offset) {
        throw new UnsupportedOperationException("it is sent, never received");
    }

    @Override
    public String getValue() {
        throw new UnsupportedOperationException("it has a binary form only");
    }

    /** Its length alone: what it holds is personal. */
    @Override
    public String toString() {
        return getType() + " of " + bytes.length + " bytes";
    }
}
