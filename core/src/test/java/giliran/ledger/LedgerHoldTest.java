package giliran.ledger;

import static giliran.ledger.LedgerFixture.again;
import static giliran.ledger.LedgerFixture.book;
import static giliran.ledger.LedgerFixture.cancel;
import static giliran.ledger.LedgerFixture.confirm;
import static giliran.ledger.LedgerFixture.done;
import static giliran.ledger.LedgerFixture.lapse;
import static giliran.ledger.LedgerFixture.move;
import static giliran.ledger.LedgerFixture.refusal;
import static giliran.ledger.LedgerFixture.result;
import static giliran.ledger.LedgerFixture.unlessReplay;
import static giliran.ledger.LedgerFixture.withContent;
import static org.assertj.core.api.Assertions.assertThat;

import giliran.store.Database;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Holding a place, confirming it, releasing it and letting it lapse, on a clock of the test's. */
final class LedgerHoldTest {
    private static final Instant START = Instant.parse("2026-05-02T04:00:00Z");
    private static final Instant UNTIL = START.plus(Command.Book.HOLD_LASTS);
    private static final Instant LAST_OF_GRACE = UNTIL.plusSeconds(2);

    private static final AtomicReference<Instant> NOW = new AtomicReference<>(START);
    private static LedgerFixture fixture;
    private static Ledger ledger;
    private static LapseHolds lapseHolds;

    @BeforeAll
    static void open() {
        fixture = new LedgerFixture();
        ledger = new Ledger(fixture.database(), NOW::get, LedgerFixture.PATIENT);
        lapseHolds = new LapseHolds(fixture.database(), ledger, NOW::get);
    }

    @AfterAll
    static void auditAndClose() {
        ledger.close();
        assertThat(fixture.faults()).isEmpty();
        fixture.close();
    }

    private PlaceId place;

    @BeforeEach
    void startTheClockWithOnePlace() {
        NOW.set(START);
        place = fixture.place(1);
    }

    private static Instant microsecondAfter(Instant instant) {
        return instant.plus(1, ChronoUnit.MICROS);
    }

    private static Command.Book hold(PlaceId place) {
        return book(place).heldUntil(UNTIL);
    }

    /** Someone new holds the place. */
    private Command.Book held() {
        Command.Book hold = hold(place);
        done(ledger, hold);
        return hold;
    }

    private Command.Book lapsed() {
        Command.Book hold = held();
        NOW.set(microsecondAfter(LAST_OF_GRACE));
        lapseHolds.run();
        return hold;
    }

    private static Command.Confirm confirmIf(Command.Book held, int version, Refusal policy) {
        Command.Confirm confirm = confirm(held, "confirm");
        return new Command.Confirm(
                confirm.person(),
                confirm.dose(),
                confirm.reference(),
                confirm.key(),
                OptionalInt.of(version),
                Optional.of(policy));
    }

    private static Appointment present(Command.Book held) {
        return new LookUpByReference(fixture.database())
                .lookUp(held.reference())
                .getFirst()
                .appointment();
    }

    private static void isOnly(Command.Book held, String row) {
        assertThat(fixture.rowsOf(held.person()))
                .containsExactly(row + ", " + held.reference().value());
    }

    private void counts(int held, int booked) {
        assertThat(fixture.count(place)).isEqualTo(new PlaceCount(1, 0, held, booked));
    }

    private static List<String> told(Command.Book held) {
        return fixture.query(
                """
                SELECT event
                FROM outbox, unnest(events, appointments) AS told (event, reference)
                WHERE reference = %d
                ORDER BY happened_at, id
                """
                        .formatted(held.reference().value()));
    }

    // Holding

    @Test
    void holdsAPlaceUntilAnInstant() {
        Command.Book hold = hold(place);
        CommandResult.Done done = done(ledger, hold);
        assertThat(done.isReplay()).isFalse();
        assertThat(done.appointment())
                .returns(hold.reference(), Appointment::reference)
                .returns(place, Appointment::place)
                .returns(AppointmentState.HELD, Appointment::state)
                .returns(Optional.of(UNTIL), Appointment::heldUntil)
                .returns(1, Appointment::version);
        assertThat(present(hold)).isEqualTo(done.appointment());
        isOnly(hold, "live: held");
        counts(1, 0);
        assertThat(told(hold)).containsExactly("held");
    }

