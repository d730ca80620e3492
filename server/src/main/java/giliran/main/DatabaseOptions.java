package giliran.main;

import giliran.store.DataFolder;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Where the data are: options that commands share. */
final class DatabaseOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command = CommandSpec.create();

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description =
                    "The folder for the database, keys and logs (default: data/ beside ./giliran).")
    private @Nullable Path data;

    @Option(
            names = "--database",
            paramLabel = "URL",
            description = {
                "An external PostgreSQL 15 or newer: jdbc:postgresql://host:5432/name",
                "User and password from GILIRAN_DATABASE_USER and GILIRAN_DATABASE_PASSWORD,"
                        + " from ~/.pgpass, or in the URL."
            })
    private @Nullable String database;

    Path folder() {
        if (data != null) {
            return data.toAbsolutePath().normalize();
        }
        return Path.of(System.getProperty("giliran.home", ".")).toAbsolutePath().resolve("data");
    }

    /** The external database's address; null if we run our own. */
    DataFolder.@Nullable Connection external() {
        if (database == null) {
            return null;
        }
        if (!database.startsWith("jdbc:postgresql:")) {
            throw new CommandLine.ParameterException(
                    command.commandLine(),
                    "--database must look like jdbc:postgresql://host:5432/name");
        }
        return new DataFolder.Connection(
                database,
                environment("GILIRAN_DATABASE_USER"),
                environment("GILIRAN_DATABASE_PASSWORD"));
    }

    private static String environment(String name) {
        String value = System.getenv(name);
        return value == null ? "" : value;
    }
}
