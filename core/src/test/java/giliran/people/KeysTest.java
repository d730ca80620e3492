package giliran.people;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.Parameters;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import com.google.crypto.tink.mac.PredefinedMacParameters;
import com.google.crypto.tink.prf.PredefinedPrfParameters;
import giliran.store.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeysTest {
    private static final PersonDetails AISYAH = Typed.byAisyah().details();
    private static final byte[] HERE = "appointment 1".getBytes(UTF_8);
    private static final byte[] THERE = "appointment 2".getBytes(UTF_8);

    @TempDir Path temporary;
    private Path folder;
    private Keys keys;

    @BeforeEach
    void makeKeys() {
        folder = temporary.resolve("giliran").resolve("keys");
        keys = Keys.openOrCreate(folder);
    }

    // The folder

    @Test
    void givesTheSameKeysAtTheNextStart() {
        byte[] sealed = keys.seal(AISYAH, HERE);
        byte[] mac = keys.mac(HERE);
        var again = Keys.openOrCreate(folder);
        assertThat(again.unseal(sealed, HERE)).isEqualTo(AISYAH);
        assertThat(again.verifyMac(mac, HERE)).isTrue();
        assertThat(again.checkValue()).isEqualTo(keys.checkValue());
        assertThat(handle(again, AISYAH)).isEqualTo(handle(keys, AISYAH));
    }

    @Test
    void keepsTheFolderAndItsFilesToTheirOwner() throws IOException {
        assertThat(permissions(folder)).isEqualTo("rwx------");
        try (var files = Files.list(folder)) {
            assertThat(files.toList())
                    .hasSize(4)
                    .allSatisfy(file -> assertThat(permissions(file)).isEqualTo("rw-------"));
        }
    }

    @Test
    void closesAFolderThatWasOpenToOthers() throws IOException {
        Path open = Files.createDirectory(temporary.resolve("open"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-xr-x"));
        Keys.openOrCreate(open);
        assertThat(permissions(open)).isEqualTo("rwx------");
    }

    @ParameterizedTest
    @ValueSource(strings = {"person.keyset", "seal.keyset", "link.keyset"})
    void refusesAFolderThatLacksAKeyAndMakesNone(String file) throws IOException {
        Files.delete(folder.resolve(file));
        assertRefusedAtStart().withMessageContaining("lacks " + file);
        assertThat(folder.resolve(file)).doesNotExist();
    }

    @Test
    void makesKeysWhereAnEarlierStartDiedBeforeItHadAny() throws IOException {
        Path left = Files.createDirectory(temporary.resolve("left"));
        Files.writeString(left.resolve("person.keyset.new"), "{");
        assertThat(Keys.openOrCreate(left).mac(HERE)).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "{}", "null", "\u0000", "{\"primaryKeyId\":1,\"key\":[]}"})
    void refusesAKeyFileThatIsNoKeyset(String text) throws IOException {
        Files.writeString(folder.resolve("seal.keyset"), text);
        assertRefusedAtStart().withMessageContaining("seal.keyset").withNoCause();
    }

    @Test
    void refusesAKeyFileOfAnotherPurpose() throws IOException {
        Files.copy(
                folder.resolve("link.keyset"),
                folder.resolve("seal.keyset"),
                StandardCopyOption.REPLACE_EXISTING);
        assertRefusedAtStart().withMessageContaining("seal.keyset").withNoCause();
    }

    @Test
    void refusesAKeyFileThatOthersMayRead() throws IOException {
        Files.setPosixFilePermissions(
                folder.resolve("person.keyset"), PosixFilePermissions.fromString("rw-r--r--"));
        assertRefusedAtStart().withMessageContaining("person.keyset");
    }

    @Test
    void refusesAPersonKeyThatWasRotated() throws IOException, GeneralSecurityException {
        rotate("person.keyset", PredefinedPrfParameters.HMAC_SHA256_PRF);
        assertRefusedAtStart().withMessageContaining("person.keyset");
    }

    @Test
    void givesManyFirstStartsAtOnceTheSameKeys() throws Exception {
        Path fresh = temporary.resolve("fresh");
        Set<String> values = new HashSet<>();
        for (byte[] value : atOnce(8, () -> Keys.openOrCreate(fresh).checkValue())) {
            values.add(HexFormat.of().formatHex(value));
        }
        assertThat(values).hasSize(1);
    }

    // Handles

    @Test
    void knowsAPersonHoweverTheNumberWasTyped() {
        var handle = handle(keys, Typed.withPassport("A12345678").details());
        for (String typed :
                List.of("a12345678", " A 1234 5678 ", "a-1234-5678", "\uFF2112345678")) {
            assertThat(handle(keys, Typed.withPassport(typed).details())).isEqualTo(handle);
        }
        assertThat(handle(keys, Typed.byAisyah().with("idNumber", "900131145678").details()))
                .isEqualTo(handle(keys, AISYAH));
    }

    @Test
    void givesAnotherHandleInAnotherScopeForAnotherDocumentOrNumber() {
        assertThat(
                        Set.of(
                                keys.handleOf("programme", IdType.PASSPORT, "A12345"),
                                keys.handleOf("programme2", IdType.PASSPORT, "A12345"),
                                keys.handleOf("programme", IdType.HEALTH_CARD, "A12345"),
                                keys.handleOf("programme", IdType.PASSPORT, "A12346")))
                .hasSize(4);
    }

    @Test
    void givesAnotherHandleWithOtherKeys() {
        assertThat(handle(otherKeys(), AISYAH)).isNotEqualTo(handle(keys, AISYAH));
    }

    @Test
    void refusesAHandleOfANumberThatIsNotInItsNormalForm() {
        for (String number : List.of("a12345", "A 12345", "", "A1234\uD800")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> keys.handleOf("programme", IdType.PASSPORT, number))
                    .withMessageNotContaining("12345");
        }
    }

    // Sealing

    @Test
    void sealsTheSameDetailsDifferentlyEachTime() {
        byte[] sealed = keys.seal(AISYAH, HERE);
        assertThat(sealed).hasSize(AISYAH.canonicalBytes().length + 33);
        assertThat(keys.seal(AISYAH, HERE)).isNotEqualTo(sealed);
        assertThat(new String(sealed, UTF_8)).doesNotContain("Aisyah");
    }

    @Test
    void refusesToUnsealWhatWasSealedElsewhere() {
        assertDoesNotOpen(keys, keys.seal(AISYAH, HERE), THERE);
        assertDoesNotOpen(keys, keys.seal(AISYAH, HERE), new byte[0]);
    }

    @Test
    void refusesToUnsealWhatWasTamperedWith() {
        byte[] sealed = keys.seal(AISYAH, HERE);
        for (int i = 0; i < sealed.length; i++) {
            byte[] tampered = sealed.clone();
            tampered[i] ^= 1;
            assertDoesNotOpen(keys, tampered, HERE);
        }
    }

    @Test
    void refusesToUnsealWhatOtherKeysSealed() {
        assertDoesNotOpen(keys, otherKeys().seal(AISYAH, HERE), HERE);
    }

    @Test
    void refusesToUnsealWhatWasNeverSealed() {
        assertDoesNotOpen(keys, new byte[0], HERE);
        assertDoesNotOpen(keys, AISYAH.canonicalBytes(), HERE);
    }

    @Test
    void unsealsWhatWasSealedBeforeARotation() throws IOException, GeneralSecurityException {
        byte[] before = keys.seal(AISYAH, HERE);
        rotate("seal.keyset", PredefinedAeadParameters.AES256_GCM);
        var rotated = Keys.openOrCreate(folder);
        assertThat(rotated.unseal(before, HERE)).isEqualTo(AISYAH);
        assertDoesNotOpen(keys, rotated.seal(AISYAH, HERE), HERE);
    }

    // Links and fingerprints

    @Test
    void verifiesOnlyItsOwnMacOfTheSameBytes() {
        byte[] mac = keys.mac(HERE);
        assertThat(mac).hasSize(Keys.MAC_BYTES);
        assertThat(keys.verifyMac(mac, HERE)).isTrue();
        assertThat(keys.verifyMac(mac, THERE)).isFalse();
        assertThat(keys.verifyMac(new byte[0], HERE)).isFalse();
        assertThat(keys.verifyMac(new byte[Keys.MAC_BYTES], HERE)).isFalse();
        assertThat(otherKeys().verifyMac(mac, HERE)).isFalse();
        mac[Keys.MAC_BYTES - 1] ^= 1;
        assertThat(keys.verifyMac(mac, HERE)).isFalse();
    }

    @Test
    void verifiesALinkFromBeforeARotation() throws IOException, GeneralSecurityException {
        byte[] before = keys.mac(HERE);
        rotate("link.keyset", PredefinedMacParameters.HMAC_SHA256_128BITTAG);
        var rotated = Keys.openOrCreate(folder);
        assertThat(rotated.verifyMac(before, HERE)).isTrue();
        assertThat(rotated.mac(HERE)).isNotEqualTo(before);
    }

    @Test
    void givesTheSameFingerprintForTheSameBytesOnly() {
        assertThat(keys.fingerprint(HERE))
                .hasSize(Keys.FINGERPRINT_BYTES)
                .isEqualTo(keys.fingerprint(HERE))
                .isNotEqualTo(keys.fingerprint(THERE))
                .isNotEqualTo(otherKeys().fingerprint(HERE));
    }

    @Test
    void tellsOtherKeysApartByTheirCheckValue() {
        assertThat(keys.checkValue())
                .hasSize(Keys.CHECK_VALUE_BYTES)
                .isNotEqualTo(otherKeys().checkValue());
    }

    @Test
    void servesManyThreadsAtOnce() throws Exception {
        var expected = handle(keys, AISYAH);
        List<Boolean> right =
                atOnce(
                        16,
                        () -> {
                            boolean all = true;
                            for (int i = 0; i < 200; i++) {
                                all &= handle(keys, AISYAH).equals(expected);
                                all &= keys.unseal(keys.seal(AISYAH, HERE), HERE).equals(AISYAH);
                                all &= keys.verifyMac(keys.mac(HERE), HERE);
                            }
                            return all;
                        });
        assertThat(right).containsOnly(true);
    }

    private Keys otherKeys() {
        return Keys.openOrCreate(temporary.resolve("other"));
    }

    private static PersonHandle handle(Keys keys, PersonDetails details) {
        return keys.handleOf("programme", details.idType(), details.idNumber());
    }

    /** Adds a new primary key to a keyset file, as an operator's tool would. */
    private void rotate(String file, Parameters parameters)
            throws IOException, GeneralSecurityException {
        KeysetHandle old =
                TinkJsonProtoKeysetFormat.parseKeyset(
                        Files.readString(folder.resolve(file)), InsecureSecretKeyAccess.get());
        KeysetHandle both =
                KeysetHandle.newBuilder(old)
                        .addEntry(
                                KeysetHandle.generateEntryFromParameters(parameters)
                                        .withRandomId()
                                        .makePrimary())
                        .build();
        Files.writeString(
                folder.resolve(file),
                TinkJsonProtoKeysetFormat.serializeKeyset(both, InsecureSecretKeyAccess.get()));
    }

    private ThrowableAssertAlternative<StoreException> assertRefusedAtStart() {
        return assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> Keys.openOrCreate(folder));
    }

    private static void assertDoesNotOpen(Keys keys, byte[] sealed, byte[] context) {
        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> keys.unseal(sealed, context))
                .withMessageContaining("do not open")
                .withMessageNotContaining("Aisyah");
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private static <T> List<T> atOnce(int threads, Callable<T> task) throws Exception {
        try (var executor = Executors.newFixedThreadPool(threads)) {
            List<T> results = new ArrayList<>();
            for (Future<T> done : executor.invokeAll(Collections.nCopies(threads, task))) {
                results.add(done.get());
            }
            return results;
        }
    }
}
