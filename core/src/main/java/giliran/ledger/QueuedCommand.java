package giliran.ledger;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/** A command on its way, and whoever waits for its answer. */
final class QueuedCommand {
    final Command command;
    final long arrivedAtNanos;
    final CompletableFuture<CommandResult> answer = new CompletableFuture<>();
    private final AtomicBoolean isClaimed = new AtomicBoolean();

    /** Its place in the order of arrival, given by the queue. */
    long arrival;

    /** Whether a writer has it; known to the queue only. */
    private boolean isTaken;

    QueuedCommand(Command command, long arrivedAtNanos) {
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
