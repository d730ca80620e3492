package giliran.main;

import giliran.store.DataFolder;
import giliran.store.Database;
import giliran.store.LocalPostgres;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The database of a command, however it is come by: an external one, that of the Giliran which is
 * running on the same folder, or one of our own that is started and stopped again.
 */
final class Truth implements AutoCloseable {
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final Database database;

    private Truth(Database database) {
        this.database = database;
    }

    Database database() {
        return database;
    }

    /** Joins a running Giliran's database, or starts what is needed until this is closed. */
    static Truth joinOrStart(
            DatabaseOptions options, InstantSource clock, Consumer<String> progress) {
        DataFolder.Connection external = options.external();
        if (external != null) {
            return of(external, clock, new ArrayDeque<>());
        }
        Optional<DataFolder> mine = DataFolder.tryOpen(options.folder());
        if (mine.isPresent()) {
            return start(mine.get(), clock, progress);
        }
        DataFolder.Connection running =
                DataFolder.readConnection(options.folder())
                        .orElseThrow(
                                () ->
                                        new CommandException(
                                                "The Giliran that runs on "
                                                        + options.folder()
                                                        + " is not ready yet; try again in a"
                                                        + " moment."));
        return of(running, clock, new ArrayDeque<>());
    }

    private static Truth start(DataFolder folder, InstantSource clock, Consumer<String> progress) {
        Deque<AutoCloseable> opened = new ArrayDeque<>();
        opened.push(folder);
        try {
            LocalPostgres postgres = LocalPostgres.start(folder.postgres(), progress);
            opened.push(postgres);
            return of(connection(postgres), clock, opened);
        } catch (RuntimeException e) {
            closeAll(opened);
            throw e;
        }
    }

    private static Truth of(
            DataFolder.Connection connection, InstantSource clock, Deque<AutoCloseable> opened) {
        Database database = Database.open(connection, 2, clock);
        Truth truth = new Truth(database);
        truth.opened.addAll(opened);
        truth.opened.push(database);
        return truth;
    }

    static DataFolder.Connection connection(LocalPostgres postgres) {
        return new DataFolder.Connection(postgres.jdbcUrl(), postgres.user(), postgres.password());
    }

    @Override
    public void close() {
        closeAll(opened);
    }

    /** Closes what was opened, last first; each is closed even if another's closing fails. */
    static void closeAll(Deque<AutoCloseable> opened) {
        RuntimeException failure = null;
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (Exception e) {
                RuntimeException next =
                        e instanceof RuntimeException runtime
                                ? runtime
                                : new IllegalStateException(e);
                if (failure == null) {
                    failure = next;
                } else {
                    failure.addSuppressed(next);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
