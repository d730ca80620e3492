package giliran.availability;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import giliran.campaigns.CampaignStore;
import giliran.campaigns.Catalogue;
import giliran.campaigns.Slot;
import giliran.campaigns.TestCampaign;
import giliran.edge.Answer;
import giliran.edge.Piece;
import giliran.edge.PublishedAnswers;
import giliran.edge.ReadPublished;
import giliran.imports.ImportCampaign;
import giliran.ledger.PlaceCounts;
import giliran.store.Database;
import giliran.store.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PublishCampaignsTest {
    private static final Instant START = Instant.parse("2021-05-02T04:00:00.250Z");
    private static final String PATH = "/api/v1/campaigns/A-1_b.c";

    private static final TestCampaign CAMPAIGN =
            new TestCampaign("A-1_b.c")
                    .opens(START)
                    .closes(START.plus(Duration.ofDays(60)))
                    .minimumAge(18)
                    .forThoseIn("r.1", "Z", "a")
                    .allowance(2)
                    .centre("here", "r.1")
                    .centre("there", "r.1")
                    .centre("far", "r-2");
    private static final Slot FIRST = CAMPAIGN.slot("here", START.plus(Duration.ofDays(9)), 10);
    private static final Slot SECOND = CAMPAIGN.slot("here", START.plus(Duration.ofDays(8)), 5, 2);
    private static final Slot THIRD = CAMPAIGN.slot("far", START.plus(Duration.ofDays(8)), 7);

    private Instant now = START;
    private final PublishedAnswers published = new PublishedAnswers(() -> now);
    private static Database database;
    private PublishCampaigns publish;

    @BeforeAll
    static void load() {
        database = Database.open(TestDatabase.newDatabase(), 2, InstantSource.system());
        assertThat(
                        new ImportCampaign(database, InstantSource.system())
                                .loadIfEmpty(CAMPAIGN.plan()))
                .isTrue();
    }

    @BeforeEach
    void publishOnce() {
        for (Slot slot : List.of(FIRST, SECOND, THIRD)) {
            count(slot, 0, 0);
        }
        Catalogue catalogue = database.snapshot(CampaignStore::getCatalogue);
        publish =
                new PublishCampaigns(
                        () -> catalogue,
                        new PlaceCounts(database),
                        published,
                        new PublishCampaigns.Missing(
                                PublishCampaignsTest::missing, PublishCampaignsTest::missing),
                        new NoDisplay(),
                        () -> now);
        publish.run();
    }

    @AfterAll
    static void close() {
        database.close();
    }

    private static void count(Slot slot, int held, int booked) {
        database.transact(
                tx ->
                        tx.createUpdate(
                                        """
                                        UPDATE place
                                        SET held = :held,
                                            booked = :booked
                                        WHERE slot = :slot
                                        """)
                                .bind("held", held)
                                .bind("booked", booked)
                                .bind("slot", slot.id().value())
                                .execute());
    }

    static Answer missing(String language) {
        return Answer.problem(404, "en", Piece.of(new byte[0]));
    }

    /** As often as it takes until a change is seen that nobody told. */
    private void publishAgain() {
        for (int runs = 0; runs < 40; runs++) {
            publish.run();
        }
    }

    private JsonNode json(String key) {
        String body = ReadPublished.read(published, key).orElseThrow().body();
        try {
            return new ObjectMapper().readTree(body);
        } catch (JsonProcessingException e) {
            throw new AssertionError(body, e);
        }
    }

    private JsonNode region(String region) {
        return json(PATH + "/availability?region=" + region);
    }

    private String asOf() {
        return ReadPublished.read(published, PATH).orElseThrow().asOf();
    }

    @Test
    void tellsOfACampaignWhomItIsForAndItsRegions() {
        JsonNode told = json(PATH);

        assertThat(told.get("minimumAge").asInt()).isEqualTo(18);
        assertThat(told.get("timeZone").asText()).isEqualTo("Asia/Kuala_Lumpur");
        assertThat(told.get("eligibleRegions").toString()).isEqualTo("[\"Z\",\"a\",\"r.1\"]");
        assertThat(told.get("regions").toString())
                .isEqualTo(
                        "[{\"id\":\"r-2\",\"name\":\"Region r-2\",\"remaining\":9},"
                                + "{\"id\":\"r.1\",\"name\":\"Region r.1\",\"remaining\":19}]");
    }

    @Test
    void tellsWhereACampaignStandsAtEachInstant() {
        for (String expected :
                List.of("scheduled -1", "open 0", "open 5183999", "closed 5184000")) {
            String[] parts = expected.split(" ", 2);
            now = START.plusSeconds(Long.parseLong(parts[1]));
            publishAgain();

            assertThat(json("/api/v1/campaigns").at("/campaigns/0/status").asText())
                    .isEqualTo(parts[0]);
            assertThat(json(PATH).get("status").asText()).isEqualTo(parts[0]);
        }
    }

    @Test
    void writesTimesWithTheCampaignsOffset() {
        assertThat(json(PATH).get("opensAt").asText()).isEqualTo("2021-05-02T12:00:00.25+08:00");
    }

    @Test
    void ordersCentresByNameAndSlotsByTime() {
        JsonNode here = region("r.1").at("/centres/0");

        assertThat(region("r.1").findValuesAsText("name")).containsExactly("Centre here");
        assertThat(here.findValuesAsText("date")).containsExactly("2021-05-10", "2021-05-11");
        assertThat(here.at("/dates/0/slots/0/id").asText()).isEqualTo(SECOND.id().toString());
        assertThat(here.at("/dates/0/slots/0/dose").asInt()).isEqualTo(2);
        assertThat(here.at("/dates/1/slots/0/id").asText()).isEqualTo(FIRST.id().toString());
    }

    @Test
    void saysThatAPositionIsNotKnown() {
        assertThat(region("r-2").at("/centres/0/position/latitude").asDouble()).isEqualTo(3.1);
        assertThat(region("r.1").at("/centres/0/position").isNull()).isTrue();
    }

    @Test
    void countsPlacesWithTheAllowanceLessWhatIsBookedAndHeld() {
        count(FIRST, 3, 4);
        publishAgain();

        JsonNode slot = region("r.1").at("/centres/0/dates/1/slots/0");
        assertThat(slot.get("remaining").asInt()).isEqualTo(10 + 2 - 3 - 4);
        assertThat(slot.get("held").asInt()).isEqualTo(3);
        assertThat(json(PATH).at("/regions/1/remaining").asInt()).isEqualTo(5 + 7);
    }

    @Test
    void countsPlacesOnlyAtTheCentreWhereASlotIsNow() {
        placeAtAnotherCentre(
                """
                INSERT INTO place (slot, centre, capacity, allowance)
                VALUES (:slot, :centre, 5, 0)
                """);
        try {
            publishOnce();
            placeAtAnotherCentre(
                    """
                    UPDATE place
                    SET booked = 4
                    WHERE slot = :slot AND centre = :centre
                    """);
            publishAgain();

            assertThat(region("r-2").at("/centres/0/dates/0/slots/0/remaining").asInt())
                    .isEqualTo(9);
        } finally {
            placeAtAnotherCentre(
                    """
                    DELETE FROM place
                    WHERE slot = :slot AND centre = :centre
                    """);
        }
    }

    private static void placeAtAnotherCentre(String sql) {
        database.transact(
                tx ->
                        tx.createUpdate(sql)
                                .bind("slot", THIRD.id().value())
                                .bind("centre", "there")
                                .execute());
    }

    @Test
    void showsAFullSlotWithoutPlaces() {
        count(THIRD, 0, 9);
        publishAgain();

        assertThat(region("r-2").at("/centres/0/dates/0/slots/0/remaining").asInt()).isZero();
        assertThat(json(PATH).at("/regions/0/remaining").asInt()).isZero();
    }

    @Test
    void tellsAPlaceThatIsHeldFromOneThatIsGone() {
        count(THIRD, 2, 7);
        publishAgain();
        JsonNode held = region("r-2").at("/centres/0/dates/0/slots/0");
        assertThat(held.get("remaining").asInt()).isZero();
        assertThat(held.get("held").asInt()).isEqualTo(2);

        count(THIRD, 0, 9);
        publishAgain();
        JsonNode gone = region("r-2").at("/centres/0/dates/0/slots/0");
        assertThat(gone.get("remaining").asInt()).isZero();
        assertThat(gone.get("held").asInt()).isZero();
    }

    @Test
    void saysWhenTheCountersLastChangedAndWhenTheyWereLastRead() {
        JsonNode before = region("r.1");
        assertThat(before.get("changedAt").asText()).isEqualTo("2021-05-02T04:00:00.250Z");

        now = START.plusSeconds(1);
        publishAgain();
        assertThat(region("r.1")).isEqualTo(before);
        assertThat(asOf()).isEqualTo("2021-05-02T04:00:01.250Z");

        now = START.plusSeconds(2);
        count(FIRST, 0, 1);
        publishAgain();
        assertThat(region("r.1").get("changedAt").asText()).isEqualTo("2021-05-02T04:00:02.250Z");
        assertThat(region("r-2").get("changedAt").asText()).isEqualTo("2021-05-02T04:00:00.250Z");
    }

    @Test
    void neverGoesBackInTimeEvenIfTheClockDoes() {
        now = START.minusSeconds(1);
        count(FIRST, 0, 1);
        publishAgain();

        assertThat(asOf()).isEqualTo("2021-05-02T04:00:00.250Z");
        assertThat(region("r.1").get("changedAt").asText()).isEqualTo("2021-05-02T04:00:00.250Z");
    }

    @Test
    void publishesNothingForARegionWithoutCentres() {
        assertThat(ReadPublished.read(published, PATH + "/availability?region=Z")).isEmpty();
        assertThat(ReadPublished.read(published, PATH + "/availability")).isEmpty();
        assertThat(ReadPublished.read(published, PATH + "/availability?region=null")).isEmpty();
    }
}
