package giliran.edge;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import giliran.edge.PublishedAnswers.Answer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Instant;
import java.util.Map;
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

    private static Vertx vertx;
    private static int port;

    @BeforeAll
    static void open() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        PublishedAnswers published = new PublishedAnswers();
        published.publish(
                Map.of(
                        "/api/v1/campaigns",
                        json(LIST),
                        ODD,
                        json("{\"id\":\"A-1_b.c\"}"),
                        ODD + "/availability?region=k.l_1-2",
                        json("{\"region\":\"k.l_1-2\"}"),
                        ODD + "/availability?region=other",
                        json("{\"region\":\"other\"}")),
                AS_OF);
        vertx = Vertx.vertx();
        settled(
                vertx.deployVerticle(
                        new EdgeVerticle(
                                "127.0.0.1",
                                port,
                                published,
                                () -> request -> request.response().setStatusCode(404).end(ROOM))));
    }

    @AfterAll
    static void close() {
        settled(vertx.close());
    }

    private static void settled(Future<?> future) {
        future.toCompletionStage().toCompletableFuture().join();
    }

    private static Answer json(String text) {
        return new Answer(Buffer.buffer(text), "application/json");
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
            strings = {
                "",
                "?",
                "?region",
                "?region=",
                "?region=&region=other",
                "?region=none",
                "?region=OTHER",
                "?region=other%20",
                "?region=other%00",
                "?region=%zz",
                "?region=other&x=%",
                "?region[]=other"
            })
    void handsOnWhatNamesNoRegionThatIsPublished(String query) throws IOException {
        RawHttp.Answer answer = send("GET", ODD + "/availability" + query);

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.body()).isEqualTo(ROOM);
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
                "/api/v1/campaigns/a-1_b.c",
                "/api/v1/campaigns/%zz",
                "/api/v1/campaigns/%",
                "/api/v1/campaigns/A-1_b.c%00",
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

    private static RawHttp.Answer send(String method, String target) throws IOException {
        return RawHttp.send(port, method, target);
    }
}
