package giliran.booking;

import giliran.ledger.Appointment;
import giliran.people.MaskedDetails;

/**
 * An appointment as its bearer may see it.
 *
 * @param token the secret of its link
 */
public record HeldAppointment(Appointment appointment, String token, MaskedDetails person) {
    /** Shows no secret. */
    @Override
    public String toString() {
        return "HeldAppointment[" + appointment.state() + "]";
    }
}
