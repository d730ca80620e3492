package giliran.population;

import static java.util.concurrent.CompletableFuture.delayedExecutor;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import giliran.crowd.Target;
import giliran.load.Lines;
import giliran.subject.Door;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is noted of a "gone", at a server that says little else. */
final class MorningTest {
    private static final int PEOPLE = 10;
    private static final int SLOW_MILLIS = 100;
    private static final int STALENESS_MILLIS = 1_000;
    private static final long SEED = 1;

    /** Somebody was told, or a list told everybody. */
    private record Gone(int since, int answered, boolean isByList) {}

    @TempDir private Path temp;
    private HttpServer server;
    private Scenario scenario;
    private Offer offer;
    private long startEpochMillis;

    /** Whether the list says that there are places. */
    private volatile boolean isFree = true;

    private volatile Instant asOf = Instant.now();

    @BeforeEach
    void start() throws IOException {
        Path file = temp.resolve("few.properties");
        Files.writeString(
                file,
                Files.readString(Path.of("src/test/resources/giliran/population/tiny.properties"))
                        .replace("people = 1,500", "people = " + PEOPLE)
                        .replace("connections = 256", "connections = 1")
                        .replace("there-at-opening = 0.8", "there-at-opening = 1")
                        .replaceAll(
                                "(ready-after|patience|stayers|passes|bots|cancels|moves|lines.bad)"
                                        + " = [0-9.]+",
                                "$1 = 0"));
        scenario = Scenario.read(file.toString(), 1, 1);
        offer = Offer.of(scenario, SEED, null);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        if (exchange.getRequestMethod().equals("GET")) {
            exchange.getResponseHeaders().set("As-Of", asOf.toString());
            String region = exchange.getRequestURI().getQuery().replace("region=", "");
            answer(exchange, 200, list(region));
        } else {
            delayedExecutor(SLOW_MILLIS, TimeUnit.MILLISECONDS)
                    .execute(() -> answer(exchange, 409, "{\"type\":\"/problems/place-gone\"}"));
        }
    }

    private static void answer(HttpExchange exchange, int status, String text) {
        byte[] body = text.getBytes(StandardCharsets.US_ASCII);
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A region's list, in which the first slot of each day has all of its places. */
    private String list(String region) {
        return offer.days().stream()
                .filter(day -> day.region().equals(region))
                .map(
                        day ->
                                """
                                {"id":"%s-%s","dates":[{"date":"%s","slots":[
                                {"id":"%2$s-%3$s-a","remaining":%d},{"id":"%2$s-%3$s-b","remaining":0}]}]}"""
                                        .formatted(
                                                offer.campaign(),
                                                day.centre(),
                                                day.date(),
                                                isFree ? day.places() : 0))
                .collect(Collectors.joining(",", "{\"centres\":[", "]}"));
    }

    /** Lets everybody's morning happen, and tells what was said to be gone, in order of time. */
    private List<Gone> rehearse(Runnable beforeOpening, int... databaseKilledAt) {
        InetSocketAddress address = server.getAddress();
        URI uri = URI.create("http://" + address.getHostString() + ":" + address.getPort());
        Slots slots = Slots.of(new Door(uri.toString()), offer, scenario);
        Characters characters = new Characters(scenario, offer, null, SEED);
        Target target = new Target(uri, new SplittableRandom(SEED));
        Requests requests =
                new Requests(
                        offer.campaign(),
                        offer.regions().size(),
                        slots,
                        characters,
                        target.peopleWithPasses(offer.campaign(), 0, line -> {}),
                        target.people(PEOPLE));
        beforeOpening.run();
        GoneSaid goneSaid = new GoneSaid(databaseKilledAt);
        startEpochMillis = System.currentTimeMillis();
        Morning morning =
                new Morning(
                        scenario,
                        offer,
                        characters,
                        slots,
                        requests,
                        new Told(PEOPLE),
                        goneSaid,
                        new Promises(),
                        new Series(offer.places()),
                        SEED,
                        System.nanoTime(),
                        startEpochMillis,
                        0);
        try (Lines lines =
                new Lines(address, scenario.connections(), Duration.ofSeconds(15), morning)) {
            morning.run(lines, second -> {});
        }
        List<Gone> all = new ArrayList<>();
        goneSaid.forEach(
                (slot, since, answered, person) -> all.add(new Gone(since, answered, person < 0)));
        all.sort(Comparator.comparingInt(Gone::answered));
        return all;
    }

    @Test
    void judgesAGoneFromWhenTheQuestionWasSentHoweverLongItHadWaitedForALine() {
        List<Gone> refusals = rehearse(() -> {}).stream().filter(gone -> !gone.isByList()).toList();

        assertThat(refusals).hasSize(PEOPLE);
        for (int i = 1; i < PEOPLE; i++) {
            // There is one line: whoever wanted to ask before had to wait for it.
            assertThat(refusals.get(i).since() + STALENESS_MILLIS)
                    .isGreaterThanOrEqualTo(refusals.get(i - 1).answered());
        }
    }

    @Test
    void holdsAListThatSaysThatItIsOldToTheMomentThatItNamesWhileTheDatabaseMayBeAway() {
        List<Gone> lists =
                rehearse(
                        () -> {
                            isFree = false;
                            asOf = Instant.now().minusSeconds(60);
                        },
                        0);

        assertThat(lists)
                .filteredOn(Gone::isByList)
                .isNotEmpty()
                .allSatisfy(
                        gone ->
                                assertThat((long) gone.since())
                                        .isEqualTo(asOf.toEpochMilli() - startEpochMillis));
    }

    @Test
    void holdsAListThatSaysThatItIsNewToItsSecondAllTheSame() {
        assertIsHeldToItsSecond(Duration.ofMinutes(1), 0);
    }

    @Test
    void holdsAListThatSaysThatItIsOldToItsSecondWhileTheDatabaseIsThere() {
        assertIsHeldToItsSecond(Duration.ofMinutes(-1));
    }

    private void assertIsHeldToItsSecond(Duration asOfNow, int... databaseKilledAt) {
        List<Gone> lists =
                rehearse(
                        () -> {
                            isFree = false;
                            asOf = Instant.now().plus(asOfNow);
                        },
                        databaseKilledAt);

        assertThat(lists)
                .filteredOn(Gone::isByList)
                .isNotEmpty()
                .allSatisfy(
                        gone ->
                                assertThat(gone.since())
                                        .isBetween(
                                                -STALENESS_MILLIS,
                                                gone.answered() - STALENESS_MILLIS));
    }
}
