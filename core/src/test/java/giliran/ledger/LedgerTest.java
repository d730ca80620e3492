package giliran.ledger;

import static giliran.ledger.LedgerFixture.again;
import static giliran.ledger.LedgerFixture.book;
import static giliran.ledger.LedgerFixture.cancel;
import static giliran.ledger.LedgerFixture.done;
import static giliran.ledger.LedgerFixture.person;
import static giliran.ledger.LedgerFixture.reference;
import static giliran.ledger.LedgerFixture.refusal;
import static giliran.ledger.LedgerFixture.unlessReplay;
import static giliran.ledger.LedgerFixture.withContent;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import giliran.campaigns.SlotId;
import giliran.people.PersonHandle;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the ledger answers to one person's commands, one after the other. */
final class LedgerTest {
    private static LedgerFixture fixture;
    private static Ledger ledger;

    @BeforeAll
    static void open() {
        fixture = new LedgerFixture();
        ledger = fixture.ledger();
    }

    @AfterAll
    static void auditAndClose() {
        ledger.close();
        assertThat(fixture.faults()).isEmpty();
        fixture.close();
    }

    private static String live(Command.Book book) {
        return "live: booked, " + book.reference().value();
    }

    private static String cancelled(Command.Book book) {
        return "ended: cancelled, " + book.reference().value();
    }

    /** As staff or a job will: the row that is live becomes one that has ended so. */
    private static void end(Command.Book booked, String state) {
        fixture.execute(
                """
                WITH gone AS (DELETE FROM appointment WHERE person = '%s' RETURNING *)
                INSERT INTO ended_appointment
                SELECT person, dose, reference, centre, slot, '%s', version + 1, request_key, content, taken_at, changed_at, sealed
                FROM gone
                """
                        .formatted(booked.person().value(), state));
        fixture.execute(
                "UPDATE place SET booked = booked - 1 WHERE slot = '%s'"
                        .formatted(booked.place().slot()));
    }

    private static void setState(Command.Book booked, String state) {
        fixture.execute(
                "UPDATE appointment SET state = '%s' WHERE person = '%s'"
                        .formatted(state, booked.person().value()));
    }

    // Booking

    @Test
    void booksAPlace() {
        PlaceId place = fixture.place(3);
        Command.Book book = book(place);
        CommandResult.Done done = done(ledger, book);
        assertThat(done.isReplay()).isFalse();
        assertThat(done.appointment())
                .returns(book.person(), Appointment::person)
                .returns(1, Appointment::dose)
                .returns(book.reference(), Appointment::reference)
                .returns(place, Appointment::place)
                .returns(AppointmentState.BOOKED, Appointment::state)
                .returns(1, Appointment::version);
        assertThat(fixture.rowsOf(book.person())).containsExactly(live(book));
        assertThat(fixture.count(place)).isEqualTo(new PlaceCount(3, 0, 0, 1));
        assertThat(new LookUpByReference(fixture.database()).lookUp(book.reference()))
                .singleElement()
                .satisfies(
                        found -> {
                            assertThat(found.appointment()).isEqualTo(done.appointment());
                            assertThat(found.sealed()).isEqualTo(book.sealed());
                        });
    }

    @Test
    void refusesAPlaceThatIsGoneAndLeavesNothing() {
        PlaceId place = fixture.place(1);
        done(ledger, book(place));
        Command.Book late = book(place);
        assertThat(refusal(ledger, late)).isEqualTo(Refusal.PLACE_GONE);
        assertThat(fixture.rowsOf(late.person())).isEmpty();
        assertThat(fixture.count(place).booked()).isEqualTo(1);
    }

    @Test
    void booksTheAllowanceAboveTheCapacityAndNoMore() {
        PlaceId place = fixture.place(1);
        fixture.execute("UPDATE place SET allowance = 1 WHERE slot = '%s'".formatted(place.slot()));
        done(ledger, book(place));
        done(ledger, book(place));
        assertThat(refusal(ledger, book(place))).isEqualTo(Refusal.PLACE_GONE);
    }

