package giliran.main;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import giliran.edge.TrustedProxies;
import giliran.store.DataFolder;
import giliran.store.TestDatabase;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An operator imports into a running server, and people book there. */
final class ImportJourneyTest {
    private static final String EXAMPLE = "src/test/resources/smart-scheduling-links";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir Path folder;
    private final DataFolder.Connection connection = TestDatabase.newDatabase();
    private final HttpClient http = HttpClient.newHttpClient();
    private final String address;
    private final int port;
    private final int metricsPort;
    private Optional<Giliran> giliran = Optional.empty();

    ImportJourneyTest() throws IOException {
        port = freePort();
        metricsPort = freePort();
        address = "http://127.0.0.1:" + port;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @BeforeEach
    void runAServerWithoutACampaign() {
        giliran =
                Optional.of(
                        new Giliran(
                                connection,
                                folder.resolve("keys"),
                                Optional::empty,
                                new Giliran.Doors(
                                        "127.0.0.1",
                                        port,
                                        metricsPort,
                                        new TrustedProxies(List.of())),
                                InstantSource.system()));
    }

    @AfterEach
    void stopIt() {
        giliran.ifPresent(Giliran::close);
    }

    private int importFrom(String source, String... more) {
        String url =
                connection.jdbcUrl()
                        + (connection.jdbcUrl().contains("?") ? "&" : "?")
                        + "user="
                        + connection.user()
                        + "&password="
                        + connection.password();
        String[] arguments = new String[more.length + 4];
        arguments[0] = "import";
        arguments[1] = source;
        arguments[2] = "--database";
        arguments[3] = url;
        System.arraycopy(more, 0, arguments, 4, more.length);
        return Main.commandLine().execute(arguments);
    }

    private int importExample(String... more) {
        String[] settings = {
            "--campaign=smart-ma",
            "--name=Massachusetts",
            "--programme=covid-19",
            "--product=Any",
            "--time-zone=America/New_York",
            "--shift=whole-weeks-ahead"
        };
        String[] all = new String[settings.length + more.length];
        System.arraycopy(settings, 0, all, 0, settings.length);
        System.arraycopy(more, 0, all, settings.length, more.length);
        return importFrom(EXAMPLE, all);
    }

    private HttpResponse<String> send(HttpRequest.Builder request)
            throws IOException, InterruptedException {
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create(address + path)).timeout(PATIENCE);
    }

    /** Asks until the answer is as it should be. */
    private JsonNode await(String path, Predicate<JsonNode> expected)
            throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        String last = "";
        while (System.nanoTime() - deadline < 0) {
            HttpResponse<String> answer = send(to(path));
            last = answer.body();
            if (answer.statusCode() == 200) {
                JsonNode json = JSON.readTree(last);
                if (expected.test(json)) {
                    return json;
                }
            }
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
        throw new AssertionError(path + " stayed at " + last);
    }

    private static JsonNode firstSlot(JsonNode availability) {
        return availability.at("/centres/0/dates/0/slots/0");
    }

    private HttpResponse<String> book(String slot, int person)
            throws IOException, InterruptedException {
        return send(
                to("/api/v1/campaigns/smart-ma/appointments")
                        .header("Content-Type", "application/json")
                        .header("Idempotency-Key", "import-journey-" + person)
                        .POST(
                                HttpRequest.BodyPublishers.ofString(
                                        """
                                        {"slot":"%s","dose":1,"person":{"name":"Aminah binti Ali","idType":"passport","idNumber":"A12345%02d","dateOfBirth":"1960-02-03","region":"ma","phone":"+60123456789","language":"en"}}
                                        """
                                                .formatted(slot, person))));
    }

    @Test
    void booksAPlaceInTheSmartExampleThatWasImportedIntoTheRunningServer()
            throws IOException, InterruptedException {
        // Given a server that runs without a campaign, when the example is imported
        assertThat(importExample()).isZero();

        // then it is offered
        JsonNode offered =
                await(
                        "/api/v1/campaigns/smart-ma",
                        json -> json.at("/regions/0/remaining").asInt() == 14_000);
        assertThat(offered.path("status").asText()).isEqualTo("open");
        JsonNode availability =
                await("/api/v1/campaigns/smart-ma/availability?region=ma", _ -> true);
        JsonNode slot = firstSlot(availability);
        assertThat(slot.path("remaining").asInt()).isEqualTo(100);

        // and a place in it can be booked
        HttpResponse<String> booked = book(slot.path("id").asText(), 1);
        assertThat(booked.statusCode()).as(booked.body()).isEqualTo(201);
        assertThat(JSON.readTree(booked.body()).path("booked").asText()).isEqualTo("yes");
        await(
                "/api/v1/campaigns/smart-ma/availability?region=ma",
                json -> firstSlot(json).path("remaining").asInt() == 99);

        // and importing it again keeps the place
        assertThat(importExample()).isZero();
        HttpResponse<String> again = book(slot.path("id").asText(), 1);
        assertThat(JSON.readTree(again.body()).path("reference"))
                .isEqualTo(JSON.readTree(booked.body()).path("reference"));
    }

