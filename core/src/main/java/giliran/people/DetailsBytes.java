package giliran.people;

import giliran.store.StoreException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * The binary form of a person's details, which is sealed and fingerprinted.
 *
 * <p>Version 1: a byte 1; then name, type and number of the document, the day of birth (int, days
 * since 1970-01-01), region, address, phone, email, language; then a byte with the number of ways
 * of contact and each way, in the order of the enum. Strings as in {@link LengthPrefixed}; an
 * address or email that was left out is the empty string. Equal details give equal bytes.
 */
final class DetailsBytes {
    private static final byte VERSION = 1;

    private DetailsBytes() {}

    static byte[] encode(PersonDetails details) {
        var bytes = new LengthPrefixed();
        bytes.putByte(VERSION);
        bytes.put(details.name());
        bytes.put(details.idType().wireName());
        bytes.put(details.idNumber());
        bytes.putInt(Math.toIntExact(details.dateOfBirth().toEpochDay()));
        bytes.put(details.region());
        bytes.put(details.address().orElse(""));
        bytes.put(details.phone());
        bytes.put(details.email().orElse(""));
        bytes.put(details.language());
        bytes.putByte((byte) details.contactBy().size());
        details.contactBy().forEach(way -> bytes.put(way.wireName()));
        return bytes.toByteArray();
    }

    /**
     * The details of which these are the bytes.
     *
     * @throws StoreException if they are not whole, or of another version
     */
    static PersonDetails decode(byte[] bytes) {
        // No cause is passed on: an exception's message could quote the person's data.
        try {
            var from = ByteBuffer.wrap(bytes);
            if (from.get() != VERSION) {
                throw new StoreException("A person's details are of a version not known here.");
            }
            var details =
                    new PersonDetails(
                            LengthPrefixed.read(from),
                            IdType.find(LengthPrefixed.read(from))
                                    .orElseThrow(DetailsBytes::corrupt),
                            LengthPrefixed.read(from),
                            LocalDate.ofEpochDay(from.getInt()),
                            LengthPrefixed.read(from),
                            given(LengthPrefixed.read(from)),
                            LengthPrefixed.read(from),
                            given(LengthPrefixed.read(from)),
                            LengthPrefixed.read(from),
                            contactBy(from));
            if (from.hasRemaining()) {
                throw corrupt();
            }
            return details;
        } catch (BufferUnderflowException
                | CharacterCodingException
                | DateTimeException
                | IllegalArgumentException unreadable) {
            throw corrupt();
        }
    }

    private static Optional<String> given(String text) {
        return Optional.of(text).filter(some -> !some.isEmpty());
    }

    private static Set<ContactBy> contactBy(ByteBuffer from) throws CharacterCodingException {
        Set<ContactBy> ways = EnumSet.noneOf(ContactBy.class);
        for (int left = from.get(); left > 0; left--) {
            ways.add(ContactBy.find(LengthPrefixed.read(from)).orElseThrow(DetailsBytes::corrupt));
        }
        return ways;
    }

    private static StoreException corrupt() {
        return new StoreException("A person's stored details are damaged and cannot be read.");
    }
}
