package giliran.main;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The folder of one Giliran: the option that all commands share. */
final class DataOption {
    @Option(
            names = "--data",
            paramLabel = "DIR",
            description =
                    "The folder for the database, keys and logs (default: data/ beside ./giliran).")
    private @Nullable Path data;

    Path folder() {
        if (data != null) {
            return data.toAbsolutePath().normalize();
        }
        return Path.of(System.getProperty("giliran.home", ".")).toAbsolutePath().resolve("data");
    }
}
