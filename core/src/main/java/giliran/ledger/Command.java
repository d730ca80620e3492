package giliran.ledger;

import giliran.people.PersonHandle;
import java.util.Optional;
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

    /**
     * Take a place.
     *
     * @param reference what the appointment will be called if a place is had
     * @param key the idempotency key's 128-bit hash; it binds only if a place is had
     * @param content a 128-bit fingerprint of what is asked for; the same key with another is
     *     refused
     * @param sealed the person's details, sealed for {@code reference}; at most 4,096 bytes
     */
    @SuppressWarnings("ArrayRecordComponent") // Never compared, and copied by nobody.
    record Book(
            PersonHandle person,
            int dose,
            PlaceId place,
            Reference reference,
            UUID key,
            UUID content,
            byte[] sealed,
            Optional<Refusal> unlessReplay)
            implements Command {
        private static final int SEALED_MAX = 4_096;

        public Book {
            if (sealed.length > SEALED_MAX) {
                throw new IllegalArgumentException("sealed details are at most 4,096 bytes");
            }
        }

        /** Says who asks for which slot, and nothing of the details. */
        @Override
        public String toString() {
            return "Book[" + person.value() + " dose " + dose + " in " + place.slot() + "]";
        }
    }

    /** Give the place of an appointment back. Asking again is granted again. */
    record Cancel(
            PersonHandle person, int dose, Reference reference, Optional<Refusal> unlessReplay)
            implements Command {}
}
