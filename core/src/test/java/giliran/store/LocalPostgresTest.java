package giliran.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each test leaves a server running on the one cluster that they share. */
final class LocalPostgresTest {
    @TempDir private static Path temp;
    private static Path folder;
    private static LocalPostgres server;

    @BeforeAll
    static void redoWhatAKilledFirstStartLeft() throws IOException {
        folder = temp.resolve("a folder with spaces");
        Files.createDirectories(
                folder.resolve("postgres-" + PostgresPrograms.VERSION + ".tmp/bin"));
        Files.createDirectories(folder.resolve("cluster.tmp-1/base"));
        Files.writeString(folder.resolve("cluster.tmp-1/PG_VERSION"), "1");
        Files.writeString(folder.resolve("password"), "hal");
        server = LocalPostgres.start(folder, progress -> {});
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void redoesWhatAKilledFirstStartLeft() throws IOException {
        assertThat(server.password()).hasSize(64);
        try (var files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "cluster",
                            "launch",
                            "log",
                            "password",
                            "postgres-" + PostgresPrograms.VERSION);
        }
    }

    @Test
    void startsAgainAtTheSameAddressAfterItWasKilled() throws SQLException {
        String url = server.jdbcUrl();
        long pid = server.pid();
        assertThat(server.startAgainIfDead()).as("while it lives").isFalse();
        query("CREATE TABLE survivor AS SELECT 7 AS number");
        ProcessHandle killed = ProcessHandle.of(pid).orElseThrow();
        killed.destroyForcibly();
        killed.onExit().join();
        assertThat(server.isRunning()).isFalse();

        assertThat(server.startAgainIfDead()).isTrue();

        assertThat(server.isRunning()).isTrue();
        assertThat(server.pid()).isNotEqualTo(pid);
        assertThat(server.jdbcUrl()).isEqualTo(url);
        assertThat(query("SELECT number FROM survivor")).containsExactly("7");
    }

    @Test
    void keepsWhatItCommitsOnTheDisk() throws SQLException {
        assertThat(query("SHOW fsync")).containsExactly("on");
        assertThat(query("SHOW full_page_writes")).containsExactly("on");
        assertThat(query("SHOW synchronous_commit")).containsExactly("on");
        assertThat(query("SHOW data_checksums")).containsExactly("on");
        assertThat(query("SHOW wal_level")).containsExactly("replica");
        assertThatThrownBy(() -> query("ALTER SYSTEM SET fsync = off"))
                .isInstanceOf(SQLException.class);
    }

    @Test
    void isTheVersionThatItsFolderNames() throws SQLException {
        assertThat(query("SHOW server_version")).containsExactly(PostgresPrograms.VERSION);
    }

    @Test
    void sortsTextAsUnicodeDoes() throws SQLException {
        assertThat(
                        query(
                                "SELECT concat_ws(' ', pg_encoding_to_char(encoding),"
                                        + " datlocprovider, datlocale) FROM pg_database"
                                        + " WHERE datname = 'giliran'"))
                .containsExactly("UTF8 b C.UTF-8");
    }

    @ParameterizedTest
    @CsvSource({"512, 128", "2048, 128", "4096, 256", "24576, 1536", "32768, 2048", "999999, 2048"})
    void takesASixteenthOfTheMemoryThatThereIsForItsBuffers(long megabytes, long buffers) {
        assertThat(LocalPostgres.bufferMegabytes(megabytes << 20)).isEqualTo(buffers);
    }

    @Test
    void listensOnTheLoopbackAddressOnlyAndNeverWithoutAPassword() throws SQLException {
        assertThat(query("SHOW listen_addresses")).containsExactly("127.0.0.1");
        assertThat(query("SHOW unix_socket_directories")).containsExactly("");
        assertThat(
                        query(
                                "SELECT concat_ws(' ', type, address, netmask, auth_method)"
                                        + " FROM pg_hba_file_rules"))
                .containsExactly("host 127.0.0.1 255.255.255.255 scram-sha-256");
    }

    @Test
    void refusesAConnectionWithoutThePassword() {
        for (String password : List.of("", "wrong")) {
            assertThatThrownBy(
                            () ->
                                    DriverManager.getConnection(
                                            server.jdbcUrl(), server.user(), password))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("password");
        }
    }

    @Test
    void showsItsFilesToTheirOwnerOnly() throws IOException {
        assertThat(mode(folder.resolve("password"))).isEqualTo("rw-------");
        assertThat(mode(folder.resolve("cluster"))).isEqualTo("rwx------");
        assertThat(mode(folder.resolve("log"))).isEqualTo("rwx------");
    }

    @Test
    void keepsWhatIsTypedOutOfItsLog() throws SQLException, IOException {
        query("CREATE TABLE secret (name text CONSTRAINT short CHECK (length(name) < 5) UNIQUE)");
        query("INSERT INTO secret VALUES ('Mr X')");
        for (String sql :
                List.of(
                        "SELECT 'Siti Aminah'::uuid",
                        "SELECT \"Siti Aminah\"",
                        "INSERT INTO secret VALUES ('Siti Aminah')",
                        "INSERT INTO secret VALUES ('Mr X')",
                        "DO $$ BEGIN RAISE WARNING 'Siti Aminah'; END $$; SELECT 1/0")) {
            assertThatThrownBy(() -> query(sql)).isInstanceOf(SQLException.class);
        }
        restart();
        try (var logs = Files.list(folder.resolve("log"))) {
            assertThat(logs)
                    .anyMatch(log -> log.getFileName().toString().startsWith("postgres-"))
                    .allSatisfy(
                            log -> assertThat(log).content().doesNotContain("Siti Aminah", "Mr X"));
        }
    }

