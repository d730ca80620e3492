package giliran.reception;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Those to whom nothing can be given wait while others are being booked, in turn, and briefly. */
final class BackRowTest {
    private static final int MANY = 100;

    private static final Vertx VERTX = Vertx.vertx();

    private final Context loop = VERTX.getOrCreateContext();
    private final BackRow backRow = new BackRow(VERTX);
    private final List<Integer> answered = new ArrayList<>();
    private final CompletableFuture<List<Integer>> all = new CompletableFuture<>();

    @AfterAll
    static void close() {
        VERTX.close().toCompletionStage().toCompletableFuture().join();
    }

    private <T> T onLoop(Callable<T> work)
            throws InterruptedException, ExecutionException, TimeoutException {
        CompletableFuture<T> result = new CompletableFuture<>();
        loop.runOnContext(
                called -> {
                    try {
                        result.complete(work.call());
                    } catch (Exception e) {
                        result.completeExceptionally(e);
                    }
                });
        return result.get(30, TimeUnit.SECONDS);
    }

    /** Many come; returns how many were answered at once. */
    private int come() {
        IntStream.range(0, MANY)
                .forEach(
                        i ->
                                backRow.execute(
                                        () -> {
                                            answered.add(i);
                                            if (answered.size() == MANY) {
                                                all.complete(List.copyOf(answered));
                                            }
                                        }));
        return answered.size();
    }

    @Test
    void answersAtOnceWhileNobodyIsBeingBooked() throws Exception {
        assertThat(onLoop(this::come)).isEqualTo(MANY);
    }

    @Test
    void letsThemWaitWhileSomebodyIsBeingBookedAndAnswersInTurn() throws Exception {
        int atOnce =
                onLoop(
                        () -> {
                            backRow.enter();
                            return come();
                        });
        assertThat(atOnce).isZero();
        assertThat(all.get(30, TimeUnit.SECONDS))
                .isEqualTo(IntStream.range(0, MANY).boxed().toList());
    }

    @Test
    void oneAnswerThatFailsKeepsNobodyElseWaiting() throws Exception {
        onLoop(
                () -> {
                    backRow.enter();
                    backRow.execute(
                            () -> {
                                throw new IllegalStateException("meant to fail");
                            });
                    return come();
                });
        assertThat(all.get(30, TimeUnit.SECONDS)).hasSize(MANY);
    }

    @Test
    void answersAllAsSoonAsNobodyIsBeingBooked() throws Exception {
        int atOnce =
                onLoop(
                        () -> {
                            backRow.enter();
                            int before = come();
                            backRow.leave();
                            return before;
                        });
        assertThat(atOnce).isZero();
        assertThat(all.get(30, TimeUnit.SECONDS)).hasSize(MANY);
    }
}
