package giliran.main;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.gson.JsonObject;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Clock;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.LoadState;
import com.microsoft.playwright.options.WaitForSelectorState;
import giliran.campaigns.Slot;
import giliran.campaigns.TestCampaign;
import giliran.reception.Sentences;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What people go through in a real browser, with scripts and without. */
class BrowserJourneyTest {
    private static final int PLENTY = 1_000;
    private static final int TABS_MAX = 60;
    private static final int FIRST_PAGE_BYTES_MAX = 60_000;
    private static final int FIRST_PAGE_REQUESTS_MAX = 4;
    private static final int LATER_PAGE_BYTES_MAX = 20_000;
    private static final String GONE = ".g-nearest form";
    private static final String TOLD = "[data-told]";
    private static final String BUSY = "aria-disabled";
    private static final Pattern KEY = Pattern.compile(".*\\bkey=([^&]*).*", Pattern.DOTALL);

    /** How long a button waits after an error. */
    private static final Duration BACK_AFTER = Duration.ofSeconds(3);

    /** How long a form waits for the proof of work. */
    private static final Duration PROOF_WITHIN = Duration.ofSeconds(20);

    /** Of the first two there is one each. */
    private static final Slot[] RUSHED = new Slot[6];

    private static Slot free;
    private static Slot other;
    private static Slot coming;
    private static Slot forTheOld;
    private static Slot last;
    private static Slot puzzle;
    private static TestGiliran giliran;
    private static Chromium chromium;

    @BeforeAll
    static void start(@TempDir Path folder) {
        Instant soon = Instant.now().plus(Duration.ofDays(9));
        TestCampaign main =
                new TestCampaign("main").centre("hall", "north").centre("school", "north");
        free = main.slot("hall", soon, PLENTY);
        other = main.slot("school", soon.plus(Duration.ofHours(2)), PLENTY);
        TestCampaign later =
                new TestCampaign("later")
                        .opens(Instant.now().plus(Duration.ofHours(30)))
                        .centre("barn", "north");
        coming = later.slot("barn", soon, PLENTY);
        TestCampaign old = new TestCampaign("old").minimumAge(60).centre("home", "north");
        forTheOld = old.slot("home", soon, PLENTY);
        TestCampaign scarce = new TestCampaign("scarce").centre("hut", "north");
        last = scarce.slot("hut", soon, 1);
        TestCampaign guarded =
                new TestCampaign("guarded").withProofOfWork().centre("gate", "north");
        puzzle = guarded.slot("gate", soon, PLENTY);
        TestCampaign rush = new TestCampaign("rush").centre("tent", "north");
        for (int place = 0; place < RUSHED.length; place++) {
            RUSHED[place] =
                    rush.slot("tent", soon.plus(Duration.ofHours(place)), place < 2 ? 1 : 9);
        }
        giliran = TestGiliran.start(folder, main, later, old, scarce, guarded, rush);
        chromium = new Chromium();
    }

    @AfterAll
    static void stop() {
        chromium.close();
        giliran.close();
    }

    private static Visitor visitor() {
        return visitor(true);
    }

    private static Visitor visitor(boolean hasScripts) {
        return chromium.visitor(giliran.address(), "en", hasScripts);
    }

    private static ObjectNode somebody() {
        return TestBooking.person(TestBooking.BORN).put("region", "north");
    }

    private static void isTakenMeanwhile(Slot slot) {
        giliran.book(slot, somebody());
    }

    // ---- the way to a place

    static Stream<Arguments> languagesWithAndWithoutScripts() {
        return Sentences.languages().stream()
                .flatMap(
                        language ->
                                Stream.of(
                                        Arguments.of(language, true),
                                        Arguments.of(language, false)));
    }

    @ParameterizedTest
    @MethodSource("languagesWithAndWithoutScripts")
    void leadsFromTheStartPageToAnAppointment(String language, boolean hasScripts) {
        try (Visitor visitor = chromium.visitor(giliran.address(), language, hasScripts)) {
            walk(visitor);

            assertThat(visitor.see("html")).hasAttribute("lang", language);
            assertThat(visitor.reference()).matches("\\d{4} \\d{4} \\d{4} \\d{4}");
            assertThat(visitor.see("svg.g-qr")).isVisible();
            // What only a script can do is offered only with one.
            assertThat(visitor.see("[data-print]")).isVisible(visibleIf(hasScripts));
        }
    }

    private static LocatorAssertions.IsVisibleOptions visibleIf(boolean isVisible) {
        return new LocatorAssertions.IsVisibleOptions().setVisible(isVisible);
    }

