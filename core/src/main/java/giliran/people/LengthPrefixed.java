package giliran.people;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * A row of fields as bytes from which each can be told apart: numbers big-endian, strings in UTF-8
 * after their length in bytes (two bytes, unsigned), so that no two rows give the same bytes.
 */
final class LengthPrefixed {
    private static final int STRING_LIMIT = 0xFFFF;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);

    void putByte(byte value) {
        bytes.write(value);
    }

    void putInt(int value) {
        bytes.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(value).array());
    }

    /**
     * Adds a string of at most 65,535 bytes.
     *
     * @throws IllegalArgumentException if it is longer, or holds a lone surrogate
     */
    void put(String text) {
        ByteBuffer utf8;
        try {
            // Not getBytes: it writes the same question mark for every lone surrogate.
            utf8 = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
        } catch (CharacterCodingException loneSurrogate) {
            throw new IllegalArgumentException("A field is not Unicode text.");
        }
        int length = utf8.remaining();
        if (length > STRING_LIMIT) {
            throw new IllegalArgumentException("A field is longer than 65,535 bytes.");
        }
        bytes.write(length >>> 8);
        bytes.write(length);
        bytes.write(utf8.array(), utf8.arrayOffset() + utf8.position(), length);
    }

    byte[] toByteArray() {
        return bytes.toByteArray();
    }

    /**
     * Reads a string; it never reserves more than the buffer holds.
     *
     * @throws BufferUnderflowException if the buffer ends before the string
     * @throws CharacterCodingException if it is not UTF-8
     */
    static String read(ByteBuffer from) throws CharacterCodingException {
        int length = Short.toUnsignedInt(from.getShort());
        if (length > from.remaining()) {
            throw new BufferUnderflowException();
        }
        ByteBuffer utf8 = from.slice(from.position(), length);
        from.position(from.position() + length);
        return StandardCharsets.UTF_8.newDecoder().decode(utf8).toString();
    }
}
