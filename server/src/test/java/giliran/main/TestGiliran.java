package giliran.main;

import com.fasterxml.jackson.databind.node.ObjectNode;
import giliran.campaigns.Slot;
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
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/** A whole Giliran in the test JVM, with campaigns of the test's, on ports that are free. */
final class TestGiliran implements AutoCloseable {
    private static final int PORT_TRIES_MAX = 20;
    private static final int CREATED = 201;
    private static final String LOOPBACK = "127.0.0.1";

    private final DataFolder.Connection connection;
    private final Giliran.Doors doors;
    private final Supplier<Giliran> opening;
    private Giliran giliran;

    private TestGiliran(
            DataFolder.Connection connection, Giliran.Doors doors, Supplier<Giliran> opening) {
        this.connection = connection;
        this.doors = doors;
        this.opening = opening;
        giliran = opening.get();
    }

    /**
     * Starts it on a database of its own.
     *
     * @param folder an empty folder for the keys
     */
    static TestGiliran start(Path folder, TestCampaign... campaigns) {
        return start(folder, List.of(), InstantSource.system(), Giliran.LEDGER, campaigns);
    }

    /**
     * Starts it on a database of its own.
     *
     * @param folder an empty folder for the keys
     * @param proxies addresses that are trusted to say for whom they ask
     */
    static TestGiliran start(
            Path folder,
            List<String> proxies,
            InstantSource clock,
            Giliran.Bookkeeping bookkeeping,
            TestCampaign... campaigns) {
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
                            LOOPBACK, freePort(), freePort(), new TrustedProxies(proxies));
            try {
                return new TestGiliran(
                        connection,
                        doors,
                        () ->
                                new Giliran(
                                        connection,
                                        folder.resolve("keys"),
                                        Optional::empty,
                                        doors,
                                        clock,
                                        bookkeeping));
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

    /** Books a place for somebody, by the API. */
    void book(Slot slot, ObjectNode person) {
        URI appointments =
                address().resolve("/api/v1/campaigns/" + slot.campaign() + "/appointments");
        HttpRequest request =
                HttpRequest.newBuilder(appointments)
                        .header("Content-Type", "application/json")
                        .header("Idempotency-Key", UUID.randomUUID().toString())
                        .POST(BodyPublishers.ofString(TestBooking.of(slot, person).toString()))
                        .build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
            if (answer.statusCode() != CREATED) {
                throw new AssertionError(answer.body());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    URI metrics() {
        return URI.create("http://" + LOOPBACK + ":" + doors.metricsPort() + "/metrics");
    }

    /** Closes it, until it is {@linkplain #startAgain started again} at the same doors. */
    void stop() {
        giliran.close();
    }

    void startAgain() {
        giliran = opening.get();
    }

    @Override
    public void close() {
        giliran.close();
    }
}
