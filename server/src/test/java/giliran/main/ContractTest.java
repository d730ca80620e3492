package giliran.main;

import static giliran.main.ContractClient.APPOINTMENTS;
import static giliran.main.ContractClient.CAMPAIGNS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import giliran.campaigns.Slot;
import giliran.campaigns.TestCampaign;
import giliran.main.ContractClient.Answer;
import giliran.people.CheckDetails;
import giliran.people.DetailsProblem;
import giliran.people.IdType;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** That the contract holds in itself, that its checker checks, and that the server keeps it. */
class ContractTest {
    private static final Contract CONTRACT = Contract.read();
    private static final TestCampaign CAMPAIGN =
            new TestCampaign("open").centre("hall", "kuala-lumpur");
    private static Slot slot;
    private static TestGiliran giliran;
    private static ContractClient client;

    @BeforeAll
    static void start(@TempDir Path folder) {
        slot = CAMPAIGN.slot("hall", Instant.now().plus(Duration.ofDays(9)), 100);
        giliran = TestGiliran.start(folder, CAMPAIGN);
        client = new ContractClient(giliran.address());
    }

    @AfterAll
    static void stop() {
        giliran.close();
    }

    @Test
    void everyExampleFitsItsSchema() {
        int examples = checkExamples("", CONTRACT.root());

        assertThat(examples).isGreaterThan(40);
    }

    private static int checkExamples(String where, JsonNode node) {
        int examples = 0;
        if (node.has("schema") && node.has("example")) {
            CONTRACT.checkAgainst(where, node.get("schema"), node.get("example"));
            examples++;
        }
        if (node.has("schema") && node.has("examples")) {
            for (Map.Entry<String, JsonNode> each : node.get("examples").properties()) {
                String name = where + "/" + each.getKey();
                CONTRACT.checkAgainst(name, node.get("schema"), each.getValue().get("value"));
                examples++;
            }
        }
        for (Map.Entry<String, JsonNode> each : node.properties()) {
            examples += checkExamples(where + "/" + each.getKey(), each.getValue());
        }
        if (node.isArray()) {
            for (JsonNode element : node) {
                examples += checkExamples(where, element);
            }
        }
        return examples;
    }

    @Test
    void theLimitsOfThePersonAreThoseThatAreChecked() {
        JsonNode person = CONTRACT.schema("Person").get("properties");

        assertThat(person.at("/name/maxLength").asInt()).isEqualTo(CheckDetails.NAME_LIMIT);
        assertThat(person.at("/address/maxLength").asInt()).isEqualTo(CheckDetails.ADDRESS_LIMIT);
        assertThat(person.at("/phone/maxLength").asInt()).isEqualTo(CheckDetails.PHONE_LIMIT);
        assertThat(person.at("/email/maxLength").asInt()).isEqualTo(CheckDetails.EMAIL_LIMIT);
        assertThat(person.at("/language/maxLength").asInt()).isEqualTo(CheckDetails.LANGUAGE_LIMIT);
        assertThat(person.at("/contactBy/maxItems").asInt()).isEqualTo(CheckDetails.CHOICES_LIMIT);
        assertThat(person.at("/idNumber/maxLength").asInt()).isEqualTo(2 * IdType.NUMBER_LIMIT);
        assertThat(CONTRACT.schema("ShortId").get("pattern").asText())
                .contains("{1," + CheckDetails.REGION_LIMIT + "}");
        assertThat(person.at("/dateOfBirth/description").asText())
                .contains(CheckDetails.OLDEST_YEARS + " years");
    }

    @Test
    void theReasonsAreThoseThatAreCheckedAndTheDoseAndTheCampaign() {
        List<String> reasons =
                Stream.concat(
                                Arrays.stream(DetailsProblem.Reason.values())
                                        .map(reason -> reason.name().toLowerCase(Locale.ROOT))
                                        .map(name -> name.replace('_', '-')),
                                Stream.of("other-dose", "other-campaign"))
                        .toList();
        List<String> declared = new ArrayList<>();
        CONTRACT.schema("InvalidDetailsProblem")
                .at("/allOf/2/properties/fields/items/properties/reason/enum")
                .forEach(reason -> declared.add(reason.asText()));

        assertThat(declared).isEqualTo(reasons);
    }

    @Test
    void whatIsAcceptedFitsTheContract() {
        ObjectNode booking = TestBooking.of(slot);
        CONTRACT.checkAgainst("booking", CONTRACT.schema("BookingRequest"), booking);

        assertThat(client.book("open", booking).status()).isEqualTo(201);
    }

    @Test
    void whatTheContractForbidsIsRefused() {
        for (String change :
                List.of(
                        "/name ",
                        "/name " + "n".repeat(121),
                        "/idType card",
                        "/idNumber " + "1".repeat(41),
                        "/region a/b",
                        "/region " + "r".repeat(65),
                        "/address " + "a".repeat(301),
                        "/phone " + "1".repeat(41),
                        "/email " + "e".repeat(255),
                        "/language " + "l".repeat(36))) {
            ObjectNode booking = TestBooking.of(slot);
            String[] parts = change.split(" ", 2);
            TestBooking.personOf(booking).put(parts[0].substring(1), parts[1]);

            assertThatThrownBy(
                            () ->
                                    CONTRACT.checkAgainst(
                                            change, CONTRACT.schema("BookingRequest"), booking))
                    .isInstanceOf(AssertionError.class);
            assertThat(client.book("open", booking).status()).as(change).isEqualTo(422);
        }
    }