    @Test
    void holdsForTenMinutesUnlessSaidOtherwise() {
        assertThat(Command.Book.HOLD_LASTS).isEqualTo(Duration.ofMinutes(10));
    }

    @Test
    void keepsTheInstantToTheMicrosecond() {
        Command.Book hold = book(place).heldUntil(UNTIL.plusNanos(1_999));
        Appointment held = done(ledger, hold).appointment();
        assertThat(held.heldUntil()).contains(microsecondAfter(UNTIL));
        assertThat(present(hold)).isEqualTo(held);
    }

    @Test
    void refusesToHoldWhatIsBookedOrHeldAndLeavesNothing() {
        held();
        Command.Book late = hold(place);
        assertThat(refusal(ledger, late)).isEqualTo(Refusal.PLACE_GONE);
        assertThat(fixture.rowsOf(late.person())).isEmpty();
        PlaceId booked = fixture.place(1);
        done(ledger, book(booked));
        assertThat(refusal(ledger, hold(booked))).isEqualTo(Refusal.PLACE_GONE);
    }

    @Test
    void refusesToBookAPlaceThatIsHeldForSomeoneElse() {
        held();
        assertThat(refusal(ledger, book(place))).isEqualTo(Refusal.PLACE_GONE);
        counts(1, 0);
    }

    @Test
    void refusesASecondHoldAndABookingToWhoHolds() {
        Command.Book hold = held();
        PlaceId other = fixture.place(1);
        assertThat(refusal(ledger, book(hold.person(), other, "two").heldUntil(UNTIL)))
                .isEqualTo(Refusal.ALREADY_BOOKED);
        assertThat(refusal(ledger, book(hold.person(), other, "three")))
                .isEqualTo(Refusal.ALREADY_BOOKED);
        isOnly(hold, "live: held");
    }

    @Test
    void refusesAHoldToWhoIsBooked() {
        Command.Book booked = book(place);
        done(ledger, booked);
        assertThat(refusal(ledger, book(booked.person(), fixture.place(1), "2").heldUntil(UNTIL)))
                .isEqualTo(Refusal.ALREADY_BOOKED);
    }

    @Test
    void heedsPolicysRefusalOfAHold() {
        Command.Book refused = unlessReplay(hold(place), Refusal.NOT_OPEN);
        assertThat(refusal(ledger, refused)).isEqualTo(Refusal.NOT_OPEN);
        assertThat(fixture.rowsOf(refused.person())).isEmpty();
    }

    @Test
    void grantsAReplayOfAHoldAsItStandsWhateverHasHappenedSince() {
        Command.Book hold = held();
        Command.Book later = again(hold).heldUntil(UNTIL.plusSeconds(60));
        assertThat(done(ledger, later)).isEqualTo(new CommandResult.Done(present(hold), true));
        assertThat(present(hold).heldUntil()).as("is not prolonged").contains(UNTIL);

        done(ledger, confirm(hold, "confirm"));
        assertThat(done(ledger, later)).isEqualTo(new CommandResult.Done(present(hold), true));

        PlaceId other = fixture.place(1);
        Command.Book released = hold(other);
        done(ledger, released);
        done(ledger, cancel(released));
        assertThat(done(ledger, again(released)).appointment().state())
                .isEqualTo(AppointmentState.CANCELLED);
        assertThat(fixture.count(other)).isEqualTo(new PlaceCount(1, 0, 0, 0));
    }

    @Test
    void tellsAReplayThatItsHoldHasLapsedAndHoldsNothingAgain() {
        Command.Book hold = lapsed();
        assertThat(done(ledger, again(hold)))
                .isEqualTo(new CommandResult.Done(present(hold), true));
        assertThat(present(hold).state()).isEqualTo(AppointmentState.LAPSED);
        counts(0, 0);
    }

    @Test
    void refusesTheKeyOfAHoldForAnythingElse() {
        Command.Book hold = held();
        assertThat(refusal(ledger, withContent(hold, "other"))).isEqualTo(Refusal.KEY_REUSED);
        assertThat(refusal(ledger, confirm(hold, "key"))).isEqualTo(Refusal.KEY_REUSED);
        isOnly(hold, "live: held");
    }

    // Confirming

