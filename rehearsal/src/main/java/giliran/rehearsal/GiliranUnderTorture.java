package giliran.rehearsal;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A Giliran in a Java of its own, which is going to be killed, and the database below it. */
final class GiliranUnderTorture implements AutoCloseable {
    private static final Duration COMES_BACK_WITHIN = Duration.ofMinutes(3);
    private static final Duration STOPS_WITHIN = Duration.ofMinutes(1);

    private final Path home;
    private final Path jar;
    private final Path data;
    private final int port = freePort();
    private final int metricsPort = freePort();
    private final Door door = new Door("http://127.0.0.1:" + port);
    private final Thread endingWithUs = new Thread(this::stopWithUs);
    private volatile boolean isStopping;
    private @Nullable Process process;

    /**
     * @param home where the samples lie
     * @param jar the server's
     * @param data its folder
     */
    GiliranUnderTorture(Path home, Path jar, Path data) {
        this.home = home;
        this.jar = jar;
        this.data = data;
        if (!Files.isRegularFile(jar)) {
            throw new RehearsalException(
                    "There is no server to torture: "
                            + jar
                            + " is missing. ./giliran builds it; in Maven it is made in the phase"
                            + " `package` of the module `server` (mvn verify at the root).");
        }
        // Also when we are told to stop.
        Runtime.getRuntime().addShutdownHook(endingWithUs);
    }

    Door door() {
        return door;
    }

    Path log() {
        return data.resolveSibling(data.getFileName() + ".log");
    }

    void start() {
        process =
                java(
                        List.of(
                                "run",
                                "--data=" + data,
                                "--host=127.0.0.1",
                                "--port=" + port,
                                "--metrics-port=" + metricsPort),
                        log());
    }

    /** Runs a command of Giliran's to its end and returns its exit code. */
    int command(Path output, String... words) {
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
        words.addAll(
                List.of(
                        "-XX:+UseCompactObjectHeaders",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-Xmx512m",
                        // Quick to start, as it will not live long.
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Dgiliran.home=" + home,
                        "-jar",
                        jar.toString()));
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

    void kill() {
        Process running = running();
        running.destroyForcibly();
        await("the server's end", () -> !running.isAlive());
    }

    void terminate() {
        Process running = running();
        running.destroy();
        await("the server's end", () -> !running.isAlive());
    }

    /** Kills the database's first process, which is known to be that of our own data. */
    Optional<Long> killPostmaster() {
        Optional<Long> pid = postmaster();
        pid.flatMap(ProcessHandle::of).ifPresent(ProcessHandle::destroyForcibly);
        return pid;
    }

    /** The living database server on our data. */
    Optional<Long> postmaster() {
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

    void awaitReady() {
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

    void awaitAnotherPostmaster(Optional<Long> than) {
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

    private void await(String what, BooleanSupplier condition) {
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
    boolean isStopping() {
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
