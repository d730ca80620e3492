package giliran.main;

import static giliran.main.ContractClient.CAMPAIGNS;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import giliran.campaigns.Slot;
import giliran.campaigns.TestCampaign;
import giliran.main.ContractClient.Answer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What readers see while others book. */
class PublishedJourneyTest {
    private static final String AVAILABILITY = CAMPAIGNS + "/open/availability?region=kuala-lumpur";

    /** Some hundred times as many as a publication takes; then something is wrong. */
    private static final int READS_MAX = 100_000;

    private static final String PROBED = CAMPAIGNS + "/open/availability?region=selangor";
    private static final int PROBES = Boolean.getBoolean("giliran.long") ? 500 : 20;
    private static final int OTHERS = 4;

    private static TestGiliran giliran;
    private static ContractClient client;
    private static Slot slot;
    private static Slot probed;

    @BeforeAll
    static void start(@TempDir Path folder) {
        TestCampaign campaign =
                new TestCampaign("open")
                        .allowance(3)
                        .centre("hall", "kuala-lumpur")
                        .centre("probed", "selangor");
        probed = campaign.slot("probed", Instant.now().plus(Duration.ofDays(9)), 1_000);
        slot = campaign.slot("hall", Instant.now().plus(Duration.ofDays(9)), 20_000);
        giliran = TestGiliran.start(folder, campaign);
        client = new ContractClient(giliran.address());
    }

    @AfterAll
    static void stop() {
        giliran.close();
    }

    private static int remaining(Answer availability) {
        return availability.json().at("/centres/0/dates/0/slots/0/remaining").asInt();
    }

    /** Reads, checking what holds of any two readings, until one is as awaited. */
    private Answer readUntil(Predicate<Answer> awaited) {
        Answer before = client.get(AVAILABILITY);
        for (int reads = 0; reads < READS_MAX && !awaited.test(before); reads++) {
            Answer next = client.get(AVAILABILITY);
            assertThat(asOf(next)).isAfterOrEqualTo(asOf(before));
            assertThat(next.at("/changedAt").equals(before.at("/changedAt")))
                    .as("changedAt changes when, and only when, the counters do")
                    .isEqualTo(remaining(next) == remaining(before));
            before = next;
        }
        assertThat(before).matches(awaited);
        return before;
    }

    /** What is shown once all that was booked before is shown. */
    private Answer settled() {
        Instant now = Instant.now();
        return readUntil(answer -> asOf(answer).isAfter(now));
    }

    private static Instant asOf(Answer answer) {
        return Instant.parse(answer.header("As-Of"));
    }

    @Test
    void aReaderSoonSeesABookingAndACancellation() {
        // given a slot with its places and the allowance, less what others have booked
        int places = remaining(settled());
        assertThat(places).isLessThanOrEqualTo(20_003);

        // when someone books, then one place fewer is shown soon
        String token = client.book("open", TestBooking.of(slot)).at("/token");
        readUntil(answer -> remaining(answer) == places - 1);
        assertThat(client.get(CAMPAIGNS + "/open").json().at("/regions/0/remaining").asInt())
                .isEqualTo(places - 1);

        // when it is cancelled, then it is shown again
        client.delete(ContractClient.APPOINTMENTS + token);
        readUntil(answer -> remaining(answer) == places);
    }

    @Test
    void anUnchangedAnswerIsConfirmedAgainAndAgain() {
        Answer before = settled();

        Answer after = readUntil(answer -> asOf(answer).isAfter(asOf(before)));

        assertThat(after.body()).isEqualTo(before.body());
    }

    @Test
    void everyReadingIsWholeWhileManyBook() {
        int places = remaining(settled());
        List<CompletableFuture<Answer>> bookings = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            bookings.add(
                    client.sendAsync(
                            client.booking("open", "key", TestBooking.of(slot).toString())));
        }

        // Each answer is held against the contract, so it is whole.
        Answer last = readUntil(answer -> remaining(answer) == places - 300);

        assertThat(bookings).allMatch(booking -> booking.join().status() == 201);
        JsonNode shown = last.json().at("/centres/0/dates/0/slots/0");
        assertThat(shown.get("held").asInt()).isZero();
    }

    /** How soon is for docs/benchmarks.md; a machine that is busy otherwise is no fault of ours. */
    @Test
    void aReaderSeesABookingAlsoWhileOthersBook() throws InterruptedException, ExecutionException {
        AtomicBoolean isOver = new AtomicBoolean();
        List<Long> millis = new ArrayList<>();
        int booked = 0;
        long started = System.nanoTime();
        try (ExecutorService others = Executors.newFixedThreadPool(OTHERS)) {
            List<Future<Integer>> bookings = new ArrayList<>();
            for (int i = 0; i < OTHERS; i++) {
                bookings.add(others.submit(() -> bookUntil(isOver)));
            }
            try {
                for (int probe = 0; probe < PROBES; probe++) {
                    int places = remaining(client.get(PROBED));
                    assertThat(client.book("open", TestBooking.of(probed)).status()).isEqualTo(201);
                    long answered = System.nanoTime();
                    for (int reads = 0; remaining(client.get(PROBED)) != places - 1; reads++) {
                        assertThat(reads).isLessThan(READS_MAX);
                    }
                    millis.add(Duration.ofNanos(System.nanoTime() - answered).toMillis());
                }
            } finally {
                isOver.set(true);
            }
            for (Future<Integer> each : bookings) {
                booked += each.get();
            }
        }
        Collections.sort(millis);
        System.out.printf(
                "PublishedJourneyTest: beside %d bookings a second, a booking was seen after %d ms"
                        + " (p50), %d ms (p99), %d ms at the most%n",
                booked * 1_000_000_000L / (System.nanoTime() - started),
                millis.get(PROBES / 2),
                millis.get(PROBES * 99 / 100),
                millis.getLast());
    }

    private static int bookUntil(AtomicBoolean isOver) {
        ContractClient other = new ContractClient(giliran.address());
        int booked = 0;
        while (!isOver.get()) {
            assertThat(other.book("open", TestBooking.of(slot)).status()).isEqualTo(201);
            booked++;
        }
        return booked;
    }
}
