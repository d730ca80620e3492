package giliran.booking;

import static giliran.booking.BookingDesk.CAMPAIGN;
import static giliran.booking.BookingDesk.OPENS;
import static giliran.booking.BookingDesk.granted;
import static giliran.booking.BookingDesk.newKey;
import static giliran.booking.BookingDesk.notIssued;
import static giliran.booking.BookingDesk.refused;
import static giliran.booking.BookingDesk.someone;
import static org.assertj.core.api.Assertions.assertThat;

import giliran.booking.BookAppointment.Applicant;
import giliran.booking.BookingResult.FieldProblem;
import giliran.booking.BookingResult.Granted;
import giliran.booking.BookingResult.Refused;
import giliran.campaigns.Campaign;
import giliran.campaigns.CampaignId;
import giliran.campaigns.CampaignStore;
import giliran.campaigns.Catalogue;
import giliran.campaigns.Eligibility.Obstacle;
import giliran.ledger.LedgerFixture;
import giliran.ledger.PlaceId;
import giliran.ledger.Refusal;
import giliran.people.Keys;
import giliran.people.RawDetails;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is let in, for how long, and what a pass is good for. */
final class IssuePassTest {
    private static final Duration DAY = Duration.ofDays(1);

    @TempDir private static Path temporary;
    private static BookingDesk desk;

    @BeforeAll
    static void open() {
        desk = new BookingDesk(temporary);
        desk.place(0);
    }

    @AfterAll
    static void close() {
        assertThat(desk.fixture.faults()).isEmpty();
        desk.close();
    }

    @BeforeEach
    void openTheCampaign() {
        desk.at(OPENS);
    }

    private static Refusal refusalOf(String pass) {
        return refused(desk.book(desk.place(1), pass, newKey())).refusal();
    }

    // Let in

    @Test
    void givesAPassBeforeTheOpeningThatIsGoodFromThereForADay() {
        desk.at(OPENS.minus(Duration.ofDays(3)));
        IssuePass.Result.Issued pass = desk.pass(someone());
        assertThat(pass.validFrom()).isEqualTo(OPENS);
        assertThat(pass.validUntil()).isEqualTo(OPENS.plus(DAY));
        assertThat(pass).asString().doesNotContain(pass.pass());

        desk.at(OPENS.minusMillis(1));
        assertThat(refusalOf(pass.pass())).isEqualTo(Refusal.NOT_OPEN);
        desk.at(OPENS);
        PlaceId place = desk.place(1);
        Granted granted = granted(desk.book(place, pass.pass(), newKey()));
        assertThat(granted.appointment().appointment().place()).isEqualTo(place);
        assertThat(granted.appointment().appointment().pass()).contains(pass.id());
    }

    @Test
    void givesAPassOnceOpenThatIsGoodFromNowForADay() {
        Instant now = OPENS.plus(Duration.ofDays(2));
        desk.at(now);
        IssuePass.Result.Issued pass = desk.pass(someone());
        assertThat(pass.validFrom()).isEqualTo(now);
        assertThat(pass.validUntil()).isEqualTo(now.plus(DAY));
        granted(desk.book(desk.place(1), pass.pass(), newKey()));
    }

    @Test
    void touchesNoDatabaseWhenItMakesAPass(@TempDir Path folder) {
        LedgerFixture gone = new LedgerFixture();
        gone.place(CAMPAIGN, 1, LedgerFixture.SLOT_START, 1);
        Catalogue catalogue = gone.database().read(CampaignStore::getCatalogue);
        EndedPasses ended = new EndedPasses(gone.database());
        IssuePass issuePass =
                new IssuePass(
                        () -> catalogue,
                        Keys.openOrCreate(folder.resolve("keys")),
                        ended,
                        () -> OPENS);
        gone.close();
        assertThat(issuePass.issue(CAMPAIGN, 1, someone(), () -> true))
                .isInstanceOf(IssuePass.Result.Issued.class);
    }

    // Not let in

    @Test
    void refusesAPassOnceTheCampaignHasClosed() {
        desk.at(CAMPAIGN.closesAt());
        assertThat(notIssued(desk.ask(CAMPAIGN, 1, someone())).refusal()).isEqualTo(Refusal.CLOSED);
    }

    @Test
    void refusesAPassToWhoIsEligibleOnNoDay() {
        RawDetails elsewhere = BookingDesk.details("B12345", "1990-01-31", "johor");
        assertThat(notIssued(desk.ask(CAMPAIGN, 1, elsewhere)).refusal())
                .isEqualTo(Refusal.NOT_ELIGIBLE);
        Refused tooYoung = notIssued(desk.ask(CAMPAIGN, 1, BookingDesk.bornOn("2020-02-02")));
        assertThat(tooYoung.refusal()).isEqualTo(Refusal.NOT_ELIGIBLE);
        assertThat(tooYoung.obstacle())
                .contains(new Obstacle.TooYoung(18, LocalDate.parse("2038-02-02")));
    }

