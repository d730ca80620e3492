package giliran.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
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
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Twenty kills, and proof that a lie would have been found. */
final class TortureTest {
    private static final int ROUNDS_EACH = 10;
    private static final Path HOME = Path.of("..").toAbsolutePath().normalize();
    private static final Path JAR = HOME.resolve("server/target/giliran.jar");

    @TempDir private static Path temp;
    private static Torture torture;

    /** Beside the first, since most of a round is waiting. */
    private static Torture another;

    @BeforeAll
    static void torture() throws IOException, InterruptedException {
        torture = of("torture");
        another = of("another");
        try (ExecutorService both = Executors.newFixedThreadPool(2)) {
            for (Future<Boolean> each :
                    both.invokeAll(
                            List.<Callable<Boolean>>of(
                                    () -> torture.run(ROUNDS_EACH),
                                    () -> another.run(ROUNDS_EACH)))) {
                assertThatCode(each::get).doesNotThrowAnyException();
            }
        }
    }

    private static Torture of(String name) throws IOException {
        return new Torture(
                HOME,
                JAR,
                new Folders.Data(Files.createDirectory(temp.toRealPath().resolve(name)), false),
                new SplittableRandom().nextLong(),
                Progress::tell);
    }

    @AfterAll
    static void stop() {
        try {
            torture.close();
        } finally {
            another.close();
        }
    }

    @Test
    void keepsEveryPromiseOverTwentyKills() {
        for (Torture each : List.of(torture, another)) {
            Progress.tell(each.summary());
            assertThat(each.broken()).as(each.summary()).isEmpty();
            assertThat(each.summary()).startsWith(ROUNDS_EACH + " rounds");
            assertThat(each.differencesFrom(each.lastAudit())).isEmpty();
        }
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
