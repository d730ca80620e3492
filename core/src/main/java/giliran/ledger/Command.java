package giliran.ledger;

import giliran.people.PersonHandle;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;

/** What the ledger is asked to do for one person. */
public sealed interface Command {
    PersonHandle person();

    int dose();

    /**
     * Policy's refusal, which holds unless the request repeats one that was granted. Policy cannot
     * know that; the ledger does.
     */
    Optional<Refusal> unlessReplay();

    /** The same command, to be refused with this unless it was granted before. */
    Command unlessReplay(Refusal refusal);

    /** The slot of which it would take a place; empty if it takes none. */
    default Optional<PlaceId> wanted() {
        return Optional.empty();
    }

    /**
     * What makes repeating a request safe.
     *
     * @param name the idempotency key's 128-bit hash; it is bound only by a commitment
     * @param content a 128-bit fingerprint of what is asked for; the same key with another is
     *     refused
     */
    record Key(UUID name, UUID content) {}

    /**
     * Take a place: for good, or held for someone who has to {@link Confirm} it.
     *
     * @param reference what the appointment will be called if a place is had
     * @param heldUntil until when it is held, if it is; to the microsecond
     * @param pass the pass it is booked with, if any
     * @param sealed the person's details, sealed for {@code reference}; at most 4,096 bytes
     */
    @SuppressWarnings("ArrayRecordComponent") // Never compared, and copied by nobody.
    record Book(
            PersonHandle person,
            int dose,
            PlaceId place,
            Reference reference,
            Optional<Instant> heldUntil,
            Key key,
            Optional<UUID> pass,
            byte[] sealed,
            Optional<Refusal> unlessReplay)
            implements Command {
        /** How long a place is held where nothing else is asked for. */
        public static final Duration HOLD_LASTS = Duration.ofMinutes(10);

        private static final int SEALED_MAX = 4_096;

        public Book {
            heldUntil = heldUntil.map(until -> until.truncatedTo(ChronoUnit.MICROS));
            if (sealed.length > SEALED_MAX) {
                throw new IllegalArgumentException("sealed details are at most 4,096 bytes");
            }
        }

        /** Takes the place for good. */
        public Book(
                PersonHandle person,
                int dose,
                PlaceId place,
                Reference reference,
                Key key,
                Optional<UUID> pass,
                byte[] sealed,
                Optional<Refusal> unlessReplay) {
            this(person, dose, place, reference, Optional.empty(), key, pass, sealed, unlessReplay);
        }

        /** The same place, only held until then. */
        public Book heldUntil(Instant until) {
            return new Book(
                    person,
                    dose,
                    place,
                    reference,
                    Optional.of(until),
                    key,
                    pass,
                    sealed,
                    unlessReplay);
        }

        @Override
        public Book unlessReplay(Refusal refusal) {
            return new Book(
                    person,
                    dose,
                    place,
                    reference,
                    heldUntil,
                    key,
                    pass,
                    sealed,
                    Optional.of(refusal));
        }

        AppointmentState state() {
            return heldUntil.isPresent() ? AppointmentState.HELD : AppointmentState.BOOKED;
        }

        @Override
        public Optional<PlaceId> wanted() {
            return Optional.of(place);
        }

        /** Says for which slot, and nothing of the person. */
        @Override
        public String toString() {
            return "Book[dose " + dose + " in " + place.slot() + "]";
        }
    }

    /** A command about an appointment that there is, named by its claim and reference. */
    sealed interface Change extends Command {
        Reference reference();

        /** The version that the appointment must still have; empty for any. */
        OptionalInt ifVersion();
    }

    /**
     * Book what is held, up to and including the instant until which it is. Confirming what is
     * booked is granted.
     */
    record Confirm(
            PersonHandle person,
            int dose,
            Reference reference,
            Key key,
            OptionalInt ifVersion,
            Optional<Refusal> unlessReplay)
            implements Change {
        @Override
        public Confirm unlessReplay(Refusal refusal) {
            return new Confirm(person, dose, reference, key, ifVersion, Optional.of(refusal));
        }
    }

    /**
     * End what is held and was not confirmed in time; leave alone whatever else has become of it.
     * Asked for by the clock and never by a person.
     */
    record Lapse(PersonHandle person, int dose, Reference reference) implements Change {
        /** How far the clocks of two nodes may be apart. */
        static final Duration GRACE = Duration.ofSeconds(2);

        @Override
        public OptionalInt ifVersion() {
            return OptionalInt.empty();
        }

        @Override
        public Optional<Refusal> unlessReplay() {
            return Optional.empty();
        }

        /** It is as right later as now: nobody was told anything. */
        @Override
        public Lapse unlessReplay(Refusal refusal) {
            return this;
        }
    }

    /** Give the place of an appointment back, booked or held. Asking again is granted again. */
    record Cancel(
            PersonHandle person,
            int dose,
            Reference reference,
            OptionalInt ifVersion,
            Optional<Refusal> unlessReplay)
            implements Change {
        @Override
        public Cancel unlessReplay(Refusal refusal) {
            return new Cancel(person, dose, reference, ifVersion, Optional.of(refusal));
        }
    }

    /** Give the place of an appointment back if another is had, and only then. */
    record Move(
            PersonHandle person,
            int dose,
            Reference reference,
            PlaceId to,
            Key key,
            OptionalInt ifVersion,
            Optional<Refusal> unlessReplay)
            implements Change {
        @Override
        public Move unlessReplay(Refusal refusal) {
            return new Move(person, dose, reference, to, key, ifVersion, Optional.of(refusal));
        }

        @Override
        public Optional<PlaceId> wanted() {
            return Optional.of(to);
        }
    }
}