    /** One hall with one slot, whose times need not be shifted. */
    private int importHall(Instant opens) throws IOException {
        Path hall = Files.createDirectories(folder.resolve("hall"));
        Instant start = Instant.now().truncatedTo(ChronoUnit.DAYS).plus(Duration.ofDays(2));
        Files.writeString(
                hall.resolve("centres.csv"),
                """
                centre_id,name,region_id,region_name,district,address,postcode,latitude,longitude,phone,accessibility
                hall,City Hall,ma,Massachusetts,Boston,1 City Hall Square,02201,,,,
                """);
        Files.writeString(
                hall.resolve("slots.csv"),
                """
                slot_id,centre_id,start,end,capacity,product,dose
                hall-1,hall,%s,%s,10,,1
                """
                        .formatted(start, start.plus(Duration.ofHours(1))));
        return importFrom(
                hall.toString(),
                "--campaign=smart-ma",
                "--name=Massachusetts",
                "--programme=covid-19",
                "--product=Any",
                "--time-zone=America/New_York",
                "--opens=" + opens);
    }

    @Test
    void pausesACampaignByALaterOpeningOfWhichEverybodyIsTold()
            throws IOException, InterruptedException {
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        assertThat(importHall(now)).isZero();
        String slot =
                firstSlot(await("/api/v1/campaigns/smart-ma/availability?region=ma", _ -> true))
                        .path("id")
                        .asText();

        assertThat(importHall(now.plus(Duration.ofHours(2)))).isZero();
        await(
                "/api/v1/campaigns/smart-ma",
                json -> json.path("status").asText().equals("scheduled"));
        assertThat(book(slot, 2).body()).contains("/problems/not-open", "\"booked\":\"no\"");
        assertThat(send(to("/en/c/smart-ma")).body()).contains("Booking opens on");

        assertThat(importHall(now)).isZero();
        await("/api/v1/campaigns/smart-ma", json -> json.path("status").asText().equals("open"));
        assertThat(book(slot, 2).statusCode()).isEqualTo(201);
    }

    @Test
    void noticesAChangedCentreWithoutARestart() throws IOException, InterruptedException {
        assertThat(importExample()).isZero();
        await("/api/v1/campaigns/smart-ma/availability?region=ma", _ -> true);
        Path copy = Files.createDirectory(folder.resolve("copy"));
        try (var files = Files.newDirectoryStream(Path.of(EXAMPLE))) {
            for (Path file : files) {
                String text = Files.readString(file);
                Files.writeString(
                        copy.resolve(file.getFileName()),
                        text.replace("SMART Vaccine Clinic Boston", "A Clinic in Boston"));
            }
        }

        assertThat(
                        importFrom(
                                copy.toString(),
                                "--campaign=smart-ma",
                                "--name=Massachusetts",
                                "--programme=covid-19",
                                "--product=Any",
                                "--time-zone=America/New_York",
                                "--shift=whole-weeks-ahead"))
                .isZero();

        await(
                "/api/v1/campaigns/smart-ma/availability?region=ma",
                json -> json.at("/centres/0/name").asText().equals("A Clinic in Boston"));
    }

    @Test
    void offersNothingAfterADryRunAndExitsWithOneForWhatIsNotInOrder()
            throws IOException, InterruptedException {
        assertThat(importExample("--dry-run")).isZero();
        assertThat(importExample("--minimum-age=old")).isEqualTo(1);
        assertThat(importFrom(folder.resolve("nowhere").toString())).isEqualTo(1);
        assertThat(importFrom("http://192.0.2.1/$bulk-publish", "--campaign=x")).isEqualTo(1);

        assertThat(importFrom("../samples/malaysia-2021-05-02")).isZero();
        JsonNode campaigns = await("/api/v1/campaigns", json -> json.path("campaigns").size() > 0);
        assertThat(campaigns.path("campaigns")).hasSize(1);
    }
}
