package giliran.ledger;

import giliran.people.PersonHandle;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * What the ledger has committed for a person: a place in a slot, or that it was given back.
 *
 * @param dose 1 to 9
 * @param version 1 when it is taken, one more with each change
 * @param pass the pass with which it was booked, if it was with one
 * @param takenAt when the place was taken, to the microsecond
 * @param changedAt when it last changed
 */
public record Appointment(
        PersonHandle person,
        int dose,
        Reference reference,
        PlaceId place,
        AppointmentState state,
        int version,
        Optional<UUID> pass,
        Instant takenAt,
        Instant changedAt) {

    Appointment cancelledAt(Instant now) {
        return changed(place, AppointmentState.CANCELLED, now);
    }

    Appointment movedTo(PlaceId other, Instant now) {
        return changed(other, state, now);
    }

    private Appointment changed(PlaceId place, AppointmentState state, Instant now) {
        return new Appointment(
                person, dose, reference, place, state, version + 1, pass, takenAt, now);
    }
}
