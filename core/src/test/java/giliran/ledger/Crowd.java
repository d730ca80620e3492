package giliran.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import giliran.store.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * People who book, or hold and confirm, and cancel few places at once and remember what they were
 * told, while a test does harm to the database. Whoever is told that the outcome is unknown repeats
 * with the same key; any other answer is taken at its word.
 */
final class Crowd implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final Ledger ledger;
    private final List<PlaceId> places;
    private final byte[] sealed;
    private final List<Thread> threads = new ArrayList<>();
    private final Map<Long, String> told = new ConcurrentHashMap<>();
    private final Set<String> lies = ConcurrentHashMap.newKeySet();
    private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final AtomicLong answers = new AtomicLong();
    private final AtomicLong granted = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong unknown = new AtomicLong();
    private volatile boolean isOver;
    private volatile boolean isAbandoned;

    /**
     * @param sealed what each booking carries
     */
    Crowd(Ledger ledger, List<PlaceId> places, int people, long seed, byte[] sealed) {
        this.ledger = ledger;
        this.places = places;
        this.sealed = sealed;
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < people; i++) {
            SplittableRandom own = random.split();
            threads.add(Thread.ofVirtual().start(() -> live(own)));
        }
    }

    private void live(SplittableRandom random) {
        try {
            while (!isOver) {
                PlaceId place = places.get(random.nextInt(places.size()));
                Command.Book book = random.nextBoolean() ? book(place) : hold(place);
                Optional<Appointment> booked = ask(book);
                booked.ifPresent(
                        there ->
                                tell(
                                        book,
                                        there,
                                        book.heldUntil().isPresent() ? "held" : "booked"));
                if (booked.isPresent() && book.heldUntil().isPresent() && random.nextBoolean()) {
                    ask(LedgerFixture.confirm(book, "confirm"))
                            .ifPresent(there -> tell(book, there, "booked"));
                }
                // Places come free again, so that nobody waits in vain for one.
                boolean isHad = booked.isPresent();
                while (isHad && !(isOver && random.nextBoolean())) {
                    Optional<Appointment> cancelled = ask(LedgerFixture.cancel(book));
                    cancelled.ifPresent(there -> tell(book, there, "cancelled"));
                    isHad = cancelled.isEmpty();
                }
            }
        } catch (Throwable e) {
            failures.add(e);
        }
    }

    private Command.Book book(PlaceId place) {
        Command.Book book = LedgerFixture.book(place);
        return new Command.Book(
                book.person(),
                book.dose(),
                book.place(),
                book.reference(),
                book.key(),
                book.pass(),
                sealed,
                Optional.empty());
    }

    private Command.Book hold(PlaceId place) {
        return book(place).heldUntil(Instant.now().plus(Command.Book.HOLD_LASTS));
    }

    private void tell(Command.Book book, Appointment answer, String state) {
        if (!answer.reference().equals(book.reference())
                || !answer.place().equals(book.place())
                || !answer.state().toString().equals(state)) {
            lies.add(book.reference() + " was answered " + answer);
        }
        told.put(book.reference().value(), state);
    }

    /** Asks until the answer is definite, or until nobody wants to know any more. */
    private Optional<Appointment> ask(Command command) {
        boolean wasUnknown = false;
        while (!isAbandoned) {
            try {
                CommandResult result = LedgerFixture.await(ledger.submit(command));
                answers.incrementAndGet();
                switch (result) {
                    case CommandResult.Done done -> {
                        granted.incrementAndGet();
                        return Optional.of(done.appointment());
                    }
                    case CommandResult.Refused(Refusal refusal, Optional<Appointment> _) -> {
                        if (refusal == Refusal.OUTCOME_UNKNOWN) {
                            unknown.incrementAndGet();
                            wasUnknown = true;
                        } else if (!wasUnknown || refusal != Refusal.OVERLOADED) {
                            refused.incrementAndGet();
                            if (refusal != Refusal.OVERLOADED && refusal != Refusal.PLACE_GONE) {
                                lies.add(command + " was refused as " + refusal);
                            }
                            return Optional.empty();
                        }
                    }
                }
            } catch (CompletionException e) {
                // Of this command alone it is then known that nothing was done.
                answers.incrementAndGet();
                if (!(e.getCause() instanceof StoreException)) {
                    throw e;
                }
                if (!wasUnknown) {
                    refused.incrementAndGet();
                    return Optional.empty();
                }
            }
        }
        return Optional.empty();
    }

    long granted() {
        return granted.get();
    }

    /** Returns when so many more answers of any kind were given. */
    void awaitAnswers(long more) {
        await("answers", answers::get, answers.get() + more);
    }

    void awaitGranted(long more) {
        await("grants", granted::get, granted.get() + more);
    }

    /**
     * Returns when so many more were not granted what they asked for. When the database dies all
     * may be in one batch: then nobody is refused, since of all of them the outcome is unknown.
     */
    void awaitNotGranted(long more) {
        LongSupplier notGranted = () -> answers.get() - granted.get();
        await("answers without a grant", notGranted, notGranted.getAsLong() + more);
    }

    private void await(String what, LongSupplier count, long enough) {
        long giveUpAt = System.nanoTime() + PATIENCE.toNanos();
        while (count.getAsLong() < enough) {
            assertThat(failures).isEmpty();
            assertThat(System.nanoTime()).as("waiting for %s: %s", what, this).isLessThan(giveUpAt);
            LockSupport.parkNanos(100_000);
        }
    }

    /** Lets everyone come to an end, and compares what they were told with what is there. */
    void endAndCompare(LedgerFixture fixture) {
        isOver = true;
        for (Thread thread : threads) {
            assertThat(isEnded(thread)).as("everyone is told in the end: %s", this).isTrue();
        }
        assertThat(failures).isEmpty();
        assertThat(lies).isEmpty();
        String slots =
                places.stream()
                        .map(place -> "'" + place.slot() + "'")
                        .collect(Collectors.joining(", "));
        List<String> rows =
                fixture.query(
                        """
                        SELECT reference || ' ' || state FROM appointment WHERE slot IN (%1$s)
                        UNION ALL
                        SELECT reference || ' ' || state FROM ended_appointment WHERE slot IN (%1$s)
                        """
                                .formatted(slots));
        Set<String> truth = new HashSet<>(rows);
        assertThat(rows).as("each appointment is there once").hasSameSizeAs(truth);
        Set<String> words =
                told.entrySet().stream()
                        .map(entry -> entry.getKey() + " " + entry.getValue())
                        .collect(Collectors.toSet());
        assertThat(words).as("what was told").isEqualTo(truth);
        assertThat(fixture.faults()).isEmpty();
    }

    /** Sends everyone away, also those who do not know yet. */
    @Override
    public void close() {
        isOver = true;
        isAbandoned = true;
        threads.forEach(Crowd::isEnded);
    }

    private static boolean isEnded(Thread thread) {
        try {
            return thread.join(PATIENCE);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public String toString() {
        return "%d answers: %d granted, %d refused, %d unknown"
                .formatted(answers.get(), granted.get(), refused.get(), unknown.get());
    }
}
