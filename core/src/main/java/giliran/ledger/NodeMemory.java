package giliran.ledger;

import com.carrotsearch.hppc.LongHashSet;
import giliran.people.PersonHandle;
import giliran.store.Database;
import giliran.store.StoreException;
import java.time.Duration;
import java.util.Collection;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
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
 *       before it commits, so what it begins from then on fails.
 *   <li>Once alone, a node waits until all that others had begun has ended, and then reads who is
 *       in the ledger. Everyone whom it writes itself it adds before it answers.
 * </ul>
 *
 * <p>A person is 64 of the handle's bits: two that share them are at most asked for in the ledger.
 */
final class NodeMemory implements AutoCloseable {
    /** Others believe this node dead: what it wanted to commit was rolled back. */
    static final class StruckOutException extends StoreException {
        private static final long serialVersionUID = 1;

        StruckOutException() {
            super("This node has been struck out by others");
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
    private final UUID node = UUID.randomUUID();
    private final CountDownLatch isClosed = new CountDownLatch(1);
    private final Thread renewal;
    private volatile boolean hasEntered;

    /** Who is in the ledger, since this node is alone; guarded by itself. */
    private final LongHashSet persons = new LongHashSet();

    /** Known to the renewal only: when this node found itself alone. */
    private OptionalLong aloneSince = OptionalLong.empty();

    private volatile boolean isComplete;
    private volatile long aloneUntilNanos;

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
        if (!hasEntered) {
            enterFirst();
        }
        return node;
    }

    private synchronized void enterFirst() {
        if (hasEntered) {
            return;
        }
        boolean hasOthers =
                database.readBriefly(
                        handle -> {
                            NodeStore.strikeOutSilent(handle, SILENCE_MAX.toSeconds());
                            NodeStore.enter(handle, node);
                            return NodeStore.hasOthers(handle, node);
                        });
        if (hasOthers) {
            pause(SEEN_WITHIN);
        }
        hasEntered = true;
    }

    /** This node's row was not there when it wanted to commit: it has to enter again. */
    void struckOut() {
        LOG.warn("This node was silent for so long that others struck it out; it enters again");
        hasEntered = false;
    }

    /** What was just committed; to be called before anyone is told. */
    void add(Collection<PersonHandle> committed) {
        synchronized (persons) {
            committed.forEach(person -> persons.add(bitsOf(person.value())));
        }
    }

    /** Whether nothing of this person is in the ledger, except what is in this node's queue. */
    boolean provesAbsent(PersonHandle person) {
        if (!isComplete || System.nanoTime() - aloneUntilNanos >= 0) {
            return false;
        }
        synchronized (persons) {
            return !persons.contains(bitsOf(person.value()));
        }
    }

    private static long bitsOf(UUID person) {
        return person.getLeastSignificantBits();
    }

    private void renewAlways() {
        do {
            try {
                enter();
                renew();
            } catch (StoreException e) {
                LOG.debug("Not renewed", e);
            }
        } while (!pause(RENEW_EVERY));
    }

    private void renew() {
        long asked = System.nanoTime();
        boolean isAlone =
                database.readBriefly(
                        handle -> {
                            hasEntered = NodeStore.renew(handle, node);
                            NodeStore.strikeOutSilent(handle, SILENCE_MAX.toSeconds());
                            return hasEntered && !NodeStore.hasOthers(handle, node);
                        });
        if (!isAlone) {
            isComplete = false;
            aloneSince = OptionalLong.empty();
            return;
        }
        if (aloneSince.isEmpty()) {
            aloneSince = OptionalLong.of(database.readBriefly(NodeStore::getMoment));
        }
        if (!isComplete) {
            isComplete = readAll(aloneSince.getAsLong());
        }
        aloneUntilNanos = asked + ALONE_FOR.toNanos();
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
            if (hasEntered) {
                database.readBriefly(
                        handle -> {
                            NodeStore.leave(handle, node);
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
