package giliran.people;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;

/**
 * A row of fields as bytes from which each can be told apart: numbers big-endian, strings in UTF-8
 * after their length in bytes (two bytes, unsigned), so that no two rows give the same bytes.
 */
final class LengthPrefixed {
    private static final int STRING_LIMIT = 0xFFFF;
    private static final char REPLACEMENT = '\uFFFD';

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
        // Alone it would write the same question mark for every lone surrogate.
        byte[] utf8 = hasSurrogate(text) ? encodeStrictly(text) : text.getBytes(UTF_8);
        if (utf8.length > STRING_LIMIT) {
            throw new IllegalArgumentException("A field is longer than 65,535 bytes.");
        }
        bytes.write(utf8.length >>> 8);
        bytes.write(utf8.length);
        bytes.writeBytes(utf8);
    }

    private static boolean hasSurrogate(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                return true;
            }
        }
        return false;
    }

    private static byte[] encodeStrictly(String text) {
        try {
            ByteBuffer utf8 = UTF_8.newEncoder().encode(CharBuffer.wrap(text));
            byte[] written = new byte[utf8.remaining()];
            utf8.get(written);
            return written;
        } catch (CharacterCodingException loneSurrogate) {
            throw new IllegalArgumentException("A field is not Unicode text.");
        }
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
        byte[] utf8 = new byte[length];
        from.get(utf8);
        String text = new String(utf8, UTF_8);
        // What is no UTF-8 was replaced; whether it was is asked only if it can have been.
        return text.indexOf(REPLACEMENT) < 0
                ? text
                : UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
    }
}
