package giliran.ledger;

import static giliran.ledger.LedgerFixture.await;
import static giliran.ledger.LedgerFixture.book;
import static giliran.ledger.LedgerFixture.cancel;
import static giliran.ledger.LedgerFixture.person;
import static org.assertj.core.api.Assertions.assertThat;

import giliran.people.PersonHandle;
import giliran.store.Database;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Many threads and few places, counted in the database afterwards. */
final class LedgerRaceTest {
    private static final int THREADS = 64;
    private static final Refusal GONE = Refusal.PLACE_GONE;
    private static final Refusal ALREADY = Refusal.ALREADY_BOOKED;

    private static LedgerFixture fixture;

    @BeforeAll
    static void open() {
        fixture = new LedgerFixture();
    }

    @AfterAll
    static void close() {
        fixture.close();
    }

    @AfterEach
    void audit() {
        assertThat(fixture.faults()).isEmpty();
    }

    /** A request and what became of it. */
    private record Asked(Command command, CommandResult result) {}

    private static Asked ask(Ledger ledger, Command command) {
        return new Asked(command, await(ledger.submit(command)));
    }

    /** Does this in 64 threads that start together; the argument is the thread's number. */
    private static <T> List<T> inThreads(IntFunction<List<T>> work)
            throws InterruptedException, ExecutionException {
        CountDownLatch ready = new CountDownLatch(THREADS);
        List<T> all = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            List<Future<List<T>>> running =
                    IntStream.range(0, THREADS)
                            .mapToObj(
                                    thread ->
                                            threads.submit(
                                                    () -> {
                                                        ready.countDown();
                                                        ready.await();
                                                        return work.apply(thread);
                                                    }))
                            .toList();
            for (Future<List<T>> one : running) {
                all.addAll(one.get());
            }
        }
        return all;
    }

    private static boolean isRefused(Asked asked, Refusal why) {
        return asked.result() instanceof CommandResult.Refused refused && refused.refusal() == why;
    }

    private static List<Asked> done(List<Asked> asked) {
        return asked.stream().filter(a -> a.result() instanceof CommandResult.Done).toList();
    }

    private static long rowsIn(PlaceId place) {
        return fixture.number(
                "SELECT count(*) FROM appointment WHERE slot = '%s'".formatted(place.slot()));
    }

    private static Ledger node(Database database) {
        return node(database, InstantSource.system());
    }

    private static Ledger node(Database database, InstantSource clock) {
        return new Ledger(database, clock, LedgerFixture.PATIENT);
    }

    @Test
    void booksTenOfTwoThousandPeopleInTenPlacesAndRefusesTheOthersTruly() throws Exception {
        PlaceId place = fixture.place(10);
        List<Asked> asked;
        try (Ledger ledger = fixture.ledger()) {
            asked =
                    inThreads(
                            thread -> {
                                List<Asked> mine = new ArrayList<>();
                                for (int i = thread; i < 2_000; i += THREADS) {
                                    mine.add(ask(ledger, book(place)));
                                    if (mine.size() == done(mine).size() + 1) {
                                        assertThat(rowsIn(place))
                                                .as("booked when it was said to be gone")
                                                .isEqualTo(10);
                                    }
                                }
                                return mine;
                            });
        }
        assertThat(asked).hasSize(2_000);
        assertThat(done(asked)).hasSize(10);
        assertThat(asked).filteredOn(a -> isRefused(a, GONE)).hasSize(1_990);
        assertThat(fixture.count(place)).isEqualTo(new PlaceCount(10, 0, 0, 10));
        assertThat(rowsIn(place)).isEqualTo(10);
        done(asked).forEach(a -> assertThat(fixture.rowsOf(a.command().person())).hasSize(1));
    }

    @Test
    void booksOnePersonOnceWhoIsSentFromEverywhereWithDifferentKeys() throws Exception {
        PlaceId place = fixture.place(100);
        PersonHandle person = person();
        List<Asked> asked;
        try (Ledger ledger = fixture.ledger()) {
            asked = inThreads(thread -> List.of(ask(ledger, book(person, place, "key " + thread))));
        }
        assertThat(done(asked)).hasSize(1);
        assertThat(asked).filteredOn(a -> isRefused(a, ALREADY)).hasSize(THREADS - 1);
        assertThat(fixture.rowsOf(person)).hasSize(1);
        assertThat(fixture.count(place).booked()).isEqualTo(1);
    }

    @Test
    void givesOneBookingToTheSameKeySentFromEverywhere() throws Exception {
        PlaceId place = fixture.place(100);
        PersonHandle person = person();
        List<Asked> asked;
        try (Ledger ledger = fixture.ledger()) {
            asked = inThreads(thread -> List.of(ask(ledger, book(person, place, "one key"))));
        }
        isOneBookingForAll(person, place, asked);
    }

    @Test
    void givesOneBookingToTheSameKeySentToTwoNodes() throws Exception {
        PlaceId place = fixture.place(100);
        PersonHandle person = person();
        List<Asked> asked;
        try (Database other = fixture.databaseOfAnotherNode();
                Ledger here = fixture.ledger();
                Ledger there = node(other)) {
            asked =
                    inThreads(
                            thread ->
                                    List.of(
                                            ask(
                                                    thread % 2 == 0 ? here : there,
                                                    book(person, place, "one key"))));
        }
        isOneBookingForAll(person, place, asked);
    }

    private static void isOneBookingForAll(PersonHandle person, PlaceId place, List<Asked> asked) {
        assertThat(done(asked)).hasSize(THREADS);
        assertThat(asked)
                .extracting(a -> ((CommandResult.Done) a.result()).appointment().reference())
                .containsOnly(
                        ((CommandResult.Done) asked.getFirst().result()).appointment().reference());
        assertThat(asked).filteredOn(a -> !((CommandResult.Done) a.result()).isReplay()).hasSize(1);
        assertThat(fixture.rowsOf(person)).hasSize(1);
        assertThat(fixture.count(place).booked()).isEqualTo(1);
    }

    @Test
    void neverOversellsWhenTwoNodesSellTheSamePlaces() throws Exception {
        PlaceId place = fixture.place(10);
        List<PersonHandle> people = Stream.generate(LedgerFixture::person).limit(500).toList();
        List<Asked> asked;
        try (Database other = fixture.databaseOfAnotherNode();
                Ledger here = fixture.ledger();
                Ledger there = node(other)) {
            // Every person is sent to both nodes.
            asked =
                    inThreads(
                            thread ->
                                    IntStream.range(0, 500)
                                            .filter(i -> i % (THREADS / 2) == thread / 2)
                                            .mapToObj(
                                                    i ->
                                                            ask(
                                                                    thread % 2 == 0 ? here : there,
                                                                    book(
                                                                            people.get(i),
                                                                            place,
                                                                            "node " + thread % 2)))
                                            .toList());
        }
        assertThat(done(asked)).hasSize(10);
        assertThat(asked)
                .filteredOn(a -> a.result() instanceof CommandResult.Refused)
                .extracting(a -> ((CommandResult.Refused) a.result()).refusal())
                .isSubsetOf(GONE, ALREADY);
        List<PersonHandle> booked = done(asked).stream().map(a -> a.command().person()).toList();
        assertThat(booked).doesNotHaveDuplicates();
        assertThat(asked)
                .filteredOn(a -> isRefused(a, ALREADY))
                .allSatisfy(a -> assertThat(booked).contains(a.command().person()));
        assertThat(rowsIn(place)).isEqualTo(10);
        assertThat(fixture.count(place).booked()).isEqualTo(10);
    }

    @Test
    void eitherConfirmsOrLapsesWhatOneNodeConfirmsAndAnotherLapses() throws Exception {
        PlaceId place = fixture.place(10 * THREADS);
        Instant until = Instant.parse("2026-05-02T04:10:00Z");
        List<Asked> asked;
        // The clocks are as far apart as they may just not be.
        try (Database other = fixture.databaseOfAnotherNode();
                Ledger here = node(fixture.database(), () -> until);
                Ledger there = node(other, () -> until.plusSeconds(2).plusNanos(1_000))) {
            asked =
                    inThreads(
                            thread ->
                                    Stream.generate(() -> book(place).heldUntil(until))
                                            .limit(10)
                                            .flatMap(hold -> confirmAndLapse(here, there, hold))
                                            .toList());
        }
        assertThat(asked).hasSize(2 * 10 * THREADS);
        for (int i = 0; i < asked.size(); i += 2) {
            Asked confirm = asked.get(i);
            Asked lapse = asked.get(i + 1);
            boolean isConfirmed = confirm.result() instanceof CommandResult.Done;
            assertThat(lapse).matches(l -> isConfirmed == isRefused(l, Refusal.CHANGED));
            assertThat(confirm).matches(c -> isConfirmed != isRefused(c, Refusal.ENDED));
            assertThat(fixture.rowsOf(lapse.command().person()))
                    .singleElement()
                    .asString()
                    .startsWith(isConfirmed ? "live: booked" : "ended: lapsed");
        }
        int confirmed = (int) asked.stream().filter(a -> isRefused(a, Refusal.CHANGED)).count();
        assertThat(fixture.count(place)).isEqualTo(new PlaceCount(10 * THREADS, 0, 0, confirmed));
        System.out.printf(
                "LedgerRaceTest: %d of %d holds confirmed, the others lapsed%n",
                confirmed, 10 * THREADS);
    }

    private static Stream<Asked> confirmAndLapse(Ledger here, Ledger there, Command.Book hold) {
        LedgerFixture.done(here, hold);
        Command.Confirm confirm = LedgerFixture.confirm(hold, "confirm");
        Command.Lapse lapse = LedgerFixture.lapse(hold);
        CompletableFuture<CommandResult> confirmed = here.submit(confirm);
        CompletableFuture<CommandResult> lapsed = there.submit(lapse);
        return Stream.of(new Asked(confirm, await(confirmed)), new Asked(lapse, await(lapsed)));
    }

    @Test
    void countsRightlyWhileTwoNodesBookAndCancelForTheSamePeople() throws Exception {
        List<PlaceId> places = Stream.generate(() -> fixture.place(3)).limit(4).toList();
        List<PersonHandle> people = Stream.generate(LedgerFixture::person).limit(20).toList();
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        List<SplittableRandom> randoms = Stream.generate(random::split).limit(THREADS).toList();
        List<Asked> asked;
        try (Database other = fixture.databaseOfAnotherNode();
                Ledger here = fixture.ledger();
                Ledger there = node(other)) {
            asked =
                    inThreads(
                            thread ->
                                    bookAndCancel(
                                            List.of(here, there),
                                            places,
                                            people,
                                            randoms.get(thread)));
        }
        Map<PlaceId, Integer> booked = new HashMap<>();
        for (Asked a : asked) {
            if (a.result() instanceof CommandResult.Done(Appointment appointment, boolean again)
                    && !again) {
                int change = a.command() instanceof Command.Book ? 1 : -1;
                booked.merge(appointment.place(), change, Integer::sum);
            }
        }
        assertThat(done(asked))
                .as("seed %d: all places are sold and some cancelled again", seed)
                .hasSizeGreaterThan(places.size() * 3);
        for (PlaceId place : places) {
            assertThat(fixture.count(place).booked())
                    .as("booked in %s, seed %d", place, seed)
                    .isEqualTo(booked.getOrDefault(place, 0));
        }
    }

    /** Each of these threads cancels what it has booked itself, and so frees it for others. */
    private static List<Asked> bookAndCancel(
            List<Ledger> nodes,
            List<PlaceId> places,
            List<PersonHandle> people,
            SplittableRandom random) {
        List<Asked> mine = new ArrayList<>();
        for (int i = 0; i < 25; i++) {
            Command.Book book =
                    book(
                            people.get(random.nextInt(people.size())),
                            places.get(random.nextInt(places.size())),
                            "key " + random.nextInt());
            mine.add(ask(nodes.get(random.nextInt(2)), book));
            if (mine.getLast().result() instanceof CommandResult.Done && random.nextInt(4) > 0) {
                CompletableFuture<CommandResult> here = nodes.getFirst().submit(cancel(book));
                CompletableFuture<CommandResult> there = nodes.getLast().submit(cancel(book));
                mine.add(new Asked(cancel(book), await(here)));
                mine.add(new Asked(cancel(book), await(there)));
            }
        }
        return mine;
    }
}
