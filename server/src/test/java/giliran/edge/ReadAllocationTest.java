package giliran.edge;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a read allocates on its event loop; its figures are for docs/benchmarks.md. */
class ReadAllocationTest {
    private static final int WARMING_UP = Boolean.getBoolean("giliran.long") ? 100_000 : 500;
    private static final int READS = Boolean.getBoolean("giliran.long") ? 100_000 : 500;
    private static final String TARGET = "/api/v1/campaigns/c/availability?region=r";

    private static Vertx vertx;
    private static int port;
    private static String tag;

    @BeforeAll
    static void open() throws IOException {
        System.setProperty("vertx.cacheImmutableHttpResponseHeaders", "true");
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        byte[] body = new byte[30_000];
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < body.length; i++) {
            // Compresses to about a tenth, as availability does.
            body[i] = (byte) (i % 10 == 0 ? random.nextInt('a', 'z') : '0');
        }
        Answer answer = Answer.json(List.of(Piece.of(body)));
        tag = answer.tag();
        PublishedAnswers published = new PublishedAnswers(InstantSource.system());
        published.publish(
                new PublishedAnswers.Offer(Map.of(TARGET, answer), Map.of()), Instant.now());
        vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
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
                                () -> request -> request.response().setStatusCode(404).end())));
    }

    @AfterAll
    static void close() {
        settled(vertx.close());
    }

    private static void settled(Future<?> future) {
        future.toCompletionStage().toCompletableFuture().join();
    }

    @ParameterizedTest
    @CsvSource({"gzip, 200", "plain, 200", "gzip, 304"})
    void answersEveryReadAlikeAndTellsWhatItTook(String coding, int status) throws IOException {
        String request =
                "GET "
                        + TARGET
                        + " HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\n"
                        + (coding.equals("gzip") ? "Accept-Encoding: gzip, deflate, br\r\n" : "")
                        + (status == 304 ? "If-None-Match: " + tagOf(coding) + "\r\n" : "")
                        + "\r\n";
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            byte[] bytes = request.getBytes(ISO_8859_1);
            RawHttp.Answer answer = RawHttp.send(port, bytes, false).orElseThrow();
            assertThat(answer.status()).isEqualTo(status);
            int length = answer.head().length() + answer.head().split("\n", -1).length + 1;
            read(socket, bytes, length + answer.body().length(), WARMING_UP);
            long before = allocated();
            read(socket, bytes, length + answer.body().length(), READS);
            System.out.printf(
                    "ReadAllocationTest: %s, %d: %,d bytes a read on the event loop%n",
                    coding, status, (allocated() - before) / READS);
        }
    }

    private static String tagOf(String coding) {
        return coding.equals("gzip") ? tag.replaceFirst("\"$", "-gzip\"") : tag;
    }

    /** Counts bytes, so that an answer of another length would not be read to its end. */
    private static void read(Socket socket, byte[] request, int length, int times)
            throws IOException {
        InputStream in = socket.getInputStream();
        byte[] answer = new byte[length];
        for (int i = 0; i < times; i++) {
            socket.getOutputStream().write(request);
            assertThat(in.readNBytes(answer, 0, length)).isEqualTo(length);
            assertThat(answer[0]).isEqualTo((byte) 'H');
        }
    }

    private static long allocated() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long bytes = 0;
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().startsWith("vert.x-eventloop-thread")) {
                bytes += threads.getThreadAllocatedBytes(thread.threadId());
            }
        }
        return bytes;
    }
}
