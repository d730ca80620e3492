package giliran.ledger;

import static giliran.ledger.LedgerFixture.again;
import static giliran.ledger.LedgerFixture.await;
import static giliran.ledger.LedgerFixture.book;
import static giliran.ledger.LedgerFixture.cancel;
import static giliran.ledger.LedgerFixture.done;
import static giliran.ledger.LedgerFixture.lock;
import static giliran.ledger.LedgerFixture.person;
import static giliran.ledger.LedgerFixture.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import giliran.store.Database;
import giliran.store.FaultProxy;
import giliran.store.FaultProxy.Fault;
import giliran.store.StoreException;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.assertj.core.util.Throwables;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the ledger answers when the database fails it: only what is true. */
final class LedgerFaultTest {
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

    // One command that the database does not take

    @ParameterizedTest
    @ValueSource(ints = {0, 250, 499})
    void books499OfFiveHundredAsIfThePoisonousOneWereNotThere(int poisonousAt) {
        PlaceId place = fixture.place(1_000);
        Command.Book poisonous = book(place);
        poison(poisonous);
        List<Command.Book> books = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            books.add(i == poisonousAt ? poisonous : book(place));
        }
        try (Ledger ledger = fixture.ledger()) {
            List<CompletableFuture<CommandResult>> answers = fixture.submitTogether(ledger, books);
            for (int i = 0; i < 500; i++) {
                if (i == poisonousAt) {
                    failsAlone(answers.get(i), poisonous);
                } else {
                    assertThat(done(answers.get(i)).appointment().reference())
                            .isEqualTo(books.get(i).reference());
                }
            }
        }
        assertThat(fixture.rowsOf(poisonous.person())).isEmpty();
        assertThat(fixture.count(place).booked()).isEqualTo(499);
    }

    /** Makes the database refuse this person's row. */
    private static void poison(Command.Book poisonous) {
        fixture.execute("ALTER TABLE appointment DROP CONSTRAINT IF EXISTS test_poison");
        fixture.execute(
                "ALTER TABLE appointment ADD CONSTRAINT test_poison CHECK (person <> '%s')"
                        .formatted(poisonous.person().value()));
    }

    private static void failsAlone(
            CompletableFuture<CommandResult> answer, Command.Book poisonous) {
        assertThatExceptionOfType(CompletionException.class)
                .isThrownBy(() -> await(answer))
                .withCauseInstanceOf(StoreException.class)
                .satisfies(
                        e ->
                                assertThat(Throwables.getStackTrace(e))
                                        .contains("test_poison")
                                        .doesNotContain(poisonous.person().value().toString()));
    }

    @Test
    void takesNoPlaceFromOthersForACommandThatFails() {
        PlaceId place = fixture.place(1);
        Command.Book poisonous = book(place);
        poison(poisonous);
        try (Ledger ledger = fixture.ledger()) {
            failsAlone(ledger.submit(poisonous), poisonous);
            done(ledger, book(place));
        }
    }

    // Other transactions

    @Test
    void runsABatchAgainThatWasTheVictimOfADeadlock() throws SQLException {
        List<PlaceId> places = new ArrayList<>(List.of(fixture.place(2), fixture.place(2)));
        places.sort((a, b) -> a.slot().compareTo(b.slot()));
        PlaceId lockedFirst = places.getFirst();
        PlaceId lockedSecond = places.getLast();
        try (Ledger ledger = fixture.ledger()) {
            List<CompletableFuture<CommandResult>> answers;
            // It looks for no deadlock itself, so that the ledger's transaction is the victim.
            try (var other = fixture.obstacle("SET deadlock_timeout = '1h'", lock(lockedSecond))) {
                answers =
                        fixture.submitTogether(
                                ledger, List.of(book(lockedFirst), book(lockedSecond)));
                fixture.awaitTransactionsThatWait(1);
                // Granted only because the ledger's transaction was rolled back.
                other.execute(lock(lockedFirst));
            }
            answers.forEach(LedgerFixture::done);
        }
        assertThat(fixture.count(lockedFirst).booked()).isEqualTo(1);
        assertThat(fixture.count(lockedSecond).booked()).isEqualTo(1);
    }

    @Test
    void decidesAgainWhenAClaimVanishesBetweenTwoStatements() {
        PlaceId place = fixture.place(2);
        Command.Book held = book(person(), place, "held by the other node");
        Command.Book bystander = book(fixture.place(1));
        try (Ledger ledger = fixture.ledger();
                Database database = fixture.databaseOfAnotherNode();
                Ledger otherNode =
                        new Ledger(database, InstantSource.system(), LedgerFixture.PATIENT)) {
            done(ledger, held);
            done(ledger, bystander);
            Command.Book wanted = book(held.person(), place, "wanted on this node");
            List<CompletableFuture<CommandResult>> answers;
            try (var _ =
                    fixture.obstacle(
                            "UPDATE appointment SET dose = dose WHERE person = '%s'"
                                    .formatted(bystander.person().value()))) {
                answers = fixture.submitTogether(ledger, List.of(wanted, cancel(bystander)));
                // The batch has found the claim taken, and now waits for the bystander's.
                fixture.awaitTransactionsThatWait(1);
                done(otherNode, cancel(held));
            }
            assertThat(done(answers.getFirst()).appointment().reference())
                    .isEqualTo(wanted.reference());
            done(answers.getLast());
        }
    }

    @Test
    void refusesABatchForWhichALockIsNotHadInTimeAndFailsNobody() {
        PlaceId blocked = fixture.place(5);
        try (Database impatient = fixture.databaseOfAnotherNode();
                Ledger ledger =
                        new Ledger(impatient, InstantSource.system(), LedgerFixture.PATIENT)) {
            impatient.read(
                    one ->
                            impatient.read(
                                    two ->
                                            one.execute("SET lock_timeout = '100ms'")
                                                    + two.execute("SET lock_timeout = '100ms'")));
            try (var _ = fixture.obstacleAt(blocked)) {
                assertThat(
                                fixture.submitTogether(
                                        ledger,
                                        List.of(book(blocked), book(blocked), book(blocked))))
                        .allSatisfy(
                                answer ->
                                        assertThat(refusal(answer)).isEqualTo(Refusal.OVERLOADED));
            }
            assertThat(fixture.count(blocked).booked()).isZero();
            done(ledger, book(blocked));
        }
    }

    // The connection breaks

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"CUT_BEFORE_COMMIT", "CUT_BEFORE_ANSWER"})
    void tellsTheTruthAfterTheConnectionWasCutDuringACommit(Fault fault) {
        PlaceId place = fixture.place(3);
        Command.Book kept = book(place);
        List<Command.Book> books = List.of(book(place), book(place), book(place));
        try (FaultProxy proxy = new FaultProxy(fixture.connection());
                Database database = Database.open(proxy.connection(), 2, InstantSource.system());
                Ledger ledger =
                        new Ledger(database, InstantSource.system(), LedgerFixture.PATIENT)) {
            done(ledger, kept);
            List<CompletableFuture<CommandResult>> answers;
            CompletableFuture<CommandResult> cancelled;
            try (var _ = fixture.obstacleAt(place)) {
                CompletableFuture<CommandResult> stalled = ledger.submit(again(kept));
                cancelled = ledger.submit(cancel(kept));
                done(stalled);
                fixture.awaitTransactionsThatWait(1);
                answers = books.stream().map(ledger::submit).toList();
                proxy.atNextCommit(fault);
            }
            assertThat(done(cancelled).appointment().state()).isEqualTo(AppointmentState.CANCELLED);
            for (int i = 0; i < books.size(); i++) {
                assertThat(done(answers.get(i)).appointment().reference())
                        .isEqualTo(books.get(i).reference());
            }
            assertThat(proxy.faultsDone()).isEqualTo(1);
            assertThat(refusal(ledger, book(place))).isEqualTo(Refusal.PLACE_GONE);
        }
        isThereExactlyOnce(place, books);
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"CUT_BEFORE_COMMIT", "CUT_BEFORE_ANSWER"})
    void booksExactlyOnceWhenTheCommitOfABookingIsCut(Fault fault) {
        PlaceId place = fixture.place(1);
        Command.Book book = book(place);
        try (FaultProxy proxy = new FaultProxy(fixture.connection());
                Database database = Database.open(proxy.connection(), 2, InstantSource.system());
                Ledger ledger =
                        new Ledger(database, InstantSource.system(), LedgerFixture.PATIENT)) {
            proxy.atNextCommit(fault);
            assertThat(done(ledger, book).appointment().reference()).isEqualTo(book.reference());
            assertThat(proxy.faultsDone()).isEqualTo(1);
            assertThat(refusal(ledger, book(place))).isEqualTo(Refusal.PLACE_GONE);
            assertThat(done(ledger, again(book)).appointment().reference())
                    .isEqualTo(book.reference());
        }
        isThereExactlyOnce(place, List.of(book));
    }

    @Test
    void waitsForATransactionThatStillLivesAfterItsConnectionWasCut() {
        PlaceId place = fixture.place(1);
        Command.Book book = book(place);
        try (FaultProxy proxy = new FaultProxy(fixture.connection());
                Database database = Database.open(proxy.connection(), 2, InstantSource.system());
                Ledger ledger =
                        new Ledger(database, InstantSource.system(), LedgerFixture.PATIENT)) {
            proxy.atNextCommit(Fault.CUT_AND_COMMIT_LATER);
            CompletableFuture<CommandResult> answer = ledger.submit(book);
            fixture.awaitTransactionsThatWait(1);
            assertThat(answer).isNotDone();
            proxy.releaseCommit();
            CommandResult.Done done = done(answer);
            assertThat(done.appointment().reference()).isEqualTo(book.reference());
            assertThat(done.isReplay()).isTrue();
            assertThat(refusal(ledger, book(place))).isEqualTo(Refusal.PLACE_GONE);
        }
        isThereExactlyOnce(place, List.of(book));
    }

    private static void isThereExactlyOnce(PlaceId place, List<Command.Book> books) {
        assertThat(fixture.count(place).booked()).isEqualTo(books.size());
        for (Command.Book book : books) {
            assertThat(fixture.rowsOf(book.person()))
                    .containsExactly("live: booked, " + book.reference().value());
            assertThat(
                            fixture.number(
                                    "SELECT count(*) FROM outbox WHERE %d = ANY (appointments)"
                                            .formatted(book.reference().value())))
                    .as("told once")
                    .isEqualTo(1);
        }
    }

    @Test
    void refusesDefinitelyWhileTheDatabaseIsAway() {
        PlaceId place = fixture.place(1);
        Command.Book book = book(place);
        FaultProxy proxy = new FaultProxy(fixture.connection());
        try (Database database = Database.open(proxy.connection(), 2, InstantSource.system());
                Ledger ledger =
                        new Ledger(database, InstantSource.system(), LedgerFixture.PATIENT)) {
            proxy.close();
            assertThat(refusal(ledger, book)).isEqualTo(Refusal.OVERLOADED);
        }
        assertThat(fixture.rowsOf(book.person())).isEmpty();
        try (Ledger ledger = fixture.ledger()) {
            assertThat(done(ledger, again(book)).isReplay()).isFalse();
        }
    }
}
