package giliran.channels;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import giliran.campaigns.CampaignPlan.PlannedSlot;
import giliran.campaigns.Centre.Position;
import giliran.imports.CampaignSource.Result;
import giliran.imports.FileProblem;
import giliran.imports.Offer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is read from a SMART Scheduling Links publication, and each refusal with its words. */
final class ReadSmartLinksTest {
    private static final Path EXAMPLE = Path.of("src/test/resources/smart-scheduling-links");
    private static final Instant NOW = Instant.parse("2021-02-01T00:00:00Z");
    private static final Map<String, String> SETTINGS =
            Map.of(
                    "id", "smart-ma",
                    "name", "Massachusetts",
                    "programme", "covid-19",
                    "product", "Any",
                    "timeZone", "America/New_York");
    private static final String LOCATION =
            """
            {"resourceType":"Location","id":"0","name":"Clinic","address":{"line":["1 High St"],"city":"Boston","state":"MA","postalCode":"02114","district":"Suffolk"}}
            """;
    private static final String SCHEDULE =
            """
            {"resourceType":"Schedule","id":"10","actor":[{"reference":"Location/0"}]}
            """;
    private static final String SLOT =
            """
            {"resourceType":"Slot","id":"20","schedule":{"reference":"Schedule/10"},"status":"free","start":"2021-03-01T14:00:00.000Z","end":"2021-03-01T15:00:00.000Z"}
            """;

    @TempDir Path folder;
    private final List<PlannedSlot> slots = new ArrayList<>();

    @BeforeEach
    void publish() throws IOException {
        write(
                "$bulk-publish",
                """
                {"output":[
                  {"type":"Slot","url":"https://example.org/a/slots.ndjson"},
                  {"type":"Schedule","url":"schedules.ndjson"},
                  {"type":"Location","url":"https://example.org/a/locations.ndjson?v=1"},
                  {"type":"HealthcareService","url":"https://example.org/a/services.ndjson"}]}
                """);
        write("locations.ndjson", LOCATION);
        write("schedules.ndjson", SCHEDULE);
        write("slots.ndjson", SLOT);
    }

    private void write(String file, String text) throws IOException {
        Files.writeString(folder.resolve(file), text);
    }

    private Result read(Path from) {
        try (SmartPublication publication =
                SmartPublication.inFolder(SmartPublication.findManifest(from).orElseThrow())) {
            slots.clear();
            return new ReadSmartLinks(publication, Optional.empty(), SETTINGS)
                    .read(NOW, slots::add);
        }
    }

    private Offer offer() {
        return offer(read(folder));
    }

    private static Offer offer(Result result) {
        return switch (result) {
            case Result.Read(Offer offer) -> offer;
            case Result.Faulty(List<FileProblem> problems) ->
                    throw new AssertionError(problems.toString());
        };
    }

    private List<String> problems() {
        return problems(read(folder));
    }

    private static List<String> problems(Result result) {
        return switch (result) {
            case Result.Read(Offer offer) -> throw new AssertionError(offer.toString());
            case Result.Faulty(List<FileProblem> problems) ->
                    problems.stream().map(FileProblem::toString).toList();
        };
    }

    @Test
    void readsTheOfficialExample() {
        Offer offer = offer(read(EXAMPLE));

        assertThat(offer.centres()).hasSize(10);
        assertThat(offer.centres().getFirst().name()).isEqualTo("SMART Vaccine Clinic Boston");
        assertThat(offer.centres().getFirst().phone()).isEqualTo("000-000-0000");
        assertThat(offer.regions()).hasToString("[Region[id=ma, name=MA]]");
        assertThat(slots).hasSize(140).allMatch(slot -> slot.capacity() == 100);
        assertThat(slots.getFirst().slot().product()).isEqualTo("Moderna COVID-19 Vaccine");
        assertThat(slots.getFirst().published().bookingPhone()).isEqualTo("000-000-0000");
        assertThat(slots.getFirst().published().bookingLink())
                .isEqualTo("https://ehr-portal.example.org/bookings?slot=1000000");
        assertThat(offer.notices())
                .contains(
                        "slots-2021-W11.ndjson is named in $bulk-publish and not in the folder:"
                                + " left out");
    }

