package giliran.main;

import giliran.store.DataFolder;
import giliran.store.Database;
import giliran.store.LocalPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The database of a command, however it is come by: an external one, that of the Giliran which is
 * running on the same folder, or one of our own that is started and stopped again.
 */
final class Truth {
    private static final int CONNECTIONS = 2;

    private Truth() {}

    /** Joins a running Giliran's database, or starts what is needed until all is closed. */
    static Database joinOrStart(
            DatabaseOptions options,
            InstantSource clock,
            Opened opened,
            Consumer<String> progress) {
        DataFolder.Connection connection = options.external();
        if (connection == null) {
            connection = ofFolder(options, opened, progress);
        }
        DataFolder.Connection found = connection;
        return opened.open(() -> Database.open(found, CONNECTIONS, clock));
    }

    private static DataFolder.Connection ofFolder(
            DatabaseOptions options, Opened opened, Consumer<String> progress) {
        if (!Files.isDirectory(options.folder())) {
            throw noDatabase(options.folder());
        }
        Optional<DataFolder> mine = DataFolder.tryOpen(options.folder());
        if (mine.isPresent()) {
            DataFolder folder = opened.open(mine::get);
            if (!LocalPostgres.isIn(folder.postgres())) {
                throw noDatabase(folder.path());
            }
            Logs.writeTo(folder.log());
            return connection(opened.open(() -> LocalPostgres.start(folder.postgres(), progress)));
        }
        return DataFolder.readConnection(options.folder())
                .orElseThrow(
                        () ->
                                new CommandException(
                                        "The Giliran that runs on "
                                                + options.folder()
                                                + " is not ready yet; try again in a moment."));
    }

    private static CommandException noDatabase(Path folder) {
        return new CommandException(
                "There is no database in "
                        + folder
                        + " yet: name the folder of one with --data, or an external one with"
                        + " --database.");
    }

    static DataFolder.Connection connection(LocalPostgres postgres) {
        return new DataFolder.Connection(postgres.jdbcUrl(), postgres.user(), postgres.password());
    }
}