    /** From the start page, by what there is to press, to the appointment. */
    private static void walk(Visitor visitor) {
        visitor.open("/");
        visitor.see("a[href$='/c/main']").click();
        visitor.see(".g-ready a").click();
        visitor.isOn("c/main/details");
        visitor.type(somebody());
        visitor.press();
        assertThat(visitor.page()).hasURL(Pattern.compile("/c/main/regions/north$"));
        visitor.see(".g-days a").first().click();
        assertThat(visitor.page()).hasURL(Pattern.compile("/regions/north/[a-z]+#d1$"));
        visitor.see(".g-places .g-time:enabled").first().click();
        visitor.isOn("check\\?slot=.*");
        visitor.press();
        visitor.isOnAppointment();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void leadsWhoTapsAPlaceFirstThroughTheDetailsBackToIt(boolean hasScripts) {
        try (Visitor visitor = visitor(hasScripts)) {
            visitor.open("/c/main/regions/north/school");
            visitor.see(".g-places .g-time:enabled").first().click();
            visitor.isOn("details\\?slot=.*");
            visitor.type(somebody());
            visitor.press();

            visitor.isOn("check\\?slot=" + other.id());
        }
    }

    @Test
    void canBeWalkedByKeyboardOnly() {
        try (Visitor visitor = visitor()) {
            visitor.open("/c/main");
            tabTo(visitor, ".govuk-skip-link");
            enter(visitor);
            assertThat(visitor.see("main")).isFocused();
            tabTo(visitor, ".g-ready a");
            enter(visitor);
            visitor.isOn("c/main/details");
            ObjectNode person = somebody();
            keyIn(visitor, "#name", person.path("name").asText());
            tabTo(visitor, "#idType-nric");
            keyIn(visitor, "#idNumber", person.path("idNumber").asText());
            LocalDate born = TestBooking.BORN;
            keyIn(visitor, "#day", String.valueOf(born.getDayOfMonth()));
            keyIn(visitor, "#month", String.valueOf(born.getMonthValue()));
            keyIn(visitor, "#year", String.valueOf(born.getYear()));
            tabTo(visitor, "#region");
            visitor.page().keyboard().press("ArrowDown");
            keyIn(visitor, "#phone", person.path("phone").asText());
            enter(visitor);
            assertThat(visitor.page()).hasURL(Pattern.compile("/c/main/regions/north$"));
            tabTo(visitor, ".g-days a");
            enter(visitor);
            assertThat(visitor.page()).hasURL(Pattern.compile("/regions/north/[a-z]+#d1$"));
            tabTo(visitor, ".g-places .g-time:enabled");
            enter(visitor);
            visitor.isOn("check\\?slot=.*");
            tabTo(visitor, "form[data-send] button");
            visitor.page().keyboard().press("Space");
            visitor.isOnAppointment();
        }
    }

    private static void tabTo(Visitor visitor, String selector) {
        Locator wanted = visitor.see(selector).first();
        wanted.waitFor(new Locator.WaitForOptions().setState(WaitForSelectorState.ATTACHED));
        for (int tabs = 0; tabs < TABS_MAX; tabs++) {
            visitor.page().keyboard().press("Tab");
            if (Boolean.TRUE.equals(wanted.evaluate("it => it === document.activeElement"))) {
                return;
            }
        }
        throw new AssertionError(TABS_MAX + " tabs never reach " + selector);
    }

    private static void keyIn(Visitor visitor, String selector, String text) {
        tabTo(visitor, selector);
        visitor.page().keyboard().type(text);
    }

    private static void enter(Visitor visitor) {
        visitor.page().keyboard().press("Enter");
    }

    /** The most bytes are in Tamil. */
    @ParameterizedTest
    @ValueSource(strings = {"en", "ta"})
    void isLightOnTheWire(String language) {
        try (Visitor visitor = chromium.visitor(giliran.address(), language)) {
            Weight weight = new Weight(visitor);
            visitor.open("/");
            weight.settle();
            assertThat(weight.requests).isLessThanOrEqualTo(FIRST_PAGE_REQUESTS_MAX);
            assertThat(weight.bytes).isLessThanOrEqualTo(FIRST_PAGE_BYTES_MAX);

            for (Runnable step :
                    List.<Runnable>of(
                            () -> visitor.open("/c/main"),
                            () -> visitor.open("/c/main/regions/north"),
                            () -> visitor.open("/c/main/regions/north/hall"),
                            () -> visitor.openCheck(free),
                            () -> {
                                visitor.type(somebody());
                                visitor.press();
                                visitor.isOn("check\\?slot=.*");
                            },
                            () -> {
                                visitor.press();
                                visitor.isOnAppointment();
                            })) {
                weight.reset();
                step.run();
                weight.settle();
                assertThat(weight.bytes)
                        .as("bytes of %s", visitor.page().url())
                        .isLessThanOrEqualTo(LATER_PAGE_BYTES_MAX);
            }
        }
    }

    /** What a browser receives, with headers and compressed as it comes. */
    private static final class Weight {
        private final Page page;
        private final Set<String> underWay = new HashSet<>();
        private int requests;
        private long bytes;

        Weight(Visitor visitor) {
            page = visitor.page();
            CDPSession session = visitor.context().newCDPSession(page);
            session.send("Network.enable");
            session.on("Network.requestWillBeSent", event -> underWay.add(id(event)));
            session.on("Network.loadingFailed", event -> underWay.remove(id(event)));
            session.on("Network.loadingFinished", this::add);
        }

        private static String id(JsonObject event) {
            return event.get("requestId").getAsString();
        }

        private void add(JsonObject event) {
            underWay.remove(id(event));
            long received = event.get("encodedDataLength").getAsLong();
            // Nothing is received for what is kept, or written in the page itself.
            if (received > 0) {
                requests++;
                bytes += received;
            }
        }

        /** Waits until the page is there with all that it asks for. */
        void settle() {
            page.waitForLoadState(LoadState.LOAD);
            page.waitForCondition(underWay::isEmpty);
        }

        void reset() {
            requests = 0;
            bytes = 0;
        }
    }

    // ---- what may go wrong

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void offersTheNearestThreeForOneTapWhenAPlaceHasGone(boolean hasScripts) {
        Slot wanted = RUSHED[hasScripts ? 0 : 1];
        try (Visitor visitor = visitor(hasScripts)) {
            visitor.choose(wanted, somebody());
            isTakenMeanwhile(wanted);
            visitor.press();

            assertThat(visitor.see(TOLD)).isVisible();
            assertThat(visitor.see(GONE)).hasCount(3);
            assertThat(visitor.see(".govuk-back-link")).isVisible();

            Locator tap = visitor.see(GONE + " button").last();
            assertThat(tap.getAttribute(BUSY)).as("ready at once").isNull();
            tap.click();
            visitor.isOnAppointment();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void booksOnceForADoubleClick(boolean hasScripts) {
        try (Visitor visitor = visitor(hasScripts)) {
            visitor.choose(free, somebody());
            Set<String> sent = sentBy(visitor);
            visitor.button().dblclick();

            visitor.isOnAppointment();
            assertThat(sent).as("one key").hasSize(1);
            hasOneAppointment(visitor);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void booksOnceWhenTheAnswerIsLost(boolean hasScripts) {
        try (Visitor visitor = visitor(hasScripts)) {
            visitor.choose(free, somebody());
            Set<String> sent = sentBy(visitor);
            loseAnswer(visitor, hasScripts);

            visitor.isOnAppointment();
            assertThat(sent).as("one key").hasSize(1);
            hasOneAppointment(visitor);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void booksOnceForWhoGoesBackAndReloads(boolean hasScripts) {
        try (Visitor visitor = visitor(hasScripts)) {
            visitor.book(free, somebody());
            String reference = visitor.reference();
            visitor.page().reload();
            visitor.isOnAppointment();
            visitor.page().goBack();
            visitor.isOn("check\\?slot=.*");
            visitor.page().reload();

            isToldOfTheAppointment(visitor, reference);
        }
    }

    /** The keys of what is sent from now on. */
    private static Set<String> sentBy(Visitor visitor) {
        Set<String> sent = new HashSet<>();
        visitor.page()
                .onRequest(
                        request -> {
                            if (request.method().equals("POST")) {
                                sent.add(KEY.matcher(request.postData()).replaceFirst("$1"));
                            }
                        });
        return sent;
    }

    /** The person is on their appointment's page, and cannot have another one. */
    private static void hasOneAppointment(Visitor visitor) {
        String reference = visitor.reference();
        visitor.openCheck(free);
        isToldOfTheAppointment(visitor, reference);
    }

    private static void isToldOfTheAppointment(Visitor visitor, String reference) {
        visitor.press();
        assertThat(visitor.see(TOLD)).isVisible();
        assertThat(visitor.see("main")).containsText(reference);
        visitor.see("main a.govuk-button").click();
        visitor.isOnAppointment();
        assertThat(visitor.reference()).isEqualTo(reference);
    }

    /** The server books, and its answer never comes. */
    private static void loseAnswer(Visitor visitor, boolean hasScripts) {
        Page page = visitor.page();
        page.route(
                "**/check*",
                route -> {
                    route.fetch(new Route.FetchOptions().setMaxRedirects(0));
                    route.abort();
                },
                new Page.RouteOptions().setTimes(1));
        if (hasScripts) {
            page.clock().install();
            visitor.press();
            Locator failed =
                    visitor.see("[role=alert]")
                            .filter(
                                    new Locator.FilterOptions()
                                            .setHasText("we do not know whether it worked"));
            assertThat(failed).isVisible();
            assertThat(visitor.button()).hasAttribute(BUSY, "true");
            page.clock().fastForward(BACK_AFTER.toMillis());
            assertThat(visitor.button()).not().hasAttribute(BUSY, "true");
            assertThat(visitor.see("form[data-send] input[name=again]")).hasValue("yes");
        } else {
            AtomicBoolean isLost = new AtomicBoolean();
            page.onRequestFailed(request -> isLost.set(true));
            visitor.press();
            page.waitForCondition(isLost::get);
            page.reload();
            return;
        }
        visitor.press();
    }

    @Test
    void keepsWhatWasTypedAndLeadsToWhatIsWrong() {
        try (Visitor visitor = visitor()) {
            visitor.openDetails("main");
            visitor.type(somebody().put("phone", "12"));
            visitor.see("#month").fill("13");
            visitor.press();

            assertThat(visitor.see(TOLD)).isFocused();
            assertThat(visitor.see(TOLD + " [role=alert]")).isVisible();
            assertThat(visitor.see("#name")).hasValue("Nurul Aina binti Rahman");
            assertThat(visitor.see("#phone")).hasValue("12");
            assertThat(visitor.see("#phone")).hasAttribute("aria-invalid", "true");
            assertThat(visitor.see("#phone"))
                    .hasAttribute("aria-describedby", Pattern.compile("\\bphone-error\\b"));
            assertThat(visitor.see("#phone-error")).isVisible();
            assertThat(visitor.see(".govuk-back-link")).isVisible();
            visitor.see(TOLD + " a[href='#phone']").click();
            assertThat(visitor.see("#phone")).isFocused();
            visitor.see(TOLD + " a[href='#day']").click();
            assertThat(visitor.see("#day")).isFocused();
        }
    }

    @Test
    void losesNothingThatWasTypedWhenNoAnswerComes() {
        try (Visitor visitor = visitor()) {
            Page page = visitor.page();
            page.clock().install();
            visitor.openDetails("main");
            visitor.type(somebody());
            page.route("**/details", Route::abort, new Page.RouteOptions().setTimes(1));
            visitor.press();
            keepsTheFormAndLetsItBeSentAgain(visitor);

            // Nor when whoever stands in between answers.
            page.route(
                    "**/details",
                    route ->
                            route.fulfill(
                                    new Route.FulfillOptions()
                                            .setStatus(502)
                                            .setContentType("text/html")
                                            .setBody("<main><h1>Bad gateway</h1></main>")),
                    new Page.RouteOptions().setTimes(1));
            visitor.press();
            keepsTheFormAndLetsItBeSentAgain(visitor);
            visitor.press();
            assertThat(page).hasURL(Pattern.compile("/c/main/regions/north$"));
        }
    }

    private static void keepsTheFormAndLetsItBeSentAgain(Visitor visitor) {
        assertThat(visitor.see("form[data-send] [role=alert]")).containsText("still here");
        assertThat(visitor.see("#name")).hasValue("Nurul Aina binti Rahman");
        assertThat(visitor.button()).hasAttribute(BUSY, "true");
        visitor.page().clock().fastForward(BACK_AFTER.toMillis());
        assertThat(visitor.button()).not().hasAttribute(BUSY, "true");
        assertThat(visitor.button()).hasText("Continue");
    }

    @Test
    void letsAKeptPageBeUsedAgainByWhoComesBackToIt() {
        try (Visitor visitor = visitor()) {
            // What holds nothing typed is loaded anew.
            visitor.choose(free, somebody());
            Locator key = visitor.see("form[data-send] input[name=key]");
            String before = key.inputValue();
            comeBack(visitor);
            assertThat(key).not().hasValue(before);

            visitor.openDetails("main");
            visitor.type(somebody());
            visitor.page().route("**/details", route -> {});
            visitor.press();
            assertThat(visitor.button()).hasAttribute(BUSY, "true");
            comeBack(visitor);
            assertThat(visitor.button()).not().hasAttribute(BUSY, "true");
            assertThat(visitor.button()).hasText("Continue");
            assertThat(visitor.see("#name")).hasValue("Nurul Aina binti Rahman");
        }
    }

    /** As a browser tells a page that it has kept for going back. */
    private static void comeBack(Visitor visitor) {
        visitor.page()
                .evaluate(
                        "dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))");
    }

    @Test
    void saysWhomACampaignIsNotFor() {
        try (Visitor visitor = visitor()) {
            visitor.openCheck(forTheOld);
            visitor.type(somebody());
            visitor.press();

            assertThat(visitor.see(TOLD)).containsText("60");
            assertThat(visitor.see(TOLD)).containsText("Nothing was booked");
        }
    }

    @Test
    void saysWhatComesNextWhenAllIsTaken() {
        try (Visitor visitor = visitor()) {
            visitor.choose(last, somebody());
            isTakenMeanwhile(last);
            visitor.press();
            assertThat(visitor.see(TOLD)).isVisible();
            assertThat(visitor.see(GONE)).hasCount(0);

            // It is published within a second.
            Locator notice = visitor.see(".g-notice--soldOut");
            visitor.page()
                    .waitForCondition(
                            () -> {
                                visitor.open("/c/scarce");
                                return notice.isVisible();
                            });
            visitor.open("/c/scarce/regions/north/hut");
            assertThat(visitor.see(".g-places .g-time").first()).isDisabled();
        }
    }

    @Test
    void doesTheProofOfWorkWhileThePersonTypes() {
        try (Visitor visitor = visitor()) {
            visitor.openCheck(puzzle);
            visitor.type(somebody());
            visitor.press();
            visitor.isOn("check\\?slot=.*");
        }
    }

    @Test
    void letsThePersonWaitWhereTheProofOfWorkTakesTooLong() {
        try (Visitor visitor = visitor()) {
            visitor.page().clock().install();
            visitor.page().route("**/challenge", route -> {});
            visitor.openCheck(puzzle);
            visitor.type(somebody());
            visitor.press();
            assertThat(visitor.button()).hasAttribute(BUSY, "true");
            visitor.page().clock().fastForward(PROOF_WITHIN.toMillis());

            assertThat(visitor.see(TOLD)).containsText("within 20 seconds");
            assertThat(visitor.see("#name")).hasValue("Nurul Aina binti Rahman");
        }
    }

    // ---- before the opening

    @Test
    void getsPeopleReadyBeforeTheOpeningAndCountsDownByTheServersClock() {
        try (Visitor visitor = visitor()) {
            // This device is a day late.
            visitor.page()
                    .clock()
                    .install(
                            new Clock.InstallOptions()
                                    .setTime(
                                            Instant.now()
                                                    .minus(Duration.ofDays(1))
                                                    .toEpochMilli()));
            visitor.open("/c/later");
            assertThat(visitor.see("[data-unit=days]")).hasText("1");
            assertThat(visitor.see("[data-unit=hours]")).hasText("5");

            visitor.see(".g-notice a.govuk-button").click();
            visitor.type(somebody());
            visitor.press();
            visitor.isOn("c/later/ready");
            assertThat(visitor.see("[data-unit=hours]")).hasText("5");

            visitor.openCheck(coming);
            assertThat(visitor.see("main")).containsText("Booking opens on");
        }
    }

    // ---- the appointment

    @Test
    void isMovedToAnotherPlaceAndKeepsItsReference() {
        try (Visitor visitor = visitor()) {
            visitor.book(free, somebody());
            String reference = visitor.reference();
            visitor.see("form[action$='/choose'] button").click();
            assertThat(visitor.page()).hasURL(Pattern.compile("/c/main/regions/north$"));
            visitor.see("a[href*='north/school']").first().click();
            visitor.see(".g-places .g-time:enabled").first().click();
            visitor.isOn("check\\?slot=.*");
            assertThat(visitor.see(".govuk-inset-text")).containsText("Centre hall");
            visitor.press();

            visitor.isOnAppointment();
            assertThat(visitor.see("main")).containsText("Centre school");
            assertThat(visitor.reference()).isEqualTo(reference);
        }
    }

    @Test
    void isFoundByItsReferenceAndCancelledOnlyWhenConfirmed() {
        try (Visitor visitor = visitor()) {
            visitor.book(free, somebody());
            String reference = visitor.reference();

            visitor.openMine("/find");
            visitor.see("#reference").fill(reference);
            visitor.typeDate(TestBooking.BORN);
            visitor.press();
            visitor.isOnAppointment();
            visitor.see("a[href$='/cancel']").click();
            visitor.isOn("a/[^/]+/cancel");
            visitor.press();

            visitor.isOnAppointment();
            assertThat(visitor.see(".g-panel--cancelled")).isVisible();
        }
    }
}
