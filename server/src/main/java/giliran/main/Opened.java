package giliran.main;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What is open, and closed once, last first: when a command ends, and when the process is told to
 * stop (Ctrl-C, SIGTERM), at whatever moment that comes.
 */
final class Opened implements AutoCloseable {

    /** All was closed because the process was told to stop; there is nothing left to tell. */
    static final class StoppedException extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    /** What a command does with what it opens. */
    @FunctionalInterface
    interface Work {
        int with(Opened opened) throws InterruptedException;
    }

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private boolean closed;
    private volatile boolean stopping;

    /**
     * Does a command's work and closes what it has opened.
     *
     * @param told hears of a stop: that it begins, and how it ended
     * @throws StoppedException if the process was told to stop meanwhile
     */
    static int during(Work work, Consumer<String> told) throws InterruptedException {
        Opened opened = new Opened();
        try {
            Runtime.getRuntime()
                    .addShutdownHook(Thread.ofPlatform().unstarted(() -> opened.stop(told)));
        } catch (IllegalStateException e) {
            // It was told to stop before anything was open.
            throw new StoppedException();
        }
        try {
            int code = work.with(opened);
            opened.close();
            return code;
        } catch (RuntimeException | Error e) {
            if (opened.stopping) {
                // What breaks in a stop is no failure of its own, and the stop closes all.
                throw new StoppedException();
            }
            try (opened) {
                throw e;
            }
        }
    }

    /**
     * Opens a part. A close at the same time waits until it is open, and closes it too.
     *
     * @throws StoppedException if all is closed, or about to be
     */
    synchronized <T extends AutoCloseable> T open(Supplier<T> part) {
        if (closed || stopping) {
            throw new StoppedException();
        }
        T opened = part.get();
        parts.push(opened);
        return opened;
    }

    private void stop(Consumer<String> told) {
        stopping = true;
        closeTelling(told);
    }

    private synchronized void closeTelling(Consumer<String> told) {
        if (closed) {
            return;
        }
        told.accept("Stopping …");
        try {
            close();
            told.accept("Stopped.");
        } catch (RuntimeException e) {
            told.accept("Stopped, with a failure: " + e.getMessage());
            Logs.fault("A failure while stopping", e);
        }
        Logs.close();
    }

    /** Closes each part even if another's closing fails, and throws the first failure. */
    @Override
    public synchronized void close() {
        closed = true;
        RuntimeException failure = null;
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception e) {
                RuntimeException next =
                        e instanceof RuntimeException runtime
                                ? runtime
                                : new IllegalStateException(e);
                if (failure == null) {
                    failure = next;
                } else {
                    failure.addSuppressed(next);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
