package giliran.ledger;

import static giliran.ledger.LedgerFixture.again;
import static giliran.ledger.LedgerFixture.book;
import static giliran.ledger.LedgerFixture.confirm;
import static giliran.ledger.LedgerFixture.done;
import static giliran.ledger.LedgerFixture.move;
import static giliran.ledger.LedgerFixture.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** How long a key of a move or a confirmation is known, on a clock of the test's own. */
final class ForgetKeysTest {
    private static final Instant MOVED_AT = Instant.parse("2026-05-02T04:00:00Z");
    private static final Duration KEPT = Duration.ofDays(7);

    private final AtomicReference<Instant> now = new AtomicReference<>(MOVED_AT);

    @Test
    void forgetsTheKeyOfAMoveAfterSevenDaysAndNotBefore() {
        try (LedgerFixture fixture = new LedgerFixture();
                Ledger ledger = new Ledger(fixture.database(), now::get, LedgerFixture.PATIENT)) {
            ForgetKeys forgetKeys = new ForgetKeys(fixture.database(), now::get);
            PlaceId from = fixture.place(1);
            PlaceId to = fixture.place(1);
            Command.Book booked = book(from);
            done(ledger, booked);
            done(ledger, move(booked, to, "move"));

            now.set(MOVED_AT.plus(KEPT));
            forgetKeys.run();
            assertThat(done(ledger, move(booked, to, "move")).isReplay()).isTrue();
            assertThat(refusal(ledger, move(booked, from, "move"))).isEqualTo(Refusal.KEY_REUSED);

            now.set(MOVED_AT.plus(KEPT).plusMillis(1));
            forgetKeys.run();
            CommandResult.Done anew = done(ledger, move(booked, from, "move"));
            assertThat(anew.isReplay()).isFalse();
            assertThat(anew.appointment().place()).isEqualTo(from);
            // The key that booked it stays with the appointment.
            assertThat(done(ledger, again(booked)).isReplay()).isTrue();
            assertThat(fixture.faults()).isEmpty();
        }
    }

    @Test
    void forgetsTheKeyOfAConfirmationLikewiseAndNeverThatOfItsHold() {
        try (LedgerFixture fixture = new LedgerFixture();
                Ledger ledger = new Ledger(fixture.database(), now::get, LedgerFixture.PATIENT)) {
            ForgetKeys forgetKeys = new ForgetKeys(fixture.database(), now::get);
            Command.Book hold = book(fixture.place(1)).heldUntil(MOVED_AT);
            done(ledger, hold);
            done(ledger, confirm(hold, "confirm"));

            now.set(MOVED_AT.plus(KEPT));
            forgetKeys.run();
            assertThat(done(ledger, confirm(hold, "confirm")).isReplay()).isTrue();

            now.set(MOVED_AT.plus(KEPT).plusMillis(1));
            forgetKeys.run();
            assertThat(done(ledger, confirm(hold, "confirm")).isReplay()).isFalse();
            assertThat(done(ledger, again(hold)).isReplay()).isTrue();
        }
    }
}