    @Test
    void keepsEveryLineAsItWasWritten() throws IOException {
        Offer offer = offer(read(EXAMPLE));

        assertThat(offer.centres())
                .extracting(centre -> offer.centreSources().get(centre.id()))
                .containsExactlyElementsOf(Files.readAllLines(EXAMPLE.resolve("locations.ndjson")));
        assertThat(offer.schedules().values())
                .containsExactlyInAnyOrderElementsOf(
                        Files.readAllLines(EXAMPLE.resolve("schedules.ndjson")));
        List<String> written =
                new ArrayList<>(Files.readAllLines(EXAMPLE.resolve("slots-2021-W09.ndjson")));
        written.addAll(Files.readAllLines(EXAMPLE.resolve("slots-2021-W10.ndjson")));
        assertThat(slots)
                .extracting(slot -> slot.published().source())
                .containsExactlyElementsOf(written);
    }

    @Test
    void takesASlotWithoutACapacityForOnePlaceOfTheFirstDose() {
        Offer offer = offer();

        assertThat(slots).hasSize(1);
        assertThat(slots.getFirst().capacity()).isEqualTo(1);
        assertThat(slots.getFirst().isBusy()).isFalse();
        assertThat(slots.getFirst().slot().dose()).isEqualTo(1);
        assertThat(slots.getFirst().slot().product()).isEqualTo("Any");
        assertThat(offer.centres().getFirst().address()).isEqualTo("1 High St, Boston");
    }

    @Test
    void takesASlotThatIsNotFreeForOneThatTakesNoMore() throws IOException {
        write("slots.ndjson", SLOT.replace("free", "busy-unavailable"));
        offer();

        assertThat(slots.getFirst().isBusy()).isTrue();
        assertThat(slots.getFirst().capacity()).isZero();
    }

    @Test
    void letsTheSlotsOwnDoseAndProductGoBeforeThoseOfItsSchedule() throws IOException {
        String base = "http://fhir-registry.smarthealthit.org/StructureDefinition/";
        String dose = "{\"url\":\"" + base + "vaccine-dose\",\"valueInteger\":%d}";
        String product =
                "{\"url\":\"" + base + "vaccine-product\",\"valueCoding\":{\"display\":\"%s\"}}";
        write(
                "schedules.ndjson",
                SCHEDULE.replace(
                        "}]}",
                        "}],\"extension\":["
                                + dose.formatted(2)
                                + ","
                                + product.formatted("Moderna")
                                + "]}"));
        write(
                "slots.ndjson",
                SLOT
                        + SLOT.replace("\"20\"", "\"21\"")
                                .replace(
                                        "00.000Z\"}",
                                        "00.000Z\",\"extension\":["
                                                + dose.formatted(3)
                                                + ","
                                                + product.formatted("Pfizer")
                                                + "]}"));
        offer();

        assertThat(slots)
                .extracting(slot -> slot.slot().product() + " " + slot.slot().dose())
                .containsExactly("Moderna 2", "Pfizer 3");
    }

    @Test
    void ignoresBlankLinesUnknownResourcesAndAMissingLastNewline() throws IOException {
        write(
                "slots.ndjson",
                "\uFEFF\n{\"resourceType\":\"Flag\",\"id\":7}\r\n  \n" + SLOT.strip());
        offer();

        assertThat(slots).hasSize(1);
    }

    @Test
    void takesTheFirstOfSeveralLocationsAndWholeAddresses() throws IOException {
        write("locations.ndjson", LOCATION + LOCATION.replace("\"0\"", "\"1\""));
        write(
                "schedules.ndjson",
                SCHEDULE.replace(
                        "{\"reference\":\"Location/0\"}",
                        "{\"reference\":\"Practitioner/5\"},"
                                + "{\"reference\":\"https://example.org/fhir/Location/1\"},"
                                + "{\"reference\":\"Location/0\"}"));
        offer();

        assertThat(slots.getFirst().slot().centre()).hasToString("smart-ma-1");
    }

    @Test
    void makesARegionsNameSafeForAddressesAndReadsThePosition() throws IOException {
        write(
                "locations.ndjson",
                LOCATION.replace("\"MA\"", "\"Île-de-France / Nord\"")
                        .replace(
                                "\"name\"",
                                "\"position\":{\"latitude\":48.9,\"longitude\":2.3},\"name\""));
        Offer offer = offer();

        assertThat(offer.regions())
                .hasToString("[Region[id=ile-de-france-nord, name=Île-de-France / Nord]]");
        assertThat(offer.centres().getFirst().position()).contains(new Position(48.9, 2.3));
    }

