package giliran.edge;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The public door: what it answers itself, and what it hands on. */
class EdgeTest {
    private static final Instant AS_OF = Instant.parse("2021-05-02T04:00:00.123Z");
    private static final String LIST = "{\"campaigns\":[\"ü\"]}";
    private static final String ODD = "/api/v1/campaigns/A-1_b.c";
    private static final String ROOM = "a room above";
    private static final String LONG = "/long";
    private static final String LATER = "/later";

    /** Of every kind of length: none, one byte, more than a window of deflate. */
    private static final List<Piece> PIECES =
            List.of(
                    piece("["),
                    piece(""),
                    piece("\"" + "0123456789 ü".repeat(5_000) + "\","),
                    piece("\"x\""),
                    piece("]"));

    private static Instant now = Instant.parse("2021-05-02T04:00:00.900Z");
    private static final PublishedAnswers published = new PublishedAnswers(() -> now);

    private static Vertx vertx;
    private static int port;

    @BeforeAll
    static void open() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        published.publish(
                new PublishedAnswers.Offer(
                        Map.of(
                                "/api/v1/campaigns",
                                json(LIST),
                                ODD,
                                json("{\"id\":\"A-1_b.c\"}"),
                                ODD + "/availability?region=k.l_1-2",
                                json("{\"region\":\"k.l_1-2\"}"),
                                ODD + "/availability?region=other",
                                json("{\"region\":\"other\"}"),
                                LONG,
                                Answer.json(PIECES)),
                        Map.of(
                                "/api/v1/campaigns/*",
                                language -> missing("campaign", language),
                                "/api/v1/campaigns/*/availability",
                                language -> missing("campaign", language),
                                ODD + "/availability?region=*",
                                language -> missing("region", language))),
                AS_OF);
        vertx = Vertx.vertx();
        settled(
                vertx.deployVerticle(
                        new EdgeVerticle(
                                "127.0.0.1",
                                port,
                                published,
                                new DoorLimits(
                                        DoorLimits.Limits.within(Long.MAX_VALUE),
                                        new TrustedProxies(List.of()),
                                        new SimpleMeterRegistry()),
                                () -> EdgeTest::answerInARoom)));
    }

    private static void answerInARoom(HttpServerRequest request) {
        HttpServerResponse response = request.response().setStatusCode(404);
        if (request.uri().equals(LATER)) {
            vertx.setTimer(50, fired -> response.end(ROOM));
        } else {
            response.end(ROOM);
        }
    }

    @AfterAll
    static void close() {
        settled(vertx.close());
    }

    private static void settled(Future<?> future) {
        future.toCompletionStage().toCompletableFuture().join();
    }

    private static Answer json(String text) {
        return Answer.json(List.of(piece(text)));
    }

    private static Piece piece(String text) {
        return Piece.of(text.getBytes(UTF_8));
    }

    private static Answer missing(String what, String language) {
        return Answer.problem(404, "en", piece("no " + what + " in " + language));
    }

    @Test
    void answersWithFinishedBytesAndWhenTheyWereTrue() throws IOException {
        RawHttp.Answer answer = send("GET", "/api/v1/campaigns");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body().getBytes(ISO_8859_1)).isEqualTo(LIST.getBytes(UTF_8));
        assertThat(answer.headers().get("content-type")).isEqualTo("application/json");
        assertThat(answer.headers().get("as-of")).isEqualTo("2021-05-02T04:00:00.123Z");
        assertThat(answer.headers().get("cache-control"))
                .isEqualTo("public, max-age=1, stale-while-revalidate=5, stale-if-error=600");
        assertThat(answer.headers().get("set-cookie")).isNull();
    }

    @Test
    void answersHeadWithTheSameHeadersAndNoBody() throws IOException {
        RawHttp.Answer head = send("HEAD", "/api/v1/campaigns");

        assertThat(head.status()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(head.headers()).isEqualTo(send("GET", "/api/v1/campaigns").headers());
        assertThat(head.headers().get("content-length"))
                .isEqualTo(String.valueOf(LIST.getBytes(UTF_8).length));
    }

    @ParameterizedTest
    @ValueSource(strings = {"?", "?x", "?x=1&y=2", "?region=other", "?%zz", "?&&=&"})
    void ignoresTheQueryOfWhatIsNotForARegion(String query) throws IOException {
        assertThat(send("GET", "/api/v1/campaigns" + query).body())
                .isEqualTo(new String(LIST.getBytes(UTF_8), ISO_8859_1));
    }

    @ParameterizedTest
    @CsvSource({
        "?region=k.l_1-2, k.l_1-2",
        "?x=1&region=other, other",
        "?region=other&x=1, other",
        "?region=other&region=k.l_1-2, other",
        "?region=k.l_1-2&region=other, k.l_1-2",
        "?region=%6Fther, other",
        "?r%65gion=other, other"
    })
    void answersForTheFirstRegionWhereverItStands(String query, String region) throws IOException {
        assertThat(send("GET", ODD + "/availability" + query).body())
                .isEqualTo("{\"region\":\"" + region + "\"}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "?", "?region", "?region=", "?region=&region=other", "?region[]=other"})
    void handsOnWhatNamesNoRegion(String query) throws IOException {
        RawHttp.Answer answer = send("GET", ODD + "/availability" + query);

        assertThat(answer.body()).isEqualTo(ROOM);
    }

    @ParameterizedTest
    @ValueSource(strings = {"?region=%zz", "?region=other&x=%"})
    void handsOnAQueryThatNobodyCanRead(String query) throws IOException {
        assertThat(send("GET", ODD + "/availability" + query).body()).isEqualTo(ROOM);
    }

    @ParameterizedTest
    @CsvSource({
        "/availability?region=none, region",
        "/availability?region=OTHER, region",
        "/availability?region=other%20, region",
        "/availability?region=other%00, region",
        "/availability?region=*, region",
        "x, campaign",
        "%2Fb, campaign",
        "%2fb/availability?region=other, campaign",
        "x?region=other, campaign",
        "x/availability, campaign",
        "x/availability?region=, campaign",
        "x/availability?region=other, campaign"
    })
    void aNameThatIsNotPublishedHasAnAnswerThatIs(String end, String what) throws IOException {
        RawHttp.Answer answer = send("GET", ODD + end, "Accept-Language: ms, fr");

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.body()).isEqualTo("no " + what + " in ms, fr");
        assertThat(answer.headers())
                .containsEntry("content-type", "application/problem+json")
                .containsEntry("content-language", "en")
                .containsEntry("vary", "accept-encoding, accept-language")
                .containsEntry("as-of", AS_OF.toString())
                .containsEntry(
                        "cache-control",
                        "public, max-age=1, stale-while-revalidate=5, stale-if-error=600");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/v1/campaigns/A%2D1%5Fb%2Ec", "/api/v1/campaigns/%41-1_b.c?x"})
    void knowsAPathByItsMeaningHoweverItIsEscaped(String target) throws IOException {
        assertThat(send("GET", target).body()).isEqualTo("{\"id\":\"A-1_b.c\"}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/api/v1/campaigns/",
                "//api/v1/campaigns",
                "/api/v1/campaigns/a/b",
                "/api/v1/campaigns/%zz",
                "/api/v1/campaigns/%",
                "/api/v1/campaigns%3Fregion=other",
                "*",
                "x"
            })
    void handsOnEveryOtherPath(String target) throws IOException {
        assertThat(send("GET", target).body()).isEqualTo(ROOM);
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "BREW"})
    void handsOnEveryOtherMethod(String method) throws IOException {
        assertThat(send(method, "/api/v1/campaigns").body()).isEqualTo(ROOM);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gzip | true",
                "GZip | true",
                "x-gzip | true",
                "gzip, deflate, br, zstd | true",
                "br;q=1.0, gzip;q=0.8, *;q=0.1 | true",
                "* | true",
                "*;q=0.1 | true",
                "deflate, * | true",
                "gzip;q=0.001 | true",
                "identity;q=0, * | true",
                "identity;q=0, gzip;q=0.5 | true",
                "identity;q=0.5, gzip;q=0.5 | true",
                "*;q=0, gzip | true",
                ",, gzip ,, | true",
                "gzip ; q=1 | true",
                "'' | false",
                "identity | false",
                "br | false",
                "gzip;q=0 | false",
                "gzip;q=0.000, * | false",
                "*;q=0 | false",
                "identity;q=0 | false",
                "gzip;q=0, identity;q=0 | false",
                "gzip;q=0.5, identity | false",
                "identity, *;q=0.5 | false",
                "gzip;q=x | false",
                "gzip;q=1.5 | false",
                "gzip;q=-1 | false",
                "gzip;q=0.1234 | false",
                "gzip;level=9 | false",
                "gzipped | false",
                "\"gzip\" | false",
                ";;;===,,, | false"
            })
    void answersInTheCodingThatTheClientPrefers(String accepted, boolean isGzip)
            throws IOException {
        RawHttp.Answer answer = send("GET", LONG, "Accept-Encoding: " + accepted);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.headers().get("content-encoding")).isEqualTo(isGzip ? "gzip" : null);
        assertThat(answer.headers().get("vary")).isEqualTo("accept-encoding");
        byte[] body = answer.body().getBytes(ISO_8859_1);
        assertThat(isGzip ? unzipped(body) : body).isEqualTo(wholeOfPieces());
    }

    @Test
    void readsEveryLineOfAnAcceptedCoding() throws IOException {
        RawHttp.Answer answer =
                send("GET", LONG, "Accept-Encoding: br", "Accept-Encoding: gzip;q=0.5");

        assertThat(answer.headers().get("content-encoding")).isEqualTo("gzip");
    }

    private static byte[] wholeOfPieces() {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        PIECES.forEach(piece -> whole.writeBytes(piece.plain()));
        return whole.toByteArray();
    }

    /** By a reader that holds length and checksum against what it has read. */
    private static byte[] unzipped(byte[] gzip) throws IOException {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(gzip))) {
            return in.readAllBytes();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Accept-Encoding: gzip"})
    void doesNotSendAgainWhatTheClientHas(String accepted) throws IOException {
        RawHttp.Answer whole = send("GET", LONG, accepted);
        String tag = tag(whole);
        for (String method : List.of("GET", "HEAD")) {
            for (String header :
                    List.of(
                            tag,
                            "W/" + tag,
                            "*",
                            "\"a\", " + tag,
                            "W/\"a,b\"," + tag + ",\"c\"",
                            "x, " + tag,
                            "\"a\"\r\nIf-None-Match: " + tag)) {
                RawHttp.Answer answer = send(method, LONG, accepted, "If-None-Match: " + header);

                assertThat(answer.status()).as(header).isEqualTo(304);
                assertThat(answer.body()).isEmpty();
                assertThat(answer.headers())
                        .containsEntry("etag", tag)
                        .containsEntry("as-of", AS_OF.toString())
                        .containsEntry("vary", "accept-encoding")
                        .containsEntry("cache-control", whole.headers().get("cache-control"))
                        .containsKey("date")
                        .doesNotContainKeys(
                                "content-length", "content-encoding", "transfer-encoding");
            }
            for (String header : List.of("", tag.replace("\"", ""), "\"\"", "\"x\"", "W/*")) {
                RawHttp.Answer answer = send(method, LONG, accepted, "If-None-Match: " + header);

                assertThat(answer.status()).as(header).isEqualTo(200);
            }
        }
    }

    @Test
    void namesEachCodingOfAnAnswerDifferently() throws IOException {
        String plain = tag(send("GET", LONG));
        String gzip = tag(send("GET", LONG, "Accept-Encoding: gzip"));

        assertThat(plain).isNotEqualTo(gzip);
        assertThat(send("GET", LONG, "If-None-Match: " + gzip).status()).isEqualTo(200);
        assertThat(send("GET", LONG, "Accept-Encoding: gzip", "If-None-Match: " + plain).status())
                .isEqualTo(200);
    }

    @Test
    void namesContentByTheContent() throws IOException {
        String tag = tag(send("GET", LONG));
        List<Piece> same = PIECES.stream().map(piece -> Piece.of(piece.plain().clone())).toList();
        List<Piece> other = new ArrayList<>(same);
        other.set(3, piece("\"y\""));

        assertThat(Answer.json(same).tag()).isEqualTo(tag);
        assertThat(Answer.json(other).tag()).isNotEqualTo(tag);
    }

    @Test
    void tellsTheTimeAlsoWhileNothingIsPublished() throws IOException {
        assertThat(send("GET", LONG).headers().get("date"))
                .isEqualTo("Sun, 02 May 2021 04:00:00 GMT");

        now = now.plusSeconds(1);
        published.tellTime();

        for (String target : List.of(LONG, "/")) {
            assertThat(send("GET", target).headers().get("date"))
                    .isEqualTo("Sun, 02 May 2021 04:00:01 GMT");
        }
        assertThat(send("GET", LONG).headers().get("as-of")).isEqualTo(AS_OF.toString());
        now = now.minusSeconds(1);
        published.tellTime();
    }

    @Test
    void answersRequestsThatComeTogetherInTheirOrder() throws IOException {
        String requests =
                Stream.of("/api/v1/campaigns", "/", LONG, ODD)
                        .map(target -> "GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
                        .collect(Collectors.joining());

        assertThat(RawHttp.sendAll(port, requests.getBytes(ISO_8859_1), 4))
                .extracting(answer -> answer.body().length())
                .containsExactly(
                        LIST.getBytes(UTF_8).length,
                        ROOM.length(),
                        wholeOfPieces().length,
                        "{\"id\":\"A-1_b.c\"}".length());
    }

    @Test
    void whatIsPublishedWaitsForWhatWasAskedForBeforeIt() throws IOException {
        String requests =
                Stream.of(LONG, LATER, LONG, "/api/v1/campaigns", LATER, LONG)
                        .map(target -> "GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
                        .collect(Collectors.joining());

        int length = wholeOfPieces().length;
        assertThat(RawHttp.sendAll(port, requests.getBytes(ISO_8859_1), 6))
                .extracting(answer -> answer.body().length())
                .containsExactly(
                        length,
                        ROOM.length(),
                        length,
                        LIST.getBytes(UTF_8).length,
                        ROOM.length(),
                        length);
    }

    /** Vert.x takes back what it has begun, as soon as there is room again. */
    @Test
    void whoeverAsksForALotBeforeReadingGetsAllOfItInOrder() throws IOException {
        int times = 300;
        String requests =
                ("GET "
                                + LONG
                                + " HTTP/1.1\r\nHost: localhost\r\n\r\n"
                                + "GET /api/v1/campaigns HTTP/1.1\r\nHost: localhost\r\n\r\n")
                        .repeat(times);

        List<RawHttp.Answer> answers =
                RawHttp.sendAll(port, requests.getBytes(ISO_8859_1), 2 * times);

        for (int i = 0; i < times; i++) {
            assertThat(answers.get(2 * i).body().length()).isEqualTo(wholeOfPieces().length);
            assertThat(answers.get(2 * i + 1).body().length())
                    .isEqualTo(LIST.getBytes(UTF_8).length);
        }
    }

    /** A body, even an empty one, makes a request that the short way leaves to Vert.x. */
    @ParameterizedTest
    @CsvSource({
        "GET, Accept-Encoding: identity",
        "GET, Accept-Encoding: gzip",
        "GET, If-None-Match: *",
        "HEAD, Accept-Encoding: gzip"
    })
    void theShortWayAndTheLongOneLeadToTheSameAnswer(String method, String header)
            throws IOException {
        RawHttp.Answer viaShort = send(method, LONG, header);
        RawHttp.Answer viaLong = send(method, LONG, header, "Content-Length: 0");

        assertThat(viaShort.status()).isEqualTo(viaLong.status());
        assertThat(viaShort.headers()).isEqualTo(viaLong.headers());
        assertThat(viaShort.body()).isEqualTo(viaLong.body());
    }

    @Test
    void answersNothingAfterARequestThatIsTheLast() throws IOException {
        String last = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        String another = "GET /api/v1/campaigns HTTP/1.1\r\nHost: localhost\r\n\r\n";
        byte[] both = (last + another).getBytes(ISO_8859_1);

        assertThatThrownBy(() -> RawHttp.sendAll(port, both, 2)).isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @CsvSource({"HTTP/1.0, '', false", "HTTP/1.0, keep-alive, true", "HTTP/1.1, close, false"})
    void keepsAConnectionAsTheClientAsks(String version, String connection, boolean isKept)
            throws IOException {
        String request =
                "GET " + LONG + " " + version + "\r\nHost: localhost\r\nConnection: " + connection;

        RawHttp.Answer answer =
                RawHttp.send(port, (request + "\r\n\r\n").getBytes(ISO_8859_1), false)
                        .orElseThrow();

        assertThat(answer.body().getBytes(ISO_8859_1)).isEqualTo(wholeOfPieces());
        assertThat("keep-alive".equals(answer.headers().get("connection"))).isEqualTo(isKept);
    }

    private static String tag(RawHttp.Answer answer) {
        return Objects.requireNonNull(answer.headers().get("etag"));
    }

    private static RawHttp.Answer send(String method, String target, String... headers)
            throws IOException {
        return RawHttp.send(port, method, target, headers);
    }
}
