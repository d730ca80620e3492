package giliran.reception;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** What other threads leave is done on the event loop: all of it, once, in each one's order. */
final class MailboxTest {
    private static final int LEAVERS = 4;
    private static final int EACH = 5_000;

    private static final Vertx VERTX = Vertx.vertx();

    private final Context loop = VERTX.getOrCreateContext();
    private final Mailbox mailbox = new Mailbox(loop);

    @AfterAll
    static void close() {
        VERTX.close().toCompletionStage().toCompletableFuture().join();
    }

    private static void await(CountDownLatch latch) throws InterruptedException {
        assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void doesAllThatManyThreadsLeaveOnceAndInTheOrderOfEach() throws InterruptedException {
        List<List<Integer>> done =
                IntStream.range(0, LEAVERS)
                        .mapToObj(i -> (List<Integer>) new ArrayList<Integer>())
                        .toList();
        CountDownLatch left = new CountDownLatch(LEAVERS * EACH);
        for (List<Integer> own : done) {
            Thread.ofPlatform()
                    .start(
                            () ->
                                    IntStream.range(0, EACH)
                                            .forEach(
                                                    i ->
                                                            mailbox.execute(
                                                                    () -> {
                                                                        own.add(i);
                                                                        left.countDown();
                                                                    })));
        }
        await(left);
        List<Integer> inOrder = IntStream.range(0, EACH).boxed().toList();
        assertThat(done).allSatisfy(own -> assertThat(own).isEqualTo(inOrder));
    }

    @Test
    void doesItOnItsEventLoop() {
        CompletableFuture<Context> where = new CompletableFuture<>();
        mailbox.execute(() -> where.complete(Vertx.currentContext()));
        assertThat(where.orTimeout(30, TimeUnit.SECONDS).join()).isSameAs(loop);
    }

    @Test
    void doesWhatIsLeftWhileItIsBeingEmptied() throws InterruptedException {
        CountDownLatch both = new CountDownLatch(2);
        mailbox.execute(
                () -> {
                    mailbox.execute(both::countDown);
                    both.countDown();
                });
        await(both);
    }

    @Test
    void goesOnAfterATaskThatFails() throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        mailbox.execute(
                () -> {
                    throw new IllegalStateException("a task that fails");
                });
        mailbox.execute(done::countDown);
        await(done);
    }
}