    @Test
    void movesEverythingByWholeWeeksWhenAskedTo() {
        Map<String, String> settings = new java.util.HashMap<>(SETTINGS);
        settings.put("shift", "whole-weeks-ahead");
        try (SmartPublication publication =
                SmartPublication.inFolder(folder.resolve("$bulk-publish"))) {
            offer(
                    new ReadSmartLinks(publication, Optional.empty(), settings)
                            .read(Instant.parse("2021-03-09T12:00:00Z"), slots::add));
        }

        // Clocks in New York went forward in between: it keeps the hour that they show.
        assertThat(slots.getFirst().slot().start()).isEqualTo("2021-03-15T13:00:00Z");
    }

    @Test
    void refusesJsonThatIsCutOff() throws IOException {
        write("slots.ndjson", SLOT + SLOT.substring(0, 60));

        assertThat(problems())
                .singleElement()
                .asString()
                .startsWith("slots.ndjson:2: the JSON ends in the middle: the line is cut off");
    }

    @Test
    void refusesWhatIsNoJson() throws IOException {
        write("slots.ndjson", "id,start\n[1]\n" + SLOT);

        assertThat(problems())
                .hasSize(2)
                .satisfies(p -> assertThat(p.get(0)).startsWith("slots.ndjson:1: the line cannot"))
                .contains("slots.ndjson:2: the line must be one JSON object");
    }

    @Test
    void refusesANumberThatIsWrittenAsText() throws IOException {
        write(
                "slots.ndjson",
                SLOT.replace(
                        "00.000Z\"}",
                        "00.000Z\",\"extension\":[{\"url\":"
                                + "\"http://fhir-registry.smarthealthit.org/StructureDefinition/slot-capacity\","
                                + "\"valueInteger\":\"5\"}]}"));

        assertThat(problems())
                .containsExactly(
                        "slots.ndjson:1: slot-capacity is the text \"5\"; valueInteger must be a"
                                + " whole number");
    }

    @Test
    void refusesANegativeCapacity() throws IOException {
        write(
                "slots.ndjson",
                SLOT.replace(
                        "00.000Z\"}",
                        "00.000Z\",\"extension\":[{\"url\":"
                                + "\"http://fhir-registry.smarthealthit.org/StructureDefinition/slot-capacity\","
                                + "\"valueInteger\":-5}]}"));

        assertThat(problems())
                .containsExactly("slots.ndjson:1: slot-capacity is -5; it must be 0 or more");
    }

    @Test
    void refusesMissingAndUnknownReferences() throws IOException {
        write(
                "schedules.ndjson",
                SCHEDULE
                        + "{\"resourceType\":\"Schedule\",\"id\":\"11\",\"actor\":[{\"reference\":\"Location/9\"}]}\n"
                        + "{\"resourceType\":\"Schedule\",\"id\":\"12\"}\n");
        write(
                "slots.ndjson",
                SLOT.replace("Schedule/10", "Schedule/99")
                        + SLOT.replace("\"20\"", "\"21\"")
                                .replace("{\"reference\":\"Schedule/10\"}", "{}"));

        assertThat(problems())
                .containsExactly(
                        "schedules.ndjson:2: actor names Location/9, which is not there",
                        "schedules.ndjson:3: actor is missing; it must be a reference such as Location/1",
                        "slots.ndjson:1: schedule names Schedule/99, which is not there",
                        "slots.ndjson:2: schedule is missing; it must be a reference such as Schedule/1");
    }

    @Test
    void refusesTimesThatAreMissingWrongOrTheWrongWayRound() throws IOException {
        write(
                "slots.ndjson",
                SLOT.replace("2021-03-01T15", "2021-03-01T13")
                        + SLOT.replace("\"20\"", "\"21\"")
                                .replace("2021-03-01T14", "2021-02-30T14"));

        assertThat(problems())
                .containsExactly(
                        "slots.ndjson:1: end is 2021-03-01T13:00:00.000Z; it must be after the start",
                        "slots.ndjson:2: start is 2021-02-30T14:00:00.000Z; it must be a time such"
                                + " as 2021-05-16T09:00 or 2021-05-16T09:00+08:00");
    }

    @Test
    void refusesAResourceThatIsThereTwice() throws IOException {
        write("locations.ndjson", LOCATION + LOCATION);
        write("schedules.ndjson", SCHEDULE + SCHEDULE);
        write("slots.ndjson", SLOT + SLOT);

        assertThat(problems())
                .containsExactly(
                        "locations.ndjson:2: id is 0; an earlier Location has that id",
                        "schedules.ndjson:2: id is 10; an earlier Schedule has that id",
                        "slots.ndjson:2: id is 20; an earlier Slot has that id");
    }