    @Test
    void givesAPassToWhoIsOldEnoughOnASlotThatLiesAfterTheClosing() {
        desk.at(OPENS);
        Campaign early =
                BookingDesk.campaign("early-closing", OPENS.minus(Duration.ofDays(366 - 3)));
        desk.fixture.place(early, 1, LedgerFixture.SLOT_START, 1);
        assertThat(early.closesAt()).isBefore(LedgerFixture.SLOT_START);
        assertThat(desk.ask(early, 1, BookingDesk.bornOn("2018-01-10")))
                .isInstanceOf(IssuePass.Result.Issued.class);
        assertThat(notIssued(desk.ask(early, 1, BookingDesk.bornOn("2018-01-11"))).refusal())
                .isEqualTo(Refusal.NOT_ELIGIBLE);
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 2, 9, 257, Integer.MAX_VALUE})
    void refusesADoseThatNobodyOffers(int dose) {
        Refused refused = notIssued(desk.ask(CAMPAIGN, dose, someone()));
        assertThat(refused.refusal()).isEqualTo(Refusal.INVALID_DETAILS);
        assertThat(refused.problems()).containsExactly(new FieldProblem("dose", "other-dose"));
    }

    @Test
    void tellsAllThatIsWrongAtOnce() {
        Refused refused =
                notIssued(desk.ask(CAMPAIGN, 7, BookingDesk.details("", "1990-02-30", "selangor")));
        assertThat(refused.problems())
                .extracting(FieldProblem::field)
                .containsExactlyInAnyOrder("dose", "person.idNumber", "person.dateOfBirth");
    }

    // Booking with it

    @Test
    void refusesAPassOfAnotherCampaign() {
        Campaign other = BookingDesk.campaign("other-desk-round", OPENS);
        desk.fixture.place(other, 1, LedgerFixture.SLOT_START, 1);
        IssuePass.Result.Issued theirs = (IssuePass.Result.Issued) desk.ask(other, 1, someone());
        assertThat(refusalOf(theirs.pass())).isEqualTo(Refusal.PASS_INVALID);
    }

    @Test
    void refusesAPassOfWhichAnyCharacterWasChanged() {
        PlaceId place = desk.place(1);
        String pass = desk.pass(someone()).pass();
        for (int i = 0; i < pass.length(); i++) {
            char other = pass.charAt(i) == 'A' ? 'B' : 'A';
            String tampered = pass.substring(0, i) + other + pass.substring(i + 1);
            assertThat(refused(desk.book(place, tampered, newKey())).refusal())
                    .as("character %d", i)
                    .isEqualTo(Refusal.PASS_INVALID);
        }
        granted(desk.book(place, pass, newKey()));
    }

    @Test
    void refusesAPassThatIsCutLengthenedOrPutTogether() {
        PlaceId place = desk.place(1);
        String pass = desk.pass(someone()).pass();
        String other = desk.pass(someone()).pass();
        List<String> broken = new ArrayList<>(List.of(pass + "A", pass + "="));
        for (int i = 0; i < pass.length(); i++) {
            broken.add(pass.substring(0, i));
            // Somewhere between is the header of the one with the details of the other.
            if (!pass.startsWith(other.substring(0, i)) && !pass.endsWith(other.substring(i))) {
                broken.add(other.substring(0, i) + pass.substring(i));
            }
        }
        assertThat(broken)
                .hasSizeGreaterThan(pass.length())
                .allSatisfy(
                        text ->
                                assertThat(refused(desk.book(place, text, newKey())).refusal())
                                        .isEqualTo(Refusal.PASS_INVALID));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "====", "null", "AAAA", "\u0000", "\uD800", "💉", "giliran_1"})
    void refusesGarbageForAPass(String garbage) {
        assertThat(refusalOf(garbage)).isEqualTo(Refusal.PASS_INVALID);
    }

    @Test
    void refusesAHugePass() {
        assertThat(refusalOf("A".repeat(10_000_000))).isEqualTo(Refusal.PASS_INVALID);
        assertThat(refusalOf(desk.pass(someone()).pass().repeat(20)))
                .isEqualTo(Refusal.PASS_INVALID);
    }

    @Test
    void refusesAPassForASlotOfAnotherDose() {
        PlaceId third = desk.fixture.place(CAMPAIGN, 3, LedgerFixture.SLOT_START, 1);
        Refused refused = refused(desk.book(third, desk.pass(someone()).pass(), newKey()));
        assertThat(refused.problems()).containsExactly(new FieldProblem("dose", "other-dose"));
    }

    @Test
    void checksEligibilityAgainOnTheDayOfTheSlot() {
        RawDetails turnsEighteen = BookingDesk.bornOn("2018-01-11");
        String pass = desk.pass(turnsEighteen).pass();
        Refused dayBefore = refused(desk.book(desk.place(1), pass, newKey()));
        assertThat(dayBefore.refusal()).isEqualTo(Refusal.NOT_ELIGIBLE);
        assertThat(dayBefore.obstacle())
                .contains(new Obstacle.TooYoung(18, LocalDate.parse("2036-01-11")));
        granted(desk.book(desk.place(LedgerFixture.SLOT_START.plus(DAY), 1), pass, newKey()));
    }

    @Test
    void takesAFreshPassOfTheSamePersonForTheSameRequest() {
        RawDetails person = someone();
        PlaceId place = desk.place(1);
        Granted first = granted(desk.book(place, desk.pass(person).pass(), "one-wish"));
        assertThat(granted(desk.book(place, desk.pass(person).pass(), "one-wish")))
                .isEqualTo(new Granted(first.appointment(), true));
        assertThat(granted(desk.book(place, new Applicant.Typed(1, person), "one-wish")))
                .isEqualTo(new Granted(first.appointment(), true));
        assertThat(refused(desk.book(desk.place(1), desk.pass(person).pass(), "one-wish")))
                .extracting(Refused::refusal)
                .isEqualTo(Refusal.KEY_REUSED);
    }

    @Test
    void showsTheAppointmentInTheWayOnlyToThePassThatMadeIt() {
        RawDetails person = someone();
        String mine = desk.pass(person).pass();
        Granted booked = granted(desk.book(desk.place(1), mine, newKey()));
        PlaceId other = desk.place(1);
        Refused told = refused(desk.book(other, mine, newKey()));
        assertThat(told.refusal()).isEqualTo(Refusal.ALREADY_BOOKED);
        assertThat(told.standing()).contains(booked.appointment());
        for (Applicant applicant :
                new Applicant[] {
                    new Applicant.WithPass(desk.pass(person).pass()), new Applicant.Typed(1, person)
                }) {
            Refused untold = refused(desk.book(other, applicant, newKey()));
            assertThat(untold.refusal()).isEqualTo(Refusal.ALREADY_BOOKED);
            assertThat(untold.standing()).isEmpty();
        }
    }

    // Ended

    @Test
    void endsAPassAfterItsDayToTheInstant() {
        IssuePass.Result.Issued pass = desk.pass(someone());
        PlaceId place = desk.place(1);
        desk.at(pass.validUntil());
        assertThat(refusalOf(pass.pass())).isEqualTo(Refusal.PASS_ENDED);
        desk.at(pass.validUntil().minusMillis(1));
        Granted booked = granted(desk.book(place, pass.pass(), "in-time"));
        desk.at(pass.validUntil().plus(DAY));
        assertThat(granted(desk.book(place, pass.pass(), "in-time")))
                .isEqualTo(new Granted(booked.appointment(), true));
    }

    @Test
    void endsOnePassAndNoOther() {
        IssuePass.Result.Issued ended = desk.pass(someone());
        IssuePass.Result.Issued bystander = desk.pass(someone());
        PlaceId place = desk.place(1);
        Granted booked = granted(desk.book(place, ended.pass(), "before-the-end"));
        desk.endPasses.end(ended.id());
        desk.endPasses.end(ended.id());
        desk.endedPasses.run();
        assertThat(refusalOf(ended.pass())).isEqualTo(Refusal.PASS_ENDED);
        assertThat(granted(desk.book(place, ended.pass(), "before-the-end")))
                .isEqualTo(new Granted(booked.appointment(), true));
        granted(desk.book(desk.place(1), bystander.pass(), newKey()));
    }

    @Test
    void endsAllPassesMadeSoFarAndNoneMadeLater() {
        IssuePass.Result.Issued booking = desk.pass(someone());
        IssuePass.Result.Issued unused = desk.pass(someone());
        PlaceId place = desk.place(1);
        Granted booked = granted(desk.book(place, booking.pass(), "before-all-ended"));
        assertThat(desk.endPasses.endAll(CAMPAIGN.id())).isTrue();
        desk.endedPasses.run();
        assertThat(refusalOf(unused.pass())).isEqualTo(Refusal.PASS_ENDED);
        assertThat(granted(desk.book(place, booking.pass(), "before-all-ended")))
                .isEqualTo(new Granted(booked.appointment(), true));
        granted(desk.book(desk.place(1), desk.pass(someone()).pass(), newKey()));
    }

    @Test
    void endsNoPassesOfACampaignThatIsNotThere() {
        assertThat(desk.endPasses.endAll(new CampaignId("nowhere"))).isFalse();
        desk.endPasses.end(new UUID(0, 0));
        desk.endedPasses.run();
        granted(desk.book(desk.place(1), desk.pass(someone()).pass(), newKey()));
    }
}
