package giliran.ledger;

import giliran.people.PersonHandle;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Commands that wait to be written: a line for each slot, in order of arrival, which writers serve
 * in turn, so that a crowd at one slot keeps nobody elsewhere waiting.
 *
 * <p>A line is served by one writer at a time, and so is a person: later commands of a person stand
 * in no line until the earlier one is settled, and then where they would have stood. Thus whoever
 * came first is served first, and one identity sent from everywhere holds nobody up.
 *
 * <p>When the queue is full, whoever came last to the longest line has to go.
 */
final class CommandQueue {
    /** How many of one line are taken before the next line has its turn. */
    static final int QUOTA = 32;

    /** How many commands of one person may wait. */
    static final int OF_ONE_PERSON_MAX = 1_024;

    /** A command on its way, and whoever waits for its answer. */
    static final class Queued {
        final Command command;
        final long arrivedAtNanos;
        final CompletableFuture<CommandResult> answer = new CompletableFuture<>();
        private final AtomicBoolean isClaimed = new AtomicBoolean();

        /** Its place in the order of arrival, given by the queue. */
        long arrival;

        /** Whether a writer has it; known to the queue only. */
        private boolean isTaken;

        Queued(Command command, long arrivedAtNanos) {
            this.command = command;
            this.arrivedAtNanos = arrivedAtNanos;
        }

        /** True for exactly one caller: the writer that takes it, or whoever gives it up. */
        boolean claim() {
            return isClaimed.compareAndSet(false, true);
        }

        /** Whether a writer may put it into a batch: not if it was given up before. */
        boolean take() {
            isTaken = isTaken || claim();
            return isTaken;
        }

        boolean isTaken() {
            return isTaken;
        }

        boolean isOlderThan(Duration age, long nowNanos) {
            return nowNanos - arrivedAtNanos >= age.toNanos();
        }
    }

    private static final Comparator<Queued> BY_ARRIVAL =
            Comparator.comparingLong(queued -> queued.arrival);

    /** The commands that wait for a slot; those that name none stand in a line of their own. */
    static final class Line {
        final Optional<PlaceId> place;
        final long number;
        final TreeSet<Queued> waiting = new TreeSet<>(BY_ARRIVAL);
        boolean isServed;
        boolean hasTurn;

        Line(Optional<PlaceId> place, long number) {
            this.place = place;
            this.number = number;
        }
    }

    private static final Comparator<Line> BY_LENGTH =
            Comparator.<Line>comparingInt(line -> line.waiting.size())
                    .thenComparingLong(line -> line.number);

    /**
     * Commands in order of arrival, each of another person, and the lines they stood in, which no
     * other writer serves.
     */
    record Batch(List<Queued> commands, Set<Line> lines) {}

    private final int max;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition isSomethingThere = lock.newCondition();
    private final Map<Optional<PlaceId>, Line> lines = new HashMap<>();

    /** The lines in which someone waits and that nobody serves, in the order of their turns. */
    private final Deque<Line> turns = new ArrayDeque<>();

    /** All commands of a person: the first stands in a line or is being written. */
    private final Map<PersonHandle, Deque<Queued>> ofPersons = new HashMap<>();

    /** The lines in which someone waits. */
    private final TreeSet<Line> byLength = new TreeSet<>(BY_LENGTH);

    private long linesMade;
    private long arrivals;
    private int size;

    CommandQueue(int max) {
        this.max = max;
    }

    /** How many commands wait. */
    int size() {
        lock.lock();
        try {
            return size;
        } finally {
            lock.unlock();
        }
    }

    /** Whether a command of this person is being written and not settled yet. */
    boolean isBeingWritten(PersonHandle person) {
        lock.lock();
        try {
            Deque<Queued> its = ofPersons.get(person);
            return its != null && its.getFirst().isTaken();
        } finally {
            lock.unlock();
        }
    }

