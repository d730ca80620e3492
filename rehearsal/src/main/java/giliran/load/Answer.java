package giliran.load;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The answer that a connection is bringing, read piece by piece as it comes: HTTP/1.1 with a
 * Content-Length or in chunks. What a server of ours never sends is refused as a fault of the
 * server's: other versions, a body without an end, 1xx.
 */
public final class Answer {
    private static final byte[] CONTENT_LENGTH = ascii("content-length:");
    private static final byte[] TRANSFER_ENCODING = ascii("transfer-encoding:");
    private static final byte[] CONNECTION = ascii("connection:");
    private static final byte[] RETRY_AFTER = ascii("retry-after:");
    private static final byte[] AS_OF = ascii("as-of:");
    private static final byte[] CHUNKED = ascii("chunked");
    private static final byte[] CLOSE = ascii("close");
    private static final byte[] HTTP = ascii("HTTP/1.1 ");
    private static final byte[] TYPE = ascii("\"type\":\"");
    private static final int LINE_MAX = 16_384;
    private static final int BODY_MAX = 64 << 20;

    private enum Expects {
        STATUS,
        HEADER,
        BODY,
        CHUNK_SIZE,
        CHUNK,
        CHUNK_END,
        TRAILER,
        NOTHING
    }

    private Expects expects = Expects.STATUS;
    private int status;
    private boolean isLast;
    private boolean isChunked;
    private int contentLength;
    private int retryAfter;
    private @Nullable Instant asOf;
    private int remaining;

    /** The beginning of a line whose end has not come yet. */
    private byte[] line = new byte[128];

    private int lineLength;
    private byte[] body = new byte[512];
    private int bodyLength;

    /** An answer that is not HTTP/1.1 as it is spoken here. */
    public static final class NotUnderstoodException extends RuntimeException {
        private static final long serialVersionUID = 1;

        NotUnderstoodException(String sentence) {
            super(sentence);
        }
    }

    /** Forgets all, for the next answer. */
    void begin() {
        expects = Expects.STATUS;
        isLast = false;
        isChunked = false;
        contentLength = -1;
        retryAfter = 0;
        asOf = null;
        lineLength = 0;
        bodyLength = 0;
    }

