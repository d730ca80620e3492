package giliran.people;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.tuple;

import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.prf.PredefinedPrfParameters;
import giliran.store.PrivateFiles;
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
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
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
                    .hasSize(5)
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
    @ValueSource(strings = {"person.keyset", "seal.keyset", "link.keyset", "pass.keyset"})
    void refusesAFolderThatLacksAKeyAndMakesNone(String file) throws IOException {
        Files.delete(folder.resolve(file));
        assertRefusedAtStart().withMessageContaining("lacks " + file);
        assertThat(folder.resolve(file)).doesNotExist();
    }

    @Test
    void makesKeysWhereAnEarlierStartDiedBeforeItHadAny() throws IOException {
        Path left = Files.createDirectory(temporary.resolve("left"));
        Files.writeString(left.resolve("person.keyset.tmp"), "{");
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
        addAPersonKey();
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
    void unsealsWhatWasSealedBeforeARotation() {
        byte[] before = keys.seal(AISYAH, HERE);
        Keys.rotate(folder, Keyset.SEAL);
        var rotated = Keys.openOrCreate(folder);
        assertThat(rotated.unseal(before, HERE)).isEqualTo(AISYAH);
        assertDoesNotOpen(keys, rotated.seal(AISYAH, HERE), HERE);
    }

    // Passes

    @Test
    void opensAPassWithTheHeaderItWasSealedWith() {
        byte[] pass = keys.sealPass(AISYAH, HERE);
        assertThat(pass).hasSize(AISYAH.canonicalBytes().length + 33);
        assertThat(keys.openPass(pass, HERE)).contains(AISYAH);
        assertThat(Keys.openOrCreate(folder).openPass(pass, HERE)).contains(AISYAH);
        assertThat(keys.openPass(pass, THERE)).isEmpty();
        assertThat(new String(pass, UTF_8)).doesNotContain("Aisyah");
    }

    @Test
    void opensNoPassThatWasTamperedWith() {
        byte[] pass = keys.sealPass(AISYAH, HERE);
        for (int i = 0; i < pass.length; i++) {
            byte[] tampered = pass.clone();
            tampered[i] ^= 1;
            assertThat(keys.openPass(tampered, HERE)).isEmpty();
        }
    }

    @Test
    void opensNoPassThatOtherKeysMade() {
        assertThat(keys.openPass(otherKeys().sealPass(AISYAH, HERE), HERE)).isEmpty();
        assertThat(keys.openPass(keys.seal(AISYAH, HERE), HERE)).isEmpty();
        assertDoesNotOpen(keys, keys.sealPass(AISYAH, HERE), HERE);
    }

    @Test
    void opensNoGarbageAsAPass() {
        var random = new SplittableRandom(20210502);
        for (int length = 0; length < 600; length++) {
            byte[] garbage = new byte[length];
            random.nextBytes(garbage);
            assertThat(keys.openPass(garbage, HERE)).isEmpty();
        }
    }

    // Rotation

    @Test
    void opensAPassFromBeforeARotation() {
        byte[] before = keys.sealPass(AISYAH, HERE);
        Keys.rotate(folder, Keyset.PASS);
        var rotated = Keys.openOrCreate(folder);
        assertThat(rotated.openPass(before, HERE)).contains(AISYAH);
        assertThat(keys.openPass(rotated.sealPass(AISYAH, HERE), HERE)).isEmpty();
    }

    @Test
    void takesUpARotationWithoutANewStart() {
        Keys.rotate(folder, Keyset.PASS);
        Keys.rotate(folder, Keyset.SEAL);
        Keys.rotate(folder, Keyset.LINK);
        byte[] mac = keys.mac(HERE);
        keys.refresh();
        var started = Keys.openOrCreate(folder);
        assertThat(keys.openPass(started.sealPass(AISYAH, HERE), HERE)).contains(AISYAH);
        assertThat(started.openPass(keys.sealPass(AISYAH, HERE), HERE)).contains(AISYAH);
        assertThat(keys.unseal(started.seal(AISYAH, HERE), HERE)).isEqualTo(AISYAH);
        assertThat(keys.mac(HERE)).isEqualTo(started.mac(HERE)).isNotEqualTo(mac);
    }

    @Test
    void keepsTheKeysInUseWhileAFileIsUnreadable() throws IOException {
        byte[] sealed = keys.seal(AISYAH, HERE);
        Path file = folder.resolve("seal.keyset");
        String whole = Files.readString(file);
        Files.delete(file);
        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(keys::refresh)
                .withMessageContaining("seal.keyset");
        PrivateFiles.write(file, "{");
        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(keys::refresh)
                .withMessageContaining("seal.keyset");
        assertThat(keys.unseal(sealed, HERE)).isEqualTo(AISYAH);
        PrivateFiles.write(file, whole);
        Keys.rotate(folder, Keyset.SEAL);
        keys.refresh();
        assertThat(keys.unseal(sealed, HERE)).isEqualTo(AISYAH);
        assertThat(keys.unseal(Keys.openOrCreate(folder).seal(AISYAH, HERE), HERE))
                .isEqualTo(AISYAH);
    }

    @Test
    void keepsThePersonKeyOfTheStart() throws IOException {
        var handle = handle(keys, AISYAH);
        Path other = temporary.resolve("other");
        Keys others = otherKeys();
        for (String file : List.of("person.keyset", "seal.keyset")) {
            Files.copy(
                    other.resolve(file),
                    folder.resolve(file),
                    StandardCopyOption.REPLACE_EXISTING,
                    StandardCopyOption.COPY_ATTRIBUTES);
        }
        keys.refresh();
        assertThat(keys.unseal(others.seal(AISYAH, HERE), HERE)).isEqualTo(AISYAH);
        assertThat(handle(keys, AISYAH)).isEqualTo(handle);
    }

    @Test
    void refusesToRotateThePersonKey() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Keys.rotate(folder, Keyset.PERSON))
                .withMessageContaining("person");
    }

    @Test
    void refusesToRotateAKeysetThatIsFull() {
        for (int keysHeld = 1; keysHeld < 100; keysHeld++) {
            Keys.rotate(folder, Keyset.PASS);
        }
        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> Keys.rotate(folder, Keyset.PASS))
                .withMessageContaining("100 keys");
        assertThat(Keys.list(folder)).hasSize(103);
    }

    @Test
    void refusesToRotateOrListWhereThereAreNoKeysAndMakesNone() {
        Path none = temporary.resolve("none");
        for (ThrowingCallable attempt :
                List.<ThrowingCallable>of(
                        () -> Keys.rotate(none, Keyset.PASS), () -> Keys.list(none))) {
            assertThatExceptionOfType(StoreException.class)
                    .isThrownBy(attempt)
                    .withMessageContaining("no keys in " + none);
        }
        assertThat(none).doesNotExist();
    }

    @Test
    void losesNoKeyWhenManyRotateAtOnce() throws Exception {
        atOnce(
                8,
                () -> {
                    Keys.rotate(folder, Keyset.LINK);
                    return true;
                });
        assertThat(Keys.list(folder)).filteredOn(key -> key.keyset() == Keyset.LINK).hasSize(9);
    }

    @Test
    void listsKeysWithoutTheirMaterial() {
        Keys.rotate(folder, Keyset.SEAL);
        List<KeyListing> listed = Keys.list(folder);
        assertThat(listed)
                .extracting(KeyListing::keyset, KeyListing::isPrimary, KeyListing::status)
                .containsExactly(
                        tuple(Keyset.PERSON, true, "ENABLED"),
                        tuple(Keyset.SEAL, false, "ENABLED"),
                        tuple(Keyset.SEAL, true, "ENABLED"),
                        tuple(Keyset.LINK, true, "ENABLED"),
                        tuple(Keyset.PASS, true, "ENABLED"));
        assertThat(listed).extracting(KeyListing::id).doesNotHaveDuplicates();
    }

    @Test
    void keepsARotatedFileToItsOwner() throws IOException {
        Keys.rotate(folder, Keyset.SEAL);
        assertThat(permissions(folder.resolve("seal.keyset"))).isEqualTo("rw-------");
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
    void verifiesALinkFromBeforeARotation() {
        byte[] before = keys.mac(HERE);
        Keys.rotate(folder, Keyset.LINK);
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

    /** Does by hand what {@link Keys#rotate} refuses to do. */
    private void addAPersonKey() throws IOException, GeneralSecurityException {
        Path file = folder.resolve("person.keyset");
        KeysetHandle old =
                TinkJsonProtoKeysetFormat.parseKeyset(
                        Files.readString(file), InsecureSecretKeyAccess.get());
        KeysetHandle both =
                KeysetHandle.newBuilder(old)
                        .addEntry(
                                KeysetHandle.generateEntryFromParameters(
                                                PredefinedPrfParameters.HMAC_SHA256_PRF)
                                        .withRandomId()
                                        .makePrimary())
                        .build();
        Files.writeString(
                file,
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
