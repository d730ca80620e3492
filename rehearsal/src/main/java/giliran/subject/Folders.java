package giliran.subject;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where Giliran lies, and where a rehearsal keeps its data. */
public final class Folders {
    /**
     * A folder for data.
     *
     * @param isTemporary whether nobody but the rehearsal knows it
     */
    public record Data(Path path, boolean isTemporary) {}

    private Folders() {}

    /** Where Giliran lies. */
    public static Path home() {
        return Path.of(System.getProperty("giliran.home", ".")).toAbsolutePath().normalize();
    }

    /** The server, as the launcher has built it. */
    public static Path jar() {
        return home().resolve("target/built/giliran.jar");
    }

    /** An empty folder: the one that is asked for, or a temporary one. */
    public static Data dataFor(@Nullable Path asked) {
        try {
            if (asked == null) {
                return new Data(Files.createTempDirectory("giliran-"), true);
            }
            Path folder = Files.createDirectories(asked).toRealPath();
            try (Stream<Path> files = Files.list(folder)) {
                if (files.findAny().isPresent()) {
                    throw new RehearsalException(
                            "The folder "
                                    + folder
                                    + " is not empty: name an empty one with --data.");
                }
            }
            return new Data(folder, false);
        } catch (IOException e) {
            throw new RehearsalException("The data folder cannot be used: " + e.getMessage(), e);
        }
    }

    public static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
