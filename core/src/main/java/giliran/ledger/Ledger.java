package giliran.ledger;

import giliran.ledger.CommandQueue.Queued;
import giliran.people.PersonHandle;
import giliran.store.CommitInDoubtException;
import giliran.store.Database;
import giliran.store.DatabaseAwayException;
import giliran.store.EventIds;
import giliran.store.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ledger at work: commands wait in one bounded queue, a few writers take them in batches, and
 * each is answered when its batch is durable.
 *
 * <p>The number of those who wait never becomes a number of database connections. A command that is
 * not taken within {@link Limits#waitMax} is answered {@link Refusal#OVERLOADED}, which is
 * definite: it will never be done. One that was taken and is not settled within {@link
 * Limits#answerMax} is answered {@link Refusal#OUTCOME_UNKNOWN}, while the ledger goes on settling
 * it.
 */
public final class Ledger implements Bookkeeper {
    private static final Logger LOG = LoggerFactory.getLogger(Ledger.class);
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofMillis(200);
    private static final Duration WATCH_EVERY = Duration.ofMillis(50);

    /**
     * How soon the next batch may begin after one of several commands. A transaction has its price
     * however few are in it, so those who come one by one in a crowd are gathered for a moment.
     */
    private static final Duration GATHERING = Duration.ofMillis(10);

    /**
     * How much the ledger takes on.
     *
     * @param queueMax commands that wait, 1 or more
     * @param batchMax commands in one transaction, 1 or more
     * @param writers transactions at the same time, 1 or more
     * @param waitMax how long a command may wait until it is taken
     * @param answerMax how long a command may be without an answer, longer than {@code waitMax}
     */
    public record Limits(
            int queueMax, int batchMax, int writers, Duration waitMax, Duration answerMax) {
        public static final Limits DEFAULT =
                new Limits(16_384, 512, 1, Duration.ofSeconds(5), Duration.ofSeconds(12));

        public Limits {
            if (queueMax < 1 || batchMax < 1 || writers < 1 || waitMax.compareTo(answerMax) >= 0) {
                throw new IllegalArgumentException("not limits that a ledger can keep");
            }
        }
    }

    private final Database database;
    private final InstantSource clock;
    private final Limits limits;
    private final CommandQueue queue;
    private final PlaceCounts counts;
    private final NodeMemory memory;
    private final Queue<Queued> unanswered = new ConcurrentLinkedQueue<>();
    private final EventIds eventIds = new EventIds();
    private final LongAdder batchesDone = new LongAdder();
    private final LongAdder commandsDone = new LongAdder();
    private final LongAdder commitNanos = new LongAdder();
    private final List<Thread> writers;
    private final Thread watch;
    private volatile boolean isClosing;
    private volatile boolean isGivingUp;

    public Ledger(Database database, InstantSource clock, Limits limits) {
        this.database = database;
        this.clock = clock;
        this.limits = limits;
        memory = new NodeMemory(database);
        counts = new PlaceCounts(database, memory::isAlone);
        queue = new CommandQueue(limits.queueMax());
        writers =
                IntStream.range(0, limits.writers())
                        .mapToObj(
                                i ->
                                        Thread.ofPlatform()
                                                .name("ledger-writer-" + i)
                                                .start(this::write))
                        .toList();
        watch = Thread.ofPlatform().name("ledger-watch").daemon().start(this::watchDeadlines);
    }

    @Override
    public PlaceCounts counts() {
        return counts;
    }

    @Override
    public CompletableFuture<CommandResult> submit(Command command) {
        Queued arriving = new Queued(command, System.nanoTime());
        if (isClosing) {
            giveUp(arriving);
            return arriving.answer;
        }
        unanswered.add(arriving);
        queue.offer(arriving).ifPresent(this::giveUp);
        if (isClosing) {
            // The last look at what is unanswered may have been before this was added.
            giveUp(arriving);
        }
        return arriving.answer;
    }

    @Override
    public Optional<Refusal> refuseAtOnce(
            PersonHandle person, PlaceId place, Optional<Refusal> policy) {
        Optional<Refusal> refusal =
                policy.or(
                        () ->
                                counts.isGone(place)
                                        ? Optional.of(Refusal.PLACE_GONE)
                                        : Optional.empty());
        // In this order: whoever is settled in between is remembered before leaving the queue. Once
        // it closes, what is in doubt leaves it unsettled.
        return refusal.isPresent()
                        && !queue.isKnown(person)
                        && memory.provesAbsent(person)
                        && !isClosing
                ? refusal
                : Optional.empty();
    }

    /**
     * Answers what will never be done, unless a writer has taken it. That is no definite "no" to a
     * person of whom an earlier request is being written: it may have been the same one.
     */
    private void giveUp(Queued queued) {
        if (queued.claim()) {
            queued.answer.complete(
                    new CommandResult.Refused(
                            queue.isBeingWritten(queued.command.person())
                                    ? Refusal.OUTCOME_UNKNOWN
                                    : Refusal.OVERLOADED));
        }
    }

    @Override
    public int waiting() {
        return queue.size();
    }

    @Override
    public Effort effort() {
        return new Effort(batchesDone.sum(), commandsDone.sum(), commitNanos.sum());
    }

    private void write() {
        try {
            while (!isGivingUp) {
                CommandQueue.Batch batch = queue.take(limits.batchMax(), WATCH_EVERY);
                long began = System.nanoTime();
                if (!batch.commands().isEmpty()) {
                    settle(batch.commands());
                }
                queue.release(batch);
                if (batch.lines().isEmpty() && isClosing) {
                    return;
                }
                if (batch.commands().size() > 1 && !isClosing) {
                    Thread.sleep(GATHERING.minusNanos(System.nanoTime() - began));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            // Whatever ended it, nothing more is taken; the watch answers what is left.
            isClosing = true;
        }
    }

    /** Runs a batch until every command in it has a definite answer, or the ledger closes. */
    private void settle(List<Queued> batch) {
        if (isGivingUp) {
            refuse(batch, Refusal.OVERLOADED);
            return;
        }
        boolean isInDoubt = false;
        boolean mayTrust = true;
        while (true) {
            try {
                LedgerBatch.Outcome outcome = commit(batch, mayTrust);
                counts.touch(outcome.touched());
                answer(batch, outcome.results());
                return;
            } catch (NodeMemory.StruckOutException e) {
                memory.struckOut(e);
            } catch (CommitInDoubtException e) {
                LOG.warn("A commit of {} commands is in doubt; asking again", batch.size());
                isInDoubt = true;
                mayTrust = false;
            } catch (DatabaseAwayException e) {
                if (!isInDoubt) {
                    LOG.warn("The database is away; {} commands refused", batch.size());
                    refuse(batch, Refusal.OVERLOADED);
                    return;
                }
            } catch (RuntimeException e) {
                if (mayTrust) {
                    // Should the memory be wrong, the ledger itself is asked.
                    mayTrust = false;
                    continue;
                }
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
    private Command commandNow(Queued entry) {
        return entry.isOlderThan(limits.answerMax(), System.nanoTime())
                ? entry.command.unlessReplay(Refusal.OVERLOADED)
                : entry.command;
    }

    /**
     * @param mayTrust whether what this node proves of persons may spare a look at their rows
     */
    private LedgerBatch.Outcome commit(List<Queued> batch, boolean mayTrust) {
        UUID node = memory.enter();
        List<Command> commands = batch.stream().map(this::commandNow).toList();
        List<PersonHandle> persons = commands.stream().map(Command::person).toList();
        long[] decidedAt = new long[1];
        LedgerBatch.Outcome committed =
                database.transactBriefly(
                        tx -> {
                            Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
                            Set<PersonHandle> absent =
                                    mayTrust ? memory.absentOf(persons) : Set.of();
                            LedgerBatch.Outcome outcome =
                                    LedgerBatch.run(
                                            tx, commands, absent, now, node, eventIds.next(now));
                            // Whoever comes now waits for the claims; who came before may have been
                            // missed.
                            if (memory.absentOf(absent).size() < absent.size()) {
                                throw new StoreException(
                                        "Another node came while a batch was written");
                            }
                            decidedAt[0] = System.nanoTime();
                            return outcome;
                        });
        commitNanos.add(System.nanoTime() - decidedAt[0]);
        commandsDone.add(commands.size());
        batchesDone.increment();
        return committed;
    }

    /** What has no result yet is left to the queue, which takes it back. */
    private void answer(List<Queued> batch, List<@Nullable CommandResult> results) {
        List<PersonHandle> granted = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            if (results.get(i) instanceof CommandResult.Done) {
                granted.add(batch.get(i).command.person());
            }
        }
        memory.add(granted);
        for (int i = 0; i < batch.size(); i++) {
            CommandResult result = results.get(i);
            if (result != null) {
                batch.get(i).answer.complete(result);
            }
        }
    }

    /**
     * One poisoned command never fails its neighbours: the batch is halved until it stands alone.
     */
    private void failOrSplit(List<Queued> batch, RuntimeException e) {
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

    private static void refuse(List<Queued> batch, Refusal refusal) {
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
        while (!haveWritersEnded()) {
            long now = System.nanoTime();
            for (Iterator<Queued> i = unanswered.iterator(); i.hasNext(); ) {
                Queued entry = i.next();
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

    private void answerAtLast(Queued entry) {
        giveUp(entry);
        entry.answer.complete(new CommandResult.Refused(Refusal.OUTCOME_UNKNOWN));
    }

    private boolean haveWritersEnded() {
        try {
            for (Thread writer : writers) {
                if (!writer.join(WATCH_EVERY)) {
                    return false;
                }
            }
            return true;
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
            long until = System.nanoTime() + limits.waitMax().toNanos();
            for (Thread writer : writers) {
                if (!writer.join(Duration.ofNanos(Math.max(0, until - System.nanoTime())))) {
                    isGivingUp = true;
                    writer.interrupt();
                    writer.join();
                }
            }
            watch.join();
            memory.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
