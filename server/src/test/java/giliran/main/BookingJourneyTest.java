package giliran.main;

import static giliran.main.ContractClient.APPOINTMENTS;
import static giliran.main.ContractClient.CAMPAIGNS;
import static giliran.main.ContractClient.FIND;
import static giliran.main.TestBooking.personOf;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import giliran.campaigns.Slot;
import giliran.campaigns.TestCampaign;
import giliran.main.ContractClient.Answer;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.YearMonth;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a person meets who books over HTTP, and each refusal by its name. */
class BookingJourneyTest {
    @SuppressWarnings("TimeInStaticInitializer") // The campaigns below stand around this moment.
    private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.SECONDS);

    private static final Instant HOUR_AGO = NOW.minus(Duration.ofHours(1));

    /** In the middle of a month, so that no birthday here falls on a 29 February. */
    private static final LocalDate DAY =
            YearMonth.from(LocalDate.ofInstant(NOW, TestCampaign.ZONE)).plusMonths(2).atDay(15);

    private static final TestCampaign OPEN =
            new TestCampaign("open")
                    .minimumAge(18)
                    .centre("hall", "kuala-lumpur")
                    .centre("school", "kuala-lumpur")
                    .centre("stadium", "selangor");

    private static final Slot MORNING = OPEN.slot("hall", at(DAY, 9), 500);
    private static final Slot NOON = OPEN.slot("hall", at(DAY, 12), 500);
    private static final Slot SECOND_DOSE = OPEN.slot("hall", at(DAY.plusDays(1), 9), 500, 2);
    private static final Slot BEGUN = OPEN.slot("hall", HOUR_AGO, 500);

    private static final TestCampaign LATER =
            new TestCampaign("later")
                    .opens(NOW.plus(Duration.ofHours(1)))
                    .centre("later-hall", "kuala-lumpur");

    private static final Slot OF_LATER = LATER.slot("later-hall", at(DAY, 9), 5);

    private static final TestCampaign OVER =
            new TestCampaign("over")
                    .opens(HOUR_AGO)
                    .closes(HOUR_AGO.plusSeconds(1))
                    .centre("over-hall", "kuala-lumpur");

    private static final Slot OF_OVER = OVER.slot("over-hall", at(DAY, 9), 5);

    private static final TestCampaign LOCAL =
            new TestCampaign("local").forThoseIn("selangor").centre("local-hall", "kuala-lumpur");

    private static final Slot OF_LOCAL = LOCAL.slot("local-hall", at(DAY, 9), 5);

    private static final TestCampaign SMALL =
            new TestCampaign("small")
                    .centre("one", "kuala-lumpur")
                    .centre("near", "kuala-lumpur")
                    .centre("far", "selangor");

    private static final Slot LAST_PLACE = SMALL.slot("one", at(DAY, 9), 1);
    private static final Slot SAME_TIME_FAR = SMALL.slot("far", at(DAY, 9), 7);
    private static final Slot DAY_AFTER_NEAR = SMALL.slot("near", at(DAY.plusDays(1), 9), 3);
    private static final Slot WEEK_AFTER_HERE = SMALL.slot("one", at(DAY.plusDays(7), 9), 2);
    private static final Slot WEEK_AFTER_FAR = SMALL.slot("far", at(DAY.plusDays(7), 9), 9);

    private static TestGiliran giliran;
    private static ContractClient client;

    private static Instant at(LocalDate day, int hour) {
        return day.atTime(LocalTime.of(hour, 0)).atZone(TestCampaign.ZONE).toInstant();
    }

    @BeforeAll
    static void start(@TempDir Path folder) {
        giliran = TestGiliran.start(folder, OPEN, LATER, OVER, LOCAL, SMALL);
        client = new ContractClient(giliran.address());
    }

    @AfterAll
    static void stop() {
        giliran.close();
    }

    @Test
    void aPersonBooksRepeatsLooksUpFindsCancelsAndBooksAgain() {
        // given a campaign that is open, and a place in it
        Answer campaigns = client.get(CAMPAIGNS);
        assertThat(campaigns.json().findValuesAsText("id")).contains("open", "later", "over");
        Answer campaign = client.get(CAMPAIGNS + "/open");
        assertThat(campaign.at("/status")).isEqualTo("open");
        Answer places = client.get(CAMPAIGNS + "/open/availability?region=kuala-lumpur");
        assertThat(places.json().findValuesAsText("id")).contains(MORNING.id().toString());

        // when the person books it
        String key = UUID.randomUUID().toString();
        ObjectNode booking = TestBooking.of(MORNING);
        personOf(booking).put("email", "aina@example.com.my");
        Answer booked = client.book("open", key, booking);

        // then it is theirs
        assertThat(booked.status()).isEqualTo(201);
        assertThat(booked.at("/status")).isEqualTo("booked");
        assertThat(booked.at("/booked")).isEqualTo("yes");
        assertThat(booked.at("/slot")).isEqualTo(MORNING.id().toString());
        String token = booked.at("/token");
        String reference = booked.at("/reference");
        assertThat(booked.header("Location")).isEqualTo(APPOINTMENTS + token);

        // when the request is repeated, then the same is told again
        Answer repeated = client.book("open", key, booking);
        assertThat(repeated.status()).isEqualTo(201);
        assertThat(repeated.json()).isEqualTo(booked.json());
        assertThat(repeated.header("Location")).isEqualTo(APPOINTMENTS + token);

        // when the link is opened, then it shows the appointment and little of the person
        Answer lookedUp = client.get(APPOINTMENTS + token);
        assertThat(lookedUp.status()).isEqualTo(200);
        assertThat(lookedUp.at("/reference")).isEqualTo(reference);
        assertThat(lookedUp.at("/person/name")).isEqualTo("N••• A••• b•••");
        assertThat(lookedUp.at("/person/idType")).isEqualTo("nric");
        assertThat(lookedUp.at("/person/idNumber")).startsWith("•••");
        assertThat(lookedUp.at("/person/phone")).isEqualTo("•••789");
        assertThat(lookedUp.at("/person/email")).isEqualTo("a•••@e•••.my");

        // when it is looked for by reference and birthday, as printed or in one go
        String birthday = TestBooking.BORN.toString();
        for (String typed : List.of(reference, reference.replace(" ", ""))) {
            assertThat(client.find(typed, birthday).json()).isEqualTo(lookedUp.json());
        }

        // when it is cancelled, once and twice, then it is cancelled
        Answer cancelled = client.delete(APPOINTMENTS + token);
        assertThat(cancelled.status()).isEqualTo(200);
        assertThat(cancelled.at("/status")).isEqualTo("cancelled");
        assertThat(cancelled.at("/booked")).isEqualTo("no");
        assertThat(client.delete(APPOINTMENTS + token).json()).isEqualTo(cancelled.json());

        // when the booking comes once more, late, then it is told how things stand now
        Answer late = client.book("open", key, booking);
        assertThat(late.status()).isEqualTo(201);
        assertThat(late.at("/reference")).isEqualTo(reference);
        assertThat(late.at("/token")).isEqualTo(token);
        assertThat(late.at("/status")).isEqualTo("cancelled");
        assertThat(late.at("/booked")).isEqualTo("no");

        // when the person books anew, with a new key, then the place is another one
        Answer again = client.book("open", booking);
        assertThat(again.status()).isEqualTo(201);
        assertThat(again.at("/reference")).isNotEqualTo(reference);
        assertThat(again.at("/token")).isNotEqualTo(token);
        assertThat(client.get(APPOINTMENTS + token).at("/status")).isEqualTo("cancelled");
        assertThat(client.get(APPOINTMENTS + again.at("/token")).at("/status")).isEqualTo("booked");
    }

    @Test
    void aPersonMayBookBothDoses() {
        ObjectNode first = TestBooking.of(MORNING);
        ObjectNode second = TestBooking.of(SECOND_DOSE, personOf(first));

        assertThat(client.book("open", first).status()).isEqualTo(201);
        assertThat(client.book("open", second).status()).isEqualTo(201);
    }

    @Test
    void theSameDetailsWrittenOtherwiseAreTheSameBooking() {
        ObjectNode booking = TestBooking.of(MORNING);
        ObjectNode otherwise = booking.deepCopy();
        String id = personOf(booking).get("idNumber").asText();
        personOf(otherwise)
                .put("name", "  Nurul  Aina binti\u3000Rahman ")
                .put(
                        "idNumber",
                        id.substring(0, 6) + "-" + id.substring(6, 8) + " " + id.substring(8))
                .put("phone", "+60 12 3456789")
                .putNull("email")
                .putArray("contactBy");
        Answer booked = client.book("open", "same-content-" + id, booking);

        Answer repeated = client.book("open", "same-content-" + id, otherwise);

        assertThat(repeated.status()).isEqualTo(201);
        assertThat(repeated.json()).isEqualTo(booked.json());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "bare | bare",
                "quoted | \"quoted\"",
                "a\"b | \"a\\\"b\"",
                "a\\b | \"a\\\\b\"",
            })
    void aKeyIsTheSameBareAndQuoted(String bare, String quoted) {
        ObjectNode booking = TestBooking.of(MORNING);
        Answer booked = client.book("open", bare, booking);

        assertThat(client.book("open", quoted, booking).json()).isEqualTo(booked.json());
    }

    @Test
    void theKeysOfTwoPeopleMayBeAlike() {
        assertThat(client.book("open", "alike", TestBooking.of(MORNING)).status()).isEqualTo(201);
        assertThat(client.book("open", "alike", TestBooking.of(MORNING)).status()).isEqualTo(201);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "null",
                "[]",
                "\"text\"",
                "{} {}",
                "{}x",
                "not json",
                "{\"slot\": NaN}",
                "{'slot': 'x'}",
                "\u0000",
                "{\"slot\": \"\\uZZZZ\"}",
                "{\"slot\": \"\u0001\"}"
            })
    void refusesAsMalformedWhatIsNoJsonObject(String body) {
        assertMalformed(client.send(client.booking("open", "key", body)), "");
    }

    @Test
    void refusesAsMalformedMembersThatAreNotInTheContract() {
        ObjectNode booking = TestBooking.of(MORNING);
        booking.put("surname", "Rahman");
        assertMalformed(client.book("open", booking), "");

        ObjectNode misspelt = TestBooking.of(MORNING);
        personOf(misspelt).put("dateofbirth", "1980-04-17");
        assertMalformed(client.book("open", misspelt), "/person");
    }

    @Test
    void refusesAsMalformedAMemberThatIsThereTwice() {
        String booking = TestBooking.of(MORNING).toString();
        String twice = booking.replace("\"dose\":1", "\"dose\":1,\"dose\":1");
        assertThat(twice).isNotEqualTo(booking);

        assertMalformed(client.send(client.booking("open", "key", twice)), "");
    }

    @Test
    void refusesAsMalformedWhatFollowsTheBody() {
        String booking = TestBooking.of(MORNING).toString();

        assertMalformed(client.send(client.booking("open", "key", booking + "}")), "");
        assertMalformed(client.send(client.booking("open", "key", booking + booking)), "");
    }

    @Test
    void refusesAsMalformedMembersOfAnotherType() {
        for (Map.Entry<String, String> wrong :
                Map.of(
                                "/slot", "1",
                                "/dose", "\"1\"",
                                "/person", "[]",
                                "/person/name", "{}",
                                "/person/idNumber", "800417145678",
                                "/person/dateOfBirth", "19800417",
                                "/person/phone", "false",
                                "/person/contactBy", "\"sms\"",
                                "/person/contactBy/1", "[\"sms\", 1]")
                        .entrySet()) {
            ObjectNode booking = TestBooking.of(MORNING);
            String path = wrong.getKey();
            String member = path.replaceAll("/1$", "");
            String name = member.substring(member.lastIndexOf('/') + 1);
            ObjectNode parent = member.startsWith("/person/") ? personOf(booking) : booking;
            parent.putRawValue(
                    name, new com.fasterxml.jackson.databind.util.RawValue(wrong.getValue()));

            assertMalformed(client.book("open", booking), path);
        }
        for (String dose : List.of("1.0", "1e0", "99999999999", "1e999999999", "-0.5")) {
            String booking = TestBooking.of(MORNING).toString();
            String other = booking.replace("\"dose\":1", "\"dose\":" + dose);

            assertMalformed(client.send(client.booking("open", "key", other)), "/dose");
        }
    }

    @Test
    void refusesAsMalformedMembersThatAreNotThere() {
        for (String member : List.of("slot", "dose", "person")) {
            ObjectNode without = TestBooking.of(MORNING);
            without.remove(member);
            assertMalformed(client.book("open", without), "/" + member);

            ObjectNode withNull = TestBooking.of(MORNING);
            withNull.putNull(member);
            assertMalformed(client.book("open", withNull), "/" + member);
        }
    }

    @Test
    void refusesAsMalformedWhatIsNestedDeeply() {
        String deep = "[".repeat(8_000) + "]".repeat(8_000);

        assertMalformed(client.send(client.booking("open", "key", deep)), "");
        assertMalformed(
                client.send(client.booking("open", "key", "{\"slot\":" + deep.substring(20) + "}")),
                "");
    }

    @Test
    void refusesAsMalformedWhatIsNotUtf8() {
        ObjectNode booking = TestBooking.of(MORNING);
        personOf(booking).put("name", "José");
        String text = booking.toString();
        byte[] surrogate = text.replace("José", "Jos\u0001\u0002\u0003").getBytes(UTF_8);
        for (int i = 0; i < surrogate.length; i++) {
            if (surrogate[i] == 1) {
                surrogate[i] = (byte) 0xED;
                surrogate[i + 1] = (byte) 0xA0;
                surrogate[i + 2] = (byte) 0x80;
            }
        }
        for (byte[] body : List.of(text.getBytes(ISO_8859_1), text.getBytes(UTF_16), surrogate)) {
            assertMalformed(
                    client.send(
                            client.booking("open")
                                    .header("Idempotency-Key", "key")
                                    .POST(BodyPublishers.ofByteArray(body))),
                    "");
        }
        assertThat(client.book("open", booking).status()).isEqualTo(201);
    }

    @Test
    void refusesABookingWithoutAKey() {
        String body = TestBooking.of(MORNING).toString();

        for (Answer answer :
                List.of(
                        client.send(client.booking("open").POST(BodyPublishers.ofString(body))),
                        client.send(client.booking("open", "", body)),
                        client.send(client.booking("open", "  ", body)))) {
            assertThat(answer.problem()).isEqualTo("key-missing");
            assertThat(answer.at("/booked")).isEqualTo("no");
        }
    }

    @Test
    void refusesAsMalformedAKeyOfAnotherForm() {
        String body = TestBooking.of(MORNING).toString();

        for (String key :
                List.of("a b", "\"\"", "\"a", "\"a\"b\"", "\"a\\b\"", "\"a b\"", "k".repeat(256))) {
            assertMalformed(
                    client.send(client.booking("open", key, body)), "header:Idempotency-Key");
        }
        assertMalformed(
                client.send(client.booking("open", "a", body).header("Idempotency-Key", "b")),
                "header:Idempotency-Key");
        assertThat(client.book("open", "k".repeat(255), TestBooking.of(MORNING)).status())
                .isEqualTo(201);
    }

    @Test
    void refusesABodyOfMoreThan16KiB() {
        String body = TestBooking.of(MORNING).toString();
        String whole = body + " ".repeat(16_384 - body.getBytes(UTF_8).length);

        Answer tooLarge = client.send(client.booking("open", "large", whole + " "));
        assertThat(tooLarge.status()).isEqualTo(413);
        assertThat(tooLarge.problem()).isEqualTo("malformed");
        assertThat(tooLarge.at("/booked")).isEqualTo("no");
        assertThat(client.post(FIND, whole + " ").status()).isEqualTo(413);

        assertThat(client.send(client.booking("open", "large", whole)).status()).isEqualTo(201);
    }

    @Test
    void refusesABodyThatIsNotSaidToBeJson() {
        String body = TestBooking.of(MORNING).toString();
        for (String type :
                List.of(
                        "text/plain",
                        "application/x-www-form-urlencoded",
                        "multipart/form-data; boundary=x",
                        "application/json-patch+json")) {
            Answer answer =
                    client.send(
                            client.request(CAMPAIGNS + "/open/appointments")
                                    .header("Idempotency-Key", "key")
                                    .header("Content-Type", type)
                                    .POST(BodyPublishers.ofString(body)));
            assertThat(answer.status()).isEqualTo(415);
            assertThat(answer.problem()).isEqualTo("malformed");
            assertThat(answer.at("/booked")).isEqualTo("no");
        }
        assertThat(client.send(client.request(FIND).POST(BodyPublishers.ofString("{}"))).status())
                .isEqualTo(415);
        assertThat(
                        client.send(
                                        client.request(CAMPAIGNS + "/open/appointments")
                                                .header("Idempotency-Key", "json")
                                                .header(
                                                        "Content-Type",
                                                        "Application/JSON ; charset=utf-8")
                                                .POST(BodyPublishers.ofString(body)))
                                .status())
                .isEqualTo(201);
    }

    @ParameterizedTest
    @CsvSource({
        "POST, /api/v1/campaigns, GET",
        "DELETE, /api/v1/campaigns/open, GET",
        "PUT, /api/v1/campaigns/open/availability, GET",
        "GET, /api/v1/campaigns/open/appointments, POST",
        "PUT, /api/v1/campaigns/open/appointments, POST",
        "GET, /api/v1/appointments/find, POST",
        "DELETE, /api/v1/appointments/find, POST",
        "POST, /api/v1/appointments/token, DELETE",
        "POST, /health/ready, GET",
        "BREW, /api/v1/campaigns, GET"
    })
    void refusesAMethodThatAPathDoesNotHave(String method, String path, String allowed) {
        Answer answer =
                client.send(client.request(path).method(method, BodyPublishers.ofString("{}")));

        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.problem()).isEqualTo("malformed");
        assertThat(answer.header("Allow")).contains(allowed);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/appointments",
                "/api/v1/appointments/",
                "/api/v2/campaigns",
                "/api/v1/campaigns/open/slots",
                "/problems/"
            })
    void findsNothingAtAPathThatIsNotInTheContract(String path) {
        Answer answer = client.get(path);

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.problem()).isEqualTo("unknown");
        assertThat(answer.at("/retry")).isEqualTo("never");
    }

    @Test
    void findsNoCampaignThatIsNotThere() {
        for (String id :
                List.of("none", "OPEN", "open%20", "%00", "..%2Fopen", "открыто", "%ED%A0%80")) {
            String path = CAMPAIGNS + "/" + id;
            assertUnknown(client.get(path), "never");
            assertUnknown(client.get(path + "/availability?region=selangor"), "never");
            Answer booking = client.send(client.booking(id, "key", "{"));
            assertUnknown(booking, "never");
            assertThat(booking.at("/booked")).isEqualTo("no");
        }
    }

    @Test
    void findsNoSlotThatIsNotThere() {
        for (String id :
                List.of(
                        "",
                        "x",
                        UUID.randomUUID().toString(),
                        "\u0000",
                        "\ud800",
                        OF_LATER.id().toString(),
                        "'; DROP TABLE place; --")) {
            ObjectNode booking = TestBooking.of(MORNING);
            booking.put("slot", id);
            // Written by hand, since a lone surrogate has no form in UTF-8 but an escape.
            String body = booking.toString().replace("\ud800", "\\ud800");
            Answer answer = client.send(client.booking("open", "key", body));
            assertUnknown(answer, "other");
            assertThat(answer.at("/booked")).isEqualTo("no");
        }
    }

    @Test
    void findsNoAppointmentThatIsNotThere() {
        String token = client.book("open", TestBooking.of(MORNING)).at("/token");
        String forged = (token.charAt(0) == 'A' ? "B" : "A") + token.substring(1);
        for (String other : List.of("x", "%00", "%20", forged, token + "A", "A".repeat(4_000))) {
            assertUnknown(client.get(APPOINTMENTS + other), "never");
            Answer cancelled = client.delete(APPOINTMENTS + other);
            assertUnknown(cancelled, "never");
            assertThat(cancelled.at("/booked")).isEqualTo("no");
        }
        assertThat(client.get(APPOINTMENTS + token).at("/status")).isEqualTo("booked");
    }

    @Test
    void asksForARegion() {
        for (String query : List.of("", "?", "?region", "?region=", "?regions=selangor")) {
            Answer answer = client.get(CAMPAIGNS + "/open/availability" + query);
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.problem()).isEqualTo("malformed");
            assertThat(answer.at("/at")).isEqualTo("query:region");
        }
        assertUnknown(client.get(CAMPAIGNS + "/open/availability?region=sabah"), "other");
        assertUnknown(client.get(CAMPAIGNS + "/open/availability?region=%00"), "other");
    }

    @Test
    void refusesABookingBeforeTheCampaignOpensAndSaysWhen() {
        Answer answer = client.book("later", TestBooking.of(OF_LATER));

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.problem()).isEqualTo("not-open");
        assertThat(answer.at("/booked")).isEqualTo("no");
        assertThat(Integer.parseInt(answer.header("Retry-After"))).isBetween(1, 3_600);
        assertThat(java.time.OffsetDateTime.parse(answer.at("/opensAt")).toInstant())
                .isEqualTo(LATER.plan().campaign().opensAt());
    }

    @Test
    void refusesABookingAfterTheCampaignHasClosed() {
        Answer answer = client.book("over", TestBooking.of(OF_OVER));

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.problem()).isEqualTo("closed");
        assertThat(answer.at("/booked")).isEqualTo("no");
    }

    @Test
    void refusesASlotThatHasBegunAndOffersOthers() {
        Answer answer = client.book("open", TestBooking.of(BEGUN));

        assertThat(answer.status()).isEqualTo(410);
        assertThat(answer.problem()).isEqualTo("ended");
        assertThat(answer.at("/booked")).isEqualTo("no");
        assertThat(answer.json().findValuesAsText("slot"))
                .containsExactly(MORNING.id().toString(), NOON.id().toString());
    }

    @Test
    void countsAgeOnTheSlotsDay() {
        LocalDate birthday = DAY.minusYears(18);

        Answer ofAge = client.book("open", TestBooking.of(MORNING, TestBooking.person(birthday)));
        Answer tooYoung =
                client.book(
                        "open", TestBooking.of(MORNING, TestBooking.person(birthday.plusDays(1))));

        assertThat(ofAge.status()).isEqualTo(201);
        assertThat(tooYoung.status()).isEqualTo(403);
        assertThat(tooYoung.problem()).isEqualTo("not-eligible");
        assertThat(tooYoung.at("/booked")).isEqualTo("no");
        assertThat(tooYoung.at("/reason")).isEqualTo("age");
        assertThat(tooYoung.at("/minimumAge")).isEqualTo("18");
        assertThat(tooYoung.at("/eligibleFrom")).isEqualTo(DAY.plusDays(1).toString());
    }

    @Test
    void refusesAPersonOfAnotherRegion() {
        ObjectNode local = TestBooking.of(OF_LOCAL);
        personOf(local).put("region", "selangor");

        Answer answer = client.book("local", TestBooking.of(OF_LOCAL));

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.problem()).isEqualTo("not-eligible");
        assertThat(answer.at("/booked")).isEqualTo("no");
        assertThat(answer.at("/reason")).isEqualTo("region");
        assertThat(client.book("local", local).status()).isEqualTo(201);
    }

    @Test
    void aPersonMayLiveInARegionThatNoCampaignKnows() {
        ObjectNode booking = TestBooking.of(MORNING);
        personOf(booking).put("region", "Labuan_2.b");

        assertThat(client.book("open", booking).status()).isEqualTo(201);
    }

    @Test
    void tellsAllThatIsWrongWithTheDetailsAtOnce() {
        ObjectNode booking = TestBooking.of(MORNING);
        booking.put("dose", 2);
        ObjectNode person = personOf(booking);
        person.removeAll();
        person.put("name", "N\u0000")
                .put("idType", "library-card")
                .put("dateOfBirth", "1980-02-30")
                .put("region", "kuala lumpur")
                .put("address", "x".repeat(301))
                .put("phone", "999")
                .put("language", "not a language")
                .putArray("contactBy")
                .add("email");

        Answer answer = client.book("open", booking);

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.problem()).isEqualTo("invalid-details");
        assertThat(answer.at("/booked")).isEqualTo("no");
        assertThat(reasons(answer))
                .containsExactly(
                        "dose other-dose",
                        "person.name bad-characters",
                        "person.idType unknown-choice",
                        "person.idNumber missing",
                        "person.dateOfBirth not-a-date",
                        "person.region bad-characters",
                        "person.address too-long",
                        "person.phone not-a-phone",
                        "person.email email-needed",
                        "person.language not-a-language");
    }

    @Test
    void refusesALoneSurrogateInEachTextOfThePerson() {
        List<String> texts =
                List.of(
                        "name",
                        "idType",
                        "idNumber",
                        "dateOfBirth",
                        "region",
                        "address",
                        "phone",
                        "email",
                        "language");
        for (String escape : List.of("\\ud800", "\\udc00", "\\u0000", "\\ud800\\ud800")) {
            for (String field : texts) {
                ObjectNode booking = TestBooking.of(MORNING);
                personOf(booking).put(field, "MARK");
                String body = booking.toString().replace("MARK", "a" + escape);

                Answer answer = client.send(client.booking("open", "key", body));

                assertThat(answer.status()).isEqualTo(422);
                assertThat(reasons(answer)).containsExactly("person." + field + " bad-characters");
            }
        }
    }

    @Test
    void refusesAKeyThatHasBookedSomethingElse() {
        ObjectNode booking = TestBooking.of(MORNING);
        ObjectNode otherSlot = TestBooking.of(NOON, personOf(booking));
        ObjectNode otherDose = TestBooking.of(SECOND_DOSE, personOf(booking));
        ObjectNode otherName = booking.deepCopy();
        personOf(otherName).put("name", "Someone Else");
        Answer booked = client.book("open", "reused", booking);

        for (ObjectNode other : List.of(otherSlot, otherDose, otherName)) {
            Answer answer = client.book("open", "reused", other);
            assertThat(answer.status()).isEqualTo(422);
            assertThat(answer.problem()).isEqualTo("key-reused");
            assertThat(answer.at("/booked")).isEqualTo("no");
        }
        assertThat(client.get(APPOINTMENTS + booked.at("/token")).at("/status"))
                .isEqualTo("booked");
    }

    @Test
    void refusesASecondAppointmentForTheSameDoseAndDoesNotShowTheFirst() {
        ObjectNode booking = TestBooking.of(MORNING);
        Answer booked = client.book("open", booking);

        Answer answer = client.book("open", TestBooking.of(NOON, personOf(booking)));

        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.problem()).isEqualTo("already-booked");
        assertThat(answer.at("/booked")).isEqualTo("no");
        assertThat(answer.body())
                .doesNotContain(
                        booked.at("/reference"),
                        booked.at("/reference").replace(" ", ""),
                        booked.at("/token"),
                        MORNING.id().toString());
    }

    @Test
    void refusesAPlaceThatIsGoneAndOffersTheNearestThree() {
        assertThat(client.book("small", TestBooking.of(LAST_PLACE)).status()).isEqualTo(201);

        Answer answer = client.book("small", TestBooking.of(LAST_PLACE));

        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.problem()).isEqualTo("place-gone");
        assertThat(answer.at("/booked")).isEqualTo("no");
        List<String> offered = new ArrayList<>();
        for (JsonNode each : answer.json().get("alternatives")) {
            offered.add(each.get("slot").asText() + " " + each.get("remaining").asInt());
        }
        assertThat(offered)
                .containsExactly(
                        WEEK_AFTER_HERE.id() + " 2",
                        DAY_AFTER_NEAR.id() + " 3",
                        SAME_TIME_FAR.id() + " 7")
                .doesNotContain(WEEK_AFTER_FAR.id() + " 9");
    }

    @Test
    void aRefusalBindsNoKey() {
        ObjectNode wrong = TestBooking.of(MORNING);
        ObjectNode right = wrong.deepCopy();
        personOf(wrong).put("phone", "999");

        assertThat(client.book("open", "unbound", wrong).status()).isEqualTo(422);
        assertThat(client.book("open", "unbound", right).status()).isEqualTo(201);
    }

    @Test
    void theFirstOfSeveralRefusalsIsTold() {
        ObjectNode wrong = TestBooking.of(MORNING);
        personOf(wrong).put("phone", "999");
        ObjectNode elsewhere = wrong.deepCopy();
        elsewhere.put("slot", "elsewhere");
        String large = "x".repeat(20_000);

        assertThat(
                        client.send(
                                        client.request(CAMPAIGNS + "/none/appointments")
                                                .POST(BodyPublishers.ofString(large)))
                                .status())
                .isEqualTo(415);
        assertThat(client.send(client.booking("none", "key", large)).status()).isEqualTo(413);
        assertThat(client.send(client.booking("none", "key", "{")).status()).isEqualTo(404);
        assertThat(client.send(client.booking("open", "", "{")).problem()).isEqualTo("malformed");
        assertThat(client.send(client.booking("open", "", elsewhere.toString())).problem())
                .isEqualTo("key-missing");
        assertThat(client.book("open", elsewhere).problem()).isEqualTo("unknown");
        assertThat(client.book("open", wrong).problem()).isEqualTo("invalid-details");

        ObjectNode tooYoung = TestBooking.of(BEGUN, TestBooking.person(DAY.minusYears(3)));
        assertThat(client.book("open", tooYoung).problem()).isEqualTo("ended");
    }

    @Test
    void findGivesOneAnswerToEveryMiss() {
        Answer booked = client.book("open", TestBooking.of(MORNING));
        String reference = booked.at("/reference");
        Answer otherDay = client.find(reference, "1980-04-18");
        assertThat(otherDay.status()).isEqualTo(404);
        assertThat(otherDay.problem()).isEqualTo("unknown");

        for (Answer miss :
                List.of(
                        client.find("0000 0000 0000 0000", "1980-04-17"),
                        client.find(reference + "1", "1980-04-17"),
                        client.find("\u0000", "1980-04-17"),
                        client.find("", ""),
                        client.find(reference, "17.4.1980"))) {
            ObjectNode told = miss.json().deepCopy();
            told.set("requestId", otherDay.json().get("requestId"));
            assertThat(miss.status()).isEqualTo(404);
            assertThat(told).isEqualTo(otherDay.json());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "[]",
                "{\"reference\": \"1\"}",
                "{\"reference\": 4071882355901264, \"dateOfBirth\": \"1980-04-17\"}",
                "{\"reference\": \"1\", \"dateOfBirth\": null}",
                "{\"reference\": \"1\", \"dateOfBirth\": \"1980-04-17\", \"name\": \"x\"}"
            })
    void findRefusesAsMalformedWhatIsNotItsForm(String body) {
        Answer answer = client.post(FIND, body);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.problem()).isEqualTo("malformed");
    }

    @Test
    void findRefusesTooManyTriesForOneReference() {
        Answer booked = client.book("open", TestBooking.of(MORNING));
        String reference = booked.at("/reference");
        for (int i = 0; i < 10; i++) {
            assertThat(client.find(reference, "1999-01-01").status()).isEqualTo(404);
        }

        Answer answer = client.find(reference, TestBooking.BORN.toString());

        assertThat(answer.status()).isEqualTo(429);
        assertThat(answer.problem()).isEqualTo("too-many");
        assertThat(Integer.parseInt(answer.header("Retry-After"))).isBetween(1, 61);
        assertThat(answer.header("RateLimit-Policy")).isEqualTo("\"find-reference\";q=10;w=600");
        assertThat(answer.header("RateLimit"))
                .isEqualTo("\"find-reference\";r=0;t=" + answer.header("Retry-After"));
        assertThat(client.get(APPOINTMENTS + booked.at("/token")).status()).isEqualTo(200);
    }

    @Test
    void everyIdIsAString() {
        Answer booked = client.book("open", TestBooking.of(MORNING));
        JsonNode places = client.get(CAMPAIGNS + "/open/availability?region=kuala-lumpur").json();

        for (String id : List.of("reference", "campaign", "centre", "slot", "token")) {
            assertThat(booked.json().get(id).isTextual()).as(id).isTrue();
        }
        assertThat(places.findValues("id")).isNotEmpty().allMatch(JsonNode::isTextual);
    }

    @Test
    void saysWhichDoseEachSlotIsFor() {
        JsonNode places = client.get(CAMPAIGNS + "/open/availability?region=kuala-lumpur").json();

        for (JsonNode slot :
                places.findValues("slots").stream().flatMap(JsonNode::valueStream).toList()) {
            boolean isSecond = slot.get("id").asText().equals(SECOND_DOSE.id().toString());
            assertThat(slot.get("dose").asInt()).isEqualTo(isSecond ? 2 : 1);
        }
    }

    @Test
    void speaksTheLanguageAskedForElseThePersonsElseEnglish() {
        ObjectNode booking = TestBooking.of(MORNING);
        personOf(booking).put("language", "ms-MY").put("phone", "999");
        String body = booking.toString();

        Answer asked =
                client.send(
                        client.booking("open", "key", body)
                                .header("Accept-Language", "de, ta;q=0.9, ms;q=0.1"));
        Answer persons = client.send(client.booking("open", "key", body));
        personOf(booking).put("language", "de");
        Answer english = client.book("open", booking);

        assertThat(asked.header("Content-Language")).isEqualTo("ta");
        assertThat(persons.header("Content-Language")).isEqualTo("ms");
        assertThat(persons.at("/title")).isEqualTo("Ada maklumat yang perlu disemak semula");
        assertThat(english.header("Content-Language")).isEqualTo("en");
    }

    @Test
    void looksAtNoAcceptHeader() {
        Answer answer = client.send(client.request(CAMPAIGNS).GET().header("Accept", "image/png"));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).isEqualTo("application/json");
    }

    private static List<String> reasons(Answer answer) {
        List<String> reasons = new ArrayList<>();
        for (JsonNode field : answer.json().get("fields")) {
            reasons.add(field.get("field").asText() + " " + field.get("reason").asText());
        }
        return reasons;
    }

    private static void assertMalformed(Answer answer, String at) {
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.problem()).isEqualTo("malformed");
        assertThat(answer.at("/booked")).isEqualTo("no");
        assertThat(answer.at("/at")).isEqualTo(at);
    }

    private static void assertUnknown(Answer answer, String retry) {
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.problem()).isEqualTo("unknown");
        assertThat(answer.at("/retry")).isEqualTo(retry);
    }
}
