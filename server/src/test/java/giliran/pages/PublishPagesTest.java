package giliran.pages;

import static org.assertj.core.api.Assertions.assertThat;

import giliran.campaigns.Slot;
import giliran.campaigns.TestCampaign;
import giliran.edge.Answer;
import giliran.edge.PublishedAnswers;
import giliran.edge.ReadPublished;
import giliran.edge.Readiness;
import giliran.ledger.PlaceCount;
import giliran.reception.Sentences;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the published pages show of a campaign, at each of its hours. */
class PublishPagesTest {
    /** Noon in Kuala Lumpur. */
    private static final Instant OPENS = Instant.parse("2021-05-02T04:00:00Z");

    private static final Instant CLOSES = OPENS.plus(Duration.ofDays(60));
    private static final String HOSTILE = "<script>alert(1)</script>&\"'";

    private final TestCampaign offered =
            new TestCampaign("az")
                    .opens(OPENS)
                    .closes(CLOSES)
                    .minimumAge(18)
                    .centre("hall", "north")
                    .centre("gym", "north")
                    .centre("tent", "south");
    private final Slot first = offered.slot("hall", OPENS.plus(Duration.ofDays(9)), 7);
    private final Slot second = offered.slot("hall", OPENS.plus(Duration.ofHours(217)), 30);
    private final Slot later = offered.slot("hall", OPENS.plus(Duration.ofDays(10)), 1);
    private final Slot inGym = offered.slot("gym", OPENS.plus(Duration.ofDays(9)), 5);
    private final Slot inTent = offered.slot("tent", OPENS.plus(Duration.ofDays(9)), 5);

    private final Map<Slot, PlaceCount> counts = new HashMap<>();
    private final Readiness readiness = new Readiness();
    private final PublishPages pages = new PublishPages(readiness);
    private Instant now = OPENS;
    private Instant asOf = OPENS;

    @BeforeEach
    void arrange() {
        readiness.ready();
        counts.put(first, new PlaceCount(7, 0, 0, 0));
        counts.put(second, new PlaceCount(30, 0, 0, 0));
        counts.put(later, new PlaceCount(1, 0, 0, 0));
        counts.put(inGym, new PlaceCount(5, 0, 0, 0));
        counts.put(inTent, new PlaceCount(5, 0, 0, 0));
        pages.arrange(TestCampaign.catalogueOf(offered), this::count);
    }

    static Iterable<String> languages() {
        return Sentences.languages();
    }

    /** What one publication has no time for, the next one renders, however slow the machine is. */
    private Map<String, Answer> answers() {
        pages.answers(now, asOf);
        return Map.copyOf(pages.answers(now, asOf));
    }

    private String read(String path) {
        PublishedAnswers published = new PublishedAnswers(() -> now);
        published.publish(new PublishedAnswers.Offer(answers(), Map.of()), asOf);
        return ReadPublished.read(published, path).orElseThrow().body();
    }

    private PlaceCount count(Slot slot) {
        return Objects.requireNonNull(counts.get(slot));
    }

    private void count(Slot slot, int capacity, int held, int booked) {
        PlaceCount count = new PlaceCount(capacity, 0, held, booked);
        counts.put(slot, count);
        pages.show(slot, count);
    }

    private void sellOut() {
        counts.keySet().stream().toList().forEach(slot -> count(slot, 5, 0, 5));
    }

    private static String button(Slot slot) {
        return "value=\"" + slot.id() + "\"";
    }

    /** What stands in the page between a place's button and the next. */
    private static String place(String page, Slot slot) {
        int at = page.indexOf(button(slot));
        assertThat(at).as("the place is shown").isPositive();
        return page.substring(at, page.indexOf("</button>", at));
    }

    private static String said(String language, String key) {
        return Frame.texts(language).asWritten(key).replaceAll("\\{.*", "").strip();
    }

    @ParameterizedTest
    @MethodSource("languages")
    void everyPageIsPublishedInEveryLanguage(String language) {
        for (String path :
                new String[] {
                    "/",
                    "/c/az",
                    "/c/az/regions/north",
                    "/c/az/regions/south",
                    "/c/az/regions/north/hall",
                    "/c/az/regions/north/gym",
                    "/c/az/regions/south/tent"
                }) {
            assertThat(read("/" + language + path))
                    .contains("<html lang=\"" + language + "\"")
                    .contains(said(language, "skip.main"))
                    .doesNotContain("\u0000");
        }
    }

    @ParameterizedTest
    @MethodSource("languages")
    void onlyALanguageThatWasReviewedDoesNotSayThatItWasNot(String language) {
        boolean isReviewed = language.equals("en") || language.equals("ms");

        assertThat(read("/" + language + "/").contains(said(language, "phase.notReviewed")))
                .isEqualTo(!isReviewed);
    }

    @ParameterizedTest
    @MethodSource("languages")
    void everyLanguageLeadsToTheSamePageInTheOthers(String language) {
        String page = read("/" + language + "/c/az/regions/north");

        for (String other : languages()) {
            assertThat(page.contains("href=\"/" + other + "/c/az/regions/north\""))
                    .isEqualTo(!other.equals(language));
        }
    }

