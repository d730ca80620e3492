package giliran.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import giliran.subject.Folders;
import giliran.subject.Progress;
import giliran.subject.RehearsalException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Twenty kills, and proof that a lie would have been found. */
final class TortureTest {
    private static final int ROUNDS = 20;
    private static final Path HOME = Path.of("..").toAbsolutePath().normalize();
    private static final Path JAR = HOME.resolve("server/target/giliran.jar");

    @TempDir private static Path temp;
    private static Torture torture;

    @BeforeAll
    static void torture() throws IOException, InterruptedException {
        long seed = new SplittableRandom().nextLong();
        Path data = Files.createDirectory(temp.toRealPath().resolve("torture"));
        torture = new Torture(HOME, JAR, new Folders.Data(data, false), seed, Progress::tell);
        torture.run(ROUNDS);
        Progress.tell(torture.summary());
    }

    @AfterAll
    static void stop() {
        torture.close();
    }

    @Test
    void keepsEveryPromiseOverTwentyKills() {
        assertThat(torture.broken()).as(torture.summary()).isEmpty();
        assertThat(torture.summary()).startsWith(ROUNDS + " rounds");
        assertThat(torture.differencesFrom(torture.lastAudit())).isEmpty();
    }

    @Test
    void findsAnAppointmentThatIsGone() {
        List<String> audit = new ArrayList<>(torture.lastAudit());
        String dropped = audit.remove(audit.size() / 2);

        assertThat(torture.differencesFrom(audit))
                .singleElement()
                .asString()
                .startsWith("told, and not there: person ")
                .contains(slotOf(dropped));
    }

    @Test
    void findsAnAppointmentThatWasMadeTwice() {
        List<String> audit = new ArrayList<>(torture.lastAudit());
        String doubled = audit.get(audit.size() / 2);
        audit.add(doubled);

        assertThat(torture.differencesFrom(audit))
                .anyMatch(d -> d.contains(referenceOf(doubled) + " is there more than once"));
    }

    @Test
    void findsAnAppointmentThatNobodyWasToldOf() {
        List<String> audit = new ArrayList<>(torture.lastAudit());
        String secret = audit.getLast();
        audit.add(secret.replace(referenceOf(secret), "0000000000000000"));

        assertThat(torture.differencesFrom(audit))
                .anyMatch(d -> d.startsWith("there, and told to nobody: "));
    }

    @Test
    void findsAPlaceThatWasGivenToMoreThanThereIsRoomFor() {
        List<String> audit = new ArrayList<>(torture.lastAudit());
        String slot = torture.capacities().keySet().iterator().next();
        for (int i = 0; i <= torture.capacities().getOrDefault(slot, 0); i++) {
            audit.add("%016d,1,hall,%s,booked,,".formatted(i, slot));
        }

        assertThat(torture.differencesFrom(audit))
                .anyMatch(d -> d.startsWith("slot " + slot + " has "));
    }

    @Test
    void findsAnAppointmentThatIsInAnotherSlot() {
        List<String> audit = new ArrayList<>(torture.lastAudit());
        String row = audit.get(1);
        String other =
                torture.capacities().keySet().stream()
                        .filter(slot -> !row.contains(slot))
                        .findFirst()
                        .orElseThrow();
        audit.set(1, row.replace(slotOf(row), other));

        assertThat(torture.differencesFrom(audit))
                .anyMatch(d -> d.startsWith("told otherwise than it is there"));
    }

    @Test
    void findsACancelledAppointmentThatStillHoldsItsPlace() {
        List<String> audit = new ArrayList<>(torture.lastAudit());
        audit.replaceAll(row -> row.replace(",cancelled,", ",booked,"));

        assertThat(torture.differencesFrom(audit))
                .anyMatch(d -> d.startsWith("told otherwise than it is there (booked"));
    }

    @Test
    void refusesADataFolderThatIsNotEmpty() throws IOException {
        Path folder = Files.createDirectory(temp.resolve("not empty"));
        Files.writeString(folder.resolve("something"), "");

        assertThatThrownBy(() -> Folders.dataFor(folder))
                .isInstanceOf(RehearsalException.class)
                .hasMessageContaining("is not empty");
    }

    @Test
    void saysWhichJarIsMissing() {
        Path missing = temp.resolve("no.jar");

        assertThatThrownBy(
                        () ->
                                new Torture(
                                        HOME,
                                        missing,
                                        new Folders.Data(temp, false),
                                        1,
                                        told -> {}))
                .isInstanceOf(RehearsalException.class)
                .hasMessageContaining(missing + " is missing");
    }

    private static String referenceOf(String row) {
        return row.split(",", -1)[0];
    }

    private static String slotOf(String row) {
        return row.split(",", -1)[3];
    }
}
