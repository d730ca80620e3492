package giliran.reception;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;

/**
 * Where those wait to whom nothing can be given, while others are being booked: an event loop's
 * work is the bookings' first. A flood of requests for what is gone is slowed down by that, since
 * its clients wait for their answers; nobody waits for longer than {@link #WAIT_MAX}.
 *
 * <p>Belongs to one event loop, and is used on it only.
 */
final class BackRow implements Executor {
    private static final Duration TICK = Duration.ofMillis(10);
    private static final Duration WAIT_MAX = Duration.ofSeconds(1);

    /** So many are answered each tick while others are being booked: 2,000 a second. */
    private static final int ANSWERED_EACH_TICK = 20;

    private record Waiting(Runnable answer, long sinceNanos) {}

    private final Vertx vertx;
    private final Queue<Waiting> row = new ArrayDeque<>();
    private int beingBooked;

    BackRow(Vertx vertx) {
        this.vertx = vertx;
    }

    /** Somebody is being booked until {@link #leave}. */
    void enter() {
        beingBooked++;
    }

    void leave() {
        beingBooked--;
    }

    /** Answers at once if nobody is being booked and nobody waits here, else in turn. */
    @Override
    public void execute(Runnable answer) {
        if (row.isEmpty() && beingBooked == 0) {
            answer.run();
            return;
        }
        row.add(new Waiting(answer, System.nanoTime()));
        if (row.size() == 1) {
            advanceSoon();
        }
    }

    private void advanceSoon() {
        vertx.setTimer(TICK.toMillis(), fired -> advance());
    }

    private void advance() {
        int most = beingBooked > 0 ? ANSWERED_EACH_TICK : Integer.MAX_VALUE;
        long now = System.nanoTime();
        try {
            for (int answered = 0; isTurnOfNext(answered < most, now); answered++) {
                row.remove().answer().run();
            }
        } finally {
            // Should one answer fail, the others still have their turn.
            if (!row.isEmpty()) {
                advanceSoon();
            }
        }
    }

    private boolean isTurnOfNext(boolean isRoom, long now) {
        Waiting next = row.peek();
        return next != null && (isRoom || now - next.sinceNanos() >= WAIT_MAX.toNanos());
    }
}