    @ParameterizedTest
    @MethodSource("languages")
    void beforeTheOpeningItSaysWhenItOpensAndLetsNobodyTakeAPlace(String language) {
        now = OPENS.minusSeconds(1);
        String centre = read("/" + language + "/c/az/regions/north/hall");

        for (String path : new String[] {"/c/az", "/c/az/regions/north"}) {
            assertThat(read("/" + language + path))
                    .contains("data-opens=\"2021-05-02T04:00:00Z\"")
                    .contains("/my/" + language + "/c/az/details")
                    .contains("2021");
        }
        assertThat(centre)
                .contains("data-opens")
                .contains("<fieldset class=\"g-places__all\" disabled>");
        assertThat(read("/" + language + "/c/az")).contains(said(language, "standing.scheduled"));
    }

    @ParameterizedTest
    @MethodSource("languages")
    void fromTheOpeningOnPlacesCanBeTaken(String language) {
        String centre = read("/" + language + "/c/az/regions/north/hall");

        assertThat(centre)
                .contains("action=\"/my/" + language + "/c/az/check\"")
                .contains("<fieldset class=\"g-places__all\">")
                .doesNotContain("data-opens");
        assertThat(place(centre, first)).contains("7").doesNotContain("disabled");
        assertThat(read("/" + language + "/")).contains(said(language, "standing.open"));
    }

    @ParameterizedTest
    @MethodSource("languages")
    void aSoldOutCampaignSaysWhatComesNext(String language) {
        sellOut();

        for (String path :
                new String[] {"/c/az", "/c/az/regions/north", "/c/az/regions/north/hall"}) {
            assertThat(read("/" + language + path))
                    .contains(said(language, "soldOut.heading"))
                    .contains(said(language, "soldOut.next"));
        }
        assertThat(read("/" + language + "/")).contains(said(language, "standing.soldOut"));
    }

    @ParameterizedTest
    @MethodSource("languages")
    void aClosedCampaignLeadsToTheAppointmentsThatWereMade(String language) {
        now = CLOSES;
        asOf = CLOSES;

        assertThat(read("/" + language + "/c/az"))
                .contains(said(language, "closed.heading"))
                .contains("href=\"/my/" + language + "/find\"")
                .doesNotContain("/regions/");
        assertThat(read("/" + language + "/")).contains(said(language, "standing.closed"));
    }

    @ParameterizedTest
    @MethodSource("languages")
    void whileTheDatabaseIsAwayBookingIsPausedAndTheListSaysHowOldItIs(String language) {
        readiness.waitFor(Readiness.DATABASE);
        now = OPENS.plus(Duration.ofMinutes(7));
        String age = Frame.texts(language).moment(asOf.atOffset(ZoneOffset.ofHours(8)));
        String centre = read("/" + language + "/c/az/regions/north/hall");

        assertThat(centre)
                .contains(said(language, "paused.heading"))
                .contains(age)
                .contains("<fieldset class=\"g-places__all\" disabled>");
        assertThat(read("/" + language + "/c/az")).contains(age);

        // and when it is back
        readiness.ready();
        assertThat(read("/" + language + "/c/az/regions/north/hall"))
                .doesNotContain(said(language, "paused.heading"))
                .contains("<fieldset class=\"g-places__all\">");
    }

    @Test
    void aFullPlaceIsShownAndCannotBeTaken() {
        count(first, 7, 0, 7);
        String place = place(read("/en/c/az/regions/north/hall"), first);

        assertThat(place).contains("disabled").contains("<i>0</i>");
    }

    @Test
    void aPlaceThatIsOnlyHeldIsToldFromOneThatIsGone() {
        count(first, 7, 1, 6);
        count(later, 1, 1, 0);

        assertThat(place(read("/en/c/az/regions/north/hall"), first))
                .contains("disabled")
                .contains("↻");
        assertThat(read("/en/c/az/regions/north")).contains("Full, some on hold");
    }

    @Test
    void placesThatAreOnlyHeldAreToldFromGoneInTheCampaignTooWhichIsThenNotSoldOut() {
        sellOut();
        count(inTent, 5, 1, 4);
        assertThat(read("/en/c/az"))
                .contains("Full, some on hold")
                .doesNotContain(said("en", "soldOut.heading"));

        count(inTent, 5, 0, 5);
        assertThat(read("/en/c/az"))
                .contains(said("en", "soldOut.heading"))
                .doesNotContain("on hold");
    }

    @Test
    void aPlaceThatComesFreeCanBeTakenAgain() {
        count(first, 7, 0, 7);
        answers();
        count(first, 7, 0, 6);

        assertThat(place(read("/en/c/az/regions/north/hall"), first))
                .contains("1")
                .doesNotContain("disabled");
    }

    @Test
    void theDaysOfACentreLeadToTheirTimes() {
        assertThat(read("/en/c/az/regions/north"))
                .contains("href=\"north/hall#d1\"")
                .contains("href=\"north/hall#d2\"")
                .contains("20+ left")
                .contains("1 left");
        assertThat(read("/en/c/az/regions/north/hall"))
                .contains("id=\"d1\"")
                .contains("id=\"d2\"")
                .contains("Tuesday, 11 May 2021")
                .contains("12:00–13:00");
    }

