package giliran.people;

import com.google.crypto.tink.Parameters;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import com.google.crypto.tink.mac.PredefinedMacParameters;
import com.google.crypto.tink.prf.PredefinedPrfParameters;
import java.util.Locale;
import java.util.Optional;

/** The keysets of one Giliran, each for one purpose, as {@link Keys} says. */
public enum Keyset {
    PERSON(PredefinedPrfParameters.HMAC_SHA256_PRF, false),
    SEAL(PredefinedAeadParameters.AES256_GCM, true),
    LINK(PredefinedMacParameters.HMAC_SHA256_128BITTAG, true),
    PASS(PredefinedAeadParameters.AES256_GCM, true);

    private static final int ROTATED_KEYS_AT_MOST = 100;

    private final String text = name().toLowerCase(Locale.ROOT);
    private final Parameters parameters;
    private final boolean rotates;

    Keyset(Parameters parameters, boolean rotates) {
        this.parameters = parameters;
        this.rotates = rotates;
    }

    /** The keyset that is called so, such as {@code seal}. */
    public static Optional<Keyset> find(String text) {
        for (Keyset keyset : values()) {
            if (keyset.text.equals(text)) {
                return Optional.of(keyset);
            }
        }
        return Optional.empty();
    }

    /** Whether a new key may take the place of the one in use, which goes on opening its own. */
    public boolean rotates() {
        return rotates;
    }

    /** What each of its keys is for. */
    Parameters parameters() {
        return parameters;
    }

    int keysAtMost() {
        return rotates ? ROTATED_KEYS_AT_MOST : 1;
    }

    String fileName() {
        return text + ".keyset";
    }

    /** Its name as people write it. */
    @Override
    public String toString() {
        return text;
    }
}
