package giliran.booking;

import giliran.ledger.LookUpByReference;
import giliran.ledger.Reference;
import giliran.people.Keys;
import giliran.people.PersonDetails;
import java.nio.ByteBuffer;

/** Seals a person's details for one appointment: they open for no other. */
final class SealedDetails {
    private SealedDetails() {}

    static byte[] seal(Keys keys, PersonDetails details, Reference reference) {
        return keys.seal(details, context(reference));
    }

    static PersonDetails open(Keys keys, LookUpByReference.Found found) {
        return keys.unseal(found.sealed(), context(found.appointment().reference()));
    }

    private static byte[] context(Reference reference) {
        return ByteBuffer.allocate(Long.BYTES).putLong(reference.value()).array();
    }
}
