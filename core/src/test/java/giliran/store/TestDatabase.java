package giliran.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;

/** Empty databases for tests, on one real PostgreSQL that lives as long as the test JVM. */
public final class TestDatabase {
    private static final AtomicInteger CREATED = new AtomicInteger();
    private static final LocalPostgres SERVER = start();

    private TestDatabase() {}

    /** Creates an empty database of its own for the caller. */
    public static DataFolder.Connection newDatabase() {
        String name = "test_" + CREATED.incrementAndGet();
        try (var connection =
                        DriverManager.getConnection(
                                SERVER.jdbcUrl(), SERVER.user(), SERVER.password());
                var statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + name);
        } catch (SQLException e) {
            throw new StoreException("The test database " + name + " cannot be created.", e);
        }
        String server = SERVER.jdbcUrl().substring(0, SERVER.jdbcUrl().lastIndexOf('/') + 1);
        return new DataFolder.Connection(server + name, SERVER.user(), SERVER.password());
    }

    private static LocalPostgres start() {
        try {
            Path target = Files.createDirectories(Path.of("target"));
            Path folder = Files.createTempDirectory(target, "test-database-");
            LocalPostgres server = LocalPostgres.start(folder, progress -> {});
            Runtime.getRuntime().addShutdownHook(new Thread(() -> remove(server, folder)));
            return server;
        } catch (IOException e) {
            throw new StoreException("The test database cannot be made below target.", e);
        }
    }

    private static void remove(LocalPostgres server, Path folder) {
        // Nobody will read it again: a clean shutdown would only take its time.
        ProcessHandle.of(server.pid()).ifPresent(ProcessHandle::destroyForcibly);
        try {
            PrivateFiles.deleteTree(folder);
        } catch (IOException e) {
            throw new StoreException("The test database " + folder + " was left behind.", e);
        }
    }
}
