package giliran.people;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.Mac;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.prf.PrfSet;
import giliran.store.StoreException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.UUID;

/**
 * The secrets of one Giliran, in a folder outside the database, and all that is done with them.
 *
 * <p>Three Tink keysets, each for one purpose:
 *
 * <ul>
 *   <li><b>person</b> (HMAC-SHA-256 as a PRF) makes handles, fingerprints and the check value. It
 *       is one key and does not rotate: with another key nobody's appointment would be found.
 *   <li><b>seal</b> (AES-256-GCM) seals personal data. It may hold several keys: the primary seals,
 *       each unseals what it once sealed.
 *   <li><b>link</b> (HMAC-SHA-256) authenticates secret links. It may hold several keys likewise.
 * </ul>
 *
 * <p>Safe for use by many threads.
 */
public final class Keys {
    /** Bytes of a {@link #mac}: a version byte, the four of the key's id, and 16 of the MAC. */
    public static final int MAC_BYTES = 21;

    public static final int FINGERPRINT_BYTES = 16;
    public static final int CHECK_VALUE_BYTES = 8;

    private static final int HANDLE_BYTES = 16;

    /** The first byte of all that the person key hashes, so that no use can stand for another. */
    private static final byte HANDLE = 1;

    private static final byte FINGERPRINT = 2;
    private static final byte CHECK_VALUE = 3;

    private final PrfSet person;
    private final Aead seal;
    private final Mac link;

    private Keys(PrfSet person, Aead seal, Mac link) {
        this.person = person;
        this.seal = seal;
        this.link = link;
    }

    /**
     * The keys in this folder, which are made first if it holds none: the folder 0700, each file
     * 0600, all on the disk before this returns. Several processes may do so at once and get the
     * same keys.
     *
     * @throws StoreException if only some of the keys are there, a file is not the keyset that it
     *     should be or is open to other users, or the disk fails; a lost key is never replaced
     */
    public static Keys openOrCreate(Path folder) {
        KeyFolder files = KeyFolder.openOrCreate(folder);
        return new Keys(
                primitive(files, KeyFolder.PERSON, PrfSet.class),
                primitive(files, KeyFolder.SEAL, Aead.class),
                primitive(files, KeyFolder.LINK, Mac.class));
    }

    private static <P> P primitive(KeyFolder files, KeyFolder.Keyset keyset, Class<P> kind) {
        try {
            return files.read(keyset).getPrimitive(RegistryConfiguration.get(), kind);
        } catch (GeneralSecurityException wrongKind) {
            throw files.unusable(keyset);
        }
    }

    /**
     * The handle of a person within a claim scope: equal for equal arguments, and for no others.
     *
     * @param scope the claim scope's id, at most 65,535 bytes of UTF-8
     * @param idNumber in the normal form of {@link IdType#numberFrom}
     * @throws IllegalArgumentException if the number is not in its normal form
     */
    public PersonHandle handleOf(String scope, IdType idType, String idNumber) {
        if (!idType.isNormal(idNumber)) {
            throw new IllegalArgumentException("The identity number is not in its normal form.");
        }
        var input = new LengthPrefixed();
        input.putByte(HANDLE);
        input.put(scope);
        input.put(idType.wireName());
        input.put(idNumber);
        var hash = ByteBuffer.wrap(hash(input.toByteArray(), HANDLE_BYTES));
        return new PersonHandle(new UUID(hash.getLong(), hash.getLong()));
    }

    /**
     * Seals details to the place where they are kept: 33 bytes more than their {@link
     * PersonDetails#canonicalBytes}, and different ones each time.
     *
     * @param context what names that place, such as the appointment's id; it is not kept inside
     */
    public byte[] seal(PersonDetails details, byte[] context) {
        try {
            return seal.encrypt(details.canonicalBytes(), context);
        } catch (GeneralSecurityException failure) {
            throw new StoreException("A person's details could not be sealed.", failure);
        }
    }

    /**
     * The details that were sealed with this context.
     *
     * @throws StoreException if the body was changed, damaged, sealed elsewhere or with other keys
     */
    public PersonDetails unseal(byte[] sealed, byte[] context) {
        byte[] bytes;
        try {
            bytes = seal.decrypt(sealed, context);
        } catch (GeneralSecurityException refused) {
            throw new StoreException(
                    "A person's sealed details do not open: they were changed, moved here from"
                            + " elsewhere, or sealed with other keys.",
                    refused);
        }
        return DetailsBytes.decode(bytes);
    }

    public byte[] sealPass(PersonDetails details, byte[] header) {
        return seal(details, header);
    }

    public java.util.Optional<PersonDetails> openPass(byte[] sealed, byte[] header) {
        try {
            return java.util.Optional.of(unseal(sealed, header));
        } catch (StoreException e) {
            return java.util.Optional.empty();
        }
    }

    /** The MAC of these bytes under the newest link key, {@value #MAC_BYTES} bytes. */
    public byte[] mac(byte[] data) {
        try {
            return link.computeMac(data);
        } catch (GeneralSecurityException failure) {
            throw new StoreException("A link could not be made.", failure);
        }
    }

    /** Whether this is the {@link #mac} of these bytes under any link key; takes any bytes. */
    public boolean verifyMac(byte[] mac, byte[] data) {
        try {
            link.verifyMac(mac, data);
            return true;
        } catch (GeneralSecurityException refused) {
            return false;
        }
    }

    /**
     * A keyed hash of {@value #FINGERPRINT_BYTES} bytes, equal for equal bytes, that tells nothing
     * of them to who lacks the key: for asking whether two requests have the same content.
     */
    public byte[] fingerprint(byte[] data) {
        var input = ByteBuffer.allocate(1 + data.length).put(FINGERPRINT).put(data);
        return hash(input.array(), FINGERPRINT_BYTES);
    }

    /**
     * {@value #CHECK_VALUE_BYTES} bytes that are the same for the same person key and reveal
     * nothing of it. The database keeps them, so that a start with other keys can be refused.
     */
    public byte[] checkValue() {
        return hash(new byte[] {CHECK_VALUE}, CHECK_VALUE_BYTES);
    }

    private byte[] hash(byte[] input, int length) {
        try {
            return person.computePrimary(input, length);
        } catch (GeneralSecurityException failure) {
            throw new StoreException("A keyed hash could not be made.", failure);
        }
    }
}
