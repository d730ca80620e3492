package giliran.booking;

import static org.assertj.core.api.Assertions.assertThat;

import giliran.campaigns.CentreId;
import giliran.campaigns.SlotId;
import giliran.ledger.Appointment;
import giliran.ledger.AppointmentState;
import giliran.ledger.PlaceId;
import giliran.ledger.Reference;
import giliran.people.Keys;
import giliran.people.PersonHandle;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AppointmentLinksTest {
    private static final Appointment MINE = appointment(1_234_567_890_123_456L, new UUID(1, 2));
    private static final String ALPHABET =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    @TempDir private static Path temporary;
    private static AppointmentLinks links;
    private static String token;

    @BeforeAll
    static void makeALink() {
        links = new AppointmentLinks(Keys.openOrCreate(temporary.resolve("keys")));
        token = links.tokenOf(MINE);
    }

    private static Appointment appointment(long reference, UUID person) {
        return new Appointment(
                new PersonHandle(person),
                1,
                new Reference(reference),
                new PlaceId(new CentreId("hall"), new SlotId(new UUID(0, 0))),
                AppointmentState.BOOKED,
                Optional.empty(),
                1,
                Optional.empty(),
                Instant.EPOCH,
                Instant.EPOCH);
    }

    @Test
    void opensItsOwnAppointment() {
        assertThat(links.open(token)).hasValueSatisfying(o -> assertThat(o.names(MINE)).isTrue());
    }

    @Test
    void isTheSameForAReplayAfterARestart() {
        AppointmentLinks restarted =
                new AppointmentLinks(Keys.openOrCreate(temporary.resolve("keys")));
        assertThat(restarted.tokenOf(MINE)).isEqualTo(token);
    }

    @Test
    void isSafeInAPathAndShowsNoHandleInFull() {
        assertThat(token).matches("[A-Za-z0-9_-]{50}");
        assertThat(Base64.getUrlDecoder().decode(token)).hasSize(16 + Keys.MAC_BYTES);
    }

    @Test
    void namesNoOneElsesAppointment() {
        Appointment otherReference = appointment(1, MINE.person().value());
        Appointment otherPerson = appointment(MINE.reference().value(), new UUID(3, 2));
        assertThat(links.open(token))
                .hasValueSatisfying(
                        o -> {
                            assertThat(o.names(otherReference)).isFalse();
                            assertThat(o.names(otherPerson)).isFalse();
                        });
        assertThat(links.tokenOf(otherReference)).isNotEqualTo(token);
        assertThat(links.tokenOf(otherPerson)).isNotEqualTo(token);
    }

    @Test
    void doesNotOpenWithAnyOneCharacterChanged() {
        for (int at = 0; at < token.length(); at++) {
            for (int i = 0; i < ALPHABET.length(); i++) {
                char other = ALPHABET.charAt(i);
                if (other != token.charAt(at)) {
                    String tampered = token.substring(0, at) + other + token.substring(at + 1);
                    assertThat(links.open(tampered)).as(tampered).isEmpty();
                }
            }
        }
    }

    @Test
    void doesNotOpenAnythingShorterOrLonger() {
        for (int length = 0; length < token.length(); length++) {
            assertThat(links.open(token.substring(0, length))).isEmpty();
        }
        assertThat(links.open(token + "A")).isEmpty();
        assertThat(links.open(token + "==")).isEmpty();
        assertThat(links.open(token + token)).isEmpty();
        assertThat(links.open(token.repeat(100_000))).isEmpty();
    }

    @Test
    void doesNotOpenWhatOtherKeysMade() {
        AppointmentLinks foreign =
                new AppointmentLinks(Keys.openOrCreate(temporary.resolve("others")));
        assertThat(links.open(foreign.tokenOf(MINE))).isEmpty();
        assertThat(foreign.open(token)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "%2e%2e",
                "../../etc/passwd",
                "null",
                "日本語",
                "\u0000",
                "====",
                "\n"
            })
    void doesNotOpenGarbage(String garbage) {
        assertThat(links.open(garbage)).isEmpty();
    }

    @Test
    void doesNotOpenOneAppointmentWithTheCodeOfAnother() {
        byte[] mine = Base64.getUrlDecoder().decode(token);
        byte[] other = Base64.getUrlDecoder().decode(links.tokenOf(appointment(1, new UUID(3, 4))));
        System.arraycopy(other, 0, mine, 0, 16);
        assertThat(links.open(Base64.getUrlEncoder().withoutPadding().encodeToString(mine)))
                .isEmpty();
    }
}