    @Test
    void confirmsWhatIsHeldAndKeepsClaimPlaceAndReference() {
        Command.Book hold = held();
        CommandResult.Done done = done(ledger, confirm(hold, "confirm"));
        assertThat(done.isReplay()).isFalse();
        assertThat(done.appointment())
                .returns(hold.reference(), Appointment::reference)
                .returns(place, Appointment::place)
                .returns(AppointmentState.BOOKED, Appointment::state)
                .returns(Optional.empty(), Appointment::heldUntil)
                .returns(2, Appointment::version);
        assertThat(present(hold)).isEqualTo(done.appointment());
        isOnly(hold, "live: booked");
        counts(0, 1);
        assertThat(told(hold)).containsExactlyInAnyOrder("held", "booked");
    }

    @Test
    void confirmsAtTheVeryInstantUntilWhichItIsHeld() {
        Command.Book hold = held();
        NOW.set(UNTIL);
        done(ledger, confirm(hold, "confirm"));
        isOnly(hold, "live: booked");
    }

    @Test
    void refusesToConfirmAMicrosecondLater() {
        Command.Book hold = held();
        NOW.set(microsecondAfter(UNTIL));
        assertThat(result(ledger, confirm(hold, "confirm")))
                .isEqualTo(new CommandResult.Refused(Refusal.ENDED, Optional.of(present(hold))));
        isOnly(hold, "live: held");
        counts(1, 0);
    }

    @Test
    void refusesToConfirmWhatHasLapsed() {
        Command.Book hold = lapsed();
        assertThat(result(ledger, confirm(hold, "confirm")))
                .isEqualTo(new CommandResult.Refused(Refusal.ENDED, Optional.of(present(hold))));
        isOnly(hold, "ended: lapsed");
    }

    @Test
    void refusesToConfirmWhatWasReleased() {
        Command.Book hold = held();
        done(ledger, cancel(hold));
        assertThat(refusal(ledger, confirm(hold, "confirm"))).isEqualTo(Refusal.ENDED);
        counts(0, 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"arrived", "done"})
    void refusesToConfirmForAPersonWhoCame(String state) {
        Command.Book hold = held();
        done(ledger, confirm(hold, "confirm"));
        fixture.execute(
                "UPDATE appointment SET state = '%s' WHERE person = '%s'"
                        .formatted(state, hold.person().value()));
        assertThat(refusal(ledger, confirm(hold, "again"))).isEqualTo(Refusal.ENDED);
        counts(0, 1);
    }

    @Test
    void refusesToConfirmWhatIsNotThere() {
        assertThat(refusal(ledger, confirm(hold(place), "confirm"))).isEqualTo(Refusal.UNKNOWN);
    }

    @Test
    void grantsAReplayOfAConfirmationWhateverHasHappenedSince() {
        Command.Book hold = held();
        Appointment booked = done(ledger, confirm(hold, "confirm")).appointment();
        NOW.set(LAST_OF_GRACE.plusSeconds(60));
        assertThat(done(ledger, confirm(hold, "confirm")))
                .isEqualTo(new CommandResult.Done(booked, true));
        Appointment cancelled = done(ledger, cancel(hold)).appointment();
        assertThat(done(ledger, confirm(hold, "confirm")))
                .isEqualTo(new CommandResult.Done(cancelled, true));
        counts(0, 0);
    }

    @Test
    void grantsToConfirmWhatIsBookedAndChangesNothing() {
        Command.Book booked = book(place);
        Appointment before = done(ledger, booked).appointment();
        assertThat(done(ledger, confirm(booked, "confirm")))
                .isEqualTo(new CommandResult.Done(before, false));
        assertThat(present(booked)).isEqualTo(before);
        counts(0, 1);
        // The key is bound all the same: whoever was told yes is told yes again.
        done(ledger, cancel(booked));
        assertThat(done(ledger, confirm(booked, "confirm")).isReplay()).isTrue();
    }

    @Test
    void refusesTheKeyOfAConfirmationForAnythingElse() {
        Command.Book hold = held();
        done(ledger, confirm(hold, "confirm"));
        assertThat(refusal(ledger, move(hold, fixture.place(1), "confirm")))
                .isEqualTo(Refusal.KEY_REUSED);
        assertThat(refusal(ledger, book(hold.person(), fixture.place(1), "confirm")))
                .isEqualTo(Refusal.KEY_REUSED);
    }

