package giliran.main;

import static giliran.main.ContractClient.APPOINTMENTS;
import static giliran.main.ContractClient.CAMPAIGNS;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import giliran.campaigns.Slot;
import giliran.campaigns.TestCampaign;
import giliran.main.ContractClient.Answer;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a person meets who moves an appointment over HTTP, and each refusal by its name. */
class MoveJourneyTest {
    @SuppressWarnings("TimeInStaticInitializer") // The slots below stand around this moment.
    private static final Instant LATER =
            Instant.now().truncatedTo(ChronoUnit.HOURS).plus(Duration.ofDays(60));

    private static final TestCampaign OPEN =
            new TestCampaign("open")
                    .minimumAge(18)
                    .centre("hall", "kuala-lumpur")
                    .centre("school", "kuala-lumpur");

    private static final Slot OLD = OPEN.slot("hall", LATER, 100);
    private static final Slot NEW = OPEN.slot("school", LATER.plus(Duration.ofDays(2)), 100);
    private static final Slot LAST_PLACE = OPEN.slot("hall", LATER.plus(Duration.ofDays(1)), 1);
    private static final Slot SECOND_DOSE = OPEN.slot("hall", LATER, 100, 2);
    private static final Slot BEGUN = OPEN.slot("hall", LATER.minus(Duration.ofDays(61)), 100);

    private static final TestCampaign OTHER =
            new TestCampaign("other").centre("elsewhere", "kuala-lumpur");
    private static final Slot OF_OTHER = OTHER.slot("elsewhere", LATER, 100);

    private static TestGiliran giliran;
    private static ContractClient client;

    @BeforeAll
    static void start(@TempDir Path folder) {
        giliran = TestGiliran.start(folder, OPEN, OTHER);
        client = new ContractClient(giliran.address());
    }

    @AfterAll
    static void stop() {
        giliran.close();
    }

    private static Answer booked(Slot slot) {
        Answer booked = client.book("open", TestBooking.of(slot));
        assertThat(booked.status()).isEqualTo(201);
        return booked;
    }

    private static Answer move(Answer booked, Slot to) {
        return move(booked, to, UUID.randomUUID().toString());
    }

    private static Answer move(Answer booked, Slot to, String key) {
        return client.send(client.move(booked.at("/token"), key, to.id().toString()));
    }

