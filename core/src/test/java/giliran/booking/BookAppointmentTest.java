package giliran.booking;

import static org.assertj.core.api.Assertions.assertThat;

import giliran.booking.BookingResult.FieldProblem;
import giliran.booking.BookingResult.Granted;
import giliran.booking.BookingResult.Refused;
import giliran.campaigns.Campaign;
import giliran.campaigns.CampaignId;
import giliran.campaigns.CampaignStore;
import giliran.campaigns.Catalogue;
import giliran.campaigns.Eligibility;
import giliran.campaigns.RegionId;
import giliran.ledger.AppointmentState;
import giliran.ledger.Ledger;
import giliran.ledger.LedgerFixture;
import giliran.ledger.LookUpByReference;
import giliran.ledger.PlaceId;
import giliran.ledger.Refusal;
import giliran.people.Keys;
import giliran.people.RawDetails;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What policy decides, in its order of precedence, on a clock of the test's own. */
final class BookAppointmentTest {
    private static final Campaign CAMPAIGN = LedgerFixture.CAMPAIGN;
    private static final Instant BEFORE_OPENING = CAMPAIGN.opensAt().minusSeconds(1);
    private static final Instant OPEN = Instant.parse("2036-01-01T00:00:00Z");
    private static final Instant SLOT_BEGUN = LedgerFixture.SLOT_START;
    private static final AtomicInteger PASSPORTS = new AtomicInteger(10_000);

    @TempDir private static Path temporary;
    private static final AtomicReference<Instant> NOW = new AtomicReference<>(OPEN);
    private static LedgerFixture fixture;
    private static Ledger ledger;
    private static BookAppointment bookAppointment;
    private static CancelAppointment cancelAppointment;
    private static LookUpAppointment lookUp;

    @BeforeAll
    static void open() {
        fixture = new LedgerFixture();
        ledger = fixture.ledger();
        Keys keys = Keys.openOrCreate(temporary.resolve("keys"));
        AppointmentLinks links = new AppointmentLinks(keys);
        bookAppointment =
                new BookAppointment(
                        BookAppointmentTest::catalogue,
                        keys,
                        links,
                        new EndedPasses(fixture.database()),
                        ledger,
                        NOW::get);
        lookUp = new LookUpAppointment(new LookUpByReference(fixture.database()), keys, links);
        cancelAppointment =
                new CancelAppointment(lookUp, BookAppointmentTest::catalogue, ledger, NOW::get);
    }

    @AfterAll
    static void close() {
        ledger.close();
        fixture.close();
    }

    @BeforeEach
    void openTheCampaign() {
        NOW.set(OPEN);
    }

    private static Catalogue catalogue() {
        return fixture.database().read(CampaignStore::getCatalogue);
    }

    /** What a person types, and asks for. */
    private record Form(
            String slot,
            int dose,
            String idNumber,
            String dateOfBirth,
            String region,
            String phone) {
        static Form bySomeoneNewFor(PlaceId place) {
            return new Form(
                    place.slot().toString(),
                    1,
                    "A" + PASSPORTS.incrementAndGet(),
                    "1990-01-31",
                    "selangor",
                    "012-345 6789");
        }

        Form withSlot(String other) {
            return new Form(other, dose, idNumber, dateOfBirth, region, phone);
        }

        Form withDose(int other) {
            return new Form(slot, other, idNumber, dateOfBirth, region, phone);
        }

        Form withIdNumber(String other) {
            return new Form(slot, dose, other, dateOfBirth, region, phone);
        }

        Form bornOn(String other) {
            return new Form(slot, dose, idNumber, other, region, phone);
        }

        Form livingIn(String other) {
            return new Form(slot, dose, idNumber, dateOfBirth, other, phone);
        }

        Form withPhone(String other) {
            return new Form(slot, dose, idNumber, dateOfBirth, region, other);
        }

        BookAppointment.Applicant applicant() {
            return new BookAppointment.Applicant.Typed(
                    dose,
                    new RawDetails(
                            "Aisyah binti Abdullah",
                            "passport",
                            idNumber,
                            dateOfBirth,
                            region,
                            null,
                            phone,
                            null,
                            "ms",
                            List.of("sms")));
        }
    }

    private static BookingResult book(Campaign campaign, Form form, String key) {
        return await(
                bookAppointment.book(
                        campaign,
                        form.slot(),
                        form.applicant(),
                        true,
                        new IdempotencyKey(key),
                        Runnable::run));
    }

    private static BookingResult book(Form form, String key) {
        return book(CAMPAIGN, form, key);
    }

