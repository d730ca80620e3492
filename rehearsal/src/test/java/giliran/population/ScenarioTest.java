package giliran.population;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import giliran.subject.RehearsalException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ScenarioTest {
    private static final Path HOME = Path.of("..").toAbsolutePath().normalize();
    private static final Path TINY =
            Path.of("src/test/resources/giliran/population/tiny.properties");

    @Test
    void readsEveryScenarioAtAnyScaleAndSpeed() {
        for (String name : Scenario.NAMES) {
            Scenario whole = Scenario.read(name, 1, 1);
            Scenario small = Scenario.read(name, 0.01, 10);

            assertThat(small.people()).isEqualTo(whole.people() / 100);
            assertThat(small.readyAfter()).isEqualTo(whole.readyAfter().dividedBy(10));
            RealDay day =
                    small.trace().isEmpty() ? null : RealDay.read(HOME.resolve(small.trace()));
            assertThat(Offer.of(small, 1, day).places()).as(name).isEqualTo(small.places());
        }
    }

    @Test
    void hasTheThirdRoundAsItWas() {
        Scenario third = Scenario.read("malaysia-2021-05-26", 1, 1);

        assertThat(third.people()).isEqualTo(3_000_000);
        assertThat(third.centres()).hasSize(8);
        assertThat(third.dates()).isEqualTo(52);
        Offer offer = Offer.of(third, 1, null);
        assertThat(offer.places()).isEqualTo(956_609);
        assertThat(offer.days()).hasSize(8 * 52);
    }

    @Test
    void replaysTheRecordedDay() {
        Scenario second = Scenario.read("malaysia-2021-05-02", 1, 1);
        RealDay day = RealDay.read(HOME.resolve(second.trace()));

        assertThat(day.columns()).isEqualTo(98);
        assertThat(Offer.of(second, 1, day).places()).isEqualTo(220_300);
        assertThat(day.bookings()).isBetween(220_300, 220_310);
        assertThat(day.points(1, 10).getLast().placesLeft()).isZero();
        assertThat(day.millisOf(0, 0)).isBetween(0L, day.millisOf(day.bookings() - 1, 1));
    }

    @Test
    void saysWhichSettingIsMissingUnknownOrOutOfBounds(@TempDir Path folder) throws IOException {
        String tiny = Files.readString(TINY);
        assertRefused(folder, tiny.replace("people =", "folk ="), "people is missing");
        assertRefused(folder, tiny + "\nfolk = 3\n", "folk is unknown");
        assertRefused(
                folder, tiny.replace("passes = 0.3", "passes = 3"), "passes must be a number");
        assertRefused(
                folder, tiny.replace("selangor 1 1", "selangor"), "centres must be like WTCKL");
        assertRefused(
                folder,
                tiny.replace("kill.server-at =", "kill.server-at = soon"),
                "kill.server-at must be whole seconds");
        assertThatThrownBy(() -> Scenario.read("nowhere", 1, 1))
                .isInstanceOf(RehearsalException.class)
                .hasMessageContaining("There is no scenario nowhere");
        assertThatThrownBy(() -> Scenario.read("bots", 2, 1)).hasMessageContaining("--scale");
        assertThatThrownBy(() -> Scenario.read("bots", 1, 0)).hasMessageContaining("--speed");
    }

    private static void assertRefused(Path folder, String text, String sentence)
            throws IOException {
        Path file = Files.writeString(folder.resolve("own.properties"), text);
        assertThatThrownBy(() -> Scenario.read(file.toString(), 1, 1))
                .isInstanceOf(RehearsalException.class)
                .hasMessageContaining(sentence);
    }
}
