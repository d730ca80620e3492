package giliran.reception;

import giliran.store.DatabaseAwayException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;

/** Runs calls that wait for the database on virtual threads, a bounded number at a time. */
public final class BlockingCalls {
    private final Semaphore room;

    /**
     * @param atOnceMax how many may wait; one more is refused at once
     */
    public BlockingCalls(int atOnceMax) {
        room = new Semaphore(atOnceMax);
    }

    /**
     * The call's result, or its failure. Without room it fails with {@link
     * RejectedExecutionException}, and the call is not made.
     */
    <T> CompletableFuture<T> call(Callable<T> call) {
        if (!room.tryAcquire()) {
            return CompletableFuture.failedFuture(new RejectedExecutionException("no room"));
        }
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread.startVirtualThread(
                () -> {
                    try {
                        result.complete(call.call());
                    } catch (Throwable e) {
                        result.completeExceptionally(e);
                    } finally {
                        room.release();
                    }
                });
        return result;
    }

    /** Whether the call was not made, or the database was away, so that nothing was done. */
    static boolean isBusy(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null
                        ? failure.getCause()
                        : failure;
        return cause instanceof RejectedExecutionException
                || cause instanceof DatabaseAwayException;
    }
}
