package giliran.reception;

import io.vertx.core.Context;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What other threads leave for an event loop to do. It is called once for all that lies there, so
 * that a batch of hundreds of answers wakes it once.
 */
final class Mailbox implements Executor {
    private final Context loop;
    private final Queue<Runnable> left = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean isCalled = new AtomicBoolean();

    Mailbox(Context loop) {
        this.loop = loop;
    }

    @Override
    public void execute(Runnable task) {
        left.add(task);
        call();
    }

    private void empty() {
        // What is left from here on calls again.
        isCalled.set(false);
        try {
            for (Runnable task = left.poll(); task != null; task = left.poll()) {
                task.run();
            }
        } finally {
            // One that fails, fails alone.
            if (!left.isEmpty()) {
                call();
            }
        }
    }

    private void call() {
        if (isCalled.compareAndSet(false, true)) {
            loop.runOnContext(called -> empty());
        }
    }
}