    /** Refused, and the appointment is as it was. */
    private static Answer refused(String problem, int status, Answer booked, Answer answer) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.problem()).isEqualTo(problem);
        assertThat(answer.at("/booked")).isIn("yes", "unknown");
        Answer now = client.get(APPOINTMENTS + booked.at("/token"));
        assertThat(now.at("/slot")).isEqualTo(booked.at("/slot"));
        assertThat(now.header("ETag")).isEqualTo(booked.header("ETag"));
        return answer;
    }

    @Test
    void aPersonMovesRepeatsLooksUpMovesBackAndCancelsWhatWasSeen() {
        // given a booking
        Answer booked = booked(OLD);
        String token = booked.at("/token");
        assertThat(booked.header("ETag")).isEqualTo("\"1\"");

        // when it is moved
        Answer moved = move(booked, NEW, "the-move");

        // then it is the same appointment at another place
        assertThat(moved.status()).isEqualTo(200);
        assertThat(moved.header("ETag")).isEqualTo("\"2\"");
        assertThat(moved.at("/slot")).isEqualTo(NEW.id().toString());
        assertThat(moved.at("/centre")).isEqualTo("school");
        assertThat(moved.at("/reference")).isEqualTo(booked.at("/reference"));
        assertThat(moved.at("/token")).isEqualTo(token);
        assertThat(moved.at("/status")).isEqualTo("booked");
        assertThat(moved.at("/person/language")).isEqualTo("en");

        // and a repeat gets the same answer
        Answer repeated = move(booked, NEW, "the-move");
        assertThat(repeated.body()).isEqualTo(moved.body());
        assertThat(repeated.header("ETag")).isEqualTo("\"2\"");
        assertThat(client.get(APPOINTMENTS + token).body()).isEqualTo(moved.body());

        // when it is moved back, a late repeat of the first move changes nothing
        assertThat(move(booked, OLD).header("ETag")).isEqualTo("\"3\"");
        assertThat(move(booked, NEW, "the-move").at("/slot")).isEqualTo(OLD.id().toString());

        // then a page that still shows the first state cancels nothing unseen
        Answer unseen =
                client.send(
                        client.request(APPOINTMENTS + token).DELETE().header("If-Match", "\"1\""));
        assertThat(unseen.status()).isEqualTo(412);
        assertThat(unseen.problem()).isEqualTo("changed");
        assertThat(unseen.at("/booked")).isEqualTo("yes");
        assertThat(unseen.at("/detail")).contains("cancelled nothing");

        // and one that shows the present state does, and again
        for (int i = 0; i < 2; i++) {
            Answer cancelled =
                    client.send(
                            client.request(APPOINTMENTS + token)
                                    .DELETE()
                                    .header("If-Match", "\"3\""));
            assertThat(cancelled.status()).isEqualTo(200);
            assertThat(cancelled.at("/status")).isEqualTo("cancelled");
            assertThat(cancelled.header("ETag")).isEqualTo("\"4\"");
        }
        assertThat(move(booked, NEW, "the-move").at("/status")).isEqualTo("cancelled");
    }

    @Test
    void grantsAMoveToWhereItIs() {
        Answer booked = booked(OLD);
        Answer moved = move(booked, OLD);
        assertThat(moved.status()).isEqualTo(200);
        assertThat(moved.header("ETag")).isEqualTo("\"1\"");
        assertThat(moved.at("/slot")).isEqualTo(OLD.id().toString());
    }

    @Test
    void saysPlaceGoneWithAlternativesAndKeepsTheOldPlace() {
        booked(LAST_PLACE);
        Answer booked = booked(OLD);
        Answer refused = refused("place-gone", 409, booked, move(booked, LAST_PLACE));
        assertThat(refused.at("/booked")).isEqualTo("yes");
        assertThat(refused.at("/detail")).contains("stays as it was");
        assertThat(refused.json().at("/alternatives").isEmpty()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"2\"", "\"0\"", "W/\"1\"", "1", "\"1\", \"2\"", "nonsense", ""})
    void saysChangedOfAnotherVersion(String tag) {
        Answer booked = booked(OLD);
        Answer refused =
                refused(
                        "changed",
                        412,
                        booked,
                        client.send(
                                client.move(booked.at("/token"), "a-key", NEW.id().toString())
                                        .header("If-Match", tag)));
        assertThat(refused.at("/booked")).isEqualTo("yes");
        assertThat(refused.at("/detail")).contains("moved nothing");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"1\"", "*", " \"1\" "})
    void movesWhatIsAsItWasSeen(String tag) {
        Answer booked = booked(OLD);
        Answer moved =
                client.send(
                        client.move(booked.at("/token"), "a-key", NEW.id().toString())
                                .header("If-Match", tag));
        assertThat(moved.status()).isEqualTo(200);
        assertThat(moved.header("ETag")).isEqualTo("\"2\"");
    }

    @Test
    void refusesASlotOfAnotherCampaignOrDose() {
        Answer booked = booked(OLD);
        Answer other = refused("invalid-details", 422, booked, move(booked, OF_OTHER));
        assertThat(other.at("/fields/0/field")).isEqualTo("slot");
        assertThat(other.at("/fields/0/reason")).isEqualTo("other-campaign");
        assertThat(other.at("/fields/0/detail")).contains("another campaign");
        Answer dose = refused("invalid-details", 422, booked, move(booked, SECOND_DOSE));
        assertThat(dose.at("/fields/0/reason")).isEqualTo("other-dose");
    }

    @Test
    void refusesAKeyThatDidSomethingElse() {
        String key = UUID.randomUUID().toString();
        ObjectNode request = TestBooking.of(OLD);
        Answer booked = client.book("open", key, request);
        refused("key-reused", 422, booked, move(booked, NEW, key));
        Answer other = booked(OLD);
        assertThat(move(other, NEW, "moved-once").status()).isEqualTo(200);
        assertThat(move(other, OLD, "moved-once").problem()).isEqualTo("key-reused");
    }

    @Test
    void saysEndedOfASlotThatHasBegunAndOfACancelledAppointment() {
        Answer booked = booked(OLD);
        Answer begun = refused("ended", 410, booked, move(booked, BEGUN));
        assertThat(begun.at("/booked")).isEqualTo("yes");
        client.delete(APPOINTMENTS + booked.at("/token"));
        Answer cancelled = move(booked, NEW);
        assertThat(cancelled.problem()).isEqualTo("ended");
        assertThat(cancelled.at("/booked")).isEqualTo("no");
    }

    @Test
    void countsTheAgeOnTheNewDay() {
        LocalDate eighteen = LocalDate.ofInstant(NEW.start(), TestCampaign.ZONE).minusYears(18);
        Answer booked = client.book("open", TestBooking.of(NEW, TestBooking.person(eighteen)));
        assertThat(booked.status()).as(booked.body()).isEqualTo(201);
        Answer refused = refused("not-eligible", 403, booked, move(booked, OLD));
        assertThat(refused.at("/reason")).isEqualTo("age");
        assertThat(refused.at("/booked")).isEqualTo("yes");
    }

    @Test
    void saysUnknownOfNoLinkOfOursAndOfNoSlot() {
        Answer noLink = client.send(client.move("A".repeat(50), "a-key", NEW.id().toString()));
        assertThat(noLink.problem()).isEqualTo("unknown");
        Answer booked = booked(OLD);
        refused(
                "unknown",
                404,
                booked,
                client.send(client.move(booked.at("/token"), "a-key", "no-slot")));
    }

    @Test
    void asksForAKeyAndForABodyThatCanBeRead() {
        Answer booked = booked(OLD);
        String target = APPOINTMENTS + booked.at("/token") + "/move";
        String body = "{\"slot\": \"" + NEW.id() + "\"}";
        refused("key-missing", 400, booked, client.post(target, body));
        for (String bad :
                new String[] {"", "{}", "{\"slot\": 1}", body.replace("}", ", \"x\": 1}")}) {
            refused(
                    "malformed",
                    400,
                    booked,
                    client.send(
                            client.json(target)
                                    .header("Idempotency-Key", "a-key")
                                    .POST(BodyPublishers.ofString(bad))));
        }
        refused(
                "malformed",
                413,
                booked,
                client.send(
                        client.json(target)
                                .header("Idempotency-Key", "a-key")
                                .POST(BodyPublishers.ofString(body + " ".repeat(17_000)))));
        refused(
                "malformed",
                415,
                booked,
                client.send(
                        client.request(target)
                                .header("Content-Type", "text/plain")
                                .POST(BodyPublishers.ofString(body))));
        assertThat(client.get(target).status()).isEqualTo(405);
    }

    @ParameterizedTest
    @ValueSource(strings = {"en", "ms", "zh", "ta", "fr"})
    void refusesInThePersonsLanguage(String language) {
        ObjectNode request = TestBooking.of(OLD);
        TestBooking.personOf(request).put("language", language);
        Answer booked = client.book("open", request);
        Answer refused =
                client.send(
                        client.move(booked.at("/token"), "a-key", NEW.id().toString())
                                .header("If-Match", "\"7\""));
        assertThat(refused.problem()).isEqualTo("changed");
        assertThat(refused.header("Content-Language")).isEqualTo(language);
        assertThat(client.get(CAMPAIGNS + "/open").json().get("proofOfWork").asBoolean()).isFalse();
    }
}