    /**
     * Reads on, up to the answer's end.
     *
     * @return where it stopped: {@code to}, or the beginning of another answer
     */
    int read(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && expects != Expects.NOTHING) {
            at =
                    switch (expects) {
                        case STATUS, HEADER, CHUNK_SIZE, CHUNK_END, TRAILER ->
                                readLine(bytes, at, to);
                        case BODY, CHUNK -> readBody(bytes, at, to);
                        case NOTHING -> at;
                    };
        }
        return at;
    }

    boolean isWhole() {
        return expects == Expects.NOTHING;
    }

    /** Whether nothing of it has come yet. */
    boolean isUntouched() {
        return expects == Expects.STATUS && lineLength == 0;
    }

    /** Whether the server closes the connection after it. */
    boolean isLast() {
        return isLast;
    }

    private int readLine(byte[] bytes, int from, int to) {
        int end = from;
        while (end < to && bytes[end] != '\n') {
            end++;
        }
        if (end < to && lineLength == 0) {
            understand(bytes, from, withoutReturn(bytes, from, end));
            return end + 1;
        }
        int more = end - from;
        if (lineLength + more > LINE_MAX) {
            throw new NotUnderstoodException("a line of more than " + LINE_MAX + " bytes");
        }
        if (lineLength + more > line.length) {
            line = Arrays.copyOf(line, Math.max(2 * line.length, lineLength + more));
        }
        System.arraycopy(bytes, from, line, lineLength, more);
        lineLength += more;
        if (end == to) {
            return to;
        }
        int length = lineLength;
        lineLength = 0;
        understand(line, 0, withoutReturn(line, 0, length));
        return end + 1;
    }

    private static int withoutReturn(byte[] bytes, int from, int end) {
        return end > from && bytes[end - 1] == '\r' ? end - 1 : end;
    }

    private void understand(byte[] bytes, int from, int to) {
        switch (expects) {
            case STATUS -> understandStatus(bytes, from, to);
            case HEADER -> {
                if (from == to) {
                    headersEnd();
                } else {
                    understandHeader(bytes, from, to);
                }
            }
            case CHUNK_SIZE -> {
                remaining = number(bytes, from, to, 16);
                expects = remaining == 0 ? Expects.TRAILER : Expects.CHUNK;
            }
            case CHUNK_END -> expects = Expects.CHUNK_SIZE;
            case TRAILER -> expects = from == to ? Expects.NOTHING : Expects.TRAILER;
            case BODY, CHUNK, NOTHING -> throw new IllegalStateException();
        }
    }

    private void understandStatus(byte[] bytes, int from, int to) {
        if (to - from < 12
                || !Arrays.equals(bytes, from, from + HTTP.length, HTTP, 0, HTTP.length)) {
            throw new NotUnderstoodException("an answer that does not begin with HTTP/1.1");
        }
        status = number(bytes, from + HTTP.length, from + HTTP.length + 3, 10);
        if (status < 200) {
            throw new NotUnderstoodException("an interim answer, " + status);
        }
        expects = Expects.HEADER;
    }

    private void understandHeader(byte[] bytes, int from, int to) {
        switch (bytes[from] | 0x20) {
            case 'c' -> {
                if (isNamed(CONTENT_LENGTH, bytes, from, to)) {
                    contentLength = number(bytes, from + CONTENT_LENGTH.length, to, 10);
                } else if (isNamed(CONNECTION, bytes, from, to)) {
                    isLast = contains(bytes, from + CONNECTION.length, to, CLOSE);
                }
            }
            case 't' ->
                    isChunked |=
                            isNamed(TRANSFER_ENCODING, bytes, from, to)
                                    && contains(
                                            bytes, from + TRANSFER_ENCODING.length, to, CHUNKED);
            case 'r' -> {
                if (isNamed(RETRY_AFTER, bytes, from, to)) {
                    retryAfter = number(bytes, from + RETRY_AFTER.length, to, 10);
                }
            }
            case 'a' -> {
                if (isNamed(AS_OF, bytes, from, to)) {
                    asOf = instant(bytes, from + AS_OF.length, to);
                }
            }
            default -> {}
        }
    }

    private static Instant instant(byte[] bytes, int from, int to) {
        String text = new String(bytes, from, to - from, StandardCharsets.US_ASCII).strip();
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new NotUnderstoodException("no moment where one has to be: " + text);
        }
    }

    private void headersEnd() {
        if (isChunked) {
            expects = Expects.CHUNK_SIZE;
        } else if (status == 204 || status == 304 || contentLength == 0) {
            expects = Expects.NOTHING;
        } else if (contentLength > 0) {
            remaining = contentLength;
            expects = Expects.BODY;
        } else {
            throw new NotUnderstoodException("a body of unknown length");
        }
    }

    private int readBody(byte[] bytes, int from, int to) {
        int more = Math.min(to - from, remaining);
        if (bodyLength + more > BODY_MAX) {
            throw new NotUnderstoodException("a body of more than " + BODY_MAX + " bytes");
        }
        if (bodyLength + more > body.length) {
            body = Arrays.copyOf(body, Math.max(2 * body.length, bodyLength + more));
        }
        System.arraycopy(bytes, from, body, bodyLength, more);
        bodyLength += more;
        remaining -= more;
        if (remaining == 0) {
            expects = expects == Expects.BODY ? Expects.NOTHING : Expects.CHUNK_END;
        }
        return from + more;
    }

    private static boolean isNamed(byte[] name, byte[] bytes, int from, int to) {
        return to - from >= name.length && matches(name, bytes, from);
    }

    private static boolean contains(byte[] bytes, int from, int to, byte[] word) {
        for (int at = from; at + word.length <= to; at++) {
            if (matches(word, bytes, at)) {
                return true;
            }
        }
        return false;
    }

    /** Without regard to case; the word is in lower case. */
    private static boolean matches(byte[] word, byte[] bytes, int at) {
        for (int i = 0; i < word.length; i++) {
            int c = bytes[at + i];
            if ((c >= 'A' && c <= 'Z' ? c | 0x20 : c) != word[i]) {
                return false;
            }
        }
        return true;
    }

    private static int number(byte[] bytes, int from, int to, int radix) {
        int at = from;
        while (at < to && bytes[at] == ' ') {
            at++;
        }
        long number = 0;
        int digits = 0;
        for (; at < to; at++, digits++) {
            int digit = Character.digit(bytes[at], radix);
            if (digit < 0) {
                break;
            }
            number = number * radix + digit;
            if (number > BODY_MAX) {
                throw new NotUnderstoodException("a body of more than " + BODY_MAX + " bytes");
            }
        }
        if (digits == 0) {
            throw new NotUnderstoodException("no number where one has to be");
        }
        return (int) number;
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** The seconds of its Retry-After; 0 without one. */
    public int retryAfter() {
        return retryAfter;
    }

    /** The moment of its As-Of; empty without one. */
    public Optional<Instant> asOf() {
        return Optional.ofNullable(asOf);
    }

    /** A copy of the whole body. */
    public byte[] body() {
        return Arrays.copyOf(body, bodyLength);
    }

    /** The last part of a problem's type, such as {@code place-gone}; empty without one. */
    public String problem() {
        int from = indexAfter(TYPE);
        if (from < 0) {
            return "";
        }
        int to = endOfText(from);
        int begin = to;
        while (begin > from && body[begin - 1] != '/') {
            begin--;
        }
        return new String(body, begin, to - begin, StandardCharsets.US_ASCII);
    }

    /**
     * The text after these bytes in the body, up to the next quotation mark; empty if they are not
     * there. Good enough for texts without escapes.
     *
     * @param opening such as {@code "pass":"}
     */
    public byte[] textAfter(byte[] opening) {
        int from = indexAfter(opening);
        return from < 0 ? new byte[0] : Arrays.copyOfRange(body, from, endOfText(from));
    }

    private int indexAfter(byte[] word) {
        for (int at = 0; at + word.length <= bodyLength; at++) {
            if (body[at] == word[0]
                    && Arrays.equals(body, at, at + word.length, word, 0, word.length)) {
                return at + word.length;
            }
        }
        return -1;
    }

    private int endOfText(int from) {
        int to = from;
        while (to < bodyLength && body[to] != '"') {
            to++;
        }
        return to;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
