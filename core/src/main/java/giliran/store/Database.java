package giliran.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.StatementExceptions;

/**
 * The PostgreSQL that holds the truth: its schema brought up to date, its durability checked, and
 * transactions on it.
 */
public final class Database implements AutoCloseable {
    private static final int VERSION_MIN = 15;
    private static final Duration CLOCK_OFF_MAX = Duration.ofSeconds(1);
    private static final int RESTARTS_MAX = 5;

    /**
     * How long a brief statement may be without an answer before its connection counts as lost, as
     * one does whose packets vanish. Longer than {@code lock_timeout} and a disk that stalls, so
     * that it ends nothing that works; shorter than a person is kept waiting, so that the ledger's
     * one writer is back at work, on a new connection, before that.
     */
    private static final Duration BRIEF = Duration.ofSeconds(10);

    /**
     * The same for statements that work through all there is, which take seconds, and minutes while
     * the machine is busy with something else.
     */
    private static final Duration LENGTHY = Duration.ofMinutes(15);

    /**
     * Set on each connection: they bound how long a statement waits for a lock and how long a
     * transaction whose client has gone can keep one, and let places be looked up, not scanned.
     */
    private static final String SESSION_SETTINGS =
            "-c lock_timeout=5s"
                    + " -c idle_in_transaction_session_timeout=10s"
                    + " -c client_connection_check_interval=1s"
                    + " -c default_transaction_isolation=read\\ committed"
                    + " -c random_page_cost=1.1"
                    + " -c timezone=UTC";

    private final HikariDataSource pool;
    private final Jdbi jdbi;
    private final InstantSource clock;

    private Database(HikariDataSource pool, InstantSource clock) {
        this.pool = pool;
        this.clock = clock;
        jdbi = Jdbi.create(pool);
        // By default an error's text quotes the statement's parameters, which are personal data.
        jdbi.getConfig(StatementExceptions.class)
                .setMessageRendering(StatementExceptions.MessageRendering.NONE);
        jdbi.registerArrayType(UUID.class, "uuid");
        jdbi.registerArrayType(Long.class, "bigint");
        jdbi.registerArrayType(Integer.class, "integer");
        jdbi.registerArrayType(Double.class, "double precision");
        jdbi.registerArrayType(String.class, "text");
        jdbi.registerArrayType(OffsetDateTime.class, "timestamptz");
    }

    /**
     * Connects, refuses a server that could lose a commit, and brings the schema up to date.
     *
     * @param connections how many connections are kept open, 1 or more
     * @throws StoreException with one sentence if the server cannot be reached, is older than
     *     PostgreSQL 15, is not durable, is addressed with parameters that change how the driver
     *     sends, has a clock more than a second off ours, or holds a schema that is not ours
     */
    public static Database open(
            DataFolder.Connection connection, int connections, InstantSource clock) {
        Database database = new Database(pool(connection, connections), clock);
        try {
            database.refuseUnlessArraysArrive();
            database.refuseUnlessDurable();
            database.refuseUnlessClocksAgree();
            database.migrate();
            return database;
        } catch (RuntimeException e) {
            database.close();
            throw e;
        }
    }

    private static HikariDataSource pool(DataFolder.Connection connection, int connections) {
        HikariConfig config = new HikariConfig();
        config.setPoolName("giliran");
        config.setJdbcUrl(connection.jdbcUrl());
        if (!connection.user().isEmpty()) {
            config.setUsername(connection.user());
        }
        if (!connection.password().isEmpty()) {
            config.setPassword(connection.password());
        }
        config.setMaximumPoolSize(connections);
        config.setConnectionTimeout(Duration.ofSeconds(5).toMillis());
        config.setAutoCommit(true);
        config.addDataSourceProperty("ApplicationName", "giliran");
        config.addDataSourceProperty("options", SESSION_SETTINGS);
        config.addDataSourceProperty("connectTimeout", "5");
        config.addDataSourceProperty("socketTimeout", "60");
        config.addDataSourceProperty("tcpKeepAlive", "true");
        config.addDataSourceProperty("prepareThreshold", "2");
        config.addDataSourceProperty("binaryTransferEnable", BinaryArray.ENABLED);
        // Statement parameters hold personal data: they must not reach an error's text.
        config.addDataSourceProperty("logServerErrorDetail", "false");
        try {
            return new HikariDataSource(config);
        } catch (HikariPool.PoolInitializationException e) {
            throw new StoreException("The database cannot be reached: " + firstLine(rootOf(e)), e);
        } catch (RuntimeException e) {
            throw new StoreException(
                    "The database's address is not understood; it looks like"
                            + " jdbc:postgresql://host:5432/name",
                    e);
        }
    }

