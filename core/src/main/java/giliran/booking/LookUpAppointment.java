package giliran.booking;

import giliran.ledger.FoundAppointment;
import giliran.ledger.LookUpByReference;
import giliran.ledger.Reference;
import giliran.people.Keys;
import giliran.people.MaskedDetails;
import java.time.LocalDate;
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

    /**
     * Reads the database and may block.
     *
     * @param token as it was sent, any text
     */
    public Optional<HeldAppointment> byToken(String token) {
        return links.open(token)
                .flatMap(
                        opened ->
                                lookUp.lookUp(opened.reference()).stream()
                                        .filter(found -> opened.names(found.appointment()))
                                        .findFirst())
                .map(this::held);
    }

    /** Reads the database and may block. A wrong birthday is as empty as a wrong reference. */
    public Optional<HeldAppointment> byBirthday(Reference reference, LocalDate dateOfBirth) {
        return lookUp.lookUp(reference).stream()
                .filter(found -> SealedDetails.open(keys, found).dateOfBirth().equals(dateOfBirth))
                .findFirst()
                .map(this::held);
    }

    private HeldAppointment held(FoundAppointment found) {
        return new HeldAppointment(
                found.appointment(),
                links.tokenOf(found.appointment()),
                MaskedDetails.of(SealedDetails.open(keys, found)));
    }
}
