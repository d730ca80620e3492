package giliran.main;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import giliran.campaigns.CampaignPlan;
import giliran.edge.TrustedProxies;
import giliran.imports.ReadCampaignFiles;
import giliran.ledger.Audit;
import giliran.store.DataFolder;
import giliran.store.Database;
import giliran.store.FaultProxy;
import giliran.store.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole house while its database is away or its clock is wrong. */
final class GiliranFaultTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final int PEOPLE = 8;

    /** The machine's clock, moved by as much as a test says. */
    private static final class WrongClock implements InstantSource {
        private volatile Duration off = Duration.ZERO;

        @Override
        public Instant instant() {
            return Instant.now().plus(off);
        }
    }

    @TempDir private static Path temp;
    private static final WrongClock CLOCK = new WrongClock();
    private static final AtomicInteger LAST = new AtomicInteger();
    private static DataFolder.Connection truth;
    private static FaultProxy proxy;
    private static Giliran giliran;
    private static String server;
    private static String campaign;
    private static List<String> slots;

    @BeforeAll
    static void open() throws IOException {
        truth = TestDatabase.newDatabase();
        proxy = new FaultProxy(truth);
        int port = freePort();
        giliran =
                new Giliran(
                        proxy.connection(),
                        temp.resolve("keys"),
                        () -> Optional.of(sample()),
                        new Giliran.Doors(
                                "127.0.0.1", port, freePort(), new TrustedProxies(List.of())),
                        CLOCK);
        server = "http://127.0.0.1:" + port;
        campaign =
                "/api/v1/campaigns/"
                        + JSON.readTree(get("/api/v1/campaigns").body())
                                .path("campaigns")
                                .path(0)
                                .path("id")
                                .asText();
        slots = new ArrayList<>();
        JsonNode offered =
                JSON.readTree(get(campaign + "/availability?region=kuala-lumpur").body());
        for (JsonNode day : offered.findValues("slots")) {
            for (JsonNode slot : day) {
                if (slot.path("remaining").asInt() > PEOPLE) {
                    slots.add(slot.path("id").asText());
                }
            }
        }
    }

    @AfterAll
    static void close() {
        giliran.close();
        proxy.close();
    }

    private static CampaignPlan sample() {
        Path folder = Path.of("../samples/malaysia-2021-05-02");
        return switch (new ReadCampaignFiles(folder).readPlan(CLOCK.instant())) {
            case ReadCampaignFiles.PlanResult.Read(CampaignPlan plan) -> plan;
            case ReadCampaignFiles.PlanResult.Faulty faulty ->
                    throw new AssertionError(faulty.toString());
        };
    }

    @Test
    void staysReadableAndRefusesDefinitelyWhileTheDatabaseIsAway() {
        String key = "wish-" + LAST.incrementAndGet();
        String body = booking();

        proxy.vanish();
        awaitReadiness(503, "\"database\"");

        assertThat(get(campaign).statusCode()).isEqualTo(200);
        assertThat(get(campaign + "/availability?region=selangor").statusCode()).isEqualTo(200);
        assertThat(get("/health/live").statusCode()).isEqualTo(200);
        HttpResponse<String> refused = book(key, body);
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.body()).contains("/problems/overloaded", "\"booked\":\"no\"");

        proxy.comeBack();
        awaitReadiness(200, "up");
        assertThat(book(key, body).statusCode()).isEqualTo(201);
    }

    @Test
    void refusesWritesWhileItsClockIsAnHourOffAndBreaksNoPromise() throws InterruptedException {
        Map<String, String> told = new ConcurrentHashMap<>();
        Map<String, String> bodies = new ConcurrentHashMap<>();
        for (int hours : new int[] {1, -1}) {
            List<Thread> people = new ArrayList<>();
            var isOff = new AtomicBoolean();
            for (int i = 0; i < PEOPLE; i++) {
                people.add(
                        Thread.ofVirtual()
                                .start(
                                        () -> {
                                            while (!isOff.get()) {
                                                String key = "wish-" + LAST.incrementAndGet();
                                                String body = booking();
                                                HttpResponse<String> answer = book(key, body);
                                                if (answer.statusCode() == 201) {
                                                    bodies.put(key, body);
                                                    told.put(key, reference(answer));
                                                }
                                            }
                                        }));
            }
            int before = told.size();
            GiliranProcess.await("bookings", () -> told.size() > before + PEOPLE);

            CLOCK.off = Duration.ofHours(hours);
            awaitReadiness(503, "\"clock\"");
            isOff.set(true);
            for (Thread person : people) {
                person.join();
            }
            HttpResponse<String> refused = book("wish-" + LAST.incrementAndGet(), booking());
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.body()).contains("/problems/overloaded", "\"booked\":\"no\"");
            assertThat(get(campaign).statusCode()).isEqualTo(200);

            CLOCK.off = Duration.ZERO;
            awaitReadiness(200, "up");
        }
        told.forEach(
                (key, reference) -> {
                    HttpResponse<String> repeated = book(key, bodies.getOrDefault(key, ""));
                    assertThat(repeated.statusCode()).as(repeated.body()).isEqualTo(201);
                    assertThat(reference(repeated)).isEqualTo(reference);
                });
        try (Database database = Database.open(truth, 2, InstantSource.system())) {
            Audit.Report report = new Audit(database).run(Optional.empty());
            assertThat(report.faults()).isEmpty();
            assertThat(report.live()).isGreaterThanOrEqualTo(told.size());
        }
    }

    private static String booking() {
        return """
        {"slot": "%s", "dose": 1, "person": {
          "name": "Siti Aminah", "idType": "passport", "idNumber": "F%07d",
          "dateOfBirth": "1980-02-03", "region": "selangor", "phone": "+60123456789",
          "language": "ms"}}
        """
                .formatted(
                        slots.get(LAST.incrementAndGet() % slots.size()), LAST.incrementAndGet());
    }

    private static HttpResponse<String> book(String key, String body) {
        return send(
                HttpRequest.newBuilder(URI.create(server + campaign + "/appointments"))
                        .header("Content-Type", "application/json")
                        .header("Idempotency-Key", key)
                        .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private static String reference(HttpResponse<String> answer) {
        try {
            return JSON.readTree(answer.body()).path("reference").asText();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void awaitReadiness(int status, String word) {
        GiliranProcess.await(
                "readiness " + status + " " + word,
                () -> {
                    HttpResponse<String> ready = get("/health/ready");
                    return ready.statusCode() == status && ready.body().contains(word);
                });
    }

    private static HttpResponse<String> get(String path) {
        return send(HttpRequest.newBuilder(URI.create(server + path)));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
