package giliran.jobs;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does a task again and again on a thread of its own until it is closed. A failure is logged when
 * it begins and when it is over, and the task is tried again.
 */
public final class Repeat implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Repeat.class);

    private final String name;
    private final Duration pause;
    private final Runnable task;
    private final Thread thread;
    private volatile boolean isClosing;
    private boolean isFailing;

    /**
     * @param pause between the end of one run and the start of the next
     */
    public Repeat(String name, Duration pause, Runnable task) {
        this.name = name;
        this.pause = pause;
        this.task = task;
        thread = Thread.ofPlatform().name(name).daemon().start(this::run);
    }

    private void run() {
        while (!isClosing) {
            try {
                task.run();
                if (isFailing) {
                    LOG.info("{} works again", name);
                    isFailing = false;
                }
            } catch (RuntimeException | Error e) {
                if (!isFailing) {
                    LOG.warn("{} fails: {}", name, e.getMessage(), e);
                    isFailing = true;
                }
            }
            try {
                Thread.sleep(pause);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    @Override
    public void close() {
        isClosing = true;
        thread.interrupt();
        try {
            thread.join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
