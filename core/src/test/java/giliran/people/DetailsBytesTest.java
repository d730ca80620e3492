package giliran.people;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import giliran.store.StoreException;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class DetailsBytesTest {
    private static final PersonDetails AISYAH =
            Typed.byAisyah().contactBy("voice", "email").details();

    @Test
    void givesTheDetailsBack() {
        assertThat(DetailsBytes.decode(AISYAH.canonicalBytes())).isEqualTo(AISYAH);
    }

    @Test
    void givesDetailsWithoutAddressAndEmailBack() {
        var brief = Typed.withPassport("A12345").without("address").without("email").details();
        assertThat(DetailsBytes.decode(brief.canonicalBytes())).isEqualTo(brief);
    }

    @Test
    void givesEqualBytesForWhatWasTypedDifferently() {
        var again =
                Typed.byAisyah()
                        .with("name", " Aisyah  binti Abdullah")
                        .with("idNumber", "900131145678")
                        .with("phone", "+60 12 345 6789")
                        .with("email", "aisyah@EXAMPLE.my")
                        .with("language", "MS")
                        .contactBy("email", "voice", "email")
                        .details();
        assertThat(again.canonicalBytes()).isEqualTo(AISYAH.canonicalBytes());
    }

    @Test
    void givesOtherBytesForEachFieldThatDiffers() {
        assertThat(
                        Set.of(
                                new String[] {"name", "Aisyah"},
                                new String[] {"idNumber", "900131-14-5679"},
                                new String[] {"region", "selangor"},
                                new String[] {"address", "13, Jalan Ampang"},
                                new String[] {"phone", "012-345 6780"},
                                new String[] {"email", "a@example.my"},
                                new String[] {"language", "en"}))
                .allSatisfy(
                        change ->
                                assertThat(
                                                Typed.byAisyah()
                                                        .contactBy("voice", "email")
                                                        .with(change[0], change[1])
                                                        .details()
                                                        .canonicalBytes())
                                        .isNotEqualTo(AISYAH.canonicalBytes()));
    }

    @Test
    void refusesBytesThatEndEarly() {
        byte[] whole = AISYAH.canonicalBytes();
        for (int length = 0; length < whole.length; length++) {
            assertRefused(Arrays.copyOf(whole, length));
        }
    }

    @Test
    void refusesBytesThatGoOn() {
        byte[] whole = AISYAH.canonicalBytes();
        assertRefused(Arrays.copyOf(whole, whole.length + 1));
    }

    @Test
    void refusesBytesOfAnotherVersion() {
        byte[] bytes = AISYAH.canonicalBytes();
        bytes[0] = 2;
        assertRefused(bytes);
    }

    @Test
    void refusesAnyBytesWithOneSentenceAndNothingElse() {
        long seed = System.nanoTime();
        var random = new SplittableRandom(seed);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = AISYAH.canonicalBytes();
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            try {
                DetailsBytes.decode(bytes);
            } catch (StoreException refused) {
                assertThat(refused.getCause()).isNull();
            } catch (RuntimeException other) {
                throw new AssertionError("Seed %d, try %d".formatted(seed, i), other);
            }
        }
    }

    @Test
    void refusesToMakeDetailsThatNoCheckWouldGive() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> changed("", "900131145678", "12", true));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> changed("Ali", "900131-14-5678", "12", true));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> changed("Ali", "900131145678", " ", true));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> changed("Ali", "900131145678", "12", false));
    }

    private static PersonDetails changed(
            String name, String idNumber, String address, boolean withEmail) {
        return new PersonDetails(
                name,
                AISYAH.idType(),
                idNumber,
                AISYAH.dateOfBirth(),
                AISYAH.region(),
                Optional.of(address),
                AISYAH.phone(),
                AISYAH.email().filter(email -> withEmail),
                AISYAH.language(),
                AISYAH.contactBy());
    }

    private static void assertRefused(byte[] bytes) {
        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> DetailsBytes.decode(bytes))
                .withNoCause();
    }
}
