package giliran.ledger;

import static giliran.ledger.LedgerFixture.again;
import static giliran.ledger.LedgerFixture.await;
import static giliran.ledger.LedgerFixture.book;
import static giliran.ledger.LedgerFixture.cancel;
import static giliran.ledger.LedgerFixture.done;
import static giliran.ledger.LedgerFixture.person;
import static giliran.ledger.LedgerFixture.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import giliran.people.PersonHandle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the ledger answers when it has more to do than it can: something, in time, and true. */
final class LedgerLimitsTest {
    private static final Duration SHORT = Duration.ofMillis(200);
    private static final Duration LONG = Duration.ofMinutes(2);

    private static LedgerFixture fixture;

    @BeforeAll
    static void open() {
        fixture = new LedgerFixture();
    }

    @AfterAll
    static void auditAndClose() {
        assertThat(fixture.faults()).isEmpty();
        fixture.close();
    }

    /** A command that the ledger has taken and cannot settle while the obstacle stands. */
    private static CompletableFuture<CommandResult> stall(Ledger ledger, Command command) {
        CompletableFuture<CommandResult> stalled = ledger.submit(command);
        fixture.awaitTransactionsThatWait(1);
        assertThat(ledger.waiting()).isZero();
        return stalled;
    }

    private static Ledger.Limits limits(int queue, int batch, Duration wait, Duration answer) {
        return new Ledger.Limits(queue, batch, 1, wait, answer);
    }

    @Test
    void refusesLimitsThatNobodyCanKeep() {
        assertThatIllegalArgumentException().isThrownBy(() -> limits(0, 1, SHORT, LONG));
        assertThatIllegalArgumentException().isThrownBy(() -> limits(1, 0, SHORT, LONG));
        assertThatIllegalArgumentException().isThrownBy(() -> limits(1, 1, SHORT, SHORT));
    }

    @Test
    void refusesDefinitelyWhatNoLongerFitsIntoTheQueue() {
        PlaceId place = fixture.place(5);
        Command.Book taken = book(place);
        Command.Book waits = book(place);
        Command.Book tooMany = book(place);
        try (Ledger ledger = fixture.ledger(limits(1, 1, LONG, LONG.multipliedBy(2)))) {
            CompletableFuture<CommandResult> takenAnswer;
            CompletableFuture<CommandResult> waitsAnswer;
            try (var _ = fixture.obstacleAt(place)) {
                takenAnswer = stall(ledger, taken);
                waitsAnswer = ledger.submit(waits);
                assertThat(ledger.waiting()).isEqualTo(1);
                assertThat(refusal(ledger, tooMany)).isEqualTo(Refusal.OVERLOADED);
            }
            done(takenAnswer);
            done(waitsAnswer);
            done(ledger, book(place));
        }
        assertThat(fixture.rowsOf(tooMany.person())).isEmpty();
        assertThat(fixture.count(place).booked()).isEqualTo(3);
    }

    @Test
    void refusesDefinitelyWhatWasNotTakenInTime() {
        PlaceId place = fixture.place(5);
        Command.Book taken = book(place);
        Command.Book tooLate = book(place);
        try (Ledger ledger = fixture.ledger(limits(10, 1, SHORT, LONG))) {
            CompletableFuture<CommandResult> takenAnswer;
            try (var _ = fixture.obstacleAt(place)) {
                takenAnswer = stall(ledger, taken);
                assertThat(refusal(ledger, tooLate)).isEqualTo(Refusal.OVERLOADED);
            }
            done(takenAnswer);
            // All that waited before this one has been taken, or never will be.
            done(ledger, book(place));
        }
        assertThat(fixture.rowsOf(tooLate.person())).isEmpty();
        assertThat(fixture.count(place).booked()).isEqualTo(2);
    }

