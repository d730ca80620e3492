package giliran.main;

import static org.assertj.core.api.Assertions.assertThat;

import giliran.campaigns.Slot;
import giliran.campaigns.TestCampaign;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * The configurations of deploy/cdn, in the caches that they are for. There are tests only for those
 * that are installed, and only in the long check; of the others it is told that they were not run.
 */
class CdnTest {
    private static final Path CONFIGURATIONS = Path.of("../deploy/cdn");
    private static final int READS = 50_000;
    private static final int READERS = 16;

    /** A second's answers, and some more while Giliran starts. */
    private static final int QUESTIONS_PER_SECOND_MAX = 10;

    private static final String PATH = "/api/v1/campaigns/open/availability?region=";

    @TempDir private Path temp;

    /** A cache that can be put before a port. */
    private interface Cache {
        Process start(Path folder, int port, int origin) throws IOException;
    }

    @TestFactory
    Stream<DynamicTest> aCacheTakesTheCrowdAndTellsTheLastAnswerWhileWeAreAway() {
        List<DynamicTest> tests = new ArrayList<>();
        for (String name : List.of("nginx", "varnishd")) {
            boolean isThere = Files.isExecutable(Path.of("/usr/sbin", name));
            if (isThere && Boolean.getBoolean("giliran.long")) {
                tests.add(DynamicTest.dynamicTest(name, () -> tryOut(name)));
            } else {
                System.out.printf(
                        "CdnTest: NOT RUN with %s: %s%n",
                        name,
                        isThere
                                ? "it is run by ./giliran check --long"
                                : "it is not installed (Debian: nginx-light; varnish and"
                                        + " varnish-modules)");
            }
        }
        return tests.stream();
    }

    private void tryOut(String name) throws Exception {
        TestCampaign campaign = new TestCampaign("open").centre("hall", "kuala-lumpur");
        Slot slot = campaign.slot("hall", Instant.now().plus(Duration.ofDays(9)), 10_000);
        Path folder = Files.createDirectories(temp.resolve(name));
        Cache cache = name.equals("nginx") ? CdnTest::nginx : CdnTest::varnish;
        int port = freePort();
        try (TestGiliran giliran = TestGiliran.start(folder, campaign);
                CountingWay way = new CountingWay(giliran.port())) {
            Process process = cache.start(folder, port, way.port());
            try {
                URI address = URI.create("http://127.0.0.1:" + port);
                GiliranProcess.await(name, () -> answers(address));
                readWhileItIsStartedAgain(address, giliran, way);
                bookAndLookUp(address, slot, folder, name);
            } finally {
                process.destroy();
                process.waitFor(20, TimeUnit.SECONDS);
            }
        }
    }

