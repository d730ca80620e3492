package giliran.store;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A real PostgreSQL of our own in a folder. It listens on the loopback address only and never
 * without a password, and what it has committed is on the disk.
 *
 * <p>It may be killed at any moment, in its first start too: the next {@link #start} redoes what
 * was half done, stops a server that a killed Giliran left behind, and lets PostgreSQL recover. The
 * caller sees to it that only one process at a time starts a server in the folder ({@link
 * DataFolder}).
 */
public final class LocalPostgres implements AutoCloseable {
    /** The name of the superuser and of the database. */
    private static final String NAME = "giliran";

    private static final Duration STARTS_WITHIN = Duration.ofHours(1);
    private static final Duration STOPS_WITHIN = Duration.ofMinutes(2);
    private static final Duration RETRIES_FOR = Duration.ofSeconds(20);

    private static final long MEGABYTE = 1 << 20;
    private static final long BUFFERS_MEGABYTES_MIN = 128;
    private static final long BUFFERS_MEGABYTES_MAX = 2_048;

    /** What passes by itself: a dying server's children, another's start, a port just taken. */
    private static final Pattern PASSING =
            Pattern.compile("lock file|still in use|could not create any TCP/IP sockets");

    /** What a shell would not leave alone: pg_ctl hands it paths between double quotes. */
    private static final Pattern UNSAFE = Pattern.compile("[\"$`\\\\\\n]");

    private static final Pattern COMPLAINT =
            Pattern.compile("(?i)\\b(error|fatal|panic|failed)\\b");
    private static final Pattern DISK_FULL =
            Pattern.compile(PrivateFiles.DISK_FULL + "|could not extend file");

    private static final Pattern LOG_PREFIX = Pattern.compile("^\\d{4}-\\S+ \\S+ \\w+ \\[\\d+] ");

    private final Path folder;
    private final Path cluster;
    private final PostgresPrograms programs;
    private final String password;
    private volatile int port;
    private volatile long pid;
    private boolean isClosed;

    private LocalPostgres(Path folder, PostgresPrograms programs, String password) {
        this.folder = folder;
        this.cluster = folder.resolve("cluster");
        this.programs = programs;
        this.password = password;
    }

    /**
     * Starts the server in a folder, which is created when missing, and returns when it answers.
     * The first start in a folder takes some seconds; one after a crash as long as recovery takes.
     *
     * @param progress is told what is being waited for, in a few words
     * @throws StoreException with one sentence for an operator
     */
    public static LocalPostgres start(Path folder, Consumer<String> progress) {
        try {
            Path home = PrivateFiles.createFolder(folder).toRealPath();
            if (UNSAFE.matcher(home.toString()).find()) {
                throw new StoreException(
                        "The built-in database cannot lie in "
                                + home
                                + ": choose a folder without quotes, $ or backslashes in its path.");
            }
            PrivateFiles.createFolder(home.resolve("log"));
            PostgresPrograms programs = PostgresPrograms.unpack(home, progress);
            var postgres =
                    new LocalPostgres(home, programs, createCluster(home, programs, progress));
            postgres.boot(freePort(), progress);
            return postgres;
        } catch (IOException e) {
            throw PrivateFiles.unusable(folder, e);
        }
    }

    /** Whether a folder holds the database of an earlier {@link #start}. */
    public static boolean isIn(Path folder) {
        return Files.exists(folder.resolve("cluster"));
    }

    /** The JDBC URL of the database, without user and password. */
    public String jdbcUrl() {
        return jdbcUrl(NAME);
    }

    /** The only user, a superuser. */
    public String user() {
        return NAME;
    }

    /** The user's password, made at random when the cluster was. */
    public String password() {
        return password;
    }

    /** The process id of the server that this object started. */
    public long pid() {
        return pid;
    }

    /** Whether the server that this object started still runs. */
    public boolean isRunning() {
        return postmaster().equals(OptionalLong.of(pid));
    }

    /**
     * Starts the server again if it has died, on the same data, port and password, so that whoever
     * knows its URL reaches it again; it returns when the server answers. What the old one's
     * children still do is waited for: PostgreSQL starts only when the last of them has ended.
     *
     * @return whether it had died; false also after {@link #close}
     * @throws StoreException if it cannot be started now; calling again tries again
     */
    public synchronized boolean startAgainIfDead() {
        if (isClosed || isRunning()) {
            return false;
        }
        try {
            boot(port, told -> {});
            return true;
        } catch (IOException e) {
            throw PrivateFiles.unusable(folder, e);
        }
    }

    /**
     * Disconnects all clients and waits until the server has shut down; a second call does nothing.
     *
     * @throws StoreException if the server does not end
     */
    @Override
    public synchronized void close() {
        isClosed = true;
        if (!isRunning()) {
            return;
        }
        try {
            stop();
        } catch (IOException e) {
            throw PrivateFiles.unusable(folder, e);
        }
    }

    /** Creates the cluster unless it is there, and returns its password. */
    private static String createCluster(
            Path folder, PostgresPrograms programs, Consumer<String> progress) throws IOException {
        Path passwordFile = folder.resolve("password");
        removeDrafts(folder);
        if (Files.exists(folder.resolve("cluster"))) {
            try {
                return Files.readString(passwordFile).strip();
            } catch (NoSuchFileException e) {
                throw new StoreException(
                        "The database in "
                                + folder
                                + " cannot be opened without its file `password`: put that file"
                                + " back.",
                        e);
            }
        }
        byte[] secret = new byte[32];
        new SecureRandom().nextBytes(secret);
        String password = HexFormat.of().formatHex(secret);
        PrivateFiles.write(passwordFile, password + "\n");

        // A name of its own: the initdb of a killed Giliran may still be writing to an earlier one.
        Path draft = Files.createTempDirectory(folder, "cluster.tmp-");
        Path output = folder.resolve("log/initdb.log");
        progress.accept("creating the database");
        boolean created =
                programs.run(
                        output,
                        seconds -> progress.accept("creating the database, " + seconds + " s"),
                        "initdb",
                        "--pgdata=" + draft,
                        "--username=" + NAME,
                        "--auth=scram-sha-256",
                        "--pwfile=" + passwordFile,
                        "--encoding=UTF8",
                        "--locale-provider=builtin",
                        "--builtin-locale=C.UTF-8",
                        "--locale=C",
                        "--data-checksums",
                        "--no-instructions");
        if (!created) {
            throw failed(folder, "could not be created", lastWords(lines(output)));
        }
        Path settings = draft.resolve("postgresql.conf");
        Files.writeString(settings, "\ninclude 'giliran.conf'\n", StandardOpenOption.APPEND);
        PrivateFiles.force(settings);
        PrivateFiles.moveIntoPlace(draft, folder.resolve("cluster"));
        return password;
    }

    private static void removeDrafts(Path folder) throws IOException {
        try (DirectoryStream<Path> drafts = Files.newDirectoryStream(folder, "cluster.tmp-*")) {
            for (Path draft : drafts) {
                try {
                    PrivateFiles.deleteTree(draft);
                } catch (IOException e) {
                    // An initdb that outlived its Giliran still writes there; a later start
                    // removes the draft, which nobody will ever use.
                }
            }
        }
    }

    private void boot(int wantedPort, Consumer<String> progress) throws IOException {
        long giveUpAt = System.nanoTime() + RETRIES_FOR.toNanos();
        port = wantedPort;
        while (!tryBoot(progress)) {
            String why = lastWords(serverLines());
            if (!PASSING.matcher(why).find()
                    || System.nanoTime() > giveUpAt
                    || Thread.currentThread().isInterrupted()) {
                stop();
                throw failed(folder, "did not start", why);
            }
            LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
            if (pid == 0) {
                // Nobody knows the address yet; later the port is waited for.
                port = freePort();
            }
        }
        OptionalLong started = postmaster();
        if (started.isEmpty()) {
            throw failed(folder, "ended at once", lastWords(serverLines()));
        }
        pid = started.getAsLong();
        try {
            createDatabase();
        } catch (SQLException e) {
            stop();
            throw failed(
                    folder,
                    "started but cannot be used",
                    lastWords(String.valueOf(e.getMessage()).lines().toList()));
        }
    }

    private boolean tryBoot(Consumer<String> progress) throws IOException {
        OptionalLong orphan = postmaster();
        if (orphan.isPresent()) {
            progress.accept(
                    "stopping the database server that an earlier Giliran left running (process "
                            + orphan.getAsLong()
                            + ")");
            stop();
        }
        // A server that ends in order removes its file.
        OptionalLong killed = pidInFile();
        String waitingFor = killed.isPresent() ? "recovering" : "starting the database";
        Files.writeString(cluster.resolve("giliran.conf"), settings(port));
        Files.writeString(
                cluster.resolve("pg_hba.conf"), "host all all 127.0.0.1/32 scram-sha-256\n");
        progress.accept(waitingFor);
        return pgCtl(
                "start",
                STARTS_WITHIN,
                seconds -> progress.accept(waitingFor + ", " + seconds + " s"),
                "-p",
                launcher(killed).toString());
    }

    /**
     * Writes a script that starts the server although its old process id may by now be someone
     * else's. PostgreSQL takes any living process of that id for a server and refuses; in a
     * restarted container, where ids repeat, that would be for ever. It passes over the id that it
     * is told is its grandparent's, and still refuses when a server's memory is in use. We name the
     * id only after {@link #postmaster} has found that it is no server of this cluster.
     */
    private Path launcher(OptionalLong killed) throws IOException {
        Path script = folder.resolve("launch");
        Files.deleteIfExists(script);
        Files.writeString(
                script,
                """
                #!/bin/sh
                PG_GRANDPARENT_PID=%d exec "%s" "$@"
                """
                        .formatted(killed.orElse(0), programs.path("postgres")));
        if (!script.toFile().setExecutable(true)) {
            throw new IOException("cannot make " + script + " executable");
        }
        return script;
    }

    private static String settings(int port) {
        return """
            # Written by Giliran at every start: changes are lost.
            listen_addresses = '127.0.0.1'
            port = %d
            unix_socket_directories = ''
            max_connections = 60
            password_encryption = 'scram-sha-256'
            allow_alter_system = off

            fsync = on
            full_page_writes = on
            synchronous_commit = on
            shared_buffers = '%dMB'
            max_wal_size = '4GB'
            checkpoint_timeout = '15min'
            # Most of what is written is sealed, and ciphertext does not compress.
            wal_compression = off

            client_connection_check_interval = '1s'
            idle_in_transaction_session_timeout = '10s'
            tcp_keepalives_idle = 5
            tcp_keepalives_interval = 2
            tcp_keepalives_count = 3

            timezone = 'UTC'
            log_timezone = 'UTC'
            logging_collector = on
            log_directory = '../log'
            log_filename = 'postgres-%%a.log'
            log_rotation_age = '1d'
            log_rotation_size = 0
            log_truncate_on_rotation = on
            log_file_mode = 0600
            log_line_prefix = '%%m [%%p] '

            # Personal data must not reach the log: no statements, no parameters, no details.
            log_statement = 'none'
            log_min_error_statement = 'panic'
            log_error_verbosity = 'terse'
            log_parameter_max_length = 0
            log_parameter_max_length_on_error = 0
            """
                .formatted(port, bufferMegabytes(memoryBytes()));
    }

    /** A sixteenth of the memory that the machine has, or a container may have of it. */
    static long bufferMegabytes(long memoryBytes) {
        return Math.clamp(
                memoryBytes / 16 / MEGABYTE, BUFFERS_MEGABYTES_MIN, BUFFERS_MEGABYTES_MAX);
    }

    private static long memoryBytes() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class)
                .getTotalMemorySize();
    }

    private void createDatabase() throws SQLException {
        try (var connection = DriverManager.getConnection(jdbcUrl("postgres"), NAME, password);
                var statement = connection.createStatement()) {
            // An error's message can quote what was typed ("invalid input syntax … "): it goes to
            // the client, and only to the client.
            statement.execute("ALTER ROLE " + NAME + " SET log_min_messages = 'log'");
            boolean exists;
            try (var found =
                    statement.executeQuery(
                            "SELECT 1 FROM pg_database WHERE datname = '" + NAME + "'")) {
                exists = found.next();
            }
            if (!exists) {
                statement.execute("CREATE DATABASE " + NAME);
            }
        }
    }

    /** Stops the server of this cluster, whoever started it, and waits until it has shut down. */
    private void stop() throws IOException {
        for (String mode : List.of("fast", "immediate")) {
            if (postmaster().isEmpty() || pgCtl("stop", STOPS_WITHIN, seconds -> {}, "-m", mode)) {
                return;
            }
        }
        OptionalLong left = postmaster();
        if (left.isPresent()) {
            throw new StoreException(
                    "The database server in "
                            + folder
                            + " does not stop: end process "
                            + left.getAsLong()
                            + ", then start again.");
        }
    }

    private boolean pgCtl(String verb, Duration within, IntConsumer eachSecond, String... options)
            throws IOException {
        var arguments = new ArrayList<String>(List.of(verb, "-s", "-w", "-D", cluster.toString()));
        arguments.addAll(List.of("-t", String.valueOf(within.toSeconds())));
        arguments.addAll(List.of(options));
        return programs.run(
                folder.resolve("log/" + verb + ".log"),
                eachSecond,
                "pg_ctl",
                arguments.toArray(String[]::new));
    }

    /** The living server of this cluster: its process id, found in its own file and verified. */
    private OptionalLong postmaster() {
        OptionalLong candidate = pidInFile();
        if (candidate.isEmpty()) {
            return candidate;
        }
        Path process = Path.of("/proc/" + candidate.getAsLong());
        try {
            boolean ours =
                    Files.readString(process.resolve("comm")).startsWith("postgres")
                            && Files.readSymbolicLink(process.resolve("cwd")).equals(cluster);
            return ours ? candidate : OptionalLong.empty();
        } catch (IOException e) {
            // Gone, dead but not yet reaped, or another user's: in no case ours.
            return OptionalLong.empty();
        }
    }

    private OptionalLong pidInFile() {
        try {
            return lines(cluster.resolve("postmaster.pid")).stream()
                    .limit(1)
                    .mapToLong(line -> Long.parseLong(line.strip()))
                    .findFirst();
        } catch (IOException | NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    /** What the server has said about its last start. */
    private List<String> serverLines() throws IOException {
        var lines = new ArrayList<>(lines(folder.resolve("log/start.log")));
        if (lines.stream().anyMatch(COMPLAINT.asPredicate())) {
            // It ended before its collector of logs began, whose files tell of earlier starts.
            return lines;
        }
        try (Stream<Path> files = Files.list(folder.resolve("log"))) {
            Optional<Path> newest =
                    files.filter(file -> file.getFileName().toString().startsWith("postgres-"))
                            .max(Comparator.comparingLong(file -> file.toFile().lastModified()));
            if (newest.isPresent()) {
                List<String> day = lines(newest.get());
                int start = day.size();
                while (start > 0 && !day.get(start - 1).contains("starting PostgreSQL")) {
                    start--;
                }
                lines.addAll(day.subList(start, day.size()));
            }
        }
        return lines;
    }

    private static List<String> lines(Path file) throws IOException {
        // Unlike Files.readAllLines this also reads what is not UTF-8.
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8).lines().toList();
    }

    /** The last few complaints, or the last few lines if none complains, on one line. */
    private static String lastWords(List<String> lines) {
        List<String> said =
                lines.stream()
                        .map(line -> LOG_PREFIX.matcher(line).replaceFirst("").strip())
                        .filter(line -> !line.isEmpty())
                        .toList();
        List<String> complaints = said.stream().filter(COMPLAINT.asPredicate()).toList();
        List<String> best = complaints.isEmpty() ? said : complaints;
        return String.join("; ", best.subList(Math.max(0, best.size() - 3), best.size()));
    }

    private static StoreException failed(Path folder, String what, String why) {
        if (DISK_FULL.matcher(why).find()) {
            return PrivateFiles.diskFull(folder);
        }
        return new StoreException(
                "The database in "
                        + folder
                        + " "
                        + what
                        + " ("
                        + why
                        + "): see the files in "
                        + folder.resolve("log")
                        + ".");
    }

    private String jdbcUrl(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
