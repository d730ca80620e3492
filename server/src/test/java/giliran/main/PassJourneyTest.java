package giliran.main;

import static giliran.main.ContractClient.APPOINTMENTS;
import static giliran.main.ContractClient.CAMPAIGNS;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import giliran.booking.EndPasses;
import giliran.campaigns.Slot;
import giliran.campaigns.TestCampaign;
import giliran.main.ContractClient.Answer;
import giliran.store.Database;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a person meets who first gets a pass over HTTP, then books with it. */
class PassJourneyTest {
    @SuppressWarnings("TimeInStaticInitializer") // The campaigns below stand around this moment.
    private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.SECONDS);

    private static final Instant SLOT_START = NOW.plus(Duration.ofDays(30));

    private static final TestCampaign OPEN =
            new TestCampaign("open").minimumAge(18).centre("hall", "kuala-lumpur");
    private static final Slot PLACE = OPEN.slot("hall", SLOT_START, 500);
    private static final Slot OTHER_PLACE =
            OPEN.slot("hall", SLOT_START.plus(Duration.ofHours(2)), 500);
    private static final Slot FULL = OPEN.slot("hall", SLOT_START.plus(Duration.ofHours(4)), 0);

    private static final TestCampaign LATER =
            new TestCampaign("later")
                    .opens(NOW.plus(Duration.ofHours(5)))
                    .centre("later-hall", "kuala-lumpur");
    private static final Slot OF_LATER = LATER.slot("later-hall", SLOT_START, 5);

    private static final TestCampaign OVER =
            new TestCampaign("over")
                    .opens(NOW.minusSeconds(3_600))
                    .closes(NOW.minusSeconds(1_800))
                    .centre("over-hall", "kuala-lumpur");

    private static final TestCampaign LOCAL =
            new TestCampaign("local").forThoseIn("selangor").centre("local-hall", "kuala-lumpur");

    private static final TestCampaign ENDING =
            new TestCampaign("ending").centre("ending-hall", "kuala-lumpur");
    private static final Slot ENDING_FULL = ENDING.slot("ending-hall", SLOT_START, 0);

    private static TestGiliran giliran;
    private static ContractClient client;

    @BeforeAll
    static void start(@TempDir Path folder) {
        OVER.slot("over-hall", SLOT_START, 5);
        LOCAL.slot("local-hall", SLOT_START, 5);
        giliran = TestGiliran.start(folder, OPEN, LATER, OVER, LOCAL, ENDING);
        client = new ContractClient(giliran.address());
    }

    @AfterAll
    static void stop() {
        giliran.close();
    }

    private static Answer ask(String campaign, ObjectNode person) {
        return client.send(client.pass(campaign, TestBooking.forPass(1, person)));
    }

    private static Answer pass(String campaign, ObjectNode person) {
        Answer pass = ask(campaign, person);
        assertThat(pass.status()).as(pass.body()).isEqualTo(201);
        return pass;
    }

    private static ObjectNode someone() {
        return TestBooking.person(TestBooking.BORN);
    }

    private static Answer book(Answer pass, Slot slot) {
        return book(pass, slot, UUID.randomUUID().toString());
    }

    private static Answer book(Answer pass, Slot slot, String key) {
        return client.book("open", key, TestBooking.with(pass.at("/pass"), slot));
    }

    @Test
    void aPersonGetsAPassBooksWithItRepeatsAndIsToldWhatStandsInTheWay() {
        // given a pass
        ObjectNode person = someone();
        Answer pass = pass("open", person);
        Duration goodFor =
                Duration.between(
                        OffsetDateTime.parse(pass.at("/validFrom")),
                        OffsetDateTime.parse(pass.at("/validUntil")));
        assertThat(goodFor).isEqualTo(Duration.ofHours(24));
        assertThat(pass.body()).doesNotContain(person.get("idNumber").asText(), "Nurul");

        // when it books
        Answer booked = book(pass, PLACE, "one-wish");
        assertThat(booked.status()).as(booked.body()).isEqualTo(201);
        assertThat(client.get(APPOINTMENTS + booked.at("/token")).at("/person/name"))
                .isEqualTo("N••• A••• b•••");

        // then a repeat has the same answer, with a fresh pass too, and with the details typed
        assertThat(book(pass, PLACE, "one-wish").body()).isEqualTo(booked.body());
        assertThat(book(pass("open", person), PLACE, "one-wish").body()).isEqualTo(booked.body());
        assertThat(client.book("open", "one-wish", TestBooking.of(PLACE, person)).body())
                .isEqualTo(booked.body());

        // and only this pass is told which appointment stands in its way
        Answer mine = book(pass, OTHER_PLACE);
        assertThat(mine.problem()).isEqualTo("already-booked");
        assertThat(mine.at("/reference")).isEqualTo(booked.at("/reference"));
        assertThat(mine.at("/token")).isEqualTo(booked.at("/token"));
        Answer another = book(pass("open", person), OTHER_PLACE);
        assertThat(another.problem()).isEqualTo("already-booked");
        assertThat(another.json().has("reference")).isFalse();
        assertThat(another.json().has("token")).isFalse();
    }

    @Test
    void getsAPassBeforeTheOpeningThatWaitsForIt() {
        Answer pass = pass("later", someone());
        assertThat(OffsetDateTime.parse(pass.at("/validFrom")).toInstant())
                .isEqualTo(NOW.plus(Duration.ofHours(5)));
        Answer tooEarly = client.book("later", TestBooking.with(pass.at("/pass"), OF_LATER));
        assertThat(tooEarly.problem()).isEqualTo("not-open");
        assertThat(tooEarly.header("Retry-After")).isNotEmpty();
    }

    @Test
    void refusesAPassToWhomTheCampaignIsNotFor() {
        Answer closed = ask("over", someone());
        assertThat(closed.status()).isEqualTo(403);
        assertThat(closed.problem()).isEqualTo("closed");
        Answer elsewhere = ask("local", someone());
        assertThat(elsewhere.problem()).isEqualTo("not-eligible");
        assertThat(elsewhere.at("/reason")).isEqualTo("region");
        Answer child =
                ask(
                        "open",
                        TestBooking.person(
                                LocalDate.ofInstant(NOW, TestCampaign.ZONE).minusYears(5)));
        assertThat(child.problem()).isEqualTo("not-eligible");
        assertThat(child.at("/reason")).isEqualTo("age");
        assertThat(ask("nowhere", someone()).problem()).isEqualTo("unknown");
    }

    @Test
    void tellsAllThatIsWrongWithTheDetailsAtOnce() {
        ObjectNode person = someone().put("phone", "nobody's").put("name", "");
        Answer refused = client.send(client.pass("open", TestBooking.forPass(7, person)));
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.json().findValuesAsText("field"))
                .containsExactlyInAnyOrder("dose", "person.name", "person.phone");
        assertThat(refused.at("/booked")).isEqualTo("no");
    }

    @Test
    void asksForABodyThatCanBeRead() {
        String target = CAMPAIGNS + "/open/passes";
        for (String bad : new String[] {"", "[]", "{}", "{\"dose\": 1}", "{\"person\": {}}"}) {
            assertThat(client.post(target, bad).problem()).as(bad).isEqualTo("malformed");
        }
        ObjectNode withSlot = TestBooking.of(PLACE);
        assertThat(client.post(target, withSlot.toString()).status()).isEqualTo(400);
        assertThat(client.post(target, " ".repeat(17_000)).status()).isEqualTo(413);
        assertThat(client.get(target).status()).isEqualTo(405);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "\u0000", "💉", "AAAA"})
    void saysPassInvalidOfGarbage(String garbage) {
        Answer refused = client.book("open", TestBooking.with(garbage, PLACE));
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.problem()).isEqualTo("pass-invalid");
    }

    @Test
    void saysPassInvalidOfAPassOfAnotherCampaign() {
        Answer refused = book(pass("later", someone()), PLACE);
        assertThat(refused.problem()).isEqualTo("pass-invalid");
        assertThat(refused.at("/booked")).isEqualTo("no");
        assertThat(refused.at("/detail")).contains("another campaign");
    }

    @Test
    void refusesAPassTogetherWithDetails() {
        ObjectNode both = TestBooking.of(PLACE).put("pass", pass("open", someone()).at("/pass"));
        assertThat(client.book("open", both).problem()).isEqualTo("malformed");
        ObjectNode dose =
                TestBooking.with(pass("open", someone()).at("/pass"), PLACE).put("dose", 1);
        assertThat(client.book("open", dose).problem()).isEqualTo("malformed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"en", "ms", "zh", "ta", "fr"})
    void refusesInTheLanguageThatThePassHolds(String language) {
        Answer refused = book(pass("open", someone().put("language", language)), FULL);
        assertThat(refused.problem()).isEqualTo("place-gone");
        assertThat(refused.header("Content-Language")).isEqualTo(language);
    }

    @Test
    void endsPassesThatTheOperatorEndsWhileTheServerRuns() {
        Answer one = pass("ending", someone());
        Answer other = pass("ending", someone());
        try (Database database = Database.open(giliran.connection(), 2, InstantSource.system())) {
            EndPasses endPasses = new EndPasses(database, InstantSource.system());
            assertThat(problemAtFull(other)).isEqualTo("place-gone");
            endPasses.end(UUID.fromString(one.at("/id")));
            awaitEnd(one);
            assertThat(problemAtFull(other)).isEqualTo("place-gone");
            assertThat(endPasses.endAll(ENDING.plan().campaign().id())).isTrue();
            awaitEnd(other);
        }
        assertThat(problemAtFull(pass("ending", someone()))).isEqualTo("place-gone");
    }

    private static String problemAtFull(Answer pass) {
        return client.book("ending", TestBooking.with(pass.at("/pass"), ENDING_FULL)).problem();
    }

    private static void awaitEnd(Answer pass) {
        GiliranProcess.await(
                "the pass is still good", () -> problemAtFull(pass).equals("pass-invalid"));
    }
}