    @Test
    void refusesWhatIsNotUtf8AndALineWithoutEnd() throws IOException {
        Files.write(
                folder.resolve("slots.ndjson"),
                ("{\"resourceType\":\"Slot\",\"id\":\"é\"}\n" + "x".repeat(200_000) + "\n" + SLOT)
                        .getBytes(StandardCharsets.ISO_8859_1));

        assertThat(problems())
                .containsExactly(
                        "slots.ndjson:1: the file must be in UTF-8",
                        "slots.ndjson:2: the line is longer than 100000 bytes");
    }

    @Test
    void refusesALocationWithoutNameOrState() throws IOException {
        write("locations.ndjson", "{\"resourceType\":\"Location\",\"id\":\"0\",\"name\":5}\n");

        assertThat(problems())
                .containsExactly(
                        "locations.ndjson:1: name is the number 5; it must be a text",
                        "locations.ndjson:1: address.state is empty; it must be given");
    }

    @Test
    void refusesAManifestWithoutFilesAndOneThatIsNoJson() throws IOException {
        write("$bulk-publish", "{\"output\":[{\"type\":\"Flag\",\"url\":\"x\"}]}");
        assertThat(problems())
                .containsExactly(
                        "$bulk-publish: it names no file of Locations, Schedules or Slots");

        write("$bulk-publish", "{\"output\":[");
        assertThat(problems())
                .singleElement()
                .asString()
                .startsWith("$bulk-publish:1: it cannot be read as JSON");
    }

    @Test
    void neverReadsOutsideTheFolderOfTheManifest() throws IOException {
        write(
                "$bulk-publish",
                "{\"output\":[{\"type\":\"Slot\",\"url\":\"https://example.org/..\"}]}");

        assertThat(problems())
                .contains("$bulk-publish: an output of type Slot has no url of a file");
    }

    @Test
    void namesTheOptionThatIsMissing() {
        try (SmartPublication publication =
                SmartPublication.inFolder(folder.resolve("$bulk-publish"))) {
            assertThat(
                            problems(
                                    new ReadSmartLinks(
                                                    publication,
                                                    Optional.empty(),
                                                    Map.of("id", "smart-ma", "product", "Any"))
                                            .read(NOW, slots::add)))
                    .contains("options: --name is empty; it must be given")
                    .contains(
                            "options: --time-zone is empty; it must be a time zone's name, such as"
                                    + " Asia/Kuala_Lumpur");
        }
    }

    @Test
    void fetchesFromAServerOnThisMachineAndFromNoOther() throws IOException {
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/",
                exchange -> {
                    Path file =
                            folder.resolve(
                                    exchange.getRequestURI().getPath().replaceAll(".*/", ""));
                    boolean isThere = Files.exists(file);
                    byte[] body = isThere ? Files.readAllBytes(file) : new byte[0];
                    exchange.sendResponseHeaders(isThere ? 200 : 404, isThere ? body.length : -1);
                    exchange.getResponseBody().write(body);
                    exchange.close();
                });
        server.start();
        try {
            URI manifest =
                    URI.create(
                            "http://127.0.0.1:"
                                    + server.getAddress().getPort()
                                    + "/a/manifest.json");
            String local =
                    """
                    {"output":[{"type":"Location","url":"locations.ndjson"},
                      {"type":"Schedule","url":"/b/schedules.ndjson"},
                      {"type":"Slot","url":"%s"}]}
                    """;
            write("manifest.json", local.formatted(manifest.resolve("slots.ndjson")));
            offer(fetched(manifest));
            assertThat(slots).hasSize(1);

            write("manifest.json", local.formatted("http://192.0.2.1/slots.ndjson"));
            assertThat(problems(fetched(manifest)))
                    .contains(
                            "manifest.json: http://192.0.2.1/slots.ndjson is not on this machine;"
                                    + " only http://localhost is fetched from");

            write("manifest.json", local.formatted("gone.ndjson"));
            assertThat(problems(fetched(manifest)))
                    .contains(
                            "manifest.json: " + manifest.resolve("gone.ndjson") + " answered 404");
        } finally {
            server.stop(0);
        }
    }

    private Result fetched(URI manifest) {
        slots.clear();
        try (SmartPublication publication = SmartPublication.fetch(manifest, _ -> {})) {
            return new ReadSmartLinks(publication, Optional.empty(), SETTINGS)
                    .read(NOW, slots::add);
        }
    }
}
