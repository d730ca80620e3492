package giliran.main;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import giliran.store.DataFolder;
import giliran.store.LocalPostgres;
import giliran.store.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands as real processes: how they start, refuse, stop and come back. */
final class RunCommandTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final int STOPPED = 130;

    @TempDir private static Path temp;

    /** A data folder after its first run, to copy; nothing runs on it. */
    private static Path pristine;

    private static GiliranProcess firstRun;
    private static String firstReadiness;

    private final List<GiliranProcess> started = new ArrayList<>();

    @BeforeAll
    static void runForTheFirstTime() throws IOException {
        pristine = temp.toRealPath().resolve("a folder with spaces");
        int port = freePort();
        firstRun = GiliranProcess.start(temp, run(pristine, port));
        firstRun.awaitTold("Stop it with Ctrl-C.");
        firstReadiness = get(port, "/health/ready").body();
        firstRun.signal("INT").exitCode();
    }

    @AfterEach
    void stopWhatATestLeft() {
        started.forEach(GiliranProcess::close);
    }

    @Test
    void tellsWhatIsOfferedAndWhereToLook() {
        assertThat(firstReadiness).contains("\"status\":\"up\"");
        assertThat(firstRun.told())
                .contains("Starting the database in " + pristine)
                .contains("Loading the sample campaign")
                .contains("ages 18 and over; regions selangor, kuala-lumpur")
                .containsPattern("Giliran is running: http://127.0.0.1:\\d+/\\R")
                .contains("log        " + pristine.resolve("log/giliran.log"));
        assertThat(pristine.resolve("log/giliran.log")).isNotEmptyFile();
    }

    @Test
    void saysNothingOnTheErrorStreamWhenAllIsWell() {
        assertThat(firstRun.complained()).isEmpty();
        assertThat(firstRun.told()).doesNotContain("\u001b[", "WARN", "INFO");
    }

    @Test
    void stopsOnceAndLeavesNothingRunning() {
        assertThat(firstRun.exitCode()).isEqualTo(STOPPED);
        assertThat(firstRun.told()).containsOnlyOnce("Stopping …").containsOnlyOnce("Stopped.");
        assertThat(firstRun.told()).endsWith("Stopping …\nStopped.\n");
        assertThat(GiliranProcess.workingIn(pristine)).isEmpty();
        assertThat(pristine.resolve("connection")).doesNotExist();
    }

    @Test
    void refusesASecondRunOnTheSameDataWhileTheFirstGoesOn() throws IOException {
        Path data = copy("second");
        int port = freePort();
        GiliranProcess first = start(run(data, port)).awaitTold("Stop it with Ctrl-C.");

        GiliranProcess second = start(run(data, freePort()));

        assertRefuses(second, "is in use by process", "at http://127.0.0.1:" + port, "--data");
        assertThat(second.told()).isEmpty();
        assertThat(first.isRunning()).isTrue();
        assertThat(get(port, "/health/ready").statusCode()).isEqualTo(200);

        // And an audit joins the first, which keeps its connection file.
        GiliranProcess audit = start("audit", "--data", data.toString());
        assertThat(audit.exitCode()).isZero();
        assertThat(audit.told()).contains("The ledger is consistent").doesNotContain("starting");
        assertThat(data.resolve("connection")).exists();
        first.signal("TERM");
        assertThat(first.exitCode()).isEqualTo(143);
        assertThat(first.told()).endsWith("Stopping …\nStopped.\n");
        assertThat(GiliranProcess.workingIn(data)).isEmpty();
    }

    @Test
    void recoversByItselfAfterAKillAndStillHasTheBooking() throws IOException {
        Path data = copy("killed");
        int port = freePort();
        GiliranProcess first = start(run(data, port)).awaitTold("Stop it with Ctrl-C.");
        String booked = book(port);
        first.signal("KILL").exitCode();
        assertThat(GiliranProcess.workingIn(data)).as("the orphan").isNotEmpty();

        GiliranProcess second = start(run(data, port)).awaitTold("Stop it with Ctrl-C.");

        assertThat(second.told()).contains("stopping the database server that an earlier Giliran");
        HttpResponse<String> found = get(port, booked);
        assertThat(found.statusCode()).isEqualTo(200);
        assertThat(JSON.readTree(found.body()).path("status").asText()).isEqualTo("booked");
        second.signal("INT");
        assertThat(second.exitCode()).isEqualTo(STOPPED);
        assertThat(second.complained()).isEmpty();
        assertThat(GiliranProcess.workingIn(data)).isEmpty();
    }

    @Test
    void bringsTheDatabaseBackThatDiedUnderIt() throws IOException {
        Path data = copy("bereft");
        int port = freePort();
        GiliranProcess process = start(run(data, port)).awaitTold("Stop it with Ctrl-C.");
        String booked = book(port);
        Path pidFile = data.resolve("postgres/cluster/postmaster.pid");
        String pid = Files.readAllLines(pidFile).getFirst();
        ProcessHandle.of(Long.parseLong(pid)).orElseThrow().destroyForcibly();

        Path log = data.resolve("log/giliran.log");
        GiliranProcess.await("the database", () -> read(log).contains("server is back"));
        GiliranProcess.await(
                "readiness", () -> getOrFail(port, "/health/ready").statusCode() == 200);
        GiliranProcess.await("the booking", () -> getOrFail(port, booked).statusCode() == 200);

        assertThat(Files.readAllLines(pidFile).getFirst()).isNotEqualTo(pid);
        assertThat(read(log))
                .containsOnlyOnce("The database server has gone")
                .containsOnlyOnce("The database server is back");
        assertThat(process.isRunning()).isTrue();
        assertThat(process.complained())
                .contains("The database server has gone; starting it again")
                .doesNotContain("Exception");
        assertThat(process.signal("INT").exitCode()).isEqualTo(STOPPED);
        assertThat(GiliranProcess.workingIn(data)).isEmpty();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static HttpResponse<String> getOrFail(int port, String path) {
        try {
            return get(port, path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void leavesNothingWhenItIsStoppedInItsStart() {
        Path data = copy("start");
        GiliranProcess process =
                start(run(data, freePort())).awaitTold("\nstarting the database").signal("TERM");

        assertThat(process.exitCode()).isEqualTo(143);
        assertThat(process.told()).endsWith("Stopping …\nStopped.\n");
        assertThat(process.complained()).isEmpty();
        assertThat(GiliranProcess.workingIn(data)).isEmpty();
    }

    @Test
    void refusesAPortThatIsInUseAndStopsTheDatabaseAgain() throws IOException {
        Path data = copy("port");
        try (var taken = new ServerSocket(0)) {
            GiliranProcess process = start(run(data, taken.getLocalPort()));

            assertRefuses(
                    process, "Port " + taken.getLocalPort() + " is in use", "another with --port");
            assertThat(process.told()).doesNotContain("Stopping", "is running");
        }
        assertThat(GiliranProcess.workingIn(data)).isEmpty();
        assertThat(data.resolve("connection")).doesNotExist();
    }

    @Test
    void refusesAFolderThatItCannotWriteTo() throws IOException {
        Path file = Files.writeString(temp.resolve("a file"), "");

        assertRefuses(
                start(run(file.resolve("data"), freePort())), "cannot use the folder", "--data");
    }

    @Test
    void refusesAFolderWithAPerCentSign() {
        assertRefuses(start(run(temp.resolve("100%"), freePort())), "per cent sign", "--data");
    }

    @Test
    void refusesADatabaseThatItCannotReach() {
        Path data = temp.resolve("unreachable");
        GiliranProcess process =
                start(
                        and(
                                run(data, freePort()),
                                "--database",
                                "jdbc:postgresql://127.0.0.1:" + freePort() + "/giliran"));

        assertRefuses(process, "The database cannot be reached: Connection refused");
        assertThat(data.resolve("connection")).doesNotExist();
    }

    @Test
    void runsOnAnExternalDatabaseAndWithItsOwnKeysOnly() throws IOException {
        DataFolder.Connection external = TestDatabase.newDatabase();
        String url =
                external.jdbcUrl()
                        + "?user="
                        + external.user()
                        + "&password="
                        + external.password();
        Path data = temp.resolve("external");
        int port = freePort();

        GiliranProcess first =
                start(and(run(data, port), "--database", url)).awaitTold("Stop it with Ctrl-C.");
        book(port);
        first.signal("INT").exitCode();

        assertThat(first.told() + first.complained()).doesNotContain(external.password());
        assertThat(data.resolve("keys")).isNotEmptyDirectory();
        assertThat(data.resolve("postgres")).doesNotExist();
        GiliranProcess audit = start("audit", "--database", url);
        GiliranProcess stranger =
                start(and(run(temp.resolve("stranger"), freePort()), "--database", url));
        assertThat(audit.exitCode()).isZero();
        assertThat(audit.told()).contains("1 live appointments");
        assertRefuses(stranger, "The keys in the data folder are not the ones");
    }

    @Test
    void auditsAloneAndFindsADamagedLedger() throws SQLException {
        Path data = copy("audit");
        GiliranProcess clean = start("audit", "--data", data.toString());
        assertThat(clean.exitCode()).isZero();
        assertThat(clean.told()).contains("holds  Counters equal rows", "is consistent: ");
        assertThat(clean.complained()).isEmpty();
        assertThat(GiliranProcess.workingIn(data)).isEmpty();
        damage(data);

        GiliranProcess damaged = start("audit", "--data", data.toString());

        assertThat(damaged.exitCode()).isEqualTo(1);
        assertThat(damaged.told())
                .contains("FAULT  Counters equal rows: slot ")
                .contains("The ledger is NOT consistent: 1 rows.");
        assertThat(GiliranProcess.workingIn(data)).isEmpty();
    }

    @Test
    void doesNotMakeADatabaseToAuditIt() {
        Path data = temp.resolve("mistyped");

        assertRefuses(start("audit", "--data", data.toString()), "There is no database in");
        assertThat(data).doesNotExist();
    }

    @Test
    void tellsAFaultOfItsOwnInOneSentenceAndWritesTheTraceToTheLog() throws IOException {
        Path data = copy("fault");
        GiliranProcess process =
                GiliranProcess.start(
                        temp, List.of("-Djava.io.tmpdir=/dev/null"), run(data, freePort()));
        started.add(process);

        assertThat(process.exitCode()).isEqualTo(1);
        assertThat(process.complained().lines().toList().getLast())
                .startsWith("giliran: this is a fault in Giliran itself; please report it")
                .endsWith("giliran.log");
        assertThat(process.complained()).doesNotContain("\tat ");
        assertThat(Files.readString(data.resolve("log/giliran.log")))
                .contains("A fault ended the command", "giliran.main.RunCommand");
        assertThat(GiliranProcess.workingIn(data)).isEmpty();
    }

    @Test
    void refusesACommandThatThereIsNot() {
        GiliranProcess process = start("dance");

        assertThat(process.exitCode()).isEqualTo(2);
        assertThat(process.complained())
                .isEqualTo("giliran: there is no such command. ./giliran help lists them.\n");
        assertThat(process.told()).isEmpty();
    }

    private static void assertRefuses(GiliranProcess process, String... words) {
        assertThat(process.exitCode()).isEqualTo(1);
        assertThat(process.complained()).startsWith("giliran: ").contains(words);
        assertThat(process.complained().lines()).hasSize(1);
        assertThat(process.told()).doesNotContain("Stopping");
    }

    private GiliranProcess start(String... arguments) {
        GiliranProcess process = GiliranProcess.start(temp, arguments);
        started.add(process);
        return process;
    }

    private static String[] run(Path data, int port) {
        return new String[] {
            "run",
            "--data=" + data,
            "--host=127.0.0.1",
            "--port=" + port,
            "--metrics-port=" + freePort()
        };
    }

    private static String[] and(String[] words, String... more) {
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    private static Path copy(String name) {
        Path data = pristine.resolveSibling(name + " data");
        try {
            int code =
                    new ProcessBuilder("cp", "-a", pristine.toString(), data.toString())
                            .start()
                            .waitFor();
            assertThat(code).isZero();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return data;
    }

    private static void damage(Path data) throws SQLException {
        try (LocalPostgres postgres = LocalPostgres.start(data.resolve("postgres"), told -> {});
                var connection =
                        DriverManager.getConnection(
                                postgres.jdbcUrl(), postgres.user(), postgres.password());
                var statement = connection.createStatement()) {
            int changed =
                    statement.executeUpdate(
                            """
                            UPDATE place
                            SET booked = 1
                            WHERE slot = (SELECT slot FROM place WHERE capacity > 0 LIMIT 1)
                            """);
            assertThat(changed).isEqualTo(1);
        }
    }

    /** Books the first free place, and returns the path of the appointment. */
    private static String book(int port) throws IOException {
        JsonNode campaign = json(port, "/api/v1/campaigns").path("campaigns").path(0);
        String path = "/api/v1/campaigns/" + campaign.path("id").asText();
        String region = json(port, path).path("regions").path(0).path("id").asText();
        String slot = "";
        for (JsonNode centre :
                json(port, path + "/availability?region=" + region).path("centres")) {
            for (JsonNode date : centre.path("dates")) {
                for (JsonNode candidate : date.path("slots")) {
                    if (candidate.path("remaining").asInt() > 0) {
                        slot = candidate.path("id").asText();
                    }
                }
            }
        }
        String body =
                """
                {"slot": "%s", "dose": 1, "person": {
                  "name": "Siti Aminah", "idType": "passport", "idNumber": "A1234567",
                  "dateOfBirth": "1980-02-03", "region": "%s", "phone": "+60123456789",
                  "language": "ms"}}
                """
                        .formatted(slot, region);
        HttpResponse<String> booked =
                send(
                        HttpRequest.newBuilder(uri(port, path + "/appointments"))
                                .header("Content-Type", "application/json")
                                .header("Idempotency-Key", "one-key-of-sixteen-letters-or-more")
                                .POST(HttpRequest.BodyPublishers.ofString(body)));
        assertThat(booked.statusCode()).as(booked.body()).isEqualTo(201);
        return booked.headers().firstValue("Location").orElseThrow();
    }

    private static JsonNode json(int port, String path) throws IOException {
        return JSON.readTree(get(port, path).body());
    }

    private static HttpResponse<String> get(int port, String path) throws IOException {
        return send(HttpRequest.newBuilder(uri(port, path)));
    }

    private static URI uri(int port, String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws IOException {
        try {
            return HTTP.send(
                    request.timeout(GiliranProcess.DEADLINE).build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
