package giliran.ledger;

import static giliran.ledger.LedgerFixture.book;
import static giliran.ledger.LedgerFixture.cancel;
import static giliran.ledger.LedgerFixture.confirm;
import static giliran.ledger.LedgerFixture.move;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * First come, first served within a slot, whatever the turns of queue and writers, and although
 * some are refused at once by what is remembered.
 */
final class LedgerOrderTest {
    private static final int THREADS = 6;
    private static final int SLOTS = 5;

    private static LedgerFixture fixture;

    @BeforeAll
    static void open() {
        fixture = new LedgerFixture();
    }

    @AfterAll
    static void auditAndClose() {
        assertThat(fixture.faults()).isEmpty();
        fixture.close();
    }

    /** A slot, and whoever asked for a place there, in order of arrival. */
    private static final class Door {
        final PlaceId place;
        final int capacity;
        final List<CompletableFuture<CommandResult>> arrived = new ArrayList<>();

        Door(int capacity) {
            this.capacity = capacity;
            place = fixture.place(capacity);
        }

        /** As the product asks: refused at once if it may be, else in line. */
        synchronized CompletableFuture<CommandResult> enter(Ledger ledger, Command command) {
            CompletableFuture<CommandResult> answer =
                    ledger.refuseAtOnce(command.person(), place, Optional.empty())
                            .<CompletableFuture<CommandResult>>map(
                                    refusal ->
                                            CompletableFuture.completedFuture(
                                                    new CommandResult.Refused(refusal)))
                            .orElseGet(() -> ledger.submit(command));
            arrived.add(answer);
            return answer;
        }

        /** Who was granted a place, as true, and who was told that there is none, as false. */
        synchronized List<Boolean> granted() {
            return arrived.stream()
                    .map(LedgerFixture::await)
                    .map(
                            result ->
                                    switch (result) {
                                        case CommandResult.Done done -> true;
                                        case CommandResult.Refused(
                                                        Refusal refusal,
                                                        Optional<Appointment> _) -> {
                                            assertThat(refusal).isEqualTo(Refusal.PLACE_GONE);
                                            yield false;
                                        }
                                    })
                    .toList();
        }
    }

    /** A life of one client. */
    @FunctionalInterface
    private interface Client {
        void live(Ledger ledger, List<Door> doors, SplittableRandom random);
    }

    private static List<Door> run(
            int writers, long seed, Function<SplittableRandom, Integer> capacity, Client client) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Door> doors =
                IntStream.range(0, SLOTS).mapToObj(i -> new Door(capacity.apply(random))).toList();
        ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
        AtomicBoolean isOver = new AtomicBoolean();
        try (Ledger ledger =
                fixture.ledger(
                        new Ledger.Limits(
                                16_384,
                                48,
                                writers,
                                Duration.ofMinutes(2),
                                Duration.ofMinutes(3)))) {
            Thread publication =
                    Thread.ofVirtual()
                            .start(
                                    () -> {
                                        while (!isOver.get()) {
                                            ledger.counts().readAll();
                                            LockSupport.parkNanos(5_000_000);
                                        }
                                    });
            List<Thread> threads =
                    IntStream.range(0, THREADS)
                            .mapToObj(i -> random.split())
                            .map(
                                    own ->
                                            Thread.ofPlatform()
                                                    .start(
                                                            () -> {
                                                                try {
                                                                    client.live(ledger, doors, own);
                                                                } catch (Throwable e) {
                                                                    failures.add(e);
                                                                }
                                                            }))
                            .toList();
            for (Thread thread : threads) {
                thread.join();
            }
            doors.forEach(Door::granted);
            isOver.set(true);
            publication.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        assertThat(failures).as("seed %d", seed).isEmpty();
        return doors;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void givesTheFirstWhoArriveThePlacesThatThereAre(int writers) {
        long seed = new Random().nextLong();
        List<Door> doors =
                run(
                        writers,
                        seed,
                        random -> random.nextInt(20, 300),
                        (ledger, all, random) -> {
                            for (int i = 0; i < 600; i++) {
                                // Most at the first.
                                Door door = all.get(random.nextInt(SLOTS) * random.nextInt(2));
                                var _ = door.enter(ledger, book(door.place));
                                if (random.nextInt(50) == 0) {
                                    LockSupport.parkNanos(random.nextInt(10_000_000));
                                }
                            }
                        });
        for (Door door : doors) {
            List<Boolean> granted = door.granted();
            List<Boolean> expected =
                    IntStream.range(0, granted.size()).mapToObj(i -> i < door.capacity).toList();
            assertThat(granted).as("seed %d, %d writers", seed, writers).isEqualTo(expected);
        }
    }

    /**
     * Where places come back: whoever was refused came after as many who were granted one as there
     * are places. And nobody has one too many.
     */
    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void refusesNobodyBeforeAllPlacesWereGivenToEarlierOnes(int writers) {
        long seed = new Random().nextLong();
        List<Door> doors =
                run(
                        writers,
                        seed,
                        random -> random.nextInt(1, 4),
                        (ledger, all, random) -> {
                            for (int i = 0; i < 60; i++) {
                                visit(ledger, all, random);
                            }
                        });
        for (Door door : doors) {
            List<Boolean> granted = door.granted();
            int before = 0;
            for (boolean each : granted) {
                assertThat(each || before >= door.capacity)
                        .as(
                                "seed %d, %d writers: refused after %d of %d",
                                seed, writers, before, door.capacity)
                        .isTrue();
                before += each ? 1 : 0;
            }
        }
        Map<Boolean, Long> answers =
                doors.stream()
                        .flatMap(door -> door.granted().stream())
                        .collect(Collectors.partitioningBy(each -> each, Collectors.counting()));
        assertThat(answers.get(true)).as("granted with seed %d", seed).isPositive();
    }

    /** Someone books or holds, and then moves, confirms or cancels, or stays for good. */
    private static void visit(Ledger ledger, List<Door> doors, SplittableRandom random) {
        Door door = doors.get(random.nextInt(SLOTS));
        boolean isHold = random.nextBoolean();
        Command.Book asked = book(door.place);
        Command.Book book =
                isHold ? asked.heldUntil(Instant.now().plus(Command.Book.HOLD_LASTS)) : asked;
        if (LedgerFixture.await(door.enter(ledger, book)) instanceof CommandResult.Refused) {
            return;
        }
        if (isHold && random.nextBoolean()) {
            LedgerFixture.done(ledger, confirm(book, "confirm"));
        }
        Door other = doors.get(random.nextInt(SLOTS));
        if (other != door && random.nextBoolean()) {
            LedgerFixture.await(other.enter(ledger, move(book, other.place, "move")));
        }
        if (random.nextInt(10) > 0) {
            LedgerFixture.done(ledger, cancel(book));
        }
    }
}