    @Test
    void saysThatTheOutcomeIsUnknownAndGoesOnSettlingIt() {
        PlaceId place = fixture.place(1);
        Command.Book taken = book(place);
        try (Ledger ledger = fixture.ledger(limits(10, 1, SHORT.dividedBy(2), SHORT))) {
            try (var _ = fixture.obstacleAt(place)) {
                assertThat(refusal(stall(ledger, taken))).isEqualTo(Refusal.OUTCOME_UNKNOWN);
                assertThat(fixture.rowsOf(taken.person())).isEmpty();
            }
            fixture.awaitUntil(
                    "SELECT booked = 1 FROM place WHERE slot = '%s'".formatted(place.slot()));
            CommandResult.Done replay = done(ledger, again(taken));
            assertThat(replay.isReplay()).isTrue();
            assertThat(replay.appointment().reference()).isEqualTo(taken.reference());
        }
        assertThat(fixture.rowsOf(taken.person())).hasSize(1);
    }

    @Test
    void gathersThoseOfACrowdForAMomentInsteadOfWritingThemOneByOne() {
        PlaceId place = fixture.place(100);
        List<Command> crowd = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            crowd.add(book(place));
        }
        try (Ledger ledger = fixture.ledger(limits(1_000, 2, LONG, LONG.multipliedBy(2)))) {
            fixture.submitTogether(ledger, crowd).forEach(LedgerFixture::done);
        }
        // From the first batch of two to the last of them are nineteen times ten milliseconds, but
        // for what lies between taking the first and looking at the clock.
        assertThat(
                        fixture.number(
                                """
                                SELECT (extract(epoch FROM max(happened_at) - min(happened_at)) * 1000)::bigint
                                FROM outbox
                                WHERE '%s' = ANY (slots)
                                """
                                        .formatted(place.slot())))
                .isGreaterThan(150);
    }

    @Test
    void neverPutsMoreIntoABatchThanItsLimit() {
        PlaceId place = fixture.place(100);
        List<Command> commands = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            Command.Book first = book(place);
            commands.add(first);
            commands.add(cancel(first));
            commands.add(book(first.person(), place, "after the cancellation"));
        }
        try (Ledger ledger = fixture.ledger(limits(1_000, 3, LONG, LONG.multipliedBy(2)))) {
            fixture.submitTogether(ledger, commands).forEach(LedgerFixture::done);
        }
        assertThat(
                        fixture.number(
                                "SELECT max(cardinality(events)) FROM outbox WHERE '%s' = ANY (slots)"
                                        .formatted(place.slot())))
                .isBetween(1L, 3L);
        assertThat(fixture.count(place).booked()).isEqualTo(20);
    }

    @Test
    void letsOneIdentitySentFromEverywhereHoldNobodyUp() {
        PlaceId place = fixture.place(1_000);
        PersonHandle everywhere = person();
        List<Command> commands = new ArrayList<>();
        IntStream.range(0, 875)
                .forEach(
                        i ->
                                commands.add(
                                        i % 5 == 0
                                                ? book(place)
                                                : book(everywhere, place, "key " + i)));
        try (Ledger ledger = fixture.ledger()) {
            List<CompletableFuture<CommandResult>> answers =
                    fixture.submitTogether(ledger, commands);
            List<CommandResult> theirs = new ArrayList<>();
            for (int i = 0; i < 875; i++) {
                if (i % 5 == 0) {
                    done(answers.get(i));
                } else {
                    theirs.add(await(answers.get(i)));
                }
            }
            assertThat(theirs.getFirst()).isInstanceOf(CommandResult.Done.class);
            assertThat(theirs.subList(1, 700))
                    .allSatisfy(
                            result ->
                                    assertThat(result)
                                            .isInstanceOfSatisfying(
                                                    CommandResult.Refused.class,
                                                    refused ->
                                                            assertThat(refused.refusal())
                                                                    .isEqualTo(
                                                                            Refusal
                                                                                    .ALREADY_BOOKED)));
        }
        assertThat(fixture.count(place).booked()).isEqualTo(176);
        assertThat(
                        fixture.number(
                                "SELECT count(*) FROM outbox WHERE '%s' = ANY (slots)"
                                        .formatted(place.slot())))
                .as("transactions in which all others were booked")
                .isLessThan(10);
    }

    // Closing

    @Test
    void settlesWhatWaitsBeforeItCloses() {
        PlaceId stalled = fixture.place(1);
        PlaceId place = fixture.place(1_000);
        Command.Book first = book(place);
        Ledger ledger = fixture.ledger();
        List<CompletableFuture<CommandResult>> answers = new ArrayList<>();
        CompletableFuture<Void> closed;
        try (var _ = fixture.obstacleAt(stalled)) {
            answers.add(stall(ledger, book(stalled)));
            answers.add(ledger.submit(first));
            answers.add(ledger.submit(again(first)));
            IntStream.range(0, 700).forEach(i -> answers.add(ledger.submit(book(place))));
            closed = CompletableFuture.runAsync(ledger::close);
            awaitRefusals(ledger);
        }
        answers.forEach(LedgerFixture::done);
        await(closed);
        assertThat(fixture.count(place).booked()).isEqualTo(701);
    }

    private static void awaitRefusals(Ledger ledger) {
        PlaceId none = fixture.place(0);
        CompletableFuture<CommandResult> probe = ledger.submit(book(none));
        while (!probe.isDone()) {
            probe = ledger.submit(book(none));
        }
        assertThat(refusal(probe)).isEqualTo(Refusal.OVERLOADED);
    }

    @Test
    void answersEveryoneWhenItClosesWhileTheDatabaseHangs() {
        PlaceId place = fixture.place(10);
        Command.Book taken = book(place);
        Command.Book afterwards = book(place);
        List<Command.Book> waits = List.of(book(place), book(place));
        Ledger ledger = fixture.ledger(limits(10, 1, SHORT, SHORT.multipliedBy(2)));
        CompletableFuture<Void> closed;
        try (var _ = fixture.obstacleAt(place)) {
            CompletableFuture<CommandResult> takenAnswer = stall(ledger, taken);
            List<CompletableFuture<CommandResult>> answers =
                    waits.stream().map(ledger::submit).toList();
            closed = CompletableFuture.runAsync(ledger::close);
            answers.forEach(answer -> assertThat(refusal(answer)).isEqualTo(Refusal.OVERLOADED));
            assertThat(refusal(takenAnswer)).isEqualTo(Refusal.OUTCOME_UNKNOWN);
        }
        await(closed);
        assertThat(refusal(ledger, afterwards)).isEqualTo(Refusal.OVERLOADED);
        waits.forEach(book -> assertThat(fixture.rowsOf(book.person())).isEmpty());
        assertThat(fixture.count(place).booked()).isLessThanOrEqualTo(1);
    }

    @Test
    void answersThoseTooWhoComeAtTheInstantOfItsClosing() throws InterruptedException {
        PlaceId place = fixture.place(0);
        for (int round = 0; round < 10; round++) {
            // Sooner refused for the queue's length than for the closing, and no less answered.
            Ledger ledger = fixture.ledger(limits(64, 64, LONG, LONG.multipliedBy(2)));
            var answers = new ConcurrentLinkedQueue<CompletableFuture<CommandResult>>();
            var started = new CountDownLatch(4);
            List<Thread> clients =
                    IntStream.range(0, 4)
                            .mapToObj(i -> client(ledger, place, answers, started))
                            .toList();
            started.await();
            ledger.close();
            for (Thread client : clients) {
                client.join();
            }
            assertThat(answers)
                    .as("answers in round %d", round)
                    .allSatisfy(answer -> assertThat(await(answer)).isNotNull());
        }
    }

    private static boolean isRefused(CompletableFuture<CommandResult> answer) {
        return answer.isDone()
                && answer.join().equals(new CommandResult.Refused(Refusal.OVERLOADED));
    }

    /** Sends until the ledger takes nothing more. */
    private static Thread client(
            Ledger ledger,
            PlaceId place,
            ConcurrentLinkedQueue<CompletableFuture<CommandResult>> answers,
            CountDownLatch started) {
        return Thread.ofPlatform()
                .start(
                        () -> {
                            CompletableFuture<CommandResult> answer;
                            do {
                                answer = ledger.submit(book(place));
                                answers.add(answer);
                                started.countDown();
                            } while (!isRefused(answer));
                        });
    }
}
