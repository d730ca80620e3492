package giliran.booking;

import giliran.booking.BookingResult.Granted;
import giliran.booking.BookingResult.Refused;
import giliran.campaigns.Eligibility.Obstacle;
import giliran.ledger.Appointment;
import giliran.ledger.CommandResult;
import giliran.ledger.LookUpByReference;
import giliran.ledger.Reference;
import giliran.people.Keys;
import giliran.people.MaskedDetails;
import giliran.people.PersonDetails;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/** Looks an appointment up for whoever holds its link, or knows its reference and the birthday. */
public final class LookUpAppointment {
    private final LookUpByReference lookUp;
    private final Keys keys;
    private final AppointmentLinks links;

    public LookUpAppointment(LookUpByReference lookUp, Keys keys, AppointmentLinks links) {
        this.lookUp = lookUp;
        this.keys = keys;
        this.links = links;
    }

    /** An appointment with its person's details opened. */
    record Opened(Appointment appointment, PersonDetails details) {}

    /**
     * Reads the database and may block.
     *
     * @param token as it was sent, any text
     */
    public Optional<HeldAppointment> byToken(String token) {
        return open(token).map(this::held);
    }

    Optional<Opened> open(String token) {
        return links.open(token)
                .flatMap(
                        opened ->
                                lookUp.lookUp(opened.reference()).stream()
                                        .filter(found -> opened.names(found.appointment()))
                                        .findFirst())
                .map(this::open);
    }

    /** Reads the database and may block. A wrong birthday is as empty as a wrong reference. */
    public Optional<HeldAppointment> byBirthday(Reference reference, LocalDate dateOfBirth) {
        return lookUp.lookUp(reference).stream()
                .map(this::open)
                .filter(opened -> opened.details().dateOfBirth().equals(dateOfBirth))
                .findFirst()
                .map(this::held);
    }

    private Opened open(LookUpByReference.Found found) {
        return new Opened(found.appointment(), SealedDetails.open(keys, found));
    }

    private HeldAppointment held(Opened opened) {
        return held(opened.appointment(), opened.details());
    }

    private HeldAppointment held(Appointment appointment, PersonDetails details) {
        return new HeldAppointment(
                appointment, links.tokenOf(appointment), MaskedDetails.of(details));
    }

    /** What the ledger made of changing an appointment that was opened here. */
    BookingResult result(CommandResult result, PersonDetails details, Optional<Obstacle> obstacle) {
        return switch (result) {
            case CommandResult.Done done ->
                    new Granted(held(done.appointment(), details), done.isReplay());
            case CommandResult.Refused refused ->
                    new Refused(
                            refused.refusal(),
                            List.of(),
                            obstacle,
                            refused.standing().map(standing -> held(standing, details)),
                            Optional.empty());
        };
    }
}
