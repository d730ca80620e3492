package giliran.ledger;

import static giliran.ledger.LedgerFixture.again;
import static giliran.ledger.LedgerFixture.book;
import static giliran.ledger.LedgerFixture.done;
import static giliran.ledger.LedgerFixture.person;
import static giliran.ledger.LedgerFixture.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import giliran.store.Database;
import giliran.store.FaultProxy;
import giliran.store.FaultProxy.Fault;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Who has the last place, or may have it, and asks again with the same key because no answer came,
 * is never told that it is gone, nor that the campaign has closed meanwhile, at whatever moment;
 * while strangers are told so at once.
 */
final class FalseFullTest {
    private LedgerFixture fixture;
    private PlaceId place;
    private Command.Book last;

    @BeforeEach
    void open() {
        fixture = new LedgerFixture();
        place = fixture.place(1);
        last = book(place);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private static Optional<Refusal> atOnce(Ledger ledger, Command.Book book) {
        return ledger.refuseAtOnce(book.person(), book.place(), book.unlessReplay());
    }

    /** The fast no is on: a stranger is refused without the database. */
    private void awaitFastNo(Ledger ledger, Refusal refusal) {
        long giveUpAt = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        Optional<Refusal> told;
        do {
            assertThat(System.nanoTime()).as("no fast no").isLessThan(giveUpAt);
            LockSupport.parkNanos(1_000_000);
            ledger.counts().readAll();
            told =
                    ledger.refuseAtOnce(
                            person(),
                            place,
                            refusal == Refusal.PLACE_GONE
                                    ? Optional.empty()
                                    : Optional.of(refusal));
        } while (told.isEmpty());
        assertThat(told).contains(refusal);
    }

    private void isNotRefusedAtOnce(Ledger ledger) {
        assertThat(atOnce(ledger, again(last))).isEmpty();
        assertThat(atOnce(ledger, again(last).unlessReplay(Refusal.CLOSED))).isEmpty();
    }

    private void isGrantedAgain(Ledger ledger) {
        isNotRefusedAtOnce(ledger);
        for (Command.Book repeated :
                new Command.Book[] {again(last), again(last).unlessReplay(Refusal.CLOSED)}) {
            CommandResult.Done replay = done(ledger, repeated);
            assertThat(replay.isReplay()).isTrue();
            assertThat(replay.appointment().reference()).isEqualTo(last.reference());
        }
    }

    @Test
    void whileTheFirstRequestIsWritten() {
        try (Ledger ledger = fixture.ledger()) {
            CompletableFuture<CommandResult> first;
            awaitFastNo(ledger, Refusal.CLOSED);
            try (var _ = fixture.obstacleAt(place)) {
                first = ledger.submit(last);
                fixture.awaitTransactionsThatWait(1);
                isNotRefusedAtOnce(ledger);
                awaitFastNo(ledger, Refusal.CLOSED);
            }
            done(first);
            isGrantedAgain(ledger);
        }
    }

    @Test
    void whileTheFirstRequestIsQueued() {
        PlaceId stalled = fixture.place(1);
        try (Ledger ledger = fixture.ledger()) {
            CompletableFuture<CommandResult> first;
            awaitFastNo(ledger, Refusal.CLOSED);
            try (var _ = fixture.obstacleAt(stalled)) {
                CompletableFuture<CommandResult> busy = ledger.submit(book(stalled));
                fixture.awaitTransactionsThatWait(1);
                first = ledger.submit(last);
                assertThat(busy).isNotDone();
                assertThat(ledger.waiting()).isEqualTo(1);
                isNotRefusedAtOnce(ledger);
                awaitFastNo(ledger, Refusal.CLOSED);
            }
            done(first);
            isGrantedAgain(ledger);
        }
    }

    @Test
    void whileItsCommitIsInDoubt() {
        try (FaultProxy proxy = new FaultProxy(fixture.connection());
                Database database = Database.open(proxy.connection(), 3, InstantSource.system());
                Ledger ledger =
                        new Ledger(database, InstantSource.system(), LedgerFixture.PATIENT)) {
            awaitFastNo(ledger, Refusal.CLOSED);
            proxy.atNextCommit(Fault.CUT_AND_COMMIT_LATER);
            CompletableFuture<CommandResult> first = ledger.submit(last);
            fixture.awaitTransactionsThatWait(1);
            isNotRefusedAtOnce(ledger);
            awaitFastNo(ledger, Refusal.CLOSED);
            proxy.releaseCommit();
            fixture.awaitUntil(
                    "SELECT booked = 1 FROM place WHERE slot = '%s'".formatted(place.slot()));
            ledger.counts().readAll();
            isNotRefusedAtOnce(ledger);
            done(first);
            isGrantedAgain(ledger);
        }
    }

    @Test
    void rightAfterTheCommitAndOnceItIsPublishedThatThePlaceIsGone() {
        try (FaultProxy proxy = new FaultProxy(fixture.connection());
                Database database = Database.open(proxy.connection(), 3, InstantSource.system());
                Ledger ledger =
                        new Ledger(database, InstantSource.system(), LedgerFixture.PATIENT)) {
            awaitFastNo(ledger, Refusal.CLOSED);
            proxy.atNextCommit(Fault.CUT_BEFORE_ANSWER);
            CompletableFuture<CommandResult> first = ledger.submit(last);
            while (!first.isDone()) {
                ledger.counts().readAll();
                isNotRefusedAtOnce(ledger);
            }
            isGrantedAgain(ledger);
            awaitFastNo(ledger, Refusal.PLACE_GONE);
            isGrantedAgain(ledger);
        }
    }

    @Test
    void afterARestart() {
        try (Ledger ledger = fixture.ledger()) {
            done(ledger, last);
        }
        try (Ledger ledger = fixture.ledger()) {
            ledger.counts().readAll();
            isGrantedAgain(ledger);
            awaitFastNo(ledger, Refusal.PLACE_GONE);
            isGrantedAgain(ledger);
        }
    }

    @Test
    void atAnotherNodeAndAtThatOneWhenTheFirstHasGone() {
        try (Database others = fixture.databaseOfAnotherNode();
                Ledger another =
                        new Ledger(others, InstantSource.system(), LedgerFixture.PATIENT)) {
            awaitFastNo(another, Refusal.CLOSED);
            try (Ledger ledger = fixture.ledger()) {
                done(ledger, last);
                another.counts().readAll();
                isGrantedAgain(another);
            }
            awaitFastNo(another, Refusal.PLACE_GONE);
            isNotRefusedAtOnce(another);
            isGrantedAgain(another);
        }
    }

    @Test
    void whenTheLedgerClosesInDoubt() {
        Duration brief = Duration.ofMillis(100);
        try (FaultProxy proxy = new FaultProxy(fixture.connection());
                Database database = Database.open(proxy.connection(), 3, InstantSource.system())) {
            Ledger ledger =
                    new Ledger(
                            database,
                            InstantSource.system(),
                            new Ledger.Limits(10, 10, 1, brief, Duration.ofMinutes(1)));
            awaitFastNo(ledger, Refusal.CLOSED);
            proxy.atNextCommit(Fault.CUT_BEFORE_ANSWER);
            CompletableFuture<CommandResult> first = ledger.submit(last);
            fixture.awaitUntil(
                    "SELECT booked = 1 FROM place WHERE slot = '%s'".formatted(place.slot()));
            // Asking again fails now, and the ledger has to give up.
            fixture.execute("ALTER TABLE appointment RENAME TO elsewhere");
            ledger.close();
            fixture.execute("ALTER TABLE elsewhere RENAME TO appointment");
            assertThat(first).isDone();
            ledger.counts().readAll();
            isNotRefusedAtOnce(ledger);
            if (LedgerFixture.await(first) instanceof CommandResult.Refused) {
                assertThat(refusal(first)).isEqualTo(Refusal.OUTCOME_UNKNOWN);
            }
            assertThat(refusal(ledger, again(last))).isEqualTo(Refusal.OVERLOADED);
        }
        try (Ledger ledger = fixture.ledger()) {
            isGrantedAgain(ledger);
        }
    }
}
