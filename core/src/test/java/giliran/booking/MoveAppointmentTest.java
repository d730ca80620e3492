package giliran.booking;

import static giliran.booking.BookingDesk.CAMPAIGN;
import static giliran.booking.BookingDesk.OPENS;
import static giliran.booking.BookingDesk.granted;
import static giliran.booking.BookingDesk.newKey;
import static giliran.booking.BookingDesk.refused;
import static org.assertj.core.api.Assertions.assertThat;

import giliran.booking.BookingResult.FieldProblem;
import giliran.booking.BookingResult.Granted;
import giliran.booking.BookingResult.Refused;
import giliran.campaigns.Campaign;
import giliran.campaigns.Eligibility.Obstacle;
import giliran.ledger.AppointmentState;
import giliran.ledger.LedgerFixture;
import giliran.ledger.PlaceId;
import giliran.ledger.Refusal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What policy makes of moves. */
final class MoveAppointmentTest {
    private static final Instant SLOT_START = LedgerFixture.SLOT_START;
    private static final Instant DAY_AFTER = SLOT_START.plus(Duration.ofDays(1));

    @TempDir private static Path temporary;
    private static BookingDesk desk;

    @BeforeAll
    static void open() {
        desk = new BookingDesk(temporary);
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

    private static void refuses(Refusal refusal, Granted booked, PlaceId to) {
        Refused refused = refused(desk.move(booked, to, newKey()));
        assertThat(refused.refusal()).isEqualTo(refusal);
        assertThat(refused.obstacle().isEmpty()).isEqualTo(refusal != Refusal.NOT_ELIGIBLE);
        assertThat(desk.lookUp.byToken(booked.appointment().token()))
                .contains(booked.appointment());
    }

    private static void refusesTheSlot(Granted booked, PlaceId to, String reason) {
        Refused refused = refused(desk.move(booked, to, newKey()));
        assertThat(refused.refusal()).isEqualTo(Refusal.INVALID_DETAILS);
        assertThat(refused.problems()).containsExactly(new FieldProblem("slot", reason));
        assertThat(desk.lookUp.byToken(booked.appointment().token()))
                .contains(booked.appointment());
    }

    @Test
    void movesAndKeepsReferenceLinkAndClaim() {
        Granted booked = desk.booked(desk.place(1));
        PlaceId to = desk.place(DAY_AFTER, 1);
        Granted moved = granted(desk.move(booked, to, "move"));
        assertThat(moved.isReplay()).isFalse();
        assertThat(moved.appointment().token()).isEqualTo(booked.appointment().token());
        assertThat(moved.appointment().person()).isEqualTo(booked.appointment().person());
        assertThat(moved.appointment().appointment().place()).isEqualTo(to);
        assertThat(moved.appointment().appointment().reference())
                .isEqualTo(booked.appointment().appointment().reference());
        assertThat(desk.lookUp.byToken(booked.appointment().token())).contains(moved.appointment());
    }

    @Test
    void grantsAReplayAfterTheClosingAndAfterTheSlotHasBegun() {
        Granted booked = desk.booked(desk.place(1));
        PlaceId to = desk.place(1);
        Granted moved = granted(desk.move(booked, to, "move"));
        desk.at(SLOT_START);
        assertThat(granted(desk.move(booked, to, "move")))
                .isEqualTo(new Granted(moved.appointment(), true));
        desk.at(CAMPAIGN.closesAt());
        assertThat(granted(desk.move(booked, to, "move")))
                .isEqualTo(new Granted(moved.appointment(), true));
    }

    @Test
    void refusesAKeyThatMovedToAnotherSlot() {
        Granted booked = desk.booked(desk.place(1));
        granted(desk.move(booked, desk.place(1), "move"));
        assertThat(refused(desk.move(booked, desk.place(1), "move")).refusal())
                .isEqualTo(Refusal.KEY_REUSED);
    }

    @Test
    void refusesASlotOfAnotherCampaign() {
        Campaign other = BookingDesk.campaign("other-move-round", OPENS);
        PlaceId theirs = desk.fixture.place(other, 1, DAY_AFTER, 1);
        refusesTheSlot(desk.booked(desk.place(1)), theirs, "other-campaign");
    }

    @Test
    void refusesASlotOfAnotherDose() {
        PlaceId second = desk.fixture.place(CAMPAIGN, 2, DAY_AFTER, 1);
        refusesTheSlot(desk.booked(desk.place(1)), second, "other-dose");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "00000000-0000-0000-0000-000000000000"})
    void saysUnknownOfASlotThatIsNotThere(String slot) {
        Granted booked = desk.booked(desk.place(1));
        assertThat(
                        refused(
                                desk.move(
                                        booked.appointment().token(),
                                        slot,
                                        newKey(),
                                        OptionalInt.empty())))
                .isEqualTo(Refused.of(Refusal.UNKNOWN));
    }