    /** The driver's parameters come first where an address has some. */
    private void refuseUnlessArraysArrive() {
        try {
            read(
                    handle ->
                            handle.createQuery(
                                            "SELECT cardinality(CAST(:uuids AS uuid[])) + cardinality(CAST(:times AS timestamptz[]))")
                                    .bind("uuids", Columns.uuids(List.of(1L), n -> new UUID(n, n)))
                                    .bind(
                                            "times",
                                            Columns.optionalTimes(
                                                    List.of(1L),
                                                    n -> Optional.of(Instant.ofEpochSecond(n))))
                                    .mapTo(Integer.class)
                                    .one());
        } catch (DatabaseAwayException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new StoreException(
                    "The database's address has parameters with which the driver cannot send what"
                            + " Giliran sends; leave out binaryTransferEnable,"
                            + " binaryTransferDisable and preferQueryMode",
                    e);
        }
    }

    private void refuseUnlessDurable() {
        int version = read(h -> show(h, "server_version_num", Integer.class)) / 10_000;
        if (version < VERSION_MIN) {
            throw new StoreException(
                    "The database is PostgreSQL "
                            + version
                            + "; Giliran needs PostgreSQL "
                            + VERSION_MIN
                            + " or newer");
        }
        for (String setting : List.of("fsync", "full_page_writes", "synchronous_commit")) {
            String value = read(h -> show(h, setting, String.class));
            // remote_write and remote_apply also wait for the local flush.
            boolean durable = !value.equals("off");
            if (!durable) {
                throw new StoreException(
                        "The database has "
                                + setting
                                + " = off: it could lose a booking that was confirmed. Set "
                                + setting
                                + " = on and start again");
            }
        }
    }

    private static <T> T show(Handle handle, String setting, Class<T> type) {
        return handle.createQuery("SELECT current_setting(:setting)")
                .bind("setting", setting)
                .mapTo(type)
                .one();
    }

    private void refuseUnlessClocksAgree() {
        Duration off = clockOffset();
        if (off.abs().compareTo(CLOCK_OFF_MAX) > 0) {
            throw new StoreException(
                    "This machine's clock is "
                            + off.abs().toMillis()
                            + " ms "
                            + (off.isNegative() ? "behind" : "ahead of")
                            + " the database's; set both by the same time server and start again");
        }
    }

    /**
     * How far this machine's clock is ahead of the database's: the middle of the question's way
     * against the instant that the database answered.
     */
    public Duration clockOffset() {
        return readBriefly(
                handle -> {
                    Instant asked = clock.instant();
                    Instant theirs =
                            handle.createQuery("SELECT clock_timestamp()")
                                    .mapTo(OffsetDateTime.class)
                                    .one()
                                    .toInstant();
                    Instant answered = clock.instant();
                    Instant ours = asked.plus(Duration.between(asked, answered).dividedBy(2));
                    return Duration.between(theirs, ours);
                });
    }

    /** Whether the clocks are so close that this node may serve. */
    public boolean clocksAgree() {
        return clockOffset().abs().compareTo(CLOCK_OFF_MAX) <= 0;
    }

    private void migrate() {
        try {
            Flyway.configure()
                    .dataSource(pool)
                    .locations("classpath:giliran/store/migrations")
                    .load()
                    .migrate();
        } catch (FlywayException e) {
            throw new StoreException(
                    "The database's schema could not be brought up to date: " + firstLine(e), e);
        }
    }

    /** What is done in a transaction. */
    @FunctionalInterface
    public interface Work<T extends @org.jspecify.annotations.Nullable Object> {
        T in(Handle transaction);
    }

    /**
     * Does work in one READ COMMITTED transaction and commits it with fsync. A deadlock or a
     * serialization failure starts it again, a few times; so the work may run more than once.
     *
     * @throws CommitInDoubtException if COMMIT was sent and not answered
     * @throws DatabaseAwayException if the database broke off before that: nothing was done
     * @throws StoreException for any other failure: nothing was done
     */
    public <T extends @org.jspecify.annotations.Nullable Object> T transact(Work<T> work) {
        return transact(work, Optional.empty());
    }

    /**
     * Does what {@link #transact} does, for work whose statements each take moments: one that is
     * not answered within ten seconds breaks the connection.
     */
    public <T extends @org.jspecify.annotations.Nullable Object> T transactBriefly(Work<T> work) {
        return transact(work, Optional.of(BRIEF));
    }

    /**
     * Does what {@link #transact} does, for work whose statements may each take minutes: the
     * connection breaks only if one is not answered within a quarter of an hour.
     */
    public <T extends @org.jspecify.annotations.Nullable Object> T transactAtLength(Work<T> work) {
        return transact(work, Optional.of(LENGTHY));
    }

    private <T extends @org.jspecify.annotations.Nullable Object> T transact(
            Work<T> work, Optional<Duration> answeredWithin) {
        for (int restarts = 0; ; restarts++) {
            try {
                return transactOnce(work, answeredWithin);
            } catch (RestartException e) {
                if (restarts == RESTARTS_MAX) {
                    throw new StoreException("The database would not let a transaction through", e);
                }
            }
        }
    }

