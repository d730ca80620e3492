package giliran.ledger;

import giliran.people.PersonHandle;
import java.time.Instant;

/**
 * What the ledger has committed for a person: a place in a slot, or that it was given back.
 *
 * @param dose 1 to 9
 * @param version 1 when it is taken, one more with each change
 * @param takenAt when the place was taken, to the microsecond
 * @param changedAt when the state last changed
 */
public record Appointment(
        PersonHandle person,
        int dose,
        Reference reference,
        PlaceId place,
        AppointmentState state,
        int version,
        Instant takenAt,
        Instant changedAt) {

    Appointment cancelledAt(Instant now) {
        return new Appointment(
                person,
                dose,
                reference,
                place,
                AppointmentState.CANCELLED,
                version + 1,
                takenAt,
                now);
    }
}
