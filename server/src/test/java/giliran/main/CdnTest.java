package giliran.main;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

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
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The configurations of deploy/cdn, in the caches that they are for, before a Giliran. Of a cache
 * that is not installed it is reported that its test was not run.
 */
class CdnTest {
    private static final Path CONFIGURATIONS =
            Path.of("../deploy/cdn").toAbsolutePath().normalize();
    private static final int READS = Boolean.getBoolean("giliran.long") ? 50_000 : 2_000;
    private static final int READERS = 16;

    /** A second's answers, and some more while Giliran starts. */
    private static final int QUESTIONS_PER_SECOND_MAX = 10;

    private static final String CAMPAIGN = ContractClient.CAMPAIGNS + "/open";
    private static final String AVAILABILITY = CAMPAIGN + "/availability";
    private static final String REGION = AVAILABILITY + "?region=kuala-lumpur";
    private static final String SECRET = "secret-of-a-link";

    @TempDir private static Path temp;
    private static TestGiliran giliran;
    private static CountingWay way;
    private static Slot slot;

    enum Cache {
        NGINX("nginx", "nginx-light") {
            @Override
            List<Process> start(Path folder, int port) throws IOException {
                return List.of(nginx(program(), folder, port));
            }
        },
        VARNISH("varnishd", "varnish and varnish-modules") {
            @Override
            List<Process> start(Path folder, int port) throws IOException {
                Process varnish = varnish(program(), folder, port);
                awaitAnswer(port);
                Process log = varnishLog(folder);
                // What was asked for before it listens is not in it.
                GiliranProcess.await("its log", () -> answers(port) && hasLines(folder));
                return List.of(varnish, log);
            }
        };

        private final String name;
        private final String packages;

        Cache(String name, String packages) {
            this.name = name;
            this.packages = packages;
        }

        Path program() {
            return Path.of("/usr/sbin", name);
        }

        /** Puts it before the way to Giliran. It logs into giliran.log. */
        abstract List<Process> start(Path folder, int port) throws IOException;
    }

    @BeforeAll
    static void open() {
        TestCampaign campaign = new TestCampaign("open").centre("hall", "kuala-lumpur");
        slot = campaign.slot("hall", Instant.now().plus(Duration.ofDays(9)), 10_000);
        giliran =
                TestGiliran.start(
                        temp,
                        List.of("127.0.0.1"),
                        InstantSource.system(),
                        Giliran.LEDGER,
                        campaign);
        way = new CountingWay(giliran.port());
    }

    @AfterAll
    static void close() throws IOException {
        way.close();
        giliran.close();
    }

    @ParameterizedTest
    @EnumSource
    void aCacheTakesTheCrowdAndTellsTheLastAnswerWhileWeAreAway(Cache cache) throws Exception {
        assumeTrue(
                Files.isExecutable(cache.program()), "not run: install Debian's " + cache.packages);
        Path folder = Files.createDirectories(temp.resolve(cache.name()));
        int port = freePort();
        List<Process> processes = cache.start(folder, port);
        String token;
        try {
            awaitAnswer(port);
            ContractClient client = new ContractClient(address(port));
            keepsOneAnswerForAllWhoMeanTheSame(port);
            token = passesAWriteAndKeepsNothingOfIt(client);
            readWhileItIsStartedAgain(port);
        } finally {
            for (Process process : processes.reversed()) {
                process.destroy();
                process.waitFor(20, TimeUnit.SECONDS);
            }
        }
        assertThat(Files.readString(folder.resolve("giliran.log")))
                .contains("GET /api/v1/appointments/* 200")
                .contains("GET " + AVAILABILITY + " 404")
                .contains("POST " + CAMPAIGN + "/appointments 201")
                .contains("POST /my/en/a/*/move 503")
                .doesNotContain(token, SECRET, "127.0.0.1", "nowhere");
    }

    private static void keepsOneAnswerForAllWhoMeanTheSame(int port) {
        try (HttpClient http = http()) {
            HttpResponse<String> answer = get(http, port, REGION, "Accept-Encoding", "gzip");
            assertThat(answer.headers().firstValue("Content-Encoding")).contains("gzip");
            assertThat(answer.headers().firstValue("As-Of")).isPresent();
            int before = way.questions.get();
            long began = System.nanoTime();
            for (int i = 0; i < 100; i++) {
                String sameRegion = AVAILABILITY + "?n=" + i + "&region=kuala-lumpur&region=other";
                answer = get(http, port, sameRegion, "Cookie", "n=" + i);
                assertThat(answer.headers().firstValue("Content-Encoding")).isEmpty();
                assertThat(answer.body()).contains("\"region\":\"kuala-lumpur\"");
            }
            assertThat(way.questions.get() - before).isLessThan(5 + 2 * (int) seconds(began));
            String unknown = AVAILABILITY + "?region=nowhere";
            for (String language : List.of("ms", "en")) {
                answer = get(http, port, unknown, "Accept-Language", "de, " + language + ";q=0.8");
                assertThat(answer.statusCode()).isEqualTo(404);
                assertThat(answer.headers().firstValue("Content-Language")).contains(language);
            }
        }
    }

