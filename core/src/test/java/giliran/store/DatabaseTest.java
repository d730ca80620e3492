package giliran.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.util.Throwables;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DatabaseTest {
    private static final String SECRET = "Aisyah binti Abdullah 900131-14-5678";

    private static DataFolder.Connection connection;
    private static Database database;

    @BeforeAll
    static void open() {
        connection = TestDatabase.newDatabase();
        database = open(connection);
    }

    @AfterAll
    static void close() {
        database.close();
    }

    private static Database open(DataFolder.Connection to) {
        return Database.open(to, 2, InstantSource.system());
    }

    private static StoreException refusedAt(DataFolder.Connection to, InstantSource clock) {
        StoreException refused =
                catchThrowableOfType(
                        StoreException.class, () -> Database.open(to, 2, clock).close());
        assertThat(refused).isNotNull();
        return refused;
    }

    private static StoreException refusedAt(DataFolder.Connection to) {
        return refusedAt(to, InstantSource.system());
    }

    private static List<String> query(DataFolder.Connection to, String sql) throws SQLException {
        try (var direct = DriverManager.getConnection(to.jdbcUrl(), to.user(), to.password());
                var statement = direct.createStatement()) {
            List<String> values = new ArrayList<>();
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

    private static String name(DataFolder.Connection to) {
        return to.jdbcUrl().substring(to.jdbcUrl().lastIndexOf('/') + 1);
    }

    // A server that could lose a booking

    @Test
    void refusesADatabaseThatAnswersBeforeItsCommitsAreOnTheDisk() throws SQLException {
        DataFolder.Connection careless = TestDatabase.newDatabase();
        query(careless, "ALTER DATABASE %s SET synchronous_commit = off".formatted(name(careless)));
        assertThat(refusedAt(careless))
                .hasMessage(
                        "The database has synchronous_commit = off: it could lose a booking that"
                                + " was confirmed. Set synchronous_commit = on and start again");
        assertThat(query(careless, "SELECT to_regclass('place')")).containsOnlyNulls();
    }

    @ParameterizedTest
    @ValueSource(strings = {"local", "remote_write", "remote_apply"})
    void takesEverySettingThatWaitsForTheDisk(String setting) throws SQLException {
        DataFolder.Connection durable = TestDatabase.newDatabase();
        query(
                durable,
                "ALTER DATABASE %s SET synchronous_commit = %s".formatted(name(durable), setting));
        assertThatCode(() -> open(durable).close()).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"fsync", "full_page_writes"})
    void refusesAServerThatCouldLoseACommit(String setting) throws Exception {
        Path settings =
                Path.of(query(connection, "SHOW data_directory").getFirst())
                        .resolve("giliran.conf");
        String before = Files.readString(settings);
        try {
            Files.writeString(settings, setting + " = off\n", StandardOpenOption.APPEND);
            reloadUntil(setting, "off");
            assertThat(refusedAt(connection))
                    .hasMessage(
                            "The database has %1$s = off: it could lose a booking that was"
                                    + " confirmed. Set %1$s = on and start again",
                            setting);
        } finally {
            Files.writeString(settings, before);
            reloadUntil(setting, "on");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "binaryTransferEnable=23",
                "binaryTransferDisable=2951",
                "preferQueryMode=simple"
            })
    void refusesAnAddressWithWhichArraysWouldNotArrive(String parameter) {
        String url = connection.jdbcUrl();
        String with = url + (url.contains("?") ? "&" : "?") + parameter;
        assertThat(
                        refusedAt(
                                new DataFolder.Connection(
                                        with, connection.user(), connection.password())))
                .hasMessageContaining("leave out binaryTransferEnable");
    }

    private static void reloadUntil(String setting, String value) throws SQLException {
        query(connection, "SELECT pg_reload_conf()");
        long giveUpAt = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!query(connection, "SHOW " + setting).equals(List.of(value))) {
            assertThat(System.nanoTime()).as(setting).isLessThan(giveUpAt);
        }
    }

    // A server that cannot be used

    @Test
    void saysInOneSentenceThatNobodyAnswers() throws IOException {
        int port;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        StoreException refused =
                refusedAt(
                        new DataFolder.Connection(
                                "jdbc:postgresql://127.0.0.1:" + port + "/giliran",
                                "giliran",
                                "hunter2"));
        assertThat(refused.getMessage())
                .startsWith("The database cannot be reached: ")
                .doesNotContain("\n");
        assertThat(everythingSaidBy(refused)).doesNotContain("hunter2");
    }

    @Test
    void saysInOneSentenceThatThePasswordIsWrong() {
        StoreException refused =
                refusedAt(
                        new DataFolder.Connection(
                                connection.jdbcUrl(), connection.user(), "hunter2"));
        assertThat(refused.getMessage())
                .startsWith("The database cannot be reached: ")
                .contains("password authentication failed")
                .doesNotContain("\n");
        assertThat(everythingSaidBy(refused)).doesNotContain("hunter2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "giliran",
                "postgres://localhost/giliran?password=hunter2",
                "jdbc:mysql://localhost/giliran?password=hunter2",
                "jdbc:postgresql://localhost:port/giliran?password=hunter2"
            })
    void saysHowAnAddressLooks(String url) {
        StoreException refused = refusedAt(new DataFolder.Connection(url, "", ""));
        assertThat(refused)
                .hasMessage(
                        "The database's address is not understood; it looks like"
                                + " jdbc:postgresql://host:5432/name");
        assertThat(everythingSaidBy(refused)).doesNotContain("hunter2");
    }

    @ParameterizedTest
    @ValueSource(longs = {-1_500, 1_500, 86_400_000})
    void refusesWhenTheClocksAreMoreThanASecondApart(long aheadMillis) {
        assertThat(
                        refusedAt(
                                connection,
                                InstantSource.offset(
                                        InstantSource.system(), Duration.ofMillis(aheadMillis))))
                .hasMessageMatching(
                        "This machine's clock is \\d+ ms %s the database's; set both by the same time server and start again"
                                .formatted(aheadMillis < 0 ? "behind" : "ahead of"));
    }

    @Test
    void takesClocksThatAreLessThanASecondApart() {
        InstantSource clock = InstantSource.offset(InstantSource.system(), Duration.ofMillis(-500));
        try (Database slow = Database.open(connection, 2, clock)) {
            assertThat(slow.clocksAgree()).isTrue();
            assertThat(slow.clockOffset()).isNegative();
        }
    }

    @Test
    void refusesASchemaThatIsNotOurs() throws SQLException {
        DataFolder.Connection theirs = TestDatabase.newDatabase();
        query(theirs, "CREATE TABLE somebody_elses (id integer)");
        assertThat(refusedAt(theirs).getMessage())
                .startsWith("The database's schema could not be brought up to date: ")
                .doesNotContain("\n");
    }

    @Test
    void changesNothingInADatabaseThatIsUpToDate() throws SQLException {
        String history =
                "SELECT concat_ws(' ', version, checksum, installed_on) FROM flyway_schema_history";
        List<String> before = query(connection, history);
        query(connection, "INSERT INTO region (id, name) VALUES ('kept', 'Kept')");
        open(connection).close();
        assertThat(query(connection, history)).isEqualTo(before).isNotEmpty();
        assertThat(query(connection, "SELECT name FROM region WHERE id = 'kept'"))
                .containsExactly("Kept");
    }

    // Transactions

    private static void insertRegion(Handle tx, String id) {
        tx.createUpdate("INSERT INTO region (id, name) VALUES (:id, :id)").bind("id", id).execute();
    }

    private static boolean hasRegion(String id) throws SQLException {
        return !query(connection, "SELECT 1 FROM region WHERE id = '%s'".formatted(id)).isEmpty();
    }

    private static void raise(Handle tx, String sqlState) {
        tx.execute(
                "DO $$ BEGIN RAISE EXCEPTION 'raised' USING ERRCODE = '%s'; END $$"
                        .formatted(sqlState));
    }

    /** A machine that is busy made an import of 300,000 slots lose its connection. */
    @Test
    void waitsLongForStatementsThatTakeLongAndForNoOthers() {
        for (int i = 0; i < 3; i++) {
            assertThat(database.transactAtLength(DatabaseTest::secondsToWait)).isEqualTo(15 * 60);
            assertThat(database.transact(DatabaseTest::secondsToWait)).isEqualTo(60);
        }
    }

    private static int secondsToWait(Handle tx) {
        try {
            return tx.getConnection().getNetworkTimeout() / 1_000;
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void commitsWhatIsDoneInATransaction() throws SQLException {
        String result =
                database.transact(
                        tx -> {
                            insertRegion(tx, "committed");
                            return "done";
                        });
        assertThat(result).isEqualTo("done");
        assertThat(hasRegion("committed")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"40001", "40P01"})
    void startsATransactionAgainThatMetAnother(String sqlState) throws SQLException {
        AtomicInteger runs = new AtomicInteger();
        String id = "third-time-" + sqlState;
        database.transact(
                tx -> {
                    insertRegion(tx, id);
                    if (runs.incrementAndGet() < 3) {
                        raise(tx, sqlState);
                    }
                    return runs;
                });
        assertThat(runs).hasValue(3);
        assertThat(hasRegion(id)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"40001", "40P01"})
    void startsATransactionAgainOnlySoManyTimes(String sqlState) throws SQLException {
        AtomicInteger runs = new AtomicInteger();
        String id = "never-" + sqlState;
        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(
                        () ->
                                database.transact(
                                        tx -> {
                                            insertRegion(tx, id);
                                            runs.incrementAndGet();
                                            raise(tx, sqlState);
                                            return runs;
                                        }))
                .withMessage("The database would not let a transaction through");
        assertThat(runs).hasValue(6);
        assertThat(hasRegion(id)).isFalse();
    }

    @Test
    void doesNothingOfATransactionInWhichAStatementFails() throws SQLException {
        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(
                        () ->
                                database.transact(
                                        tx -> {
                                            insertRegion(tx, "undone");
                                            raise(tx, "23514");
                                            return tx;
                                        }))
                .withMessage("The database refused a statement (SQL state 23514)");
        assertThat(hasRegion("undone")).isFalse();
        database.<String>transact(tx -> "still at work");
    }

    @Test
    void doesNothingOfATransactionThatItsOwnerBreaksOff() throws SQLException {
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(
                        () ->
                                database.transact(
                                        tx -> {
                                            insertRegion(tx, "broken-off");
                                            throw new IllegalStateException("a mistake");
                                        }))
                .withMessage("a mistake");
        assertThat(hasRegion("broken-off")).isFalse();
    }

    /** Memory, disk or connections are used up; a server only reads; a lock is not had; it ends. */
    @ParameterizedTest
    @ValueSource(strings = {"53100", "53200", "53300", "25006", "55P03", "57P01", "57P03", "08006"})
    void saysThatTheDatabaseIsAwayWhenNothingIsWrongWithWhatItWasAsked(String sqlState) {
        assertThatExceptionOfType(DatabaseAwayException.class)
                .isThrownBy(
                        () ->
                                database.transact(
                                        tx -> {
                                            raise(tx, sqlState);
                                            return tx;
                                        }));
    }

    @Test
    void saysThatTheDatabaseIsAwayWhenItsConnectionsAreCut() {
        FaultProxy proxy = new FaultProxy(connection);
        try (Database cut = open(proxy.connection())) {
            assertThatExceptionOfType(DatabaseAwayException.class)
                    .isThrownBy(
                            () ->
                                    cut.transact(
                                            tx -> {
                                                proxy.close();
                                                insertRegion(tx, "cut");
                                                return tx;
                                            }));
            assertThatExceptionOfType(DatabaseAwayException.class)
                    .isThrownBy(() -> cut.read(handle -> handle.execute("SELECT 1")));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"CUT_BEFORE_COMMIT", "CUT_BEFORE_ANSWER"})
    void saysThatACommitIsInDoubtWhenItsAnswerIsLost(FaultProxy.Fault fault) throws SQLException {
        String id = "in-doubt-" + fault;
        try (FaultProxy proxy = new FaultProxy(connection);
                Database cut = open(proxy.connection())) {
            proxy.atNextCommit(fault);
            assertThatExceptionOfType(CommitInDoubtException.class)
                    .isThrownBy(
                            () ->
                                    cut.transact(
                                            tx -> {
                                                insertRegion(tx, id);
                                                return tx;
                                            }));
            cut.<String>transact(tx -> "on a new connection");
        }
        assertThat(hasRegion(id)).isEqualTo(fault == FaultProxy.Fault.CUT_BEFORE_ANSWER);
    }

    @Test
    void readsOneInstantInASnapshotAndWritesNothing() {
        database.snapshot(
                handle -> {
                    long before = regions(handle);
                    database.transact(
                            tx -> {
                                insertRegion(tx, "meanwhile");
                                return tx;
                            });
                    assertThat(regions(handle)).isEqualTo(before);
                    return handle;
                });
        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(
                        () ->
                                database.snapshot(
                                        handle -> {
                                            insertRegion(handle, "never-written");
                                            return handle;
                                        }));
        database.transact(
                tx -> {
                    insertRegion(tx, "after-a-snapshot");
                    return tx;
                });
    }

    private static long regions(Handle handle) {
        return handle.createQuery("SELECT count(*) FROM region").mapTo(Long.class).one();
    }

    // What an error must not say

    @ParameterizedTest
    @ValueSource(
            strings = {
                "INSERT INTO region (id, name) VALUES (:secret, NULL)",
                "INSERT INTO region (id, name) VALUES (:secret, ''), (:secret, '')",
                "INSERT INTO campaign (id, name, programme, product, opens_at, closes_at,"
                        + " minimum_age, regions, allowance, time_zone) VALUES (:secret, :secret,"
                        + " '', '', now(), now(), 18, '{}', 0, '')",
                "INSERT INTO centre (id, name, region, district, address, postcode, phone,"
                        + " accessibility) VALUES ('', '', :secret, '', '', '', '', '')",
                "SELECT :secret FROM nowhere"
            })
    void neverRepeatsAStatementsParameters(String sql) {
        StoreException failed =
                catchThrowableOfType(
                        StoreException.class,
                        () ->
                                database.transact(
                                        tx ->
                                                tx.createUpdate(sql)
                                                        .bind("secret", SECRET)
                                                        .execute()));
        assertThat(failed).isNotNull();
        assertThat(everythingSaidBy(failed)).doesNotContain(SECRET).doesNotContain("900131");
    }

    @Test
    void neverRepeatsTheElementsOfAParameter() {
        StoreException failed =
                catchThrowableOfType(
                        StoreException.class,
                        () ->
                                database.transact(
                                        tx ->
                                                tx.createUpdate(
                                                                """
                                                                INSERT INTO region (id, name)
                                                                SELECT id, NULL
                                                                FROM unnest(:ids) AS wanted (id)
                                                                """)
                                                        .bindArray("ids", String.class, SECRET)
                                                        .execute()));
        assertThat(failed).isNotNull();
        assertThat(everythingSaidBy(failed)).doesNotContain(SECRET);
    }

    /** The texts of an exception, its causes, what they suppressed, and SQL's own chain. */
    private static String everythingSaidBy(Throwable e) {
        StringBuilder said = new StringBuilder(Throwables.getStackTrace(e));
        for (Throwable t = e; t != null; t = t.getCause()) {
            said.append(t).append(t.getLocalizedMessage());
            if (t instanceof SQLException sql) {
                sql.forEach(next -> said.append(next));
            }
        }
        return said.toString();
    }
}