    @Test
    void keepsItsDataOverAnOrderlyStop() throws SQLException {
        query("CREATE TABLE stopped AS SELECT 7 AS answer");
        server.close();
        assertThat(server.isRunning()).isFalse();
        server.close();
        List<String> progress = restart();
        assertThat(progress).isNotEmpty().noneMatch(line -> line.contains("recovering"));
        assertThat(query("SELECT answer FROM stopped")).containsExactly("7");
    }

    @Test
    void keepsWhatWasCommittedWhenTheServerIsKilled() throws SQLException {
        query("CREATE TABLE killed AS SELECT 7 AS answer");
        kill();
        assertThat(restart()).anyMatch(line -> line.contains("recovering"));
        assertThat(query("SELECT answer FROM killed")).containsExactly("7");
    }

    @Test
    void startsAlthoughTheKilledServersProcessIdIsSomebodyElsesNow()
            throws SQLException, IOException {
        query("CREATE TABLE reused AS SELECT 7 AS answer");
        kill();
        Process stranger = new ProcessBuilder("sleep", "600").start();
        try {
            Path file = folder.resolve("cluster/postmaster.pid");
            var lines = new ArrayList<>(Files.readAllLines(file));
            lines.set(0, String.valueOf(stranger.pid()));
            Files.write(file, lines);
            restart();
            assertThat(query("SELECT answer FROM reused")).containsExactly("7");
            assertThat(stranger.isAlive()).isTrue();
        } finally {
            stranger.destroyForcibly();
        }
    }

    @Test
    void takesOverAServerThatWasLeftRunning() throws SQLException {
        query("CREATE TABLE orphaned AS SELECT 7 AS answer");
        LocalPostgres forgotten = server;
        assertThat(restart()).anyMatch(line -> line.contains("process " + forgotten.pid()));
        assertThat(forgotten.isRunning()).isFalse();
        forgotten.close();
        assertThat(server.isRunning()).isTrue();
        assertThat(query("SELECT answer FROM orphaned")).containsExactly("7");
    }

    @Test
    void saysInOneSentenceWhatIsWrongWithAFolder() throws IOException {
        Path file = Files.writeString(temp.resolve("file"), "");
        for (Path unusable : List.of(file, file.resolve("below"), Path.of("/proc/giliran"))) {
            assertThatThrownBy(() -> LocalPostgres.start(unusable, progress -> {}))
                    .isInstanceOf(StoreException.class)
                    .hasMessageMatching("Giliran cannot use the folder [^\n]+--data\\.")
                    .hasMessageContaining(unusable.toString());
        }
        assertThatThrownBy(() -> LocalPostgres.start(temp.resolve("$(reboot)"), progress -> {}))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("choose a folder without quotes");
    }

    @Test
    void saysWhyTheServerDoesNotStart() throws IOException {
        server.close();
        Path version = folder.resolve("cluster/PG_VERSION");
        Files.writeString(version, "17\n");
        try {
            assertThatThrownBy(() -> LocalPostgres.start(folder, progress -> {}))
                    .isInstanceOf(StoreException.class)
                    .hasMessageMatching("The database in [^\n]+ did not start \\([^\n]+")
                    .hasMessageContaining("incompatible");
        } finally {
            Files.writeString(version, "18\n");
            restart();
        }
    }

    @Test
    void saysThatThePasswordIsMissing() throws IOException {
        Path lone = temp.resolve("lone");
        Files.createDirectories(lone.resolve("cluster"));
        Files.createDirectories(lone.resolve("postgres-" + PostgresPrograms.VERSION));
        assertThatThrownBy(() -> LocalPostgres.start(lone, progress -> {}))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("without its file `password`");
    }

    @Test
    void sendsOtherMachinesToAnExternalServer() {
        assertThatThrownBy(() -> PostgresPrograms.requirePlatform("Mac OS X", "aarch64"))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("Mac OS X aarch64")
                .hasMessageContaining("--database");
        assertThatThrownBy(() -> PostgresPrograms.requirePlatform("Linux", "aarch64"))
                .isInstanceOf(StoreException.class);
    }

    @Test
    void givesOtherTestsADatabaseEach() throws SQLException {
        DataFolder.Connection one = TestDatabase.newDatabase();
        DataFolder.Connection other = TestDatabase.newDatabase();
        assertThat(one).isNotEqualTo(other);
        try (var connection =
                DriverManager.getConnection(one.jdbcUrl(), one.user(), one.password())) {
            assertThat(connection.isValid(5)).isTrue();
        }
    }

    private static List<String> restart() {
        var progress = new ArrayList<String>();
        server = LocalPostgres.start(folder, progress::add);
        return progress;
    }

    private static void kill() {
        ProcessHandle process = ProcessHandle.of(server.pid()).orElseThrow();
        assertThat(process.destroyForcibly()).isTrue();
    }

    private static List<String> query(String sql) throws SQLException {
        try (var connection =
                        DriverManager.getConnection(
                                server.jdbcUrl(), server.user(), server.password());
                var statement = connection.createStatement()) {
            var values = new ArrayList<String>();
            if (statement.execute(sql)) {
                try (var rows = statement.getResultSet()) {
                    while (rows.next()) {
                        values.add(rows.getString(1));
                    }
                }
            }
            return values;
        }
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }
}
