package giliran.subject;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A Giliran in a Java of its own, and the database below it. */
public final class TriedGiliran implements AutoCloseable {
    private static final Duration COMES_BACK_WITHIN = Duration.ofMinutes(3);
    private static final Duration STOPS_WITHIN = Duration.ofMinutes(1);

    /** What the launcher gives to Java. */
    public static final List<String> AS_LAUNCHED =
            List.of(
                    "-XX:+UseCompactObjectHeaders",
                    "--enable-native-access=ALL-UNNAMED",
                    "--sun-misc-unsafe-memory-access=allow");

    private final Path home;
    private final Path jar;
    private final Path data;
    private final List<String> flags;
    private final int port;
    private final int metricsPort;
    private final Door door;
    private final Thread endingWithUs = new Thread(this::stopWithUs);
    private volatile boolean isStopping;
    private volatile @Nullable Process process;

    /**
     * @param home where the samples lie
     * @param jar the server's
     * @param data its folder
     * @param flags what Java is given beyond {@link #AS_LAUNCHED}
     */
    public TriedGiliran(Path home, Path jar, Path data, List<String> flags) {
        this(home, jar, data, flags, freePort(), freePort());
    }

    private TriedGiliran(
            Path home, Path jar, Path data, List<String> flags, int port, int metricsPort) {
        this.port = port;
        this.metricsPort = metricsPort;
        door = new Door("http://127.0.0.1:" + port);
        this.home = home;
        this.jar = jar;
        this.data = data;
        this.flags = flags;
        if (!Files.isRegularFile(jar)) {
            throw new RehearsalException(
                    "There is no server to try: "
                            + jar
                            + " is missing. ./giliran builds it; in Maven it is made in the phase"
                            + " `package` of the module `server` (mvn verify at the root).");
        }
        // Also when we are told to stop.
        Runtime.getRuntime().addShutdownHook(endingWithUs);
    }

    /**
     * One that somebody else has started on this machine, and that is neither stopped nor killed
     * here.
     *
     * @param data its folder
     * @param port of its public door; that of its metrics is one above
     */
    public static TriedGiliran running(Path home, Path jar, Path data, int port) {
        return new TriedGiliran(home, jar, data, List.of(), port, port + 1);
    }

    public Door door() {
        return door;
    }

    public Path log() {
        return data.resolveSibling(data.getFileName() + ".log");
    }

    /** Where its metrics are read. */
    public String metrics() {
        return "http://127.0.0.1:" + metricsPort + "/metrics";
    }

    /** The server's process number, if it was started here and lives. */
    public Optional<Long> serverPid() {
        Process started = process;
        return started != null && started.isAlive() ? Optional.of(started.pid()) : Optional.empty();
    }

    public URI address() {
        return URI.create("http://127.0.0.1:" + port);
    }

    public Path data() {
        return data;
    }

    /** The server's process. */
    public ProcessHandle process() {
        return running().toHandle();
    }

    public void start() {
        serve("run");
    }

    /**
     * Starts a server.
     *
     * @param words the command that serves, and options of its own
     */
    public void serve(String... words) {
        List<String> command = new ArrayList<>(List.of(words));
        command.add("--data=" + data);
        command.add("--host=127.0.0.1");
        command.add("--port=" + port);
        command.add("--metrics-port=" + metricsPort);
        process = java(command, log());
    }

    /** Runs a command of Giliran's to its end and returns its exit code. */
    public int command(Path output, String... words) {
        try {
            return java(List.of(words), output).waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RehearsalException("interrupted", e);
        }
    }

    private Process java(List<String> arguments, Path output) {
        var words = new ArrayList<String>();
        // A shell that runs us in the background has its children ignore Ctrl-C.
        words.addAll(List.of("env", "--default-signal=INT,TERM"));
        words.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
        words.addAll(AS_LAUNCHED);
        words.addAll(flags);
        words.addAll(List.of("-Dgiliran.home=" + home, "-jar", jar.toString()));
        words.addAll(arguments);
        var builder =
                new ProcessBuilder(words)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
        builder.environment().keySet().removeIf(name -> name.startsWith("GILIRAN_"));
        try {
            return builder.start();
        } catch (IOException e) {
            throw new RehearsalException("Giliran cannot be started: " + e.getMessage(), e);
        }
    }

    public void kill() {
        Process running = running();
        running.destroyForcibly();
        await("the server's end", () -> !running.isAlive());
    }

    public void terminate() {
        Process running = running();
        running.destroy();
        await("the server's end", () -> !running.isAlive());
    }

    /** Kills the database's first process, which is known to be that of our own data. */
    public Optional<Long> killPostmaster() {
        Optional<Long> pid = postmaster();
        pid.flatMap(ProcessHandle::of).ifPresent(ProcessHandle::destroyForcibly);
        return pid;
    }

    /** The living database server on our data. */
    public Optional<Long> postmaster() {
        Path cluster = data.resolve("postgres/cluster");
        try {
            long pid =
                    Long.parseLong(
                            Files.readAllLines(cluster.resolve("postmaster.pid"))
                                    .getFirst()
                                    .strip());
            Path folder = Files.readSymbolicLink(Path.of("/proc/" + pid + "/cwd"));
            return folder.equals(cluster.toRealPath()) ? Optional.of(pid) : Optional.empty();
        } catch (IOException | RuntimeException e) {
            return Optional.empty();
        }
    }

    public void awaitReady() {
        await(
                "readiness",
                () -> {
                    if (!running().isAlive()) {
                        throw new RehearsalException(
                                "The server ended by itself; " + log() + " says why.");
                    }
                    return door.get("/health/ready").status() == 200;
                });
    }

    public void awaitAnotherPostmaster(Optional<Long> than) {
        await(
                "another database server",
                () -> {
                    Optional<Long> now = postmaster();
                    return now.isPresent() && !now.equals(than);
                });
    }

    private Process running() {
        if (process == null) {
            throw new IllegalStateException("not started");
        }
        return process;
    }

    /** Waits for something that the server does, a few minutes at most. */
    public void await(String what, BooleanSupplier condition) {
        long giveUpAt = System.nanoTime() + COMES_BACK_WITHIN.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > giveUpAt) {
                throw new RehearsalException(
                        "Waited in vain for " + what + "; " + log() + " may say why.");
            }
            try {
                Thread.sleep(Duration.ofMillis(50));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new RehearsalException("interrupted", e);
            }
        }
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new RehearsalException("There is no free port: " + e.getMessage(), e);
        }
    }

    /** Whether we were told to stop, and it is being stopped with us: then it breaks no promise. */
    public boolean isStopping() {
        return isStopping;
    }

    private void stopWithUs() {
        isStopping = true;
        stop();
    }

    private void stop() {
        Process last = process;
        if (last == null) {
            return;
        }
        last.destroy();
        try {
            if (!last.waitFor(STOPS_WITHIN.toSeconds(), TimeUnit.SECONDS)) {
                last.destroyForcibly();
            }
        } catch (InterruptedException e) {
            last.destroyForcibly();
        }
        // What the server could not stop, since it was dead.
        postmaster().flatMap(ProcessHandle::of).ifPresent(ProcessHandle::destroy);
    }

    /** Stops it in order, and its database with it. */
    @Override
    public void close() {
        stop();
        if (!isStopping) {
            Runtime.getRuntime().removeShutdownHook(endingWithUs);
        }
    }
}