    /** Whether there is any unsettled command of this person. */
    boolean isKnown(PersonHandle person) {
        lock.lock();
        try {
            return ofPersons.containsKey(person);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes a command in.
     *
     * @return the one that has to go for it, which may be itself
     */
    Optional<Queued> offer(Queued arriving) {
        lock.lock();
        try {
            PersonHandle person = arriving.command.person();
            Deque<Queued> its = ofPersons.get(person);
            if (its != null && its.size() >= OF_ONE_PERSON_MAX) {
                return Optional.of(arriving);
            }
            Optional<Queued> gone = Optional.empty();
            if (size >= max) {
                gone = lastOfALongerLine(arriving);
                if (gone.isEmpty()) {
                    return Optional.of(arriving);
                }
                leave(gone.get());
            }
            arriving.arrival = arrivals++;
            size++;
            Deque<Queued> ofPerson = ofPersons.computeIfAbsent(person, k -> new ArrayDeque<>(1));
            ofPerson.addLast(arriving);
            if (ofPerson.size() == 1) {
                lineUp(arriving);
            }
            return gone;
        } finally {
            lock.unlock();
        }
    }

    /** Lets the last of the longest line step out, if that is longer than the arriving one's. */
    private Optional<Queued> lastOfALongerLine(Queued arriving) {
        Line wanted = lines.get(arriving.command.wanted());
        int longest = byLength.isEmpty() ? 0 : byLength.getLast().waiting.size();
        if (longest <= (wanted == null ? 0 : wanted.waiting.size())) {
            return Optional.empty();
        }
        for (Line line : byLength.descendingSet()) {
            if (line.waiting.size() < longest) {
                break;
            }
            Queued last = line.waiting.getLast();
            // What was taken before and put back has to be settled.
            if (!last.isTaken()) {
                stepOut(last, line);
                return Optional.of(last);
            }
        }
        return Optional.empty();
    }

    private void lineUp(Queued queued) {
        Line line = lines.computeIfAbsent(queued.command.wanted(), at -> new Line(at, linesMade++));
        byLength.remove(line);
        line.waiting.add(queued);
        byLength.add(line);
        giveTurn(line);
    }

    private void stepOut(Queued queued, Line line) {
        byLength.remove(line);
        line.waiting.remove(queued);
        if (!line.waiting.isEmpty()) {
            byLength.add(line);
        }
    }

    private void giveTurn(Line line) {
        if (!line.hasTurn && !line.isServed) {
            line.hasTurn = true;
            turns.addLast(line);
            isSomethingThere.signal();
        }
    }

    /** What stood in a line, and left it for good, makes room for the person's next command. */
    private void leave(Queued queued) {
        size--;
        settled(queued);
    }

    private void settled(Queued queued) {
        PersonHandle person = queued.command.person();
        Deque<Queued> its = ofPersons.get(person);
        if (its == null) {
            return;
        }
        its.removeFirst();
        if (its.isEmpty()) {
            ofPersons.remove(person);
        } else {
            lineUp(its.getFirst());
        }
    }

    /**
     * Takes what waits, a quota of each line in turn; after some time without any, an empty batch.
     * It has to be released.
     */
    Batch take(int batchMax, Duration patience) throws InterruptedException {
        Batch batch = new Batch(new ArrayList<>(), new LinkedHashSet<>());
        lock.lock();
        try {
            for (long left = patience.toNanos(); turns.isEmpty() && left > 0; ) {
                left = isSomethingThere.awaitNanos(left);
            }
            while (batch.commands().size() < batchMax && !turns.isEmpty()) {
                Line line = turns.removeFirst();
                line.isServed = true;
                batch.lines().add(line);
                takeFrom(line, Math.min(QUOTA, batchMax - batch.commands().size()), batch);
                if (!line.waiting.isEmpty()) {
                    turns.addLast(line);
                }
            }
            // Whose line is served has the next turn when this batch is settled.
            batch.lines().forEach(line -> line.hasTurn = false);
            turns.removeIf(line -> line.isServed);
            batch.commands().sort(BY_ARRIVAL);
            return batch;
        } finally {
            lock.unlock();
        }
    }

    private void takeFrom(Line line, int many, Batch batch) {
        for (int taken = 0; taken < many && !line.waiting.isEmpty(); ) {
            Queued first = line.waiting.getFirst();
            stepOut(first, line);
            if (first.take()) {
                size--;
                batch.commands().add(first);
                taken++;
            } else {
                leave(first);
            }
        }
    }

    /** Takes a batch back: what has no answer yet lines up again, where it stood. */
    void release(Batch batch) {
        lock.lock();
        try {
            batch.lines().forEach(line -> line.isServed = false);
            for (Queued queued : batch.commands()) {
                if (queued.answer.isDone()) {
                    settled(queued);
                } else {
                    size++;
                    lineUp(queued);
                }
            }
            for (Line line : batch.lines()) {
                if (line.waiting.isEmpty()) {
                    lines.remove(line.place);
                } else {
                    giveTurn(line);
                }
            }
        } finally {
            lock.unlock();
        }
    }
}