    @Test
    void saysUnknownOfALinkThatIsNotOurs() {
        String slot = desk.place(1).slot().toString();
        assertThat(refused(desk.move("garbage", slot, newKey(), OptionalInt.empty())))
                .isEqualTo(Refused.of(Refusal.UNKNOWN));
    }

    @Test
    void countsTheAgeOnTheNewDay() {
        Granted booked = desk.booked(desk.place(DAY_AFTER, 1), BookingDesk.bornOn("2018-01-11"));
        PlaceId dayBefore = desk.place(SLOT_START, 1);
        refuses(Refusal.NOT_ELIGIBLE, booked, dayBefore);
        assertThat(refused(desk.move(booked, dayBefore, newKey())).obstacle())
                .contains(new Obstacle.TooYoung(18, LocalDate.parse("2036-01-11")));
        granted(desk.move(booked, desk.place(DAY_AFTER.plusSeconds(1), 1), newKey()));
    }

    @Test
    void movesUntilEitherSlotBegins() {
        Granted early = desk.booked(desk.place(2));
        Granted late = desk.booked(desk.place(DAY_AFTER, 2));
        PlaceId begun = desk.place(SLOT_START, 5);
        PlaceId ahead = desk.place(DAY_AFTER, 5);
        desk.at(SLOT_START.minusNanos(1));
        granted(desk.move(desk.booked(desk.place(1)), ahead, newKey()));
        desk.at(SLOT_START);
        refuses(Refusal.ENDED, early, ahead);
        refuses(Refusal.ENDED, late, begun);
    }

    @Test
    void opensAndClosesToTheInstant() {
        PlaceId afterClosing = desk.place(CAMPAIGN.closesAt().plus(Duration.ofDays(1)), 5);
        PlaceId further = desk.place(CAMPAIGN.closesAt().plus(Duration.ofDays(2)), 5);
        Granted booked = desk.booked(afterClosing);
        desk.at(OPENS.minusNanos(1));
        refuses(Refusal.NOT_OPEN, booked, further);
        desk.at(CAMPAIGN.closesAt());
        refuses(Refusal.CLOSED, booked, further);
        desk.at(CAMPAIGN.closesAt().minusNanos(1));
        granted(desk.move(booked, further, newKey()));
    }

    @Test
    void saysPlaceGoneAndKeepsTheOldPlace() {
        refuses(Refusal.PLACE_GONE, desk.booked(desk.place(1)), desk.place(0));
    }

    @Test
    void neverChangesUnseenWhatWasMovedMeanwhile() {
        Granted booked = desk.booked(desk.place(1));
        PlaceId to = desk.place(1);
        Granted moved = granted(desk.move(booked, to, newKey()));
        Refused refused = refused(desk.cancel(booked, OptionalInt.of(1)));
        assertThat(refused.refusal()).isEqualTo(Refusal.CHANGED);
        assertThat(refused.standing()).contains(moved.appointment());
        assertThat(
                        refused(
                                        desk.move(
                                                booked.appointment().token(),
                                                desk.place(1).slot().toString(),
                                                newKey(),
                                                OptionalInt.of(1)))
                                .refusal())
                .isEqualTo(Refusal.CHANGED);
        assertThat(granted(desk.cancel(booked, OptionalInt.of(2))).appointment().appointment())
                .returns(AppointmentState.CANCELLED, a -> a.state());
    }

    @Test
    void saysEndedOfWhatWasCancelled() {
        Granted booked = desk.booked(desk.place(1));
        Granted cancelled = granted(desk.cancel(booked, OptionalInt.empty()));
        refuses(Refusal.ENDED, cancelled, desk.place(1));
    }
}
