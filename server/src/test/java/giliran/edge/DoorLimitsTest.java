package giliran.edge;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the public door does about too many and too slow clients. */
class DoorLimitsTest {
    private static final int CONNECTIONS_MAX = 5;
    private static final Duration PATIENCE = Duration.ofMillis(500);

    /** More than the kernel keeps for a reader. */
    private static final int LONG_BYTES = 64 << 20;

    private static final Optional<InetAddress> HOME =
            Optional.of(InetAddress.ofLiteral("198.51.100.1"));

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final DoorLimits limits =
            new DoorLimits(
                    new DoorLimits.Limits(CONNECTIONS_MAX, 2, PATIENCE, PATIENCE),
                    new TrustedProxies(List.of("10.0.0.0/8")),
                    meters);
    private final List<Socket> sockets = new ArrayList<>();
    private Vertx vertx;
    private int port;

    @BeforeEach
    void open() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        PublishedAnswers published = new PublishedAnswers(InstantSource.system());
        published.publish(
                new PublishedAnswers.Offer(
                        Map.of(
                                "/short",
                                Answer.json(List.of(Piece.of(new byte[1]))),
                                "/long",
                                Answer.json(List.of(Piece.of(new byte[LONG_BYTES])))),
                        Map.of()),
                Instant.EPOCH);
        vertx = Vertx.vertx();
        settled(
                vertx.deployVerticle(
                        new EdgeVerticle(
                                "127.0.0.1",
                                port,
                                published,
                                limits,
                                () ->
                                        request ->
                                                request.end()
                                                        .onSuccess(
                                                                e -> request.response().end()))));
    }

    @AfterEach
    void close() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
        settled(vertx.close());
    }

    private static void settled(Future<?> future) {
        future.toCompletionStage().toCompletableFuture().join();
    }

    private Socket connect(String sent) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        sockets.add(socket);
        socket.setSoTimeout(20_000);
        socket.getOutputStream().write(sent.getBytes(ISO_8859_1));
        return socket;
    }

    private double cut(String limit) {
        return meters.get("giliran.connections.cut").tag("limit", limit).counter().count();
    }

    /** Whether the server has closed the connection; waits for it for some seconds. */
    private static boolean isClosed(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (SocketException reset) {
            return true;
        }
    }

    @Test
    void keepsNoMoreConnectionsThanItMay() throws IOException {
        String request = "GET /short HTTP/1.1\r\nHost: x\r\n\r\n";
        for (int i = 0; i < CONNECTIONS_MAX; i++) {
            assertThat(isClosed(connect(request))).isFalse();
        }

        assertThat(isClosed(connect(""))).isTrue();
        assertThat(cut("connections")).isEqualTo(1);

        sockets.getFirst().close();
        boolean isAnswered = false;
        // The server sees the end of the closed one a moment later.
        for (int i = 0; i < 1_000 && !isAnswered; i++) {
            try (Socket socket = connect(request)) {
                isAnswered = !isClosed(socket);
            } catch (SocketException closedWhileWriting) {
                isAnswered = false;
            }
        }
        assertThat(isAnswered).isTrue();
    }

    @Test
    void keepsAFewOfOneAddressOnly() {
        assertThat(limits.opened(HOME)).isTrue();
        assertThat(limits.opened(HOME)).isTrue();
        assertThat(limits.opened(HOME)).isFalse();
        assertThat(cut("connections-address")).isEqualTo(1);
        assertThat(limits.opened(Optional.of(InetAddress.ofLiteral("198.51.100.2")))).isTrue();

        limits.closed(HOME);
        limits.closed(HOME);
        assertThat(limits.opened(HOME)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1", "10.7.7.7"})
    void keepsAllOfThisMachineAndOfTrustedProxies(String address) {
        Optional<InetAddress> ours = Optional.of(InetAddress.ofLiteral(address));
        for (int i = 0; i < CONNECTIONS_MAX; i++) {
            assertThat(limits.opened(ours)).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "G",
                "GET /short HTTP/1.1\r\nHost: x\r\n",
                "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n{",
                "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n"
            })
    void cutsWhoeverDoesNotFinishARequest(String begun) throws IOException {
        assertThat(isClosed(connect(begun))).isTrue();
        assertThat(cut("slow-request")).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /short HTTP/1.1\r\nX: ",
                "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10000\r\n\r\n"
            })
    void cutsWhoeverSendsARequestALittleAtATime(String begun) throws IOException {
        Socket socket = connect(begun);
        socket.setSoTimeout(50);
        boolean isCut = false;
        for (int i = 0; i < 400 && !isCut; i++) {
            try {
                socket.getOutputStream().write('x');
                isCut = isClosed(socket);
            } catch (SocketException e) {
                isCut = true;
            }
        }

        assertThat(isCut).isTrue();
        assertThat(cut("slow-request")).isEqualTo(1);
    }

    @Test
    void keepsWhoeverRestsBetweenRequests() throws IOException {
        String request = "GET /short HTTP/1.1\r\nHost: x\r\n\r\n";
        Socket socket = connect(request);
        InputStream in = socket.getInputStream();
        assertThat(in.read()).isEqualTo('H');
        // Until somebody else who began later was cut.
        assertThat(isClosed(connect("G"))).isTrue();
        assertThat(isClosed(connect("G"))).isTrue();

        socket.getOutputStream().write(request.getBytes(ISO_8859_1));

        String answers = new String(in.readNBytes(in.available()), ISO_8859_1);
        while (answers.split("200 OK", -1).length < 3) {
            answers += (char) in.read();
        }
        assertThat(answers).doesNotContain("\uffff");
    }

    @Test
    void cutsWhoeverDoesNotTakeTheAnswer() throws IOException {
        Socket reader = connect("GET /long HTTP/1.1\r\nHost: x\r\n\r\n");
        assertThat(reader.getInputStream().read()).isEqualTo('H');
        for (int i = 0; i < 20 && cut("slow-reader") == 0; i++) {
            assertThat(isClosed(connect("G"))).isTrue(); // Which takes the time that we wait for.
        }

        assertThat(cut("slow-reader")).isEqualTo(1);
        assertThat(readAll(reader)).isLessThan(LONG_BYTES);
    }

    private static long readAll(Socket socket) throws IOException {
        long read = 0;
        byte[] some = new byte[1 << 16];
        try {
            for (int n = 0; n >= 0; n = socket.getInputStream().read(some)) {
                read += n;
            }
        } catch (SocketException reset) {
            return read;
        }
        return read;
    }

    @ParameterizedTest
    @CsvSource({"1048576, 20000", "20300, 20000", "20000, 19700", "1024, 724", "100, 1"})
    void takesNoMoreConnectionsThanTheProcessMayHaveFilesOpen(long filesMax, int connectionsMax) {
        assertThat(DoorLimits.Limits.within(filesMax).connectionsMax()).isEqualTo(connectionsMax);
    }
}