    @Test
    void confirmsWithTheKeyThatWasRefusedBefore() {
        Command.Book hold = held();
        assertThat(refusal(ledger, confirmIf(hold, 1, Refusal.NOT_ELIGIBLE)))
                .isEqualTo(Refusal.NOT_ELIGIBLE);
        done(ledger, confirm(hold, "confirm"));
    }

    @Test
    void tellsTheFirstOfSeveralReasonsNotToConfirm() {
        Command.Book hold = held();
        NOW.set(microsecondAfter(UNTIL));
        assertThat(refusal(ledger, confirmIf(hold, 2, Refusal.CLOSED))).isEqualTo(Refusal.CLOSED);
        assertThat(refusal(ledger, confirmIf(hold, 2, Refusal.NOT_ELIGIBLE)))
                .isEqualTo(Refusal.CHANGED);
        assertThat(refusal(ledger, confirmIf(hold, 1, Refusal.NOT_ELIGIBLE)))
                .isEqualTo(Refusal.ENDED);
    }

    // Releasing and moving

    @Test
    void releasesWhatIsHeldForTheNextAtOnce() {
        Command.Book hold = held();
        Appointment released = done(ledger, cancel(hold)).appointment();
        assertThat(released)
                .returns(AppointmentState.CANCELLED, Appointment::state)
                .returns(2, Appointment::version);
        assertThat(present(hold)).isEqualTo(released);
        isOnly(hold, "ended: cancelled");
        counts(0, 0);
        done(ledger, book(hold.person(), place, "anew"));
        counts(0, 1);
    }

    @Test
    void releasesAlsoWhatCannotBeConfirmedAnyMore() {
        Command.Book hold = held();
        NOW.set(LAST_OF_GRACE);
        done(ledger, cancel(hold));
        isOnly(hold, "ended: cancelled");
        counts(0, 0);
    }

    @Test
    void movesWhatIsHeldAsHeldUntilTheSameInstant() {
        Command.Book hold = held();
        PlaceId to = fixture.place(1);
        Appointment there = done(ledger, move(hold, to, "move")).appointment();
        assertThat(there)
                .returns(AppointmentState.HELD, Appointment::state)
                .returns(Optional.of(UNTIL), Appointment::heldUntil);
        assertThat(present(hold)).isEqualTo(there);
        counts(0, 0);
        assertThat(fixture.count(to)).isEqualTo(new PlaceCount(1, 0, 1, 0));

        NOW.set(UNTIL);
        done(ledger, confirm(hold, "confirm"));
        assertThat(fixture.count(to)).isEqualTo(new PlaceCount(1, 0, 0, 1));
    }

    @Test
    void refusesToMoveWhatCannotBeConfirmedAnyMore() {
        Command.Book hold = held();
        NOW.set(microsecondAfter(UNTIL));
        PlaceId to = fixture.place(1);
        assertThat(refusal(ledger, move(hold, to, "move"))).isEqualTo(Refusal.ENDED);
        counts(1, 0);
        assertThat(fixture.count(to).held()).isZero();
    }

    // Lapsing

    @Test
    void lapsesOnlyAfterTwoSecondsOfGrace() {
        Command.Book hold = held();
        NOW.set(LAST_OF_GRACE);
        assertThat(refusal(ledger, lapse(hold))).isEqualTo(Refusal.CHANGED);
        lapseHolds.run();
        isOnly(hold, "live: held");
        counts(1, 0);

        NOW.set(microsecondAfter(LAST_OF_GRACE));
        lapseHolds.run();
        isOnly(hold, "ended: lapsed");
        counts(0, 0);
        assertThat(present(hold))
                .returns(2, Appointment::version)
                .returns(Optional.of(UNTIL), Appointment::heldUntil)
                .returns(NOW.get(), Appointment::changedAt);
        assertThat(told(hold)).containsExactlyInAnyOrder("held", "lapsed");
    }

    @Test
    void givesALapsedPlaceToOthersAndToTheSamePersonAgain() {
        Command.Book hold = lapsed();
        Command.Book next = book(place);
        done(ledger, next);
        counts(0, 1);
        done(ledger, book(hold.person(), fixture.place(1), "anew"));
        assertThat(fixture.rowsOf(hold.person())).hasSize(2);
    }