    @Test
    void refusesASlotThatIsNotThereAndLeavesNothing() {
        PlaceId nowhere =
                new PlaceId(fixture.place(1).centre(), new SlotId(LedgerFixture.uuid("nowhere")));
        Command.Book book = book(nowhere);
        assertThat(refusal(ledger, book)).isEqualTo(Refusal.UNKNOWN);
        assertThat(fixture.rowsOf(book.person())).isEmpty();
    }

    @Test
    void refusesASecondAppointmentForTheSameDose() {
        PlaceId place = fixture.place(5);
        Command.Book first = book(person(), place, "first");
        done(ledger, first);
        Command.Book second = book(first.person(), fixture.place(5), "second");
        assertThat(refusal(ledger, second)).isEqualTo(Refusal.ALREADY_BOOKED);
        assertThat(refusal(ledger, book(first.person(), place, "third")))
                .isEqualTo(Refusal.ALREADY_BOOKED);
        assertThat(fixture.rowsOf(first.person())).containsExactly(live(first));
    }

    @Test
    void saysAlreadyBookedBeforePlaceGone() {
        PlaceId place = fixture.place(1);
        Command.Book only = book(place);
        done(ledger, only);
        assertThat(refusal(ledger, book(only.person(), place, "other")))
                .isEqualTo(Refusal.ALREADY_BOOKED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"booked", "arrived", "done"})
    void keepsTheClaimOfAnAppointmentThatIsLive(String state) {
        Command.Book first = book(fixture.place(1));
        done(ledger, first);
        setState(first, state);
        assertThat(refusal(ledger, book(first.person(), fixture.place(1), "other")))
                .isEqualTo(Refusal.ALREADY_BOOKED);
        setState(first, "booked");
    }

    @Test
    void booksTheFirstAndTheSecondDoseOfOnePerson() {
        PersonHandle person = person();
        done(ledger, book(person, 1, fixture.placeForDose(1, 1), "dose 1"));
        done(ledger, book(person, 2, fixture.placeForDose(2, 1), "dose 2"));
        assertThat(fixture.rowsOf(person)).hasSize(2);
    }

    @Test
    void givesOnePersonsKeyToAnotherPersonToo() {
        PlaceId place = fixture.place(2);
        done(ledger, book(person(), place, "the same key"));
        assertThat(done(ledger, book(person(), place, "the same key")).isReplay()).isFalse();
    }