    @Test
    void theLongestThatTheContractAllowsIsAccepted() {
        ObjectNode booking = TestBooking.of(slot);
        TestBooking.personOf(booking)
                .put("name", "த".repeat(120))
                .put("address", "🏠".repeat(300))
                .put("region", "r".repeat(64))
                .put("email", "e".repeat(64) + "@" + "d".repeat(63) + "." + "d".repeat(63) + ".my")
                .put("language", "zh-Hans-MY");
        CONTRACT.checkAgainst("booking", CONTRACT.schema("BookingRequest"), booking);

        assertThat(client.book("open", booking).status()).isEqualTo(201);
    }

    @ParameterizedTest
    @ValueSource(strings = {"en", "ms", "zh", "ta", "fr"})
    void everyProblemIsExplainedInEveryLanguage(String language) {
        for (JsonNode name : CONTRACT.schema("ProblemName").get("enum")) {
            Answer answer =
                    client.send(
                            client.request("/problems/" + name.asText())
                                    .GET()
                                    .header("Accept-Language", language));
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("Content-Language")).isEqualTo(language);
            assertThat(answer.body().split("\n", -1)).hasSize(4);
        }
    }

    @Test
    void aProblemThatIsNotInTheContractIsNotExplained() {
        assertThat(client.get("/problems/none").status()).isEqualTo(404);
    }

    @Test
    void saysThatItIsAliveAndReady() {
        assertThat(client.get("/health/live").at("/status")).isEqualTo("up");
        assertThat(client.get("/health/ready").at("/status")).isEqualTo("up");
    }

    static Stream<String> targetsOfGet() {
        return Stream.of(
                CAMPAIGNS,
                CAMPAIGNS + "/open",
                CAMPAIGNS + "/none",
                CAMPAIGNS + "/open/availability?region=kuala-lumpur",
                CAMPAIGNS + "/open/availability?region=none",
                CAMPAIGNS + "/open/availability",
                APPOINTMENTS + "x",
                "/problems/closed",
                "/health/live",
                "/health/ready",
                "/api/v1/nowhere");
    }

    @ParameterizedTest
    @MethodSource("targetsOfGet")
    void answersHeadAsGet(String target) {
        Answer get = client.get(target);
        Answer head = client.send(client.request(target).method("HEAD", BodyPublishers.noBody()));

        assertThat(head.status()).isEqualTo(get.status());
        assertThat(head.header("Content-Type")).isEqualTo(get.header("Content-Type"));
        assertThat(head.header("Content-Length")).isIn("", get.header("Content-Length"));
    }

    @Test
    void everyRequestHasAnIdOfItsOwn() {
        assertThat(client.get("/health/live").header("X-Request-Id"))
                .isNotEqualTo(client.get("/health/live").header("X-Request-Id"));
    }

    @Test
    void servesTheContractAndAPageToBrowseIt() throws IOException, InterruptedException {
        assertThat(plain("/openapi.yaml").body())
                .isEqualTo(Files.readString(Path.of("..", "openapi.yaml")));
        HttpResponse<String> page = plain("/docs/");
        assertThat(page.statusCode()).isEqualTo(200);
        for (String file : List.of("swagger-ui.css", "swagger-ui-bundle.js", "start.js")) {
            assertThat(page.body() + plain("/docs/start.js").body()).contains("/docs/" + file);
            assertThat(plain("/docs/" + file).statusCode()).isEqualTo(200);
        }
        assertThat(plain("/docs").headers().firstValue("Location")).contains("/docs/");
        assertThat(plain("/docs/index.html").statusCode()).isEqualTo(404);
        assertThat(plain("/docs/..%2Findex.html").statusCode()).isEqualTo(404);
    }

    private static HttpResponse<String> plain(String path)
            throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                    HttpRequest.newBuilder(giliran.address().resolve(path)).build(),
                    BodyHandlers.ofString());
        }
    }

    @Test
    void theCheckerFindsAnAnswerThatIsNotInTheContract() {
        Map<String, List<String>> headers =
                Map.of(
                        "Cache-Control", List.of("no-store"),
                        "Content-Type", List.of("application/json"),
                        "X-Request-Id", List.of("abcdefghijk"));
        String up = "{\"status\":\"up\"}";
        check(200, headers, up);

        for (String body : List.of("", "{}", "{\"status\":\"maybe\"}", up + "}")) {
            assertThatThrownBy(() -> check(200, headers, body)).isInstanceOf(AssertionError.class);
        }
        for (int status : List.of(201, 404, 500)) {
            assertThatThrownBy(() -> check(status, headers, up)).isInstanceOf(AssertionError.class);
        }
        for (String header : headers.keySet()) {
            Map<String, List<String>> without = new HashMap<>(headers);
            without.remove(header);
            assertThatThrownBy(() -> check(200, without, up)).isInstanceOf(AssertionError.class);
            Map<String, List<String>> other = new HashMap<>(headers);
            other.put(header, List.of("?"));
            assertThatThrownBy(() -> check(200, other, up)).isInstanceOf(AssertionError.class);
        }
        assertThatThrownBy(
                        () ->
                                CONTRACT.checkAgainst(
                                        "no date",
                                        CONTRACT.schema("Moment"),
                                        TextNode.valueOf("yesterday")))
                .isInstanceOf(AssertionError.class);
    }

    private static void check(int status, Map<String, List<String>> headers, String body) {
        CONTRACT.check(
                "GET", "/health/live", status, HttpHeaders.of(headers, (a, b) -> true), body);
    }
}