    private static BookingResult await(CompletableFuture<BookingResult> answer) {
        return answer.orTimeout(60, TimeUnit.SECONDS).join();
    }

    private static Granted granted(BookingResult result) {
        return switch (result) {
            case Granted granted -> granted;
            case Refused refused -> throw new AssertionError("refused: " + refused);
        };
    }

    private static Refused refused(BookingResult result) {
        return switch (result) {
            case Granted granted -> throw new AssertionError("granted: " + granted);
            case Refused refused -> refused;
        };
    }

    private static void refuses(Refusal refusal, Form form) {
        Refused refused = refused(book(form, "new-key"));
        assertThat(refused.refusal()).isEqualTo(refusal);
        assertThat(refused.problems().isEmpty()).isEqualTo(refusal != Refusal.INVALID_DETAILS);
        assertThat(refused.obstacle().isEmpty()).isEqualTo(refusal != Refusal.NOT_ELIGIBLE);
    }

    // Granted

    @Test
    void booksForSomeoneWhoMay() {
        PlaceId place = fixture.place(1);
        Form form = Form.bySomeoneNewFor(place);
        Granted granted = granted(book(form, "key"));
        assertThat(granted.isReplay()).isFalse();
        assertThat(granted.appointment().appointment().place()).isEqualTo(place);
        assertThat(granted.appointment().appointment().state()).isEqualTo(AppointmentState.BOOKED);
        assertThat(granted.appointment()).asString().doesNotContain(granted.appointment().token());
        assertThat(lookUp.byToken(granted.appointment().token())).contains(granted.appointment());
        assertThat(
                        lookUp.byBirthday(
                                granted.appointment().appointment().reference(),
                                LocalDate.parse("1990-01-31")))
                .contains(granted.appointment());
        assertThat(
                        lookUp.byBirthday(
                                granted.appointment().appointment().reference(),
                                LocalDate.parse("1990-01-30")))
                .isEmpty();
    }

    @Test
    void knowsARequestAgainHoweverItIsTyped() {
        Form form = Form.bySomeoneNewFor(fixture.place(1));
        Granted first = granted(book(form, "key"));
        Granted replay =
                granted(
                        book(
                                form.withIdNumber(" " + form.idNumber().toLowerCase(Locale.ROOT))
                                        .withPhone("+60 12 345 6789"),
                                "key"));
        assertThat(replay).isEqualTo(new Granted(first.appointment(), true));
    }

    // A replay comes first

    @Test
    void grantsAReplayAfterTheCampaignHasClosed() {
        Form form = Form.bySomeoneNewFor(fixture.place(1));
        Granted first = granted(book(form, "key"));
        NOW.set(CAMPAIGN.closesAt());
        assertThat(granted(book(form, "key"))).isEqualTo(new Granted(first.appointment(), true));
    }

    @Test
    void grantsAReplayAfterItsSlotHasBegun() {
        Form form = Form.bySomeoneNewFor(fixture.place(1));
        Granted first = granted(book(form, "key"));
        NOW.set(SLOT_BEGUN.plusSeconds(1));
        assertThat(granted(book(form, "key"))).isEqualTo(new Granted(first.appointment(), true));
    }

    @Test
    void grantsAReplayToSomeoneWhoIsNoLongerEligible() {
        Form form = Form.bySomeoneNewFor(fixture.place(1));
        Granted first = granted(book(form, "key"));
        Campaign elsewhere =
                new Campaign(
                        CAMPAIGN.id(),
                        CAMPAIGN.name(),
                        CAMPAIGN.programme(),
                        CAMPAIGN.product(),
                        CAMPAIGN.opensAt(),
                        CAMPAIGN.closesAt(),
                        new Eligibility(60, Set.of(new RegionId("johor"))),
                        0,
                        CAMPAIGN.timeZone(),
                        false);
        assertThat(granted(book(elsewhere, form, "key")))
                .isEqualTo(new Granted(first.appointment(), true));
    }

    @Test
    void grantsAReplayThePresentStatusOfACancelledAppointment() {
        Form form = Form.bySomeoneNewFor(fixture.place(1));
        Granted first = granted(book(form, "key"));
        granted(await(cancelAppointment.cancel(first.appointment().token(), OptionalInt.empty())));
        Granted replay = granted(book(form, "key"));
        assertThat(replay.appointment().appointment().state())
                .isEqualTo(AppointmentState.CANCELLED);
        assertThat(replay.appointment().token()).isEqualTo(first.appointment().token());
    }

