package giliran.main;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.filter.ThresholdFilter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.node.ObjectNode;
import giliran.campaigns.Slot;
import giliran.campaigns.TestCampaign;
import giliran.edge.RawHttp;
import giliran.main.HostileRequests.Hostile;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Many thousands of requests that no honest client would send. */
class HostileRequestTest {
    /** The head of a booking whose body comes in chunks. */
    private static final String CHUNKED =
            String.join(
                    "\r\n",
                    "POST /api/v1/campaigns/open/appointments HTTP/1.1",
                    "Host: localhost",
                    "Content-Type: application/json",
                    "Idempotency-Key: key",
                    "Transfer-Encoding: chunked",
                    "",
                    "");

    private static final int REQUESTS = Boolean.getBoolean("giliran.long") ? 1_000_000 : 20_000;

    private static final int ATTACKERS = 4;

    /** A thousandth of it for each request would be many times this. */
    private static final long MEMORY_GROWTH_MAX_BYTES = 64 << 20;

    private static final long SEED = new SplittableRandom().nextLong();

    private static final ListAppender<ILoggingEvent> LOGGED = new ListAppender<>();

    private static Slot slot;
    private static TestGiliran giliran;
    private static ContractClient client;

    @BeforeAll
    static void start(@TempDir Path folder) {
        TestCampaign campaign = new TestCampaign("open").centre("hall", "kuala-lumpur");
        slot = campaign.slot("hall", Instant.now().plus(Duration.ofDays(9)), 10_000);
        giliran = TestGiliran.start(folder, campaign);
        client = new ContractClient(giliran.address());
        ThresholdFilter faults = new ThresholdFilter();
        faults.setLevel("ERROR");
        faults.start();
        LOGGED.addFilter(faults);
        LOGGED.start();
        rootLogger().addAppender(LOGGED);
    }

    private static Logger rootLogger() {
        return (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
    }

    /** The server's log, in which a fault of its own would stand. */
    private static void hasLoggedNoFault() {
        assertThat(client.get("/health/ready").status()).isEqualTo(200);
        assertThat(List.copyOf(LOGGED.list)).as("seed %d", SEED).isEmpty();
    }

    @AfterAll
    static void stop() {
        rootLogger().detachAppender(LOGGED);
        giliran.close();
    }

    @Test
    void noRequestBreaksTheServerOrHangsOrStaysInMemoryOrComesBackInItsAnswer()
            throws InterruptedException, ExecutionException {
        System.out.println("HostileRequestTest: seed " + SEED);
        String token = client.book("open", TestBooking.of(slot)).at("/token");
        // Now: after a million others there are no identity numbers left.
        ObjectNode afterwards = TestBooking.of(slot);
        SplittableRandom seeds = new SplittableRandom(SEED);
        attack(seeds, token, REQUESTS / 10);
        long before = usedBytes();
        attack(seeds, token, REQUESTS - REQUESTS / 10);
        long after = usedBytes();

        assertThat(after - before).as("seed %d", SEED).isLessThan(MEMORY_GROWTH_MAX_BYTES);
        assertThat(client.book("open", afterwards).status()).isEqualTo(201);
        hasLoggedNoFault();
    }

    private static void attack(SplittableRandom seeds, String token, int requests)
            throws InterruptedException, ExecutionException {
        try (ExecutorService attackers = Executors.newFixedThreadPool(ATTACKERS)) {
            List<Future<?>> attacks = new ArrayList<>();
            for (int i = 0; i < ATTACKERS; i++) {
                HostileRequests hostile = new HostileRequests(seeds.split(), slot, token);
                attacks.add(attackers.submit(() -> attack(hostile, requests / ATTACKERS)));
            }
            for (Future<?> attack : attacks) {
                attack.get();
            }
        }
    }

    private static int attack(HostileRequests hostile, int requests) throws IOException {
        for (int i = 0; i < requests; i++) {
            Hostile next = hostile.next();
            check(i, next, RawHttp.send(giliran.port(), next.bytes(), next.isHead()));
        }
        return requests;
    }

    /** What is in use once all garbage is gone, on the heap and beside it. */
    private static long usedBytes() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 2; i++) {
            ManagementFactory.getMemoryMXBean().gc();
            long direct =
                    ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                            .mapToLong(BufferPoolMXBean::getMemoryUsed)
                            .sum();
            long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
            least = Math.min(least, heap + direct);
        }
        return least;
    }

    @Test
    void aBodyThatBreaksOffIsNeverAnsweredAsDone() throws IOException {
        for (String body : List.of("ZZ\r\n", "-1\r\n", "2\r\n{}\r\nZZ\r\n")) {
            byte[] request = (CHUNKED + body).getBytes(ISO_8859_1);
            Optional<RawHttp.Answer> answer = RawHttp.send(giliran.port(), request, false);
            assertThat(answer.map(RawHttp.Answer::status).orElse(400)).isEqualTo(400);
        }
    }

    @Test
    void whoeverIsToldThatABodyIsTooLongIsNotAnsweredAgainWhenItBreaksOff() throws IOException {
        String chunk = "x".repeat(20_000);
        for (String end : List.of("ZZ\r\n", "1\r\nx\r\n", "0\r\n\r\n", "")) {
            String request =
                    CHUNKED + Integer.toHexString(chunk.length()) + "\r\n" + chunk + "\r\n" + end;
            byte[] bytes = request.getBytes(ISO_8859_1);
            Optional<RawHttp.Answer> answer = RawHttp.send(giliran.port(), bytes, false);
            assertThat(answer.map(RawHttp.Answer::status).orElse(413)).isIn(400, 413);
        }
        hasLoggedNoFault();
    }

    @Test
    void anExpectationThatNobodyKnowsIsMalformed() throws IOException {
        String request =
                String.join(
                        "\r\n",
                        "POST /api/v1/appointments/find HTTP/1.1",
                        "Host: localhost",
                        "Content-Type: application/json",
                        "Expect: a miracle",
                        "Content-Length: 2",
                        "",
                        "{}");

        RawHttp.Answer answer =
                RawHttp.send(giliran.port(), request.getBytes(ISO_8859_1), false).orElseThrow();

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).contains("/problems/malformed", "header:Expect");
    }

    private static void check(int i, Hostile hostile, Optional<RawHttp.Answer> answer) {
        Supplier<String> what =
                () ->
                        "seed %d, request %d of an attacker: %s"
                                .formatted(
                                        SEED,
                                        i,
                                        new String(hostile.bytes(), ISO_8859_1)
                                                .substring(
                                                        0,
                                                        Math.min(hostile.bytes().length, 2_000)));
        if (hostile.isHttp()) {
            assertThat(answer).as(what).isPresent();
        }
        answer.ifPresent(
                got -> {
                    if (hostile.isHttp() || got.status() != 501) {
                        assertThat(got.status()).as(what).isBetween(200, 499);
                    }
                    boolean isRefusal = hostile.isHttp() && got.status() >= 400;
                    if (isRefusal) {
                        assertThat(got.headers().get("content-type"))
                                .as(what)
                                .isIn("application/problem+json", "text/html; charset=utf-8");
                    }
                    String all = (got.head() + got.body()).toLowerCase(Locale.ROOT);
                    assertThat(all)
                            .as(what)
                            .doesNotContain(HostileRequests.MARK.toLowerCase(Locale.ROOT));
                });
    }
}