    @Test
    void refusesToHoldMoreOfAPersonThanItSays() {
        Command.Book book = book(fixture.place(1));
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                new Command.Book(
                                        book.person(),
                                        1,
                                        book.place(),
                                        book.reference(),
                                        book.key(),
                                        book.pass(),
                                        new byte[4_097],
                                        Optional.empty()));
    }

    // The same request again

    @Test
    void givesAReplayTheSameReferenceWithoutASecondPlace() {
        PlaceId place = fixture.place(2);
        Command.Book book = book(place);
        Appointment first = done(ledger, book).appointment();
        CommandResult.Done replay = done(ledger, again(book));
        assertThat(replay).isEqualTo(new CommandResult.Done(first, true));
        assertThat(fixture.count(place).booked()).isEqualTo(1);
    }

    @Test
    void givesAReplayOfTheLastPlaceItsAppointmentAndNeverPlaceGone() {
        Command.Book book = book(fixture.place(1));
        done(ledger, book);
        assertThat(done(ledger, again(book)).appointment().reference()).isEqualTo(book.reference());
    }

    @Test
    void tellsAReplayThatItsAppointmentWasCancelled() {
        PlaceId place = fixture.place(1);
        Command.Book book = book(place);
        done(ledger, book);
        Appointment cancelled = done(ledger, cancel(book)).appointment();
        assertThat(done(ledger, again(book))).isEqualTo(new CommandResult.Done(cancelled, true));
        assertThat(cancelled.state()).isEqualTo(AppointmentState.CANCELLED);
        assertThat(fixture.rowsOf(book.person())).containsExactly(cancelled(book));
        assertThat(fixture.count(place).booked()).isZero();
    }

    @Test
    void givesAReplayItsOwnAppointmentAfterARebookingWithAnotherKey() {
        PlaceId place = fixture.place(1);
        Command.Book first = book(person(), place, "first");
        done(ledger, first);
        done(ledger, cancel(first));
        Command.Book second = book(first.person(), place, "second");
        done(ledger, second);
        Appointment replayed = done(ledger, again(first)).appointment();
        assertThat(replayed.reference()).isEqualTo(first.reference());
        assertThat(replayed.state()).isEqualTo(AppointmentState.CANCELLED);
        assertThat(done(ledger, again(second)).appointment())
                .returns(second.reference(), Appointment::reference)
                .returns(AppointmentState.BOOKED, Appointment::state);
    }

    @ParameterizedTest
    @ValueSource(strings = {"arrived", "done"})
    void givesAReplayThePresentStatusOfALiveAppointment(String state) {
        Command.Book book = book(fixture.place(1));
        done(ledger, book);
        setState(book, state);
        assertThat(done(ledger, again(book)).appointment().state())
                .isEqualTo(AppointmentState.of(state));
        setState(book, "booked");
    }

    // A key that was used for something else

    private static void refusesTheReuseOf(Command.Book booked, Command.Book other) {
        int booksBefore = fixture.count(other.place()).booked();
        assertThat(refusal(ledger, other)).isEqualTo(Refusal.KEY_REUSED);
        assertThat(fixture.rowsOf(booked.person())).containsExactly(live(booked));
        assertThat(fixture.count(other.place()).booked()).isEqualTo(booksBefore);
        assertThat(done(ledger, again(booked)).appointment().reference())
                .isEqualTo(booked.reference());
    }

    @Test
    void refusesAKeyReusedForAnotherSlot() {
        Command.Book booked = book(fixture.place(1));
        done(ledger, booked);
        refusesTheReuseOf(booked, book(booked.person(), fixture.place(1), "key"));
    }

    @Test
    void refusesAKeyReusedForAnotherDose() {
        Command.Book booked = book(fixture.place(1));
        done(ledger, booked);
        refusesTheReuseOf(booked, book(booked.person(), 2, fixture.placeForDose(2, 1), "key"));
    }

    @Test
    void refusesAKeyReusedForOtherDetails() {
        Command.Book booked = book(fixture.place(2));
        done(ledger, booked);
        refusesTheReuseOf(booked, withContent(booked, "another telephone"));
    }

    @Test
    void refusesAKeyReusedAfterItsAppointmentWasCancelled() {
        Command.Book booked = book(fixture.place(1));
        done(ledger, booked);
        done(ledger, cancel(booked));
        Command.Book other = book(booked.person(), fixture.place(1), "key");
        assertThat(refusal(ledger, other)).isEqualTo(Refusal.KEY_REUSED);
        assertThat(fixture.rowsOf(booked.person())).containsExactly(cancelled(booked));
        assertThat(fixture.count(other.place()).booked()).isZero();
    }

    @Test
    void saysKeyReusedBeforePolicysRefusal() {
        Command.Book booked = book(fixture.place(1));
        done(ledger, booked);
        assertThat(refusal(ledger, unlessReplay(withContent(booked, "other"), Refusal.CLOSED)))
                .isEqualTo(Refusal.KEY_REUSED);
    }

    // A refusal binds nothing

    @Test
    void booksWithTheKeyThatWasRefusedBefore() {
        PlaceId place = fixture.place(1);
        Command.Book holder = book(place);
        done(ledger, holder);
        Command.Book refused = book(place);
        assertThat(refusal(ledger, refused)).isEqualTo(Refusal.PLACE_GONE);
        done(ledger, cancel(holder));
        Command.Book repeated = again(refused);
        assertThat(done(ledger, repeated).isReplay()).isFalse();
        assertThat(fixture.rowsOf(refused.person())).containsExactly(live(repeated));
    }

    @Test
    void booksAnotherSlotWithTheKeyThatWasRefusedBefore() {
        Command.Book refused = book(fixture.place(0));
        assertThat(refusal(ledger, refused)).isEqualTo(Refusal.PLACE_GONE);
        done(ledger, book(refused.person(), fixture.place(1), "key"));
    }

    // Policy's refusal

    @Test
    void tellsPolicysRefusalOfWhatIsNoReplayAndLeavesNothing() {
        Command.Book book = unlessReplay(book(fixture.place(1)), Refusal.NOT_OPEN);
        assertThat(refusal(ledger, book)).isEqualTo(Refusal.NOT_OPEN);
        assertThat(fixture.rowsOf(book.person())).isEmpty();
        assertThat(fixture.count(book.place()).booked()).isZero();
    }

    @Test
    void neverHidesAReplayBehindPolicysRefusal() {
        Command.Book booked = book(fixture.place(1));
        Appointment appointment = done(ledger, booked).appointment();
        assertThat(done(ledger, unlessReplay(again(booked), Refusal.CLOSED)))
                .isEqualTo(new CommandResult.Done(appointment, true));
        Appointment cancelled = done(ledger, cancel(booked)).appointment();
        assertThat(done(ledger, unlessReplay(again(booked), Refusal.CLOSED)))
                .isEqualTo(new CommandResult.Done(cancelled, true));
    }

    @Test
    void saysPolicysRefusalBeforeAlreadyBooked() {
        Command.Book booked = book(fixture.place(1));
        done(ledger, booked);
        assertThat(
                        refusal(
                                ledger,
                                unlessReplay(
                                        book(booked.person(), fixture.place(1), "other"),
                                        Refusal.NOT_ELIGIBLE)))
                .isEqualTo(Refusal.NOT_ELIGIBLE);
    }

    // Cancelling

    @Test
    void grantsACancellationTwiceAndFreesThePlaceOnce() {
        PlaceId place = fixture.place(3);
        done(ledger, book(place));
        Command.Book book = book(place);
        done(ledger, book);
        CommandResult.Done first = done(ledger, cancel(book));
        assertThat(first.isReplay()).isFalse();
        assertThat(first.appointment())
                .returns(AppointmentState.CANCELLED, Appointment::state)
                .returns(2, Appointment::version);
        assertThat(done(ledger, cancel(book)))
                .isEqualTo(new CommandResult.Done(first.appointment(), true));
        assertThat(fixture.count(place).booked()).isEqualTo(1);
    }

    @Test
    void refusesToCancelAnAppointmentThatIsNotThere() {
        Command.Book never = book(fixture.place(1));
        assertThat(refusal(ledger, cancel(never))).isEqualTo(Refusal.UNKNOWN);
    }

    @Test
    void refusesToCancelByAnotherReferenceOfTheSamePerson() {
        Command.Book booked = book(fixture.place(1));
        done(ledger, booked);
        assertThat(
                        refusal(
                                ledger,
                                new Command.Cancel(
                                        booked.person(),
                                        1,
                                        reference(),
                                        OptionalInt.empty(),
                                        Optional.empty())))
                .isEqualTo(Refusal.UNKNOWN);
        assertThat(
                        refusal(
                                ledger,
                                new Command.Cancel(
                                        booked.person(),
                                        2,
                                        booked.reference(),
                                        OptionalInt.empty(),
                                        Optional.empty())))
                .isEqualTo(Refusal.UNKNOWN);
        assertThat(fixture.rowsOf(booked.person())).containsExactly(live(booked));
    }

    @ParameterizedTest
    @ValueSource(strings = {"arrived", "done"})
    void refusesToCancelForAPersonWhoCame(String state) {
        Command.Book booked = book(fixture.place(1));
        done(ledger, booked);
        setState(booked, state);
        assertThat(refusal(ledger, cancel(booked))).isEqualTo(Refusal.ENDED);
        assertThat(fixture.count(booked.place()).booked()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"lapsed", "missed"})
    void refusesToCancelWhatHasEndedOtherwise(String state) {
        Command.Book booked = book(fixture.place(1));
        done(ledger, booked);
        end(booked, state);
        assertThat(refusal(ledger, cancel(booked))).isEqualTo(Refusal.ENDED);
        assertThat(fixture.count(booked.place()).booked()).isZero();
    }

    @Test
    void heedsPolicysRefusalOfACancellationUnlessItWasGrantedBefore() {
        Command.Book booked = book(fixture.place(1));
        done(ledger, booked);
        Command.Cancel late =
                new Command.Cancel(
                        booked.person(),
                        1,
                        booked.reference(),
                        OptionalInt.empty(),
                        Optional.of(Refusal.ENDED));
        assertThat(refusal(ledger, late)).isEqualTo(Refusal.ENDED);
        assertThat(fixture.rowsOf(booked.person())).containsExactly(live(booked));
        done(ledger, cancel(booked));
        assertThat(done(ledger, late).isReplay()).isTrue();
    }

    @Test
    void booksAgainAfterACancellation() {
        PlaceId place = fixture.place(1);
        Command.Book first = book(person(), place, "first");
        done(ledger, first);
        done(ledger, cancel(first));
        Command.Book second = book(first.person(), place, "second");
        done(ledger, second);
        assertThat(fixture.rowsOf(first.person())).containsExactly(cancelled(first), live(second));
        assertThat(done(ledger, cancel(first)).isReplay()).isTrue();
        assertThat(fixture.rowsOf(first.person())).containsExactly(cancelled(first), live(second));
    }

    @Test
    void givesAFreedPlaceToTheNextAtOnce() {
        PlaceId place = fixture.place(1);
        Command.Book first = book(place);
        done(ledger, first);
        assertThat(refusal(ledger, book(place))).isEqualTo(Refusal.PLACE_GONE);
        done(ledger, cancel(first));
        done(ledger, book(place));
        assertThat(refusal(ledger, book(place))).isEqualTo(Refusal.PLACE_GONE);
    }

    // Two people who drew the same number

    @Test
    void tellsTwoPeopleApartWhoDrewTheSameReference() {
        PlaceId place = fixture.place(2);
        Command.Book one = book(place);
        Command.Book two =
                new Command.Book(
                        person(),
                        1,
                        place,
                        one.reference(),
                        one.key(),
                        one.pass(),
                        one.sealed(),
                        Optional.empty());
        done(ledger, one);
        done(ledger, two);
        assertThat(new LookUpByReference(fixture.database()).lookUp(one.reference()))
                .extracting(found -> found.appointment().person())
                .containsExactlyInAnyOrder(one.person(), two.person());
        done(ledger, cancel(two));
        assertThat(fixture.rowsOf(one.person())).containsExactly(live(one));
        assertThat(fixture.rowsOf(two.person())).containsExactly(cancelled(two));
        assertThat(done(ledger, again(one)).appointment().person()).isEqualTo(one.person());
    }

    // What others are told

    @Test
    void tellsTheOutboxWhatHappenedAndNothingElse() {
        PlaceId place = fixture.place(1);
        Command.Book book = book(place);
        done(ledger, book);
        done(ledger, again(book));
        refusal(ledger, book(place));
        done(ledger, cancel(book));
        done(ledger, cancel(book));
        assertThat(
                        fixture.query(
                                """
                                SELECT concat_ws(' ', event, person, dose, reference, slot)
                                FROM outbox, unnest(events, persons, doses, appointments, slots)
                                    AS told (event, person, dose, reference, slot)
                                WHERE slot = '%s'
                                ORDER BY happened_at, event
                                """
                                        .formatted(place.slot())))
                .isEqualTo(
                        List.of(
                                "booked "
                                        + String.join(
                                                " ",
                                                book.person().value().toString(),
                                                "1",
                                                Long.toString(book.reference().value()),
                                                place.slot().toString()),
                                "cancelled "
                                        + String.join(
                                                " ",
                                                book.person().value().toString(),
                                                "1",
                                                Long.toString(book.reference().value()),
                                                place.slot().toString())));
    }
}
