package giliran.people;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.Mac;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.prf.PrfSet;
import giliran.store.StoreException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The secrets of one Giliran, in a folder outside the database, and all that is done with them.
 *
 * <p>Four Tink keysets, each for one purpose:
 *
 * <ul>
 *   <li><b>person</b> (HMAC-SHA-256 as a PRF) makes handles, fingerprints and the check value. It
 *       is one key and does not rotate: with another key nobody's appointment would be found.
 *   <li><b>seal</b> (AES-256-GCM) seals personal data that is kept. It may hold several keys: the
 *       primary seals, each unseals what it once sealed.
 *   <li><b>link</b> (HMAC-SHA-256) authenticates secret links. It may hold several keys likewise.
 *   <li><b>pass</b> (AES-256-GCM) seals passes, which people carry. It may hold several keys
 *       likewise.
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

    /** The keys that rotate, as they stood in the folder at one moment. */
    private record Rotated(Object version, Aead seal, Mac link, Aead pass) {
        static Rotated read(KeyFolder files) {
            // Looked at first: what is replaced while it is read is read again the next time.
            Object version = files.version();
            return new Rotated(
                    version,
                    primitive(files, Keyset.SEAL, Aead.class),
                    primitive(files, Keyset.LINK, Mac.class),
                    primitive(files, Keyset.PASS, Aead.class));
        }
    }

    private final KeyFolder files;
    private final PrfSet person;
    private volatile Rotated rotated;

    private Keys(KeyFolder files, PrfSet person, Rotated rotated) {
        this.files = files;
        this.person = person;
        this.rotated = rotated;
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
        return new Keys(files, primitive(files, Keyset.PERSON, PrfSet.class), Rotated.read(files));
    }

    private static <P> P primitive(KeyFolder files, Keyset keyset, Class<P> kind) {
        try {
            return files.read(keyset).getPrimitive(RegistryConfiguration.get(), kind);
        } catch (GeneralSecurityException wrongKind) {
            throw files.unusable(keyset);
        }
    }

    /**
     * Takes up the keys of files that were replaced since they were read; the person key stays the
     * one of the start. For one thread at a time.
     *
     * @throws StoreException if a file cannot be used: then all keys stay as they are
     */
    public void refresh() {
        if (!files.version().equals(rotated.version())) {
            rotated = Rotated.read(files);
        }
    }

    /**
     * What may be told of the keys in a folder, keyset by keyset, the oldest key first.
     *
     * @throws StoreException if not all keysets are there, or one cannot be used
     */
    public static List<KeyListing> list(Path folder) {
        KeyFolder files = KeyFolder.open(folder);
        List<KeyListing> listings = new ArrayList<>();
        for (Keyset keyset : Keyset.values()) {
            KeysetHandle keys = files.read(keyset);
            for (int i = 0; i < keys.size(); i++) {
                KeysetHandle.Entry key = keys.getAt(i);
                listings.add(
                        new KeyListing(
                                keyset, key.getId(), key.isPrimary(), key.getStatus().toString()));
            }
        }
        return listings;
    }

    /**
     * Adds a new key to a keyset of a folder and makes it the primary one: it makes what is new,
     * and what the others made stays good. On return it is on the disk; a crash leaves the old file
     * or the new one. Running servers take it up by {@link #refresh}.
     *
     * @throws IllegalArgumentException if the keyset does not rotate
     * @throws StoreException if not all keysets are there, one cannot be used, this one is full, or
     *     the disk fails: then nothing was changed
     */
    public static void rotate(Path folder, Keyset keyset) {
        if (!keyset.rotates()) {
            throw new IllegalArgumentException("The keyset " + keyset + " does not rotate.");
        }
        KeyFolder.open(folder).rotate(keyset);
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
        return seal(rotated.seal(), details, context);
    }

    /**
     * The details that were sealed with this context.
     *
     * @throws StoreException if the body was changed, damaged, sealed elsewhere or with other keys
     */
    public PersonDetails unseal(byte[] sealed, byte[] context) {
        try {
            return unseal(rotated.seal(), sealed, context);
        } catch (GeneralSecurityException refused) {
            throw new StoreException(
                    "A person's sealed details do not open: they were changed, moved here from"
                            + " elsewhere, or sealed with other keys.",
                    refused);
        }
    }

    /**
     * Seals details into a pass: 33 bytes more than their {@link PersonDetails#canonicalBytes}, and
     * different ones each time.
     *
     * @param header what the pass says openly; it is bound to the details, and not kept inside
     */
    public byte[] sealPass(PersonDetails details, byte[] header) {
        return seal(rotated.pass(), details, header);
    }

    /**
     * The details of a pass of ours with this header; empty for any other bytes, wherever they come
     * from.
     */
    public Optional<PersonDetails> openPass(byte[] sealed, byte[] header) {
        try {
            return Optional.of(unseal(rotated.pass(), sealed, header));
        } catch (GeneralSecurityException | StoreException notOurs) {
            return Optional.empty();
        }
    }

    private static byte[] seal(Aead key, PersonDetails details, byte[] context) {
        try {
            return key.encrypt(details.canonicalBytes(), context);
        } catch (GeneralSecurityException failure) {
            throw new StoreException("A person's details could not be sealed.", failure);
        }
    }

    private static PersonDetails unseal(Aead key, byte[] sealed, byte[] context)
            throws GeneralSecurityException {
        return DetailsBytes.decode(key.decrypt(sealed, context));
    }

    /** The MAC of these bytes under the newest link key, {@value #MAC_BYTES} bytes. */
    public byte[] mac(byte[] data) {
        try {
            return rotated.link().computeMac(data);
        } catch (GeneralSecurityException failure) {
            throw new StoreException("A link could not be made.", failure);
        }
    }

    /** Whether this is the {@link #mac} of these bytes under any link key; takes any bytes. */
    public boolean verifyMac(byte[] mac, byte[] data) {
        try {
            rotated.link().verifyMac(mac, data);
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
