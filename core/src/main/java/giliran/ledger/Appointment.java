package giliran.ledger;

import giliran.people.PersonHandle;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * What the ledger has committed for a person: a place in a slot, or that it was given back.
 *
 * @param dose 1 to 9
 * @param heldUntil until when it can be confirmed, to the microsecond; also of one that ended while
 *     it was held; empty for all others
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
        Optional<Instant> heldUntil,
        int version,
        Optional<UUID> pass,
        Instant takenAt,
        Instant changedAt) {

    /** Whether it is held and was not confirmed in time. */
    boolean isOverdue(Instant now) {
        return state.isHeld() && heldUntil.filter(now::isAfter).isPresent();
    }

    Appointment confirmedAt(Instant now) {
        return changed(place, AppointmentState.BOOKED, Optional.empty(), now);
    }

    Appointment endedAs(AppointmentState ended, Instant now) {
        return changed(place, ended, heldUntil, now);
    }

    Appointment movedTo(PlaceId other, Instant now) {
        return changed(other, state, heldUntil, now);
    }

    private Appointment changed(
            PlaceId place, AppointmentState state, Optional<Instant> heldUntil, Instant now) {
        return new Appointment(
                person, dose, reference, place, state, heldUntil, version + 1, pass, takenAt, now);
    }
}
