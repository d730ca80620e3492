package giliran.ledger;

import com.carrotsearch.hppc.LongHashSet;
import giliran.people.PersonHandle;
import giliran.store.Database;
import giliran.store.StoreException;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Proves, without asking the database, that nothing of a person is in the ledger. Only a node that
 * writes it alone can:
 *
 * <ul>
 *   <li>Each node that writes has a row, which it renews. One that comes while others are there
 *       writes nothing until they must have seen it, or have stopped proving.
 *   <li>One that has been silent for long is struck out. Each of its transactions looks for its row
 *       before it commits, so what it begins from then on fails, also when it has entered again,
 *       for then it has another name.
 *   <li>Once alone, a node waits until all that others had begun has ended, and then reads who is
 *       in the ledger. Everyone whom it writes itself it adds before it answers. If another came
 *       and went while it did not look, the count of entries tells, and it reads again.
 * </ul>
 *
 * <p>A person is 64 of the handle's bits: two that share them are at most asked for in the ledger.
 */
final class NodeMemory implements AutoCloseable {
    /** Others believe this node dead: what it wanted to commit was rolled back. */
    static final class StruckOutException extends StoreException {
        private static final long serialVersionUID = 1;

        private final UUID node;

        StruckOutException(UUID node) {
            super("This node has been struck out by others");
            this.node = node;
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(NodeMemory.class);
    private static final Duration RENEW_EVERY = Duration.ofMillis(250);

    /** How long a node that saw nobody else may believe so. */
    private static final Duration ALONE_FOR = Duration.ofSeconds(1);

    /** Longer than {@link #ALONE_FOR}, which others count from before they looked. */
    private static final Duration SEEN_WITHIN = Duration.ofMillis(1_500);

    private static final Duration SILENCE_MAX = Duration.ofSeconds(10);

    private final Database database;
    private final CountDownLatch isClosed = new CountDownLatch(1);
    private final Thread renewal;

    /** The name to enter with; guarded by this. Nobody has one twice. */
    private UUID name = UUID.randomUUID();

    private volatile Optional<UUID> entered = Optional.empty();

    /** Who is in the ledger, since this node is alone; guarded by itself. */
    private final LongHashSet persons = new LongHashSet();

    /**
     * That this node is alone.
     *
     * @param entries how many there had been
     * @param since the moment it was first seen
     */
    private record Alone(long entries, long since) {}

    /** Known to the renewal only. */
    private Optional<Alone> alone = Optional.empty();

    private volatile boolean isComplete;
    private volatile long aloneUntilNanos = System.nanoTime();

    NodeMemory(Database database) {
        this.database = database;
        renewal = Thread.ofVirtual().name("ledger-memory").start(this::renewAlways);
    }

    /**
     * Lets the others see this node before it writes.
     *
     * @return the node's name, which each of its transactions looks for
     * @throws StoreException if the database does not answer
     */
    UUID enter() {
        return entered.orElseGet(this::enterFirst);
    }

    private synchronized UUID enterFirst() {
        if (entered.isPresent()) {
            return entered.get();
        }
        UUID node = name;
        boolean hasOthers =
                database.readBriefly(
                        handle -> {
                            NodeStore.strikeOutSilent(handle, SILENCE_MAX.toSeconds());
                            NodeStore.enter(handle, node);
                            return NodeStore.hasOthers(handle, node);
                        });
        if (hasOthers && pause(SEEN_WITHIN)) {
            throw new StoreException("This node is closed before all others have seen it");
        }
        entered = Optional.of(node);
        return node;
    }

    /** The row of that name was not there when it was looked for: this node has to enter again. */
    synchronized void struckOut(StruckOutException e) {
        if (entered.equals(Optional.of(e.node))) {
            LOG.warn("This node was silent for so long that others struck it out; it enters again");
            name = UUID.randomUUID();
            entered = Optional.empty();
        }
    }

    /** What was just committed; to be called before anyone is told. */
    void add(Collection<PersonHandle> committed) {
        synchronized (persons) {
            committed.forEach(person -> persons.add(bitsOf(person.value())));
        }
    }

    /** Whether nothing of this person is in the ledger, except what is in this node's queue. */
    boolean provesAbsent(PersonHandle person) {
        return !absentOf(Set.of(person)).isEmpty();
    }

    /** Those of whom nothing is in the ledger, except what is in this node's queue. */
    Set<PersonHandle> absentOf(Collection<PersonHandle> asked) {
        // In this order: the time is written last, when it is known whether all were read.
        if (!isAlone() || !isComplete) {
            return Set.of();
        }
        synchronized (persons) {
            return asked.stream()
                    .filter(person -> !persons.contains(bitsOf(person.value())))
                    .collect(Collectors.toUnmodifiableSet());
        }
    }

    /** Whether no other node can have written since this one looked last. */
    boolean isAlone() {
        return System.nanoTime() - aloneUntilNanos < 0;
    }

    private static long bitsOf(UUID person) {
        return person.getLeastSignificantBits();
    }

    private void renewAlways() {
        do {
            try {
                renew(enter());
            } catch (StruckOutException e) {
                struckOut(e);
            } catch (StoreException e) {
                LOG.debug("Not renewed", e);
            }
        } while (!pause(RENEW_EVERY));
    }

    private void renew(UUID node) {
        long asked = System.nanoTime();
        Optional<Alone> now = database.readBriefly(handle -> lookAround(handle, node));
        if (now.isEmpty()) {
            aloneUntilNanos = asked;
            isComplete = false;
            alone = now;
            return;
        }
        if (alone.isEmpty() || alone.get().entries() != now.get().entries()) {
            isComplete = false;
            alone = now;
        }
        if (!isComplete) {
            isComplete = readAll(alone.get().since());
        }
        aloneUntilNanos = asked + ALONE_FOR.toNanos();
    }

    private Optional<Alone> lookAround(Handle handle, UUID node) {
        if (!NodeStore.renew(handle, node)) {
            isComplete = false;
            throw new StruckOutException(node);
        }
        NodeStore.strikeOutSilent(handle, SILENCE_MAX.toSeconds());
        // Before the look: who enters after it is counted the next time.
        long entries = NodeStore.countEntries(handle);
        return NodeStore.hasOthers(handle, node)
                ? Optional.empty()
                : Optional.of(new Alone(entries, NodeStore.getMoment(handle)));
    }

    /** Whether all who are in the ledger could be read. */
    private boolean readAll(long moment) {
        if (!database.readBriefly(handle -> NodeStore.haveAllEnded(handle, moment))) {
            return false;
        }
        database.snapshot(
                tx -> {
                    NodeStore.forEachPerson(
                            tx,
                            person -> {
                                synchronized (persons) {
                                    persons.add(bitsOf(person));
                                }
                            });
                    return true;
                });
        return true;
    }

    /** Whether this was closed in the meantime. */
    private boolean pause(Duration time) {
        try {
            return isClosed.await(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /** Leaves, so that others need not wait until this node has been silent for long. */
    @Override
    public void close() {
        isClosed.countDown();
        try {
            renewal.join();
            if (entered.isPresent()) {
                database.readBriefly(
                        handle -> {
                            NodeStore.leave(handle, entered.get());
                            return true;
                        });
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (StoreException e) {
            LOG.debug("Not left", e);
        }
    }
}
