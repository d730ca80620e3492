package giliran.booking;

import static giliran.booking.BookingDesk.CAMPAIGN;
import static giliran.booking.BookingDesk.granted;
import static giliran.booking.BookingDesk.refused;
import static org.assertj.core.api.Assertions.assertThat;

import giliran.booking.BookAppointment.Applicant;
import giliran.booking.BookingResult.Granted;
import giliran.booking.BookingResult.Refused;
import giliran.ledger.PlaceId;
import giliran.ledger.Refusal;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A booking repeated when the place is known to be gone, or the campaign has closed. */
final class RepeatedBookingTest {
    @TempDir private static Path folder;
    private static BookingDesk desk;
    private PlaceId place;
    private Applicant nurul;
    private Granted booked;

    @BeforeAll
    static void open() {
        desk = new BookingDesk(folder);
    }

    @BeforeEach
    void bookTheLastPlace() {
        desk.at(BookingDesk.OPENS);
        place = desk.place(1);
        nurul = new Applicant.Typed(1, BookingDesk.someone());
        booked = granted(desk.book(place, nurul, "nurul"));
    }

    @AfterAll
    static void close() {
        desk.close();
    }

    /** Strangers are refused from here on before the ledger has been asked. */
    private void awaitFastNo(Refusal refusal) {
        long giveUpAt = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        do {
            assertThat(System.nanoTime()).as("no fast no").isLessThan(giveUpAt);
            LockSupport.parkNanos(1_000_000);
            desk.publish();
        } while (!isRefusedAtOnce(refusal));
    }

    private boolean isRefusedAtOnce(Refusal refusal) {
        Applicant stranger = new Applicant.Typed(1, BookingDesk.someone());
        var answer = desk.send(place, stranger, BookingDesk.newKey());
        return answer.isDone() && refused(answer.join()).refusal() == refusal;
    }

    private void isGrantedAgain() {
        Granted again = granted(desk.book(place, nurul, "nurul"));
        assertThat(again.isReplay()).isTrue();
        assertThat(again.appointment()).isEqualTo(booked.appointment());
    }

    @Test
    void isGrantedAgainWhereStrangersHearAtOnceThatThePlaceIsGone() {
        isGrantedAgain();
        awaitFastNo(Refusal.PLACE_GONE);
        isGrantedAgain();
    }

    @Test
    void isGrantedAgainWhereStrangersHearAtOnceThatTheCampaignHasClosed() {
        desk.at(CAMPAIGN.closesAt());
        awaitFastNo(Refusal.CLOSED);
        isGrantedAgain();
    }

    @Test
    void saysToHerOtherRequestsWhatTheLedgerSays() {
        awaitFastNo(Refusal.PLACE_GONE);
        Refused other = refused(desk.book(place, nurul, "another"));
        assertThat(other.refusal()).isEqualTo(Refusal.ALREADY_BOOKED);
    }

    @Test
    void opensToStrangersAsSoonAsSheHasCancelled() {
        awaitFastNo(Refusal.PLACE_GONE);
        granted(desk.cancel(booked, OptionalInt.empty()));
        desk.booked(place);
    }
}
