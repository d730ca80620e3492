package giliran.edge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.internal.buffer.BufferInternal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An answer that is the same for everyone, finished: plain and gzip, each with its entity tag and
 * its headers, so that nothing is left to be done for a reader but to write it.
 */
public final class Answer {
    private static final int OK = 200;
    private static final int NOT_MODIFIED = 304;

    private static final CharSequence AS_OF = HttpHeaders.createOptimized("as-of");
    private static final CharSequence CACHE_CONTROL =
            HttpHeaders.createOptimized(
                    "public, max-age=1, stale-while-revalidate=5, stale-if-error=600");
    private static final CharSequence FOR_EVER =
            HttpHeaders.createOptimized("public, max-age=31536000, immutable");
    private static final CharSequence VARY_BY_LANGUAGE =
            HttpHeaders.createOptimized("accept-encoding, accept-language");

    /** RFC 1952: deflated, no name, no time, no system. */
    private static final byte[] GZIP_HEAD = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};

    /** An empty last block (RFC 1951), the checksum and the length. */
    private static final int GZIP_TAIL_BYTES = 2 + 4 + 4;

    private static final int TAG_BYTES = 12;

    private final int status;
    private final Representation plain;
    private final Representation gzip;

    private Answer(int status, MultiMap headers, List<Piece> pieces) {
        this.status = status;
        String tag = tag(pieces);
        int length = pieces.stream().mapToInt(Piece::length).sum();
        plain =
                new Representation(
                        status, length, () -> plain(pieces, length), "\"" + tag + "\"", headers);
        int gzipLength =
                GZIP_HEAD.length
                        + pieces.stream().mapToInt(Piece::deflatedLength).sum()
                        + GZIP_TAIL_BYTES;
        gzip =
                new Representation(
                        status,
                        gzipLength,
                        () -> gzip(pieces, gzipLength),
                        "\"" + tag + "-gzip\"",
                        headers.copy(true).set(HttpHeaders.CONTENT_ENCODING, ascii("gzip")));
    }

    /** In one array: of several, each write would allocate as much again. */
    private static Buffer plain(List<Piece> pieces, int length) {
        ByteBuffer plain = ByteBuffer.allocate(length);
        pieces.forEach(piece -> plain.put(piece.plain()));
        return Buffer.buffer(plain.array());
    }

    /** What was asked for, as JSON (RFC 8259). */
    public static Answer json(List<Piece> pieces) {
        return new Answer(OK, headers("application/json", HttpHeaders.ACCEPT_ENCODING), pieces);
    }

    /** A "no" that anyone is given who asks in this language: a problem document (RFC 9457). */
    public static Answer problem(int status, String language, Piece document) {
        return new Answer(
                status,
                headers("application/problem+json", VARY_BY_LANGUAGE)
                        .set(HttpHeaders.CONTENT_LANGUAGE, ascii(language)),
                List.of(document));
    }

    /**
     * A page for people (HTML), in one language.
     *
     * @param more headers that this kind of page has besides
     */
    public static Answer page(String language, Map<String, String> more, List<Piece> pieces) {
        MultiMap headers =
                headers("text/html; charset=utf-8", HttpHeaders.ACCEPT_ENCODING)
                        .set(HttpHeaders.CONTENT_LANGUAGE, ascii(language));
        more.forEach((name, value) -> headers.set(ascii(name), ascii(value)));
        return new Answer(OK, headers, pieces);
    }

    /** A file that never changes, since its address names its content. */
    public static Answer file(String contentType, Map<String, String> more, Piece content) {
        MultiMap headers =
                headers(contentType, HttpHeaders.ACCEPT_ENCODING)
                        .set(HttpHeaders.CACHE_CONTROL, FOR_EVER);
        more.forEach((name, value) -> headers.set(ascii(name), ascii(value)));
        return new Answer(OK, headers, List.of(content));
    }

    private static MultiMap headers(String contentType, CharSequence vary) {
        return HttpHeaders.headers()
                .set(HttpHeaders.CONTENT_TYPE, ascii(contentType))
                .set(HttpHeaders.CACHE_CONTROL, CACHE_CONTROL)
                .set(HttpHeaders.VARY, vary);
    }

    private static CharSequence ascii(String text) {
        return HttpHeaders.createOptimized(text);
    }

    /** Names the content by the content: other bytes have another name. */
    private static String tag(List<Piece> pieces) {
        ByteBuffer digests = ByteBuffer.allocate(pieces.size() * Piece.DIGEST_BYTES);
        pieces.forEach(piece -> digests.put(piece.digest()));
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(Arrays.copyOf(Piece.sha256().digest(digests.array()), TAG_BYTES));
    }

    private static Buffer gzip(List<Piece> pieces, int gzipLength) {
        int length = 0;
        int crc = 0;
        for (Piece piece : pieces) {
            length += piece.length();
            crc = piece.crcAfter(crc);
        }
        ByteBuffer gzip =
                ByteBuffer.allocate(gzipLength).order(ByteOrder.LITTLE_ENDIAN).put(GZIP_HEAD);
        pieces.forEach(piece -> gzip.put(piece.deflated()));
        return Buffer.buffer(gzip.putShort((short) 3).putInt(crc).putInt(length).array());
    }

    /**
     * The bytes of the answer (RFC 9112, 4) to a GET or a HEAD in HTTP/1.1 whose connection is
     * kept.
     *
     * @param asked the request's headers
     */
    ByteBuf bytes(MultiMap asked, boolean isHead, Moment moment, ByteBufAllocator allocator) {
        Representation chosen = chosen(asked);
        Representation.Headers headers = chosen.headers(moment);
        if (isUnchanged(asked, chosen)) {
            return joined(allocator, headers.unchangedHead(), Unpooled.EMPTY_BUFFER);
        }
        return joined(
                allocator,
                headers.wholeHead(),
                isHead ? Unpooled.EMPTY_BUFFER : ((BufferInternal) chosen.body()).getByteBuf());
    }

    /** In one buffer out of the heap, as the kernel wants it: one write, and no second copy. */
    private static ByteBuf joined(ByteBufAllocator allocator, ByteBuf head, ByteBuf body) {
        int length = body.readableBytes();
        return allocator
                .directBuffer(head.readableBytes() + length)
                .writeBytes(head, 0, head.readableBytes())
                .writeBytes(body, body.readerIndex(), length);
    }

    private Representation chosen(MultiMap asked) {
        return AcceptEncoding.prefersGzip(joined(asked, HttpHeaders.ACCEPT_ENCODING))
                ? gzip
                : plain;
    }

    private boolean isUnchanged(MultiMap asked, Representation chosen) {
        return status == OK
                && EntityTags.contain(asked.getAll(HttpHeaders.IF_NONE_MATCH), chosen.tag);
    }

    /** Writes the answer to a GET or a HEAD. */
    void write(HttpServerRequest request, Moment moment) {
        MultiMap asked = request.headers();
        Representation chosen = chosen(asked);
        HttpServerResponse response = request.response();
        Representation.Headers headers = chosen.headers(moment);
        if (isUnchanged(asked, chosen)) {
            response.setStatusCode(NOT_MODIFIED).headers().setAll(headers.unchanged());
            response.end();
        } else {
            response.setStatusCode(status).headers().setAll(headers.whole());
            if (request.method().equals(HttpMethod.HEAD)) {
                response.end();
            } else {
                response.end(chosen.body());
            }
        }
    }

    static String joined(MultiMap headers, CharSequence name) {
        List<String> values = headers.getAll(name);
        return values.size() == 1 ? values.getFirst() : String.join(",", values);
    }

    /** The plain body's entity tag. */
    String tag() {
        return plain.tag;
    }

    /** The plain body. */
    Buffer plain() {
        return plain.body();
    }

    /**
     * What changes of all answers' headers while they stay the same.
     *
     * @param asOf when they were last compared with the truth
     * @param date now, to the second, as in RFC 9110
     */
    record Moment(CharSequence asOf, CharSequence date) {
        Moment(String asOf, String date) {
            this(ascii(asOf), ascii(date));
        }

        Moment(Instant asOf, String date) {
            this(DateTimeFormatter.ISO_INSTANT.format(asOf), date);
        }
    }

    /** The answer in one coding. */
    private static final class Representation {
        /** Each as Vert.x writes them, and as bytes with the status line before them. */
        private record Headers(
                Moment moment,
                MultiMap whole,
                MultiMap unchanged,
                ByteBuf wholeHead,
                ByteBuf unchangedHead) {}

        private final int status;
        private final Supplier<Buffer> made;
        private final String tag;
        private final MultiMap ofUnchanged;
        private final MultiMap ofWhole;

        /**
         * Put together for the first who asks, from pieces that are ready: when a campaign opens,
         * thousands of pages change at once, of which some are read at once.
         */
        private volatile @Nullable Buffer body;

        /** Those of the last moment that anyone asked at; made again by the first of the next. */
        private volatile @Nullable Headers headers;

        Representation(
                int status, int length, Supplier<Buffer> made, String tag, MultiMap headers) {
            this.status = status;
            this.made = made;
            this.tag = tag;
            ofWhole =
                    headers.copy(true)
                            .set(HttpHeaders.ETAG, ascii(tag))
                            .set(HttpHeaders.CONTENT_LENGTH, ascii(String.valueOf(length)));
            ofUnchanged =
                    HttpHeaders.headers()
                            .set(HttpHeaders.ETAG, ascii(tag))
                            .set(HttpHeaders.CACHE_CONTROL, headers.get(HttpHeaders.CACHE_CONTROL))
                            .set(HttpHeaders.VARY, headers.get(HttpHeaders.VARY));
        }

        Buffer body() {
            Buffer current = body;
            if (current == null) {
                current = made.get();
                body = current;
            }
            return current;
        }

        Headers headers(Moment moment) {
            Headers current = headers;
            if (current == null || !current.moment().equals(moment)) {
                current = at(moment);
                headers = current;
            }
            return current;
        }

        private Headers at(Moment moment) {
            MultiMap whole = at(moment, ofWhole);
            MultiMap unchanged = at(moment, ofUnchanged);
            return new Headers(
                    moment, whole, unchanged, head(status, whole), head(NOT_MODIFIED, unchanged));
        }

        private static ByteBuf head(int status, MultiMap headers) {
            StringBuilder head = new StringBuilder("HTTP/1.1 ");
            head.append(HttpResponseStatus.valueOf(status)).append("\r\n");
            headers.forEach(
                    header ->
                            head.append(header.getKey())
                                    .append(": ")
                                    .append(header.getValue())
                                    .append("\r\n"));
            return Unpooled.wrappedBuffer(
                    head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
        }

        /** Unchangeable, so that Vert.x neither copies it nor writes it out more than once. */
        private static MultiMap at(Moment moment, MultiMap headers) {
            return headers.copy(true)
                    .set(AS_OF, moment.asOf())
                    .set(HttpHeaders.DATE, moment.date())
                    .copy(false);
        }
    }
}