    @Test
    void whereSeveralDosesAreGivenEachTimeSaysWhich() {
        TestCampaign doses = new TestCampaign("az").opens(OPENS).closes(CLOSES);
        doses.centre("hall", "north").slot("hall", OPENS.plus(Duration.ofDays(9)), 7, 1);
        Slot dose2 = doses.slot("hall", OPENS.plus(Duration.ofDays(9)), 7, 2);
        pages.arrange(TestCampaign.catalogueOf(doses), slot -> new PlaceCount(7, 0, 0, 0));

        assertThat(place(read("/en/c/az/regions/north/hall"), dose2)).contains("②");
        arrange();
        assertThat(place(read("/en/c/az/regions/north/hall"), first)).doesNotContain("①");
    }

    @Test
    void aTimeThatHasBegunIsNoLongerOffered() {
        now = first.start().minusNanos(1);
        assertThat(read("/en/c/az/regions/north/hall")).contains(button(first));

        now = first.start();
        assertThat(read("/en/c/az/regions/north/hall"))
                .doesNotContain(button(first))
                .contains(button(second));
        assertThat(read("/en/c/az/regions/north")).contains("north/hall#d1");

        now = second.start();
        assertThat(read("/en/c/az/regions/north/hall")).doesNotContain("id=\"d1\"");
        assertThat(read("/en/c/az/regions/north"))
                .doesNotContain("north/hall#d1")
                .contains("north/hall#d2");
    }

    @Test
    void aCountOfADayThatIsOverChangesNothing() {
        now = second.start();
        Map<String, Answer> before = answers();
        count(first, 7, 0, 1);

        assertChanged(before, answers(), path -> assertThat(path).as("no page").isEmpty());
    }

    @Test
    void whatIsArrangedAfterItsFirstDayBeginsWithTheNext() {
        now = second.start();
        answers();
        pages.arrange(TestCampaign.catalogueOf(offered), this::count);

        assertThat(read("/en/c/az/regions/north/hall"))
                .doesNotContain("id=\"d1\"")
                .contains(button(later));
    }

    @Test
    void onlyPagesThatShowWhatHasChangedAreRenderedAgain() {
        Map<String, Answer> before = answers();
        count(first, 7, 0, 1);
        Map<String, Answer> after = answers();

        assertChanged(
                before, after, path -> assertThat(path).matches("/../c/az/regions/north(/hall)?"));
        assertThat(after.get("/en/c/az/regions/north/hall"))
                .isNotSameAs(before.get("/en/c/az/regions/north/hall"));
    }

    @Test
    void whatNobodyWouldSeeIsNotRenderedAgain() {
        count(second, 300, 0, 90);
        Map<String, Answer> before = answers();
        count(second, 300, 0, 91);
        now = now.plusSeconds(1);

        assertChanged(before, answers(), path -> assertThat(path).as("no page").isEmpty());
    }

    private static void assertChanged(
            Map<String, Answer> before, Map<String, Answer> after, Consumer<String> isExpected) {
        assertThat(after.keySet()).isEqualTo(before.keySet());
        after.forEach(
                (path, answer) -> {
                    if (answer != before.get(path)) {
                        isExpected.accept(path);
                    }
                });
    }

    @Test
    void aCampaignThatIsWithdrawnHasNoPageAnyMore() {
        answers();
        pages.arrange(TestCampaign.catalogueOf(new TestCampaign("other")), this::count);

        assertThat(answers()).containsKey("/en/c/other").doesNotContainKey("/en/c/az");
    }

    @Test
    void whatCanBeBookedNowStandsBeforeWhatIsToComeAndWhatIsOver() {
        pages.arrange(
                TestCampaign.catalogueOf(
                        new TestCampaign("over").opens(OPENS.minusSeconds(9)).closes(OPENS),
                        offered,
                        new TestCampaign("soon").opens(OPENS.plusSeconds(9)).closes(CLOSES)),
                this::count);

        assertThat(read("/en/")).containsSubsequence("/en/c/az\"", "/en/c/soon\"", "/en/c/over\"");
    }

    @Test
    void withoutAnyCampaignTheStartPageSaysSo() {
        pages.arrange(TestCampaign.catalogueOf(), this::count);

        assertThat(read("/en/")).contains("There is no campaign at present");
    }

    @Test
    void aNameThatIsMarkupIsShownAsItIsWritten() {
        TestCampaign hostile = new TestCampaign("az").opens(OPENS).closes(CLOSES);
        hostile.centre("hall", "north")
                .named("hall", HOSTILE)
                .slot("hall", OPENS.plus(Duration.ofDays(9)), 7);
        pages.arrange(TestCampaign.catalogueOf(hostile), slot -> new PlaceCount(7, 0, 0, 0));

        for (String path : new String[] {"/en/c/az/regions/north", "/en/c/az/regions/north/hall"}) {
            assertThat(read(path)).doesNotContain("<script>").contains("&lt;script");
        }
    }
}
