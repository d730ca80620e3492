package giliran.booking;

import giliran.booking.BookingResult.Refused;
import giliran.booking.LookUpAppointment.Opened;
import giliran.campaigns.Catalogue;
import giliran.ledger.Appointment;
import giliran.ledger.Bookkeeper;
import giliran.ledger.Command;
import giliran.ledger.Refusal;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Gives the place of an appointment back, until its slot begins.
 *
 * <p>Cancelling what is cancelled is granted again. Refusals: {@link Refusal#UNKNOWN}, {@link
 * Refusal#CHANGED}, {@link Refusal#ENDED} (the slot has begun, or the person was there), {@link
 * Refusal#OVERLOADED}, {@link Refusal#OUTCOME_UNKNOWN}.
 */
public final class CancelAppointment {
    private final LookUpAppointment lookUp;
    private final Supplier<Catalogue> catalogue;
    private final Bookkeeper ledger;
    private final InstantSource clock;

    public CancelAppointment(
            LookUpAppointment lookUp,
            Supplier<Catalogue> catalogue,
            Bookkeeper ledger,
            InstantSource clock) {
        this.lookUp = lookUp;
        this.catalogue = catalogue;
        this.ledger = ledger;
        this.clock = clock;
    }

    /**
     * Reads the database and may block; the writing is then awaited through the result.
     *
     * @param token as it was sent, any text
     * @param ifVersion the version that the appointment must still have; empty for any
     */
    public CompletableFuture<BookingResult> cancel(String token, OptionalInt ifVersion) {
        Optional<Opened> found = lookUp.open(token);
        if (found.isEmpty()) {
            return CompletableFuture.completedFuture(Refused.of(Refusal.UNKNOWN));
        }
        Opened opened = found.get();
        Appointment appointment = opened.appointment();
        return ledger.submit(
                        new Command.Cancel(
                                appointment.person(),
                                appointment.dose(),
                                appointment.reference(),
                                ifVersion,
                                Opening.refusal(
                                        catalogue.get().getSlot(appointment.place().slot()),
                                        clock.instant())))
                .thenApply(result -> lookUp.result(result, opened.details(), Optional.empty()));
    }
}