    // Refused, in order of precedence: each also has the reasons that come after it

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "00000000-0000-0000-0000-000000000000",
                "not-a-slot-but-36-characters-long-ok"
            })
    void saysUnknownBeforeInvalidDetails(String slot) {
        NOW.set(BEFORE_OPENING);
        refuses(
                Refusal.UNKNOWN,
                Form.bySomeoneNewFor(fixture.place(0)).withSlot(slot).withPhone("nobody's"));
    }

    @Test
    void saysUnknownOfASlotOfAnotherCampaign() {
        Campaign other =
                new Campaign(
                        new CampaignId("other-round"),
                        "Other round",
                        CAMPAIGN.programme(),
                        CAMPAIGN.product(),
                        CAMPAIGN.opensAt(),
                        CAMPAIGN.closesAt(),
                        CAMPAIGN.eligibility(),
                        0,
                        CAMPAIGN.timeZone(),
                        false);
        PlaceId theirs = fixture.place(other, 1, SLOT_BEGUN, 1);
        refuses(Refusal.UNKNOWN, Form.bySomeoneNewFor(theirs));
    }

    @Test
    void saysInvalidDetailsWithAllThatIsWrongBeforeNotOpen() {
        NOW.set(BEFORE_OPENING);
        Form form =
                Form.bySomeoneNewFor(fixture.place(0))
                        .withDose(2)
                        .withPhone("nobody's")
                        .bornOn("2036-02-30");
        refuses(Refusal.INVALID_DETAILS, form);
        assertThat(refused(book(form, "key")).problems())
                .extracting(FieldProblem::field)
                .containsExactlyInAnyOrder("dose", "person.phone", "person.dateOfBirth");
    }

    @Test
    void saysKeyReusedBeforeClosed() {
        Form form = Form.bySomeoneNewFor(fixture.place(1));
        granted(book(form, "key"));
        NOW.set(CAMPAIGN.closesAt());
        assertThat(refused(book(form.withPhone("012-345 6780"), "key")).refusal())
                .isEqualTo(Refusal.KEY_REUSED);
        assertThat(
                        refused(book(form.withSlot(fixture.place(1).slot().toString()), "key"))
                                .refusal())
                .isEqualTo(Refusal.KEY_REUSED);
    }

    @Test
    void saysNotOpenBeforeNotEligible() {
        NOW.set(BEFORE_OPENING);
        refuses(Refusal.NOT_OPEN, Form.bySomeoneNewFor(fixture.place(0)).livingIn("johor"));
    }

    @Test
    void opensAndClosesToTheInstant() {
        PlaceId afterClosing =
                fixture.place(CAMPAIGN, 1, CAMPAIGN.closesAt().plus(Duration.ofDays(1)), 5);
        NOW.set(CAMPAIGN.opensAt().minusNanos(1));
        refuses(Refusal.NOT_OPEN, Form.bySomeoneNewFor(afterClosing));
        NOW.set(CAMPAIGN.opensAt());
        granted(book(Form.bySomeoneNewFor(afterClosing), "key"));
        NOW.set(CAMPAIGN.closesAt().minusNanos(1));
        granted(book(Form.bySomeoneNewFor(afterClosing), "key"));
        NOW.set(CAMPAIGN.closesAt());
        refuses(Refusal.CLOSED, Form.bySomeoneNewFor(afterClosing));
    }

    @Test
    void saysClosedBeforeEnded() {
        NOW.set(CAMPAIGN.closesAt());
        refuses(Refusal.CLOSED, Form.bySomeoneNewFor(fixture.place(0)).livingIn("johor"));
    }

    @Test
    void saysEndedBeforeNotEligible() {
        NOW.set(SLOT_BEGUN);
        refuses(Refusal.ENDED, Form.bySomeoneNewFor(fixture.place(0)).livingIn("johor"));
    }

    @Test
    void booksUntilTheSlotBegins() {
        PlaceId place = fixture.place(2);
        NOW.set(SLOT_BEGUN.minusNanos(1));
        granted(book(Form.bySomeoneNewFor(place), "key"));
        NOW.set(SLOT_BEGUN);
        refuses(Refusal.ENDED, Form.bySomeoneNewFor(place));
    }

    @Test
    void saysNotEligibleBeforeAlreadyBooked() {
        Form form = Form.bySomeoneNewFor(fixture.place(1));
        granted(book(form, "key"));
        Form moved = form.withSlot(fixture.place(0).slot().toString()).livingIn("johor");
        refuses(Refusal.NOT_ELIGIBLE, moved);
        assertThat(refused(book(moved, "other")).obstacle())
                .contains(new Eligibility.Obstacle.OtherRegion(Set.of(new RegionId("selangor"))));
    }

    @Test
    void countsTheAgeOnTheDayOfTheSlotWhereTheCampaignIs() {
        // The slot is on 10 January 2036 in Malaysia.
        Form form = Form.bySomeoneNewFor(fixture.place(2));
        granted(book(form.bornOn("2018-01-10"), "key"));
        Form tooYoung = Form.bySomeoneNewFor(fixture.place(2)).bornOn("2018-01-11");
        refuses(Refusal.NOT_ELIGIBLE, tooYoung);
        assertThat(refused(book(tooYoung, "key")).obstacle())
                .contains(new Eligibility.Obstacle.TooYoung(18, LocalDate.parse("2036-01-11")));
    }

    @Test
    void saysAlreadyBookedBeforePlaceGone() {
        Form form = Form.bySomeoneNewFor(fixture.place(1));
        granted(book(form, "key"));
        refuses(Refusal.ALREADY_BOOKED, form.withSlot(fixture.place(0).slot().toString()));
    }

    @Test
    void saysAlreadyBookedForAnotherCampaignOfTheProgramme() {
        Campaign second =
                new Campaign(
                        new CampaignId("second-round"),
                        "Second round",
                        CAMPAIGN.programme(),
                        CAMPAIGN.product(),
                        CAMPAIGN.opensAt(),
                        CAMPAIGN.closesAt(),
                        CAMPAIGN.eligibility(),
                        0,
                        CAMPAIGN.timeZone(),
                        false);
        Form form = Form.bySomeoneNewFor(fixture.place(1));
        granted(book(form, "key"));
        PlaceId there = fixture.place(second, 1, SLOT_BEGUN, 1);
        assertThat(refused(book(second, form.withSlot(there.slot().toString()), "other")).refusal())
                .isEqualTo(Refusal.ALREADY_BOOKED);
    }

    @Test
    void saysPlaceGoneUntilThereIsOneAgain() {
        PlaceId place = fixture.place(0);
        Form form = Form.bySomeoneNewFor(place);
        refuses(Refusal.PLACE_GONE, form);
        assertThat(fixture.importCapacity(place, 1)).isTrue();
        assertThat(granted(book(form, "new-key")).isReplay()).isFalse();
    }

    @Test
    void bindsNoKeyByARefusalOfPolicy() {
        Form form = Form.bySomeoneNewFor(fixture.place(1));
        NOW.set(BEFORE_OPENING);
        assertThat(refused(book(form.withPhone("012-345 6780"), "key")).refusal())
                .isEqualTo(Refusal.NOT_OPEN);
        NOW.set(OPEN);
        assertThat(granted(book(form, "key")).isReplay()).isFalse();
    }

    // Cancelling

    @Test
    void cancelsUntilTheSlotBeginsAndGrantsItAgainAfterwards() {
        PlaceId place = fixture.place(2);
        Granted cancelled = granted(book(Form.bySomeoneNewFor(place), "key"));
        Granted kept = granted(book(Form.bySomeoneNewFor(place), "key"));
        NOW.set(SLOT_BEGUN.minusNanos(1));
        assertThat(
                        granted(
                                        await(
                                                cancelAppointment.cancel(
                                                        cancelled.appointment().token(),
                                                        OptionalInt.empty())))
                                .isReplay())
                .isFalse();
        NOW.set(SLOT_BEGUN);
        assertThat(
                        refused(
                                        await(
                                                cancelAppointment.cancel(
                                                        kept.appointment().token(),
                                                        OptionalInt.empty())))
                                .refusal())
                .isEqualTo(Refusal.ENDED);
        assertThat(
                        granted(
                                        await(
                                                cancelAppointment.cancel(
                                                        cancelled.appointment().token(),
                                                        OptionalInt.empty())))
                                .isReplay())
                .isTrue();
    }

    @Test
    void cancelsAfterTheCampaignHasClosed() {
        PlaceId afterClosing =
                fixture.place(CAMPAIGN, 1, CAMPAIGN.closesAt().plus(Duration.ofDays(1)), 1);
        Granted booked = granted(book(Form.bySomeoneNewFor(afterClosing), "key"));
        NOW.set(CAMPAIGN.closesAt());
        granted(await(cancelAppointment.cancel(booked.appointment().token(), OptionalInt.empty())));
    }

    @Test
    void saysUnknownOfALinkThatIsNotOurs() {
        assertThat(refused(await(cancelAppointment.cancel("garbage", OptionalInt.empty()))))
                .isEqualTo(Refused.of(Refusal.UNKNOWN));
        assertThat(lookUp.byToken("garbage")).isEmpty();
    }
}