    private static String passesAWriteAndKeepsNothingOfIt(ContractClient client) {
        ContractClient.Answer booked = client.book("open", TestBooking.of(slot));
        assertThat(booked.status()).isEqualTo(201);
        String token = booked.at("/token");
        for (String state : List.of("booked", "cancelled")) {
            ContractClient.Answer appointment = client.get(ContractClient.APPOINTMENTS + token);
            assertThat(appointment.at("/status")).isEqualTo(state);
            assertThat(appointment.header("Cache-Control")).contains("no-store");
            client.delete(ContractClient.APPOINTMENTS + token);
        }
        return token;
    }

    private static void readWhileItIsStartedAgain(int port) throws Exception {
        AtomicInteger reads = new AtomicInteger();
        AtomicBoolean isRestarted = new AtomicBoolean();
        way.questions.set(0);
        long began = System.nanoTime();
        try (ExecutorService readers = Executors.newFixedThreadPool(READERS)) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < READERS; i++) {
                all.add(readers.submit(() -> read(port, reads, isRestarted)));
            }
            GiliranProcess.await("some reads", () -> reads.get() > READS / 10);
            giliran.stop();
            try {
                tellsWhoeverCannotBeAnswered(port);
            } finally {
                giliran.startAgain();
                isRestarted.set(true);
            }
            for (Future<?> each : all) {
                each.get();
            }
        }
        System.out.printf(
                "CdnTest: %d reads in %.1f s, none failed, were %d questions to Giliran%n",
                reads.get(), seconds(began), way.questions.get());
        assertThat(way.questions.get() / seconds(began)).isLessThan(QUESTIONS_PER_SECOND_MAX);
        // Giliran is asked again as soon as the cache notices that it is there.
        try (HttpClient http = http()) {
            GiliranProcess.await("a page of it", () -> get(http, port, "/en/").statusCode() == 200);
        }
    }

    private static void read(int port, AtomicInteger reads, AtomicBoolean isRestarted) {
        try (HttpClient http = http()) {
            while (!isRestarted.get() || reads.get() < READS) {
                HttpResponse<String> answer = get(http, port, REGION);
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
                assertThat(answer.body()).contains("\"remaining\":");
                reads.incrementAndGet();
            }
        }
    }

    private static void tellsWhoeverCannotBeAnswered(int port) throws Exception {
        try (HttpClient http = http()) {
            for (String path :
                    List.of(CAMPAIGN + "/appointments", "/my/en/a/" + SECRET + "/move")) {
                HttpRequest write =
                        HttpRequest.newBuilder(address(port).resolve(path))
                                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                                .build();
                isAway(http.send(write, BodyHandlers.ofString()));
            }
            isAway(get(http, port, "/ms/"));
        }
    }

    private static void isAway(HttpResponse<String> answer) throws IOException {
        boolean isForSoftware = answer.uri().getPath().startsWith("/api/");
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).contains("5");
        assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
        assertThat(answer.headers().firstValue("Content-Type").orElse("").split(";", 2)[0])
                .isEqualTo(isForSoftware ? "application/problem+json" : "text/html");
        assertThat(answer.body())
                .isEqualTo(
                        Files.readString(
                                CONFIGURATIONS.resolve(isForSoftware ? "away.json" : "away.html")));
    }

    private static HttpClient http() {
        return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    }

    private static URI address(int port) {
        return URI.create("http://127.0.0.1:" + port);
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }

    private static HttpResponse<String> get(
            HttpClient http, int port, String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(address(port).resolve(path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return http.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean hasLines(Path folder) {
        try {
            return Files.size(folder.resolve("giliran.log")) > 0;
        } catch (IOException e) {
            return false; // It is not there yet.
        }
    }

    private static void awaitAnswer(int port) {
        GiliranProcess.await("the cache", () -> answers(port));
    }

    private static boolean answers(int port) {
        try (HttpClient http = http()) {
            return get(http, port, REGION).statusCode() == 200;
        } catch (UncheckedIOException e) {
            return false;
        }
    }

    /** Ours, at another port and in another folder, in the smallest of frames. */
    private static Process nginx(Path program, Path folder, int port) throws IOException {
        String ours =
                configuration("nginx.conf")
                        .replace("/var/cache/nginx", folder.toString())
                        .replace("/var/log/nginx", folder.toString())
                        .replace("127.0.0.1:8080", "127.0.0.1:" + way.port())
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
                program.toString(),
                "-e",
                folder.resolve("start.log").toString(),
                "-c",
                frame.toString());
    }

    private static Process varnish(Path program, Path folder, int port) throws IOException {
        Path vcl = folder.resolve("default.vcl");
        Files.writeString(
                vcl, configuration("default.vcl").replace("\"8080\"", "\"" + way.port() + "\""));
        return start(
                folder,
                program.toString(),
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

    /** With the format that deploy/cdn/README.md gives. */
    private static Process varnishLog(Path folder) throws IOException {
        Matcher format =
                Pattern.compile("varnishncsa -F '(.*)'")
                        .matcher(Files.readString(CONFIGURATIONS.resolve("README.md")));
        assertThat(format.find()).isTrue();
        return start(
                folder,
                "/usr/bin/varnishncsa",
                "-n",
                folder.resolve("work").toString(),
                "-F",
                format.group(1),
                "-w",
                folder.resolve("giliran.log").toString());
    }

    private static String configuration(String name) throws IOException {
        return Files.readString(CONFIGURATIONS.resolve(name))
                .replace("/etc/giliran", CONFIGURATIONS.toString());
    }

    private static Process start(Path folder, String... words) throws IOException {
        return new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(Files.createTempFile(folder, "said-", ".txt").toFile())
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
