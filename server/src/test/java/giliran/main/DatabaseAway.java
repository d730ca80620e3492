package giliran.main;

import giliran.store.DataFolder;
import java.sql.DriverManager;
import java.sql.SQLException;

/** While it is open, a Giliran's database lets nobody in. */
final class DatabaseAway implements AutoCloseable {
    private final ContractClient client;
    private final DataFolder.Connection connection;
    private final String name;

    /** Returns when the server knows. */
    DatabaseAway(TestGiliran giliran) {
        client = new ContractClient(giliran.address());
        connection = giliran.connection();
        String url = connection.jdbcUrl();
        name = url.substring(url.lastIndexOf('/') + 1);
        execute("ALTER DATABASE " + name + " ALLOW_CONNECTIONS false");
        execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '"
                        + name
                        + "'");
        readyUntil(503);
    }

    private void readyUntil(int status) {
        GiliranProcess.await(
                "readiness " + status, () -> client.get("/health/ready").status() == status);
    }

    /** Through the database of the same server that is always there. */
    private void execute(String sql) {
        String url = connection.jdbcUrl();
        try (var other =
                        DriverManager.getConnection(
                                url.substring(0, url.lastIndexOf('/') + 1) + "postgres",
                                connection.user(),
                                connection.password());
                var statement = other.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    /** Lets everyone in again, and returns when the server knows. */
    @Override
    public void close() {
        execute("ALTER DATABASE " + name + " ALLOW_CONNECTIONS true");
        readyUntil(200);
    }
}
