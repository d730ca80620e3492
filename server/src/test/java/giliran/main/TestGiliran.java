package giliran.main;

import giliran.campaigns.TestCampaign;
import giliran.edge.TrustedProxies;
import giliran.imports.ImportCampaign;
import giliran.store.DataFolder;
import giliran.store.Database;
import giliran.store.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** A whole Giliran in the test JVM, with campaigns of the test's, on ports that are free. */
final class TestGiliran implements AutoCloseable {
    private static final int PORT_TRIES_MAX = 20;
    private static final String LOOPBACK = "127.0.0.1";

    private final DataFolder.Connection connection;
    private final Giliran.Doors doors;
    private final Giliran giliran;

    private TestGiliran(DataFolder.Connection connection, Giliran.Doors doors, Giliran giliran) {
        this.connection = connection;
        this.doors = doors;
        this.giliran = giliran;
    }

    /**
     * Starts it on a database of its own.
     *
     * @param folder an empty folder for the keys
     */
    static TestGiliran start(Path folder, TestCampaign... campaigns) {
        DataFolder.Connection connection = TestDatabase.newDatabase();
        try (Database database = Database.open(connection, 2, InstantSource.system())) {
            for (TestCampaign campaign : campaigns) {
                ImportCampaign.Result result =
                        new ImportCampaign(database, InstantSource.system())
                                .run(ImportCampaign.sourceOf(campaign.plan()), progress -> {});
                if (!(result instanceof ImportCampaign.Result.Imported)) {
                    throw new AssertionError(result.toString());
                }
            }
        }
        for (int tries = 1; ; tries++) {
            Giliran.Doors doors =
                    new Giliran.Doors(
                            LOOPBACK, freePort(), freePort(), new TrustedProxies(List.of()));
            try {
                return new TestGiliran(
                        connection,
                        doors,
                        new Giliran(
                                connection,
                                folder.resolve("keys"),
                                Optional::empty,
                                doors,
                                InstantSource.system()));
            } catch (CommandException portWasTakenMeanwhile) {
                if (tries == PORT_TRIES_MAX) {
                    throw portWasTakenMeanwhile;
                }
            }
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    DataFolder.Connection connection() {
        return connection;
    }

    int port() {
        return doors.port();
    }

    URI address() {
        return URI.create("http://" + LOOPBACK + ":" + doors.port());
    }

    URI metrics() {
        return URI.create("http://" + LOOPBACK + ":" + doors.metricsPort() + "/metrics");
    }

    @Override
    public void close() {
        giliran.close();
    }
}
