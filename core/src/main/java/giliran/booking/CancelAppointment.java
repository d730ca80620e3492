package giliran.booking;

import giliran.booking.BookingResult.Granted;
import giliran.booking.BookingResult.Refused;
import giliran.campaigns.Catalogue;
import giliran.ledger.Appointment;
import giliran.ledger.Command;
import giliran.ledger.CommandResult;
import giliran.ledger.Ledger;
import giliran.ledger.Refusal;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Gives the place of an appointment back, until its slot begins.
 *
 * <p>Cancelling what is cancelled is granted again. Refusals: {@link Refusal#UNKNOWN}, {@link
 * Refusal#ENDED} (the slot has begun, or the person was there), {@link Refusal#OVERLOADED}, {@link
 * Refusal#OUTCOME_UNKNOWN}.
 */
public final class CancelAppointment {
    private final LookUpAppointment lookUp;
    private final Supplier<Catalogue> catalogue;
    private final Ledger ledger;
    private final InstantSource clock;

    public CancelAppointment(
            LookUpAppointment lookUp,
            Supplier<Catalogue> catalogue,
            Ledger ledger,
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
     */
    public CompletableFuture<BookingResult> cancel(String token) {
        Optional<HeldAppointment> found = lookUp.byToken(token);
        if (found.isEmpty()) {
            return CompletableFuture.completedFuture(Refused.of(Refusal.UNKNOWN));
        }
        HeldAppointment held = found.get();
        Appointment appointment = held.appointment();
        Command.Cancel command =
                new Command.Cancel(
                        appointment.person(),
                        appointment.dose(),
                        appointment.reference(),
                        hasBegun(appointment) ? Optional.of(Refusal.ENDED) : Optional.empty());
        return ledger.submit(command)
                .thenApply(
                        result ->
                                switch (result) {
                                    case CommandResult.Done done ->
                                            new Granted(
                                                    new HeldAppointment(
                                                            done.appointment(),
                                                            held.token(),
                                                            held.person()),
                                                    done.replayed());
                                    case CommandResult.Refused refused ->
                                            Refused.of(refused.refusal());
                                });
    }

    private boolean hasBegun(Appointment appointment) {
        return catalogue
                .get()
                .findSlot(appointment.place().slot())
                .map(slot -> !slot.start().isAfter(clock.instant()))
                .orElse(true);
    }
}
