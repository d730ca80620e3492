package giliran.main;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** A Giliran in a Java of its own, as the launcher starts it. */
final class GiliranProcess implements AutoCloseable {
    static final Duration DEADLINE = Duration.ofSeconds(60);

    private final Process process;
    private final Path out;
    private final Path err;

    private GiliranProcess(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
        // Also when the tests are broken off.
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
    }

    static GiliranProcess start(Path temp, String... arguments) {
        return start(temp, List.of(), arguments);
    }

    static GiliranProcess start(Path temp, List<String> javaOptions, String... arguments) {
        var words = new ArrayList<String>();
        // A shell that runs the tests in the background has its children ignore Ctrl-C.
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
                        // The product's own, not the one that keeps tests quiet.
                        "-Dlogback.configurationFile=logback.xml",
                        "-Dgiliran.home=" + Path.of("..").toAbsolutePath().normalize()));
        words.addAll(javaOptions);
        words.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        words.addAll(List.of(arguments));
        try {
            Path out = Files.createTempFile(temp, "out-", ".txt");
            Path err = Files.createTempFile(temp, "err-", ".txt");
            var builder = new ProcessBuilder(words);
            builder.environment().keySet().removeIf(name -> name.startsWith("GILIRAN_"));
            return new GiliranProcess(
                    builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start(),
                    out,
                    err);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What it has told so far. */
    String told() {
        return read(out);
    }

    /** What it has complained of so far. */
    String complained() {
        return read(err);
    }

    GiliranProcess awaitTold(String text) {
        await(text, () -> told().contains(text) || !process.isAlive());
        if (!told().contains(text)) {
            throw new AssertionError("It ended and never told: " + text + "\n" + everything());
        }
        return this;
    }

    boolean isRunning() {
        return process.isAlive();
    }

    GiliranProcess signal(String name) {
        try {
            new ProcessBuilder("kill", "-s", name, String.valueOf(process.pid())).start().waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return this;
    }

    int exitCode() {
        try {
            if (!process.waitFor(DEADLINE.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("It does not end.\n" + everything());
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return process.exitValue();
    }

    /** The processes that work in a folder or below it: a database server that runs there. */
    static List<Long> workingIn(Path folder) {
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            return processes
                    .filter(process -> process.getFileName().toString().matches("\\d+"))
                    .filter(process -> worksIn(process, folder))
                    .map(process -> Long.valueOf(process.getFileName().toString()))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean worksIn(Path process, Path folder) {
        try {
            return Files.readSymbolicLink(process.resolve("cwd")).startsWith(folder);
        } catch (IOException e) {
            // It has ended meanwhile.
            return false;
        }
    }

    static void await(String what, BooleanSupplier condition) {
        long giveUpAt = System.nanoTime() + DEADLINE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > giveUpAt) {
                throw new AssertionError("It took too long: " + what);
            }
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
    }

    private String everything() {
        return told() + complained();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Stops it, if it still runs. */
    @Override
    public void close() {
        process.destroy();
        exitCode();
    }
}
