package giliran.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DataFolderTest {
    private static final DataFolder.Connection CONNECTION =
            new DataFolder.Connection("jdbc:postgresql://127.0.0.1:1/x?password=p", "u", "s3cret");

    @TempDir private Path temp;
    private Path path;

    @BeforeEach
    void choosePath() {
        path = temp.resolve("a/data folder");
    }

    /** Another process: takes the folder and says so, or says why not; then waits for its end. */
    static final class Other {
        private Other() {}

        public static void main(String... arguments) throws IOException {
            try (DataFolder folder = DataFolder.open(Path.of(arguments[0]))) {
                folder.announce("http://127.0.0.1:8080");
                folder.writeConnection(CONNECTION);
                System.out.println("taken");
                assertThat(System.in.read()).isNegative();
            } catch (StoreException e) {
                System.out.println(e.getMessage());
            }
        }

        static Process start(Path path) throws IOException {
            return new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin/java").toString(),
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Other.class.getName(),
                            path.toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
        }
    }

    @Test
    void createsTheFolderForItsOwnerOnly() throws IOException {
        try (DataFolder folder = DataFolder.open(path)) {
            assertThat(mode(folder.path())).isEqualTo("rwx------");
            assertThat(folder.path()).isEqualTo(path.toRealPath());
            assertThat(folder.keys()).isEqualTo(folder.path().resolve("keys"));
            assertThat(folder.postgres()).isEqualTo(folder.path().resolve("postgres"));
            assertThat(folder.log()).isEqualTo(folder.path().resolve("log"));
        }
    }

    @Test
    void refusesToBeOpenedTwiceAndNamesTheHolder() {
        try (DataFolder folder = DataFolder.open(path)) {
            assertRefused("process " + ProcessHandle.current().pid() + ":");
            folder.announce("http://127.0.0.1:8080");
            assertRefused("process " + ProcessHandle.current().pid() + " at http://127.0.0.1:8080");
            assertThat(DataFolder.tryOpen(temp.resolve("a/../a/data folder"))).isEmpty();
        }
    }

    @Test
    void canBeOpenedAgainAfterItWasClosed() {
        DataFolder first = DataFolder.open(path);
        first.close();
        first.close();
        try (DataFolder second = DataFolder.open(path)) {
            first.close();
            assertRefused(second.path().getFileName().toString());
        }
    }

    @Test
    void isHeldAgainstAnotherProcessAlsoAfterARefusalInThisOne() throws IOException {
        try (DataFolder folder = DataFolder.open(path)) {
            assertThat(DataFolder.tryOpen(path)).isEmpty();
            assertRefused("process");
            Process other = Other.start(folder.path());
            try (var said = other.inputReader(UTF_8)) {
                assertThat(said.readLine())
                        .contains(folder.path().toString())
                        .contains("process " + ProcessHandle.current().pid());
            } finally {
                other.destroyForcibly();
            }
        }
    }

    @Test
    void isFreeOnceTheProcessThatHeldItIsKilled() throws Exception {
        Process other = Other.start(path);
        try (var said = other.inputReader(UTF_8)) {
            assertThat(said.readLine()).isEqualTo("taken");
            assertRefused("process " + other.pid() + " at http://127.0.0.1:8080");
            assertThat(DataFolder.readConnection(path)).contains(CONNECTION);
        } finally {
            other.destroyForcibly().waitFor();
        }
        try (DataFolder folder = DataFolder.open(path)) {
            assertThat(DataFolder.readConnection(folder.path())).isEmpty();
        }
    }

    @Test
    void givesTheConnectionToItsOwnerOnlyAndUntilItIsClosed() throws IOException {
        try (DataFolder folder = DataFolder.open(path)) {
            assertThat(DataFolder.readConnection(path)).isEmpty();
            folder.writeConnection(new DataFolder.Connection("jdbc:postgresql:old", "u", ""));
            folder.writeConnection(CONNECTION);
            assertThat(DataFolder.readConnection(path)).contains(CONNECTION);
            assertThat(mode(path.resolve("connection"))).isEqualTo("rw-------");
        }
        assertThat(DataFolder.readConnection(path)).isEmpty();
        assertThat(path.resolve("connection")).doesNotExist();
    }

    @Test
    void neverShowsAPassword() {
        assertThat(CONNECTION).hasToString("Connection[u at jdbc:postgresql://127.0.0.1:1/x]");
    }

    @Test
    void refusesAConnectionThatWouldNotFitItsLines() {
        assertThatThrownBy(() -> new DataFolder.Connection("jdbc:postgresql:x", "u", "p\n"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void saysInOneSentenceWhatIsWrongWithAFolder() throws IOException {
        Path file = Files.writeString(temp.resolve("file"), "");
        for (Path unusable : new Path[] {file, file.resolve("x"), Path.of("/proc/giliran")}) {
            assertThatThrownBy(() -> DataFolder.open(unusable))
                    .isInstanceOf(StoreException.class)
                    .hasMessageMatching("Giliran cannot use the folder [^\n]+--data\\.")
                    .hasMessageContaining(unusable.toString());
        }
    }

    private void assertRefused(String holder) {
        assertThatThrownBy(() -> DataFolder.open(path))
                .isInstanceOf(StoreException.class)
                .hasMessageMatching("The data folder [^\n]+ is in use by [^\n]+--data\\.")
                .hasMessageContaining(path.getFileName().toString())
                .hasMessageContaining(holder);
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }
}
