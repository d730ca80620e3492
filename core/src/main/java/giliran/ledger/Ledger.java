package giliran.ledger;

import giliran.people.PersonHandle;
import giliran.store.CommitInDoubtException;
import giliran.store.Database;
import giliran.store.DatabaseAwayException;
import giliran.store.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ledger at work: commands wait in one bounded queue, one writer takes them in batches, and
 * each is answered when its batch is durable.
 *
 * <p>The number of those who wait never becomes a number of database connections. A command that is
 * not taken within {@link Limits#waitMax} is answered {@link Refusal#OVERLOADED}, which is
 * definite: it will never be done. One that was taken and is not settled within {@link
 * Limits#answerMax} is answered {@link Refusal#OUTCOME_UNKNOWN}, while the ledger goes on settling
 * it.
 */
public final class Ledger implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Ledger.class);
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofMillis(200);
    private static final Duration WATCH_EVERY = Duration.ofMillis(50);

    /**
     * How much the ledger takes on.
     *
     * @param queueMax commands that wait, 1 or more
     * @param batchMax commands in one transaction, 1 or more
     * @param waitMax how long a command may wait until it is taken
     * @param answerMax how long a command may be without an answer, longer than {@code waitMax}
     */
    public record Limits(int queueMax, int batchMax, Duration waitMax, Duration answerMax) {
        public static final Limits DEFAULT =
                new Limits(16_384, 512, Duration.ofSeconds(5), Duration.ofSeconds(12));

        public Limits {
            if (queueMax < 1 || batchMax < 1 || waitMax.compareTo(answerMax) >= 0) {
                throw new IllegalArgumentException("not limits that a ledger can keep");
            }
        }
    }

    /** A command on its way, and whoever waits for its answer. */
    private static final class Entry {
        final Command command;
        final long arrivedAtNanos;
        final CompletableFuture<CommandResult> answer = new CompletableFuture<>();
        private final AtomicBoolean isClaimed = new AtomicBoolean();

        /** Known to the writer only. */
        private boolean isTaken;

        Entry(Command command, long arrivedAtNanos) {
            this.command = command;
            this.arrivedAtNanos = arrivedAtNanos;
        }

        /** True for exactly one caller: the writer that takes it, or whoever gives it up. */
        boolean claim() {
            return isClaimed.compareAndSet(false, true);
        }

        /** Whether the writer may put it into a batch: not if it was given up before. */
        boolean take() {
            isTaken = isTaken || claim();
            return isTaken;
        }

        boolean isOlderThan(Duration age, long nowNanos) {
            return nowNanos - arrivedAtNanos >= age.toNanos();
        }
    }

    private final Database database;
    private final InstantSource clock;
    private final Limits limits;
    private final BlockingQueue<Entry> waiting;
    private final Queue<Entry> unanswered = new ConcurrentLinkedQueue<>();
    private final Deque<Entry> putOff = new ArrayDeque<>();
    private final EventIds eventIds = new EventIds();

    /** Whose commands are being written, and not settled yet. */
    private final Set<PersonHandle> atWork = ConcurrentHashMap.newKeySet();

    private final Thread writer;
    private final Thread watch;
    private volatile boolean isClosing;
    private volatile boolean isGivingUp;

    public Ledger(Database database, InstantSource clock, Limits limits) {
        this.database = database;
        this.clock = clock;
        this.limits = limits;
        waiting = new ArrayBlockingQueue<>(limits.queueMax());
        writer = Thread.ofPlatform().name("ledger-writer").start(this::write);
        watch = Thread.ofPlatform().name("ledger-watch").daemon().start(this::watchDeadlines);
    }

    /**
     * Asks for a command to be done.
     *
     * @return its result, complete when it is durable; it completes exceptionally with a {@link
     *     StoreException} if this command alone could not be written, and then nothing was done. It
     *     is completed on the ledger's threads: whoever continues from it must not block.
     */
    public CompletableFuture<CommandResult> submit(Command command) {
        Entry entry = new Entry(command, System.nanoTime());
        if (isClosing || !waiting.offer(entry)) {
            giveUp(entry);
            return entry.answer;
        }
        unanswered.add(entry);
        if (isClosing) {
            // The last look at what is unanswered may have been before this was added.
            giveUp(entry);
        }
        return entry.answer;
    }

    /**
     * Answers what will never be done, unless the writer has taken it. That is no definite "no" to
     * a person of whom an earlier request is being written: it may have been the same one.
     */
    private void giveUp(Entry entry) {
        if (entry.claim()) {
            entry.answer.complete(
                    new CommandResult.Refused(
                            atWork.contains(entry.command.person())
                                    ? Refusal.OUTCOME_UNKNOWN
                                    : Refusal.OVERLOADED));
        }
    }

    /** How many commands wait to be taken. */
    public int waiting() {
        return waiting.size();
    }

    private void write() {
        try {
            while (!isGivingUp) {
                List<Entry> batch = nextBatch();
                if (!batch.isEmpty()) {
                    batch.forEach(entry -> atWork.add(entry.command.person()));
                    settle(batch);
                    if (!isGivingUp) {
                        atWork.clear();
                    }
                } else if (isClosing) {
                    return;
                }
            }
        } finally {
            // Whatever ended it, nothing more is taken; the watch answers what is left.
            isClosing = true;
        }
    }

    /**
     * What waits, in order of arrival, at most one command of a person: later ones keep their order
     * and come next time, so that one identity sent from everywhere holds nobody up.
     */
    private List<Entry> nextBatch() {
        List<Entry> batch = new ArrayList<>();
        Set<PersonHandle> persons = new HashSet<>();
        for (Iterator<Entry> i = putOff.iterator(); i.hasNext(); ) {
            Entry entry = i.next();
            PersonHandle person = entry.command.person();
            if (hasRoom(batch) && !persons.contains(person)) {
                i.remove();
                if (!entry.take()) {
                    continue;
                }
                batch.add(entry);
            }
            persons.add(person);
        }
        try {
            Entry entry =
                    batch.isEmpty()
                            ? waiting.poll(WATCH_EVERY.toMillis(), TimeUnit.MILLISECONDS)
                            : pollIfRoom(batch);
            // As many at most as can wait, so that what comes in meanwhile keeps no batch back.
            for (int polled = 1; entry != null; polled++) {
                if (persons.contains(entry.command.person())) {
                    putOff(entry);
                } else if (entry.take()) {
                    persons.add(entry.command.person());
                    batch.add(entry);
                }
                entry = polled < limits.queueMax() ? pollIfRoom(batch) : null;
            }
        } catch (InterruptedException e) {
            isClosing = true;
        }
        return batch;
    }

    private boolean hasRoom(List<Entry> batch) {
        return batch.size() < limits.batchMax();
    }

    private @Nullable Entry pollIfRoom(List<Entry> batch) {
        return hasRoom(batch) ? waiting.poll() : null;
    }

    private void putOff(Entry entry) {
        if (putOff.size() < limits.queueMax()) {
            putOff.add(entry);
        } else {
            giveUp(entry);
        }
    }

    /** Runs a batch until every command in it has a definite answer, or the ledger closes. */
    private void settle(List<Entry> batch) {
        if (isGivingUp) {
            refuse(batch, Refusal.OVERLOADED);
            return;
        }
        boolean isInDoubt = false;
        while (true) {
            try {
                List<@Nullable CommandResult> results = commit(batch);
                answer(batch, results);
                return;
            } catch (CommitInDoubtException e) {
                LOG.warn("A commit of {} commands is in doubt; asking again", batch.size());
                isInDoubt = true;
            } catch (DatabaseAwayException e) {
                if (!isInDoubt) {
                    LOG.warn("The database is away; {} commands refused", batch.size());
                    refuse(batch, Refusal.OVERLOADED);
                    return;
                }
            } catch (RuntimeException e) {
                if (!isInDoubt) {
                    failOrSplit(batch, e);
                    return;
                }
                LOG.warn("A batch in doubt could not be settled yet", e);
            }
            if (isGivingUp) {
                refuse(batch, Refusal.OUTCOME_UNKNOWN);
                return;
            }
            pause();
        }
    }

    /**
     * What is still to be done: nothing new for someone who was told long ago that the outcome is
     * not known. If it was committed it is found by its key; else it is never done.
     */
    private Command commandNow(Entry entry) {
        return entry.isOlderThan(limits.answerMax(), System.nanoTime())
                ? entry.command.unlessReplay(Refusal.OVERLOADED)
                : entry.command;
    }

    private List<@Nullable CommandResult> commit(List<Entry> batch) {
        List<Command> commands = batch.stream().map(this::commandNow).toList();
        return database.transactBriefly(
                tx -> {
                    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
                    return LedgerBatch.run(tx, commands, now, eventIds.next(now));
                });
    }

    private void answer(List<Entry> batch, List<@Nullable CommandResult> results) {
        for (int i = batch.size() - 1; i >= 0; i--) {
            CommandResult result = results.get(i);
            if (result == null) {
                putOff.addFirst(batch.get(i));
            } else {
                batch.get(i).answer.complete(result);
            }
        }
    }

    /**
     * One poisoned command never fails its neighbours: the batch is halved until it stands alone.
     */
    private void failOrSplit(List<Entry> batch, RuntimeException e) {
        if (batch.size() == 1) {
            LOG.error("A command could not be written: {}", e.getMessage());
            batch.getFirst().answer.completeExceptionally(e);
            return;
        }
        LOG.warn("A batch of {} commands failed and is halved", batch.size());
        int half = batch.size() / 2;
        settle(batch.subList(0, half));
        settle(batch.subList(half, batch.size()));
    }

    private static void refuse(List<Entry> batch, Refusal refusal) {
        batch.forEach(entry -> entry.answer.complete(new CommandResult.Refused(refusal)));
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_AFTER_FAILURE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Gives every command that is too old the answer that is true of it. */
    private void watchDeadlines() {
        while (!writerHasEnded()) {
            long now = System.nanoTime();
            for (Iterator<Entry> i = unanswered.iterator(); i.hasNext(); ) {
                Entry entry = i.next();
                if (entry.answer.isDone()) {
                    i.remove();
                } else if (entry.isOlderThan(limits.answerMax(), now)) {
                    answerAtLast(entry);
                } else if (entry.isOlderThan(limits.waitMax(), now)) {
                    giveUp(entry);
                }
            }
        }
        unanswered.forEach(this::answerAtLast);
    }

    private void answerAtLast(Entry entry) {
        giveUp(entry);
        entry.answer.complete(new CommandResult.Refused(Refusal.OUTCOME_UNKNOWN));
    }

    private boolean writerHasEnded() {
        try {
            return writer.join(WATCH_EVERY);
        } catch (InterruptedException e) {
            return true;
        }
    }

    /**
     * Takes nothing more, settles what waits, and ends. What cannot be settled within {@link
     * Limits#waitMax} is left to its key.
     */
    @Override
    public void close() {
        isClosing = true;
        try {
            if (!writer.join(limits.waitMax())) {
                isGivingUp = true;
                writer.interrupt();
                writer.join();
            }
            watch.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