    @Test
    void givesAPlaceToTheNextInTheSameBatchInWhichItLapses() {
        Command.Book hold = held();
        NOW.set(microsecondAfter(LAST_OF_GRACE));
        Command.Book before = book(place);
        Command.Book after = book(place);
        var answers = fixture.submitTogether(ledger, List.of(before, lapse(hold), after));
        assertThat(refusal(answers.get(0))).isEqualTo(Refusal.PLACE_GONE);
        assertThat(done(answers.get(1)).appointment().state()).isEqualTo(AppointmentState.LAPSED);
        done(answers.get(2));
        counts(0, 1);
    }

    @Test
    void lapsesOnce() {
        Command.Book hold = lapsed();
        assertThat(done(ledger, lapse(hold)))
                .isEqualTo(new CommandResult.Done(present(hold), true));
        lapseHolds.run();
        counts(0, 0);
        assertThat(told(hold)).containsExactlyInAnyOrder("held", "lapsed");
    }

    @Test
    void neverLapsesWhatWasConfirmedOrReleasedMeanwhile() {
        Command.Book confirmed = held();
        NOW.set(UNTIL);
        done(ledger, confirm(confirmed, "confirm"));
        PlaceId other = fixture.place(1);
        Command.Book released = hold(other);
        done(ledger, released);
        done(ledger, cancel(released));
        NOW.set(LAST_OF_GRACE.plusSeconds(60));
        assertThat(refusal(ledger, lapse(confirmed))).isEqualTo(Refusal.CHANGED);
        assertThat(refusal(ledger, lapse(released))).isEqualTo(Refusal.CHANGED);
        lapseHolds.run();
        isOnly(confirmed, "live: booked");
        isOnly(released, "ended: cancelled");
    }

    @Test
    void lapsesNothingThatIsNotThere() {
        assertThat(refusal(ledger, lapse(hold(place)))).isEqualTo(Refusal.UNKNOWN);
    }

    @ParameterizedTest
    @EnumSource(
            value = AppointmentState.class,
            names = {"CANCELLED", "LAPSED"})
    void changesNothingThatHasEnded(AppointmentState state) {
        Command.Book hold = held();
        if (state == AppointmentState.CANCELLED) {
            done(ledger, cancel(hold));
        }
        NOW.set(microsecondAfter(LAST_OF_GRACE));
        lapseHolds.run();
        assertThat(present(hold).state()).isEqualTo(state);
        assertThat(refusal(ledger, move(hold, fixture.place(1), "move"))).isEqualTo(Refusal.ENDED);
        assertThat(refusal(ledger, confirm(hold, "confirm"))).isEqualTo(Refusal.ENDED);
        isOnly(hold, "ended: " + state);
    }

    @Test
    void lapsesThousandsAtOnceAndNoneThatIsNotDue() {
        PlaceId large = fixture.place(2_502);
        List<Command.Book> due = Stream.generate(() -> hold(large)).limit(2_500).toList();
        due.stream().map(ledger::submit).toList().forEach(LedgerFixture::done);
        Command.Book later = book(large).heldUntil(microsecondAfter(UNTIL));
        done(ledger, later);
        done(ledger, book(large));

        NOW.set(microsecondAfter(LAST_OF_GRACE));
        lapseHolds.run();
        assertThat(fixture.count(large)).isEqualTo(new PlaceCount(2_502, 0, 1, 1));
        isOnly(later, "live: held");
    }

    // The row is the timer

    @Test
    void lapsesAfterARestartWhatWasHeldBefore() {
        Command.Book hold;
        try (Ledger before = new Ledger(fixture.database(), NOW::get, LedgerFixture.PATIENT)) {
            hold = hold(place);
            done(before, hold);
        }
        NOW.set(microsecondAfter(LAST_OF_GRACE));
        try (Database database = fixture.databaseOfAnotherNode();
                Ledger after = new Ledger(database, NOW::get, LedgerFixture.PATIENT)) {
            new LapseHolds(database, after, NOW::get).run();
        }
        isOnly(hold, "ended: lapsed");
        counts(0, 0);
    }

    @Test
    void leavesDueWhatTheLedgerDoesNotTake() {
        Command.Book hold = held();
        NOW.set(microsecondAfter(LAST_OF_GRACE));
        Ledger closed = fixture.ledger();
        closed.close();
        new LapseHolds(fixture.database(), closed, NOW::get).run();
        isOnly(hold, "live: held");
        lapseHolds.run();
        isOnly(hold, "ended: lapsed");
    }
}
