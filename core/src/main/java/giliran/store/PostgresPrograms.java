package giliran.store;

import java.io.BufferedInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/** PostgreSQL's own programs, unpacked from our jar and never run as root. */
final class PostgresPrograms {
    static final String VERSION = "18.6";
    private static final String ARCHIVE = "/postgres-linux-x86_64.txz";

    private final Path bin;
    private final List<String> prefix;

    private PostgresPrograms(Path bin, List<String> prefix) {
        this.bin = bin;
        this.prefix = prefix;
    }

    /**
     * Unpacks the programs into {@code postgres-<version>} in a folder, unless they are there. An
     * interrupted unpacking is begun again by the next call.
     *
     * @throws StoreException if PostgreSQL cannot run on this machine or as this user
     */
    static PostgresPrograms unpack(Path folder, Consumer<String> progress) throws IOException {
        requirePlatform(System.getProperty("os.name"), System.getProperty("os.arch"));
        Path home = folder.resolve("postgres-" + VERSION);
        var programs = new PostgresPrograms(home.resolve("bin"), prefix());
        if (!Files.exists(home)) {
            progress.accept("unpacking PostgreSQL " + VERSION);
            Path draft = folder.resolve("postgres-" + VERSION + ".tmp");
            PrivateFiles.deleteTree(draft);
            extract(draft);
            PrivateFiles.moveIntoPlace(draft, home);
        }
        return programs;
    }

    static void requirePlatform(String system, String processor) {
        if (!system.equals("Linux") || !processor.equals("amd64")) {
            throw new StoreException(
                    "The built-in database runs on Linux x86_64 only and this machine is "
                            + system
                            + " "
                            + processor
                            + ": name a PostgreSQL server with --database.");
        }
    }

    /** Where a program lies. */
    Path path(String program) {
        return bin.resolve(program);
    }

    /**
     * Runs a program to its end, also when this thread is interrupted meanwhile.
     *
     * @param output the file that receives what the program says, in place of what was there
     * @param eachSecond is told how many seconds the program has been running
     * @return whether the program reported success
     */
    boolean run(Path output, IntConsumer eachSecond, String program, String... arguments)
            throws IOException {
        var words = new ArrayList<>(prefix);
        words.add(path(program).toString());
        words.addAll(List.of(arguments));
        // A file and not a pipe: the server inherits it and outlives the program that started it.
        var builder =
                new ProcessBuilder(words)
                        .redirectInput(new File("/dev/null"))
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
        builder.environment().put("LC_ALL", "C");
        return await(builder.start(), eachSecond);
    }

    private static boolean await(Process process, IntConsumer eachSecond) {
        boolean interrupted = false;
        int seconds = 0;
        try {
            while (true) {
                try {
                    if (process.waitFor(1, TimeUnit.SECONDS)) {
                        return process.exitValue() == 0;
                    }
                    eachSecond.accept(++seconds);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** PostgreSQL refuses to run as root; in a user namespace of its own root is nobody. */
    private static List<String> prefix() throws IOException {
        if (!Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"))) {
            return List.of();
        }
        var refused =
                new StoreException(
                        "The built-in database cannot run as root because this machine does not"
                                + " permit `unshare -U`: start Giliran as an ordinary user, or name a"
                                + " PostgreSQL server with --database.");
        try {
            Process trial =
                    new ProcessBuilder("unshare", "-U", "true")
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
            if (!await(trial, seconds -> {})) {
                throw refused;
            }
        } catch (IOException e) {
            refused.initCause(e);
            throw refused;
        }
        return List.of("unshare", "-U");
    }

    private static void extract(Path target) throws IOException {
        try (InputStream archive = PostgresPrograms.class.getResourceAsStream(ARCHIVE)) {
            if (archive == null) {
                throw new StoreException(
                        "This build of Giliran has no built-in database: name a PostgreSQL server"
                                + " with --database.");
            }
            var tar =
                    new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(archive)));
            for (TarArchiveEntry entry = tar.getNextEntry();
                    entry != null;
                    entry = tar.getNextEntry()) {
                Path path = target.resolve(entry.getName());
                if (entry.isDirectory()) {
                    PrivateFiles.createFolder(path);
                    continue;
                }
                PrivateFiles.createFolder(path.resolve("..").normalize());
                if (entry.isSymbolicLink()) {
                    Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
                } else {
                    Files.copy(tar, path);
                    if ((entry.getMode() & 0100) != 0 && !path.toFile().setExecutable(true)) {
                        throw new IOException("cannot make " + path + " executable");
                    }
                    PrivateFiles.force(path);
                }
            }
        }
    }
}
