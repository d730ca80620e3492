package giliran.booking;

import giliran.booking.BookAppointment.Applicant;
import giliran.booking.BookingResult.Granted;
import giliran.booking.BookingResult.Refused;
import giliran.campaigns.Campaign;
import giliran.campaigns.CampaignId;
import giliran.campaigns.CampaignStore;
import giliran.campaigns.Catalogue;
import giliran.campaigns.Eligibility;
import giliran.campaigns.RegionId;
import giliran.ledger.Ledger;
import giliran.ledger.LedgerFixture;
import giliran.ledger.LookUpByReference;
import giliran.ledger.PlaceId;
import giliran.people.Keys;
import giliran.people.RawDetails;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** All use cases of booking over one database of their own, at a time that the test sets. */
final class BookingDesk implements AutoCloseable {
    /** From the first of January 2036 for a year, for adults of Selangor. */
    static final Campaign CAMPAIGN = campaign("desk-round", Instant.parse("2035-12-31T16:00:00Z"));

    static final Instant OPENS = CAMPAIGN.opensAt();
    private static final AtomicInteger PASSPORTS = new AtomicInteger(20_000);
    private static final AtomicInteger REQUESTS = new AtomicInteger();

    final LedgerFixture fixture = new LedgerFixture();
    final EndedPasses endedPasses = new EndedPasses(fixture.database());
    final EndPasses endPasses = new EndPasses(fixture.database(), this::now);
    final IssuePass issuePass;
    final LookUpAppointment lookUp;
    private final Ledger ledger = fixture.ledger();
    private final BookAppointment bookAppointment;
    private final MoveAppointment moveAppointment;
    private final CancelAppointment cancelAppointment;
    private volatile Instant now = OPENS;

    BookingDesk(Path folder) {
        Keys keys = Keys.openOrCreate(folder.resolve("keys"));
        AppointmentLinks links = new AppointmentLinks(keys);
        issuePass = new IssuePass(this::catalogue, keys, endedPasses, this::now);
        lookUp = new LookUpAppointment(new LookUpByReference(fixture.database()), keys, links);
        bookAppointment =
                new BookAppointment(this::catalogue, keys, links, endedPasses, ledger, this::now);
        moveAppointment = new MoveAppointment(lookUp, this::catalogue, keys, ledger, this::now);
        cancelAppointment = new CancelAppointment(lookUp, this::catalogue, ledger, this::now);
    }

    static Campaign campaign(String id, Instant opensAt) {
        return new Campaign(
                new CampaignId(id),
                id,
                "desk-programme",
                "Vaccine",
                opensAt,
                opensAt.plus(Duration.ofDays(366)),
                new Eligibility(18, Set.of(new RegionId("selangor"))),
                0,
                LedgerFixture.CAMPAIGN.timeZone(),
                false);
    }

    Instant now() {
        return now;
    }

    void at(Instant instant) {
        now = instant;
    }

    Catalogue catalogue() {
        return fixture.database().read(CampaignStore::getCatalogue);
    }

    /** A new slot for dose 1 on 10 January 2036. */
    PlaceId place(int capacity) {
        return place(LedgerFixture.SLOT_START, capacity);
    }

    PlaceId place(Instant start, int capacity) {
        return fixture.place(CAMPAIGN, 1, start, capacity);
    }

    static RawDetails someone() {
        return bornOn("1990-01-31");
    }

    static RawDetails bornOn(String dateOfBirth) {
        return details("A" + PASSPORTS.incrementAndGet(), dateOfBirth, "selangor");
    }

    static RawDetails details(String idNumber, String dateOfBirth, String region) {
        return new RawDetails(
                "Aisyah binti Abdullah",
                "passport",
                idNumber,
                dateOfBirth,
                region,
                null,
                "012-345 6789",
                null,
                "ms",
                List.of("sms"));
    }

    IssuePass.Result ask(Campaign campaign, int dose, RawDetails person) {
        return issuePass.issue(campaign, dose, person, () -> true);
    }

    IssuePass.Result.Issued pass(RawDetails person) {
        return switch (ask(CAMPAIGN, 1, person)) {
            case IssuePass.Result.Issued issued -> issued;
            case IssuePass.Result.NotIssued(Refused refused) ->
                    throw new AssertionError("refused: " + refused);
        };
    }

    static Refused notIssued(IssuePass.Result result) {
        return switch (result) {
            case IssuePass.Result.Issued issued -> throw new AssertionError("issued: " + issued);
            case IssuePass.Result.NotIssued(Refused refused) -> refused;
        };
    }

    static String newKey() {
        return "request-" + REQUESTS.incrementAndGet();
    }

    BookingResult book(PlaceId place, String pass, String key) {
        return book(place, new Applicant.WithPass(pass), key);
    }

    BookingResult book(PlaceId place, Applicant applicant, String key) {
        return await(send(place, applicant, key));
    }

    CompletableFuture<BookingResult> send(PlaceId place, Applicant applicant, String key) {
        return bookAppointment.book(
                CAMPAIGN,
                place.slot().toString(),
                applicant,
                true,
                new IdempotencyKey(key),
                Runnable::run);
    }

    /** Reads the counters, as the publication does. */
    void publish() {
        ledger.counts().readAll();
    }

    /** Someone new is booked. */
    Granted booked(PlaceId place) {
        return booked(place, someone());
    }

    Granted booked(PlaceId place, RawDetails person) {
        return granted(book(place, new Applicant.Typed(1, person), newKey()));
    }

    BookingResult move(Granted booked, PlaceId to, String key) {
        return move(booked.appointment().token(), to.slot().toString(), key, OptionalInt.empty());
    }

    BookingResult move(String token, String slot, String key, OptionalInt ifVersion) {
        return await(moveAppointment.move(token, slot, new IdempotencyKey(key), ifVersion));
    }

    BookingResult cancel(Granted booked, OptionalInt ifVersion) {
        return await(cancelAppointment.cancel(booked.appointment().token(), ifVersion));
    }

    private static BookingResult await(CompletableFuture<BookingResult> answer) {
        return answer.orTimeout(60, TimeUnit.SECONDS).join();
    }

    static Granted granted(BookingResult result) {
        return switch (result) {
            case Granted granted -> granted;
            case Refused refused -> throw new AssertionError("refused: " + refused);
        };
    }

    static Refused refused(BookingResult result) {
        return switch (result) {
            case Granted granted -> throw new AssertionError("granted: " + granted);
            case Refused refused -> refused;
        };
    }

    @Override
    public void close() {
        ledger.close();
        fixture.close();
    }
}