    private static void readWhileItIsStartedAgain(URI address, TestGiliran giliran, CountingWay way)
            throws ExecutionException, InterruptedException {
        AtomicInteger reads = new AtomicInteger();
        AtomicBoolean isRestarted = new AtomicBoolean();
        way.questions.set(0);
        long began = System.nanoTime();
        try (ExecutorService readers = Executors.newFixedThreadPool(READERS)) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < READERS; i++) {
                all.add(
                        readers.submit(
                                () -> {
                                    try (HttpClient http = HttpClient.newHttpClient()) {
                                        while (!isRestarted.get() || reads.get() < READS) {
                                            HttpResponse<String> answer =
                                                    get(http, address, PATH + "kuala-lumpur");
                                            assertThat(answer.statusCode()).isEqualTo(200);
                                            assertThat(answer.body()).contains("\"remaining\":");
                                            reads.incrementAndGet();
                                        }
                                        return null;
                                    }
                                }));
            }
            GiliranProcess.await("some reads", () -> reads.get() > READS / 10);
            giliran.restart();
            isRestarted.set(true);
            for (Future<?> each : all) {
                each.get();
            }
        }
        double seconds = (System.nanoTime() - began) / 1e9;
        System.out.printf(
                "CdnTest: %d reads in %.1f s, none failed, were %d questions to Giliran%n",
                reads.get(), seconds, way.questions.get());
        assertThat(way.questions.get() / seconds).isLessThan(QUESTIONS_PER_SECOND_MAX);
    }

    private static void bookAndLookUp(URI address, Slot slot, Path folder, String name)
            throws IOException {
        ContractClient client = new ContractClient(address);
        ContractClient.Answer booked = client.book("open", TestBooking.of(slot));
        assertThat(booked.status()).isEqualTo(201);
        String token = booked.at("/token");
        for (int i = 0; i < 2; i++) {
            ContractClient.Answer appointment = client.get(ContractClient.APPOINTMENTS + token);
            assertThat(appointment.status()).isEqualTo(200);
            assertThat(appointment.header("Cache-Control")).contains("no-store");
        }
        assertThat(client.get(PATH + "nowhere").status()).isEqualTo(404);
        if (name.equals("nginx")) {
            String log =
                    Files.readString(folder.resolve("giliran.log"))
                            + Files.readString(folder.resolve("giliran-error.log"));
            assertThat(log)
                    .contains("/api/v1/appointments/…")
                    .doesNotContain(token)
                    .doesNotContain("127.0.0.1")
                    .doesNotContain("nowhere");
        }
    }

    private static HttpResponse<String> get(HttpClient http, URI address, String path)
            throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(address.resolve(path)).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static boolean answers(URI address) {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return get(http, address, PATH + "kuala-lumpur").statusCode() == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Ours, at another port and in another folder, in the smallest of frames. */
    private static Process nginx(Path folder, int port, int origin) throws IOException {
        String ours =
                Files.readString(CONFIGURATIONS.resolve("nginx.conf"))
                        .replace("/var/cache/nginx", folder.toString())
                        .replace("/var/log/nginx", folder.toString())
                        .replace("127.0.0.1:8080", "127.0.0.1:" + origin)
                        .replace("listen 80 reuseport;", "listen 127.0.0.1:" + port + ";")
                        .replace("listen [::]:80 reuseport;", "");
        Files.writeString(folder.resolve("giliran.conf"), ours);
        Path frame = folder.resolve("nginx.conf");
        Files.writeString(
                frame,
                """
                %1$s
                daemon off;
                pid %2$s/nginx.pid;
                events {}
                http {
                    client_body_temp_path %2$s/temp;
                    proxy_temp_path %2$s/temp;
                    fastcgi_temp_path %2$s/temp;
                    uwsgi_temp_path %2$s/temp;
                    scgi_temp_path %2$s/temp;
                    include %2$s/giliran.conf;
                }
                """
                        .formatted(
                                System.getProperty("user.name").equals("root") ? "user root;" : "",
                                folder));
        return start(
                folder,
                "/usr/sbin/nginx",
                "-e",
                folder.resolve("start.log").toString(),
                "-c",
                frame.toString());
    }

    private static Process varnish(Path folder, int port, int origin) throws IOException {
        Path vcl = folder.resolve("default.vcl");
        Files.writeString(
                vcl,
                Files.readString(CONFIGURATIONS.resolve("default.vcl"))
                        .replace("\"8080\"", "\"" + origin + "\""));
        return start(
                folder,
                "/usr/sbin/varnishd",
                "-F",
                "-j",
                "none",
                "-n",
                folder.resolve("work").toString(),
                "-a",
                "127.0.0.1:" + port,
                "-s",
                "malloc,64m",
                "-f",
                vcl.toString());
    }

    private static Process start(Path folder, String... words) throws IOException {
        return new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("said.txt").toFile())
                .start();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** The way from the cache to Giliran, on which questions for the region are counted. */
    private static final class CountingWay implements AutoCloseable {
        private static final byte[] QUESTION =
                "GET /api/v1/campaigns/open/avail".getBytes(StandardCharsets.US_ASCII);

        final AtomicInteger questions = new AtomicInteger();
        private final ServerSocket door;
        private final int origin;
        private final Set<Socket> open = ConcurrentHashMap.newKeySet();

        CountingWay(int origin) {
            this.origin = origin;
            try {
                door = new ServerSocket(0, 1_000, InetAddress.getLoopbackAddress());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            Thread.startVirtualThread(this::accept);
        }

        int port() {
            return door.getLocalPort();
        }

        private void accept() {
            while (!door.isClosed()) {
                try {
                    Socket from = door.accept();
                    Thread.startVirtualThread(() -> lead(from));
                } catch (IOException e) {
                    return;
                }
            }
        }

        private void lead(Socket from) {
            try (from;
                    Socket to = new Socket(InetAddress.getLoopbackAddress(), origin)) {
                open.add(from);
                open.add(to);
                Thread back = Thread.startVirtualThread(() -> copy(to, from, false));
                copy(from, to, true);
                back.join();
            } catch (IOException | InterruptedException e) {
                // Giliran is away: so the cache is told.
            } finally {
                open.remove(from);
            }
        }

        private void copy(Socket from, Socket to, boolean isCounted) {
            try (from;
                    to) {
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                byte[] bytes = new byte[16_384];
                for (int length = in.read(bytes); length > 0; length = in.read(bytes)) {
                    if (isCounted && startsWith(bytes, length)) {
                        questions.incrementAndGet();
                    }
                    out.write(bytes, 0, length);
                }
            } catch (IOException e) {
                // One side has closed: so does the other.
            }
        }

        private static boolean startsWith(byte[] bytes, int length) {
            return length >= QUESTION.length
                    && Arrays.equals(bytes, 0, QUESTION.length, QUESTION, 0, QUESTION.length);
        }

        @Override
        public void close() throws IOException {
            door.close();
            for (Socket socket : open) {
                socket.close();
            }
        }
    }
}