    private <T extends @org.jspecify.annotations.Nullable Object> T transactOnce(
            Work<T> work, Optional<Duration> answeredWithin) {
        Handle handle = open();
        try {
            answeredWithin.ifPresent(limit -> breakAfter(handle, limit));
            handle.begin();
            T result;
            try {
                result = work.in(handle);
            } catch (RuntimeException e) {
                rollBackQuietly(handle);
                throw translate(e);
            }
            try {
                handle.commit();
            } catch (JdbiException e) {
                if (e.getCause() instanceof SQLException sql && isRestart(sql)) {
                    throw new RestartException(e);
                }
                throw new CommitInDoubtException(e);
            }
            return result;
        } catch (JdbiException e) {
            throw translate(e);
        } finally {
            closeQuietly(handle);
        }
    }

    /** Reads outside of a transaction: each statement sees what is committed when it starts. */
    public <T extends @org.jspecify.annotations.Nullable Object> T read(Work<T> work) {
        Handle handle = open();
        try {
            return work.in(handle);
        } catch (RuntimeException e) {
            throw translate(e);
        } finally {
            closeQuietly(handle);
        }
    }

    /**
     * Reads as {@link #read} does, what takes moments; it fails as {@link #transactBriefly} does.
     */
    public <T extends @org.jspecify.annotations.Nullable Object> T readBriefly(Work<T> work) {
        return read(
                handle -> {
                    breakAfter(handle, BRIEF);
                    return work.in(handle);
                });
    }

    /**
     * From here on a statement that is not answered within so long breaks the connection. The pool
     * sets its own limit again when it gets the connection back.
     */
    public static void breakAfter(Handle handle, Duration silence) {
        try {
            handle.getConnection()
                    .setNetworkTimeout(Runnable::run, Math.toIntExact(silence.toMillis()));
        } catch (SQLException e) {
            throw new ConnectionException(e);
        }
    }

    /** Reads in one REPEATABLE READ snapshot: all statements see the same instant. */
    public <T extends @org.jspecify.annotations.Nullable Object> T snapshot(Work<T> work) {
        return read(
                handle -> {
                    Connection connection = handle.getConnection();
                    try {
                        connection.setReadOnly(true);
                        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
                    } catch (SQLException e) {
                        throw new ConnectionException(e);
                    }
                    handle.begin();
                    try {
                        return work.in(handle);
                    } finally {
                        handle.rollback();
                    }
                });
    }

    private Handle open() {
        try {
            return jdbi.open();
        } catch (ConnectionException e) {
            throw new DatabaseAwayException(e);
        }
    }

    private static void rollBackQuietly(Handle handle) {
        try {
            handle.rollback();
        } catch (JdbiException e) {
            // The connection is gone, and the transaction with it; the first failure is told.
        }
    }

    private static void closeQuietly(Handle handle) {
        try {
            handle.close();
        } catch (JdbiException e) {
            // A connection that cannot be closed is dropped by the pool; the answer stands.
        }
    }

    /** A deadlock or a serialization failure: the same work may well succeed at once. */
    private static final class RestartException extends RuntimeException {
        private static final long serialVersionUID = 1;

        RestartException(Throwable cause) {
            super(cause);
        }
    }

    private static RuntimeException translate(RuntimeException e) {
        for (Throwable t = e; t != null; t = t.getCause()) {
            if (t instanceof StoreException || t instanceof RestartException) {
                return (RuntimeException) t;
            }
            if (t instanceof SQLException sql) {
                if (isRestart(sql)) {
                    return new RestartException(e);
                }
                return isAway(sql) ? new DatabaseAwayException(e) : failed(sql, e);
            }
        }
        return e instanceof JdbiException
                ? new StoreException("The database could not do what it was asked", e)
                : e;
    }

    private static StoreException failed(SQLException sql, RuntimeException e) {
        return new StoreException(
                "The database refused a statement (SQL state " + sql.getSQLState() + ")", e);
    }

    private static boolean isRestart(SQLException e) {
        return "40001".equals(e.getSQLState()) || "40P01".equals(e.getSQLState());
    }

    /**
     * Connection failures (08), shutdown or crash (57P), memory, disk or connections used up (53),
     * a transaction ended for its idleness (25P03), a server that only reads (25006), and a lock
     * not had in time (55P03): nothing is wrong with what was asked, and asking for half of it
     * would only wait as long again.
     */
    private static boolean isAway(SQLException e) {
        String state = Objects.requireNonNullElse(e.getSQLState(), "");
        return e instanceof SQLTransientConnectionException
                || state.startsWith("08")
                || state.startsWith("57P")
                || state.startsWith("53")
                || state.equals("25P03")
                || state.equals("25006")
                || state.equals("55P03");
    }

    private static Throwable rootOf(Throwable e) {
        Throwable root = e;
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            root = cause;
        }
        return root;
    }

    private static String firstLine(Throwable e) {
        String message = Objects.requireNonNullElse(e.getMessage(), e.getClass().getSimpleName());
        return message.lines().findFirst().orElse(message).strip();
    }

    @Override
    public void close() {
        pool.close();
    }
}
