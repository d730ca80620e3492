package giliran.main;

import static org.assertj.core.api.Assertions.assertThat;

import giliran.booking.EndPasses;
import giliran.campaigns.CampaignId;
import giliran.campaigns.Slot;
import giliran.campaigns.TestCampaign;
import giliran.ledger.Bookkeeper;
import giliran.ledger.Command;
import giliran.ledger.CommandResult;
import giliran.ledger.PlaceCounts;
import giliran.ledger.PlaceId;
import giliran.ledger.Refusal;
import giliran.main.Browser.Form;
import giliran.main.Browser.Page;
import giliran.people.PersonHandle;
import giliran.store.Database;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What people meet on the pages that are theirs, without a script, over real HTTP. */
class PersonalPagesJourneyTest {
    private static final AtomicInteger PEOPLE = new AtomicInteger();
    private static final DateTimeFormatter NRIC_DATE =
            DateTimeFormatter.ofPattern("uuMMdd", Locale.ROOT);

    /** While it is set, what the ledger has done is not told. */
    private static final AtomicBoolean ANSWERS_ARE_LOST = new AtomicBoolean();

    private static Slot free;
    private static Slot other;
    private static Slot full;
    private static Slot later;
    private static Slot tomorrow;
    private static Slot tooLate;
    private static TestGiliran giliran;

    private final Browser browser = browser();

    /** The ledger, whose answers may be lost on their way. */
    private record Forgetful(Bookkeeper ledger) implements Bookkeeper {
        @Override
        public CompletableFuture<CommandResult> submit(Command command) {
            return ledger.submit(command)
                    .thenApply(
                            result ->
                                    ANSWERS_ARE_LOST.get()
                                            ? new CommandResult.Refused(
                                                    Refusal.OUTCOME_UNKNOWN, Optional.empty())
                                            : result);
        }

        @Override
        public Optional<Refusal> refuseAtOnce(
                PersonHandle person, PlaceId place, Optional<Refusal> policy) {
            return ledger.refuseAtOnce(person, place, policy);
        }

        @Override
        public PlaceCounts counts() {
            return ledger.counts();
        }

        @Override
        public int waiting() {
            return ledger.waiting();
        }

        @Override
        public Effort effort() {
            return ledger.effort();
        }

        @Override
        public void close() {
            ledger.close();
        }
    }

    @BeforeAll
    static void start(@TempDir Path folder) {
        Instant now = Instant.now();
        Instant soon = now.plus(Duration.ofDays(9));
        TestCampaign open =
                new TestCampaign("open")
                        .minimumAge(18)
                        .forThoseIn("kuala-lumpur")
                        .centre("hall", "kuala-lumpur")
                        .centre("school", "kuala-lumpur");
        free = open.slot("hall", soon, 1_000);
        full = open.slot("hall", soon.plus(Duration.ofHours(1)), 0);
        other = open.slot("school", soon.plus(Duration.ofHours(2)), 1_000);
        later = open.slot("hall", soon.plus(Duration.ofDays(400)), 1_000);
        TestCampaign coming =
                new TestCampaign("coming")
                        .opens(now.plus(Duration.ofHours(1)))
                        .centre("barn", "kuala-lumpur");
        tomorrow = coming.slot("barn", soon, 10);
        TestCampaign over =
                new TestCampaign("over")
                        .opens(now.minus(Duration.ofHours(2)))
                        .closes(now.minus(Duration.ofHours(1)))
                        .centre("tent", "kuala-lumpur");
        tooLate = over.slot("tent", soon, 10);
        giliran =
                TestGiliran.start(
                        folder,
                        List.of("127.0.0.1"),
                        InstantSource.system(),
                        (connection, database, clock) ->
                                new Forgetful(Giliran.LEDGER.open(connection, database, clock)),
                        open,
                        coming,
                        over);
    }

    @AfterAll
    static void stop() {
        giliran.close();
    }

    private static Browser browser() {
        return new Browser(giliran.address());
    }

    private static String details(String campaign) {
        return "/my/en/c/" + campaign + "/details";
    }

    private static String check(Slot slot) {
        return "/my/en/c/" + slot.campaign() + "/check?slot=" + slot.id();
    }

    private static Form filled(Form form) {
        return filled(form, TestBooking.BORN);
    }

    /** All that has to be typed, for a person of its own. */
    private static Form filled(Form form, LocalDate born) {
        String number = NRIC_DATE.format(born) + String.format("%06d", PEOPLE.incrementAndGet());
        return form.with("name", "Nurul Aina binti Rahman")
                .with("idType", "nric")
                .with("idNumber", number)
                .with("day", String.valueOf(born.getDayOfMonth()))
                .with("month", String.valueOf(born.getMonthValue()))
                .with("year", String.valueOf(born.getYear()))
                .with("region", "kuala-lumpur")
                .with("phone", "012-345 6789");
    }

    private Form detailsForm(String campaign) {
        return browser.get(details(campaign)).form("/details");
    }

    private void getPass(String campaign) {
        Page entered = browser.post(filled(detailsForm(campaign)));
        assertThat(entered.status()).as(entered.body()).isEqualTo(303);
    }

    /** The form that books a place, as the check page has it. */
    private Form bookingForm(Slot slot) {
        return browser.get(check(slot)).form("/check");
    }

    /** The page of an appointment that was booked in this browser. */
    private Page book(Slot slot) {
        getPass(slot.campaign().value());
        Page booked = browser.submit(bookingForm(slot));
        assertThat(booked.status()).as(booked.body()).isEqualTo(200);
        assertThat(booked.path()).contains("/a/");
        return booked;
    }

    private static String reference(Page appointment) {
        return appointment.body().replaceAll("(?s).*<strong>([0-9 ]{19})</strong>.*", "$1");
    }

    // ---- the way to a place

    @Test
    void leadsFromThePlaceThroughTheDetailsBackToThePlaceAndToTheAppointment() {
        Page asked = browser.get(check(free));
        assertThat(asked.status()).isEqualTo(303);
        Page form = browser.follow(asked);
        assertThat(form.text()).contains("back to the place that you chose");

        Page checked = browser.submit(filled(form.form("/details")));
        assertThat(checked.path()).isEqualTo(check(free));
        assertThat(checked.text())
                .contains("Is this right?", "Centre hall", "N••• A••• b•••", "dose 1");

        Page booked = browser.submit(checked.form("/check"));
        assertThat(booked.status()).isEqualTo(200);
        assertThat(booked.text()).contains("You have a place", "Centre hall", "N••• A••• b•••");
        assertThat(reference(booked)).matches("[0-9]{4}( [0-9]{4}){3}");
        assertThat(browser.get(booked.path()).text()).isEqualTo(booked.text());
    }

    @Test
    void leadsToTheListOfThePersonsRegionWhoBeganWithTheDetails() {
        Page entered = browser.post(filled(detailsForm("open")));
        assertThat(entered.header("Location")).isEqualTo("/en/c/open/regions/kuala-lumpur");
    }

    @ParameterizedTest
    @ValueSource(strings = {"en", "ms", "zh", "ta", "fr"})
    void speaksTheLanguageOfTheAddress(String language) {
        Page form = browser.get("/my/" + language + "/c/open/details");
        assertThat(form.body()).contains("<html lang=\"" + language + "\"");
        assertThat(form.header("Content-Language")).isEqualTo(language);
        Page wrong = browser.post(form.form("/details"));
        assertThat(wrong.header("Content-Language")).isEqualTo(language);
        Page checked =
                browser.submit(filled(wrong.form("/details")).with("slot", free.id().toString()));
        assertThat(checked.path()).startsWith("/my/" + language + "/");
        Page booked = browser.submit(checked.form("/check"));
        assertThat(booked.path()).startsWith("/my/" + language + "/a/");
        assertThat(booked.status()).isEqualTo(200);
        assertThat(browser.get("/my/" + language + "/find").status()).isEqualTo(200);
        assertThat(browser.get(booked.path() + "/cancel").status()).isEqualTo(200);
        assertThat(browser.get(booked.path() + "/calendar.ics").body())
                .contains("BEGIN:VEVENT", reference(booked).replace(" ", ""), "END:VCALENDAR");
    }

    @Test
    void knowsNoOtherLanguageCampaignOrPlace() {
        for (String path :
                List.of(
                        "/my/de/c/open/details",
                        "/my/en/c/nowhere/details",
                        "/my/en/c/nowhere/check?slot=" + free.id(),
                        "/my/en/a/no-such-secret",
                        "/my/en/nothing")) {
            Page missing = browser.get(path);
            assertThat(missing.status()).as(path).isEqualTo(404);
            assertThat(missing.body()).as(path).contains("<main", "We could not find it");
        }
        getPass("open");
        Page missing = browser.get("/my/en/c/open/check?slot=" + tomorrow.id());
        assertThat(missing.status()).isEqualTo(404);
        assertThat(missing.text()).contains("This time is not on the campaign's list.");
    }

    @Test
    void getsPeopleReadyBeforeTheOpeningAndSaysWhenItOpens() {
        Page ready = browser.submit(filled(detailsForm("coming")));
        assertThat(ready.path()).isEqualTo("/my/en/c/coming/ready");
        assertThat(ready.text()).contains("You are ready", "Booking opens on", "N••• A••• b•••");

        Page checked = browser.get(check(tomorrow));
        assertThat(checked.text()).contains("Booking opens on");
        Form form = checked.form("/check");
        assertThat(form.attributes()).containsPattern("data-wait=\"3[0-9]{3}\"");
        Page early = browser.post(form);
        assertThat(early.status()).isEqualTo(403);
        assertThat(early.text()).contains("Booking has not opened yet", "Nothing was booked.");
        assertThat(early.form("/check").fields()).isEqualTo(form.fields());
        assertThat(early.form("/check").attributes()).containsPattern("data-wait=\"3[0-9]{3}\"");
    }

    @Test
    void saysThatACampaignHasClosedAndKeepsWhatWasTyped() {
        Page closed = browser.post(filled(detailsForm("over")));
        assertThat(closed.status()).isEqualTo(403);
        assertThat(closed.text()).contains("Booking has closed", "Nothing was booked.");
        assertThat(closed.body()).contains("value=\"Nurul Aina binti Rahman\"");
        assertThat(browser.get(check(tooLate)).status()).isEqualTo(303);
    }

    // ---- details

    @Test
    void keepsAllThatWasTypedAndTellsBesideEachFieldWhatIsWrong() {
        Form form =
                filled(detailsForm("open"))
                        .with("name", "<script>\"Aina\"")
                        .with("idNumber", "not a number")
                        .with("day", "31")
                        .with("month", "2")
                        .with("phone", "12")
                        .with("email", "me@")
                        .with("contactBy", "email");

        Page wrong = browser.post(form);

        assertThat(wrong.status()).isEqualTo(422);
        assertThat(wrong.text()).contains("Some details need another look", "Nothing was booked.");
        for (String field : List.of("idNumber", "day", "phone", "email")) {
            assertThat(wrong.body())
                    .contains("<a href=\"#" + field + "\">", "id=\"" + field + "\"");
        }
        for (String field : List.of("idNumber", "dateOfBirth", "phone", "email")) {
            assertThat(wrong.body()).contains("id=\"" + field + "-error\"");
        }
        assertThat(wrong.body())
                .contains("aria-describedby=\"idNumber-hint idNumber-error\"")
                .contains("value=\"&lt;script>&#34;Aina&#34;\"")
                .contains("value=\"not a number\"")
                .contains("value=\"31\"")
                .contains("value=\"me@\"")
                .containsPattern("value=\"email\" checked")
                .doesNotContain("<script>\"");
        assertThat(browser.cookie("pass.open")).isEmpty();
    }

    @Test
    void tellsAtTheDetailsWhomACampaignIsNotFor() {
        Page elsewhere = browser.post(filled(detailsForm("open")).with("region", "elsewhere"));
        assertThat(elsewhere.status()).isEqualTo(403);
        assertThat(elsewhere.text())
                .contains("people who live in certain regions", "Nothing was booked.");
        assertThat(elsewhere.body()).containsPattern("value=\"elsewhere\" selected");
        Page young =
                browser.post(
                        filled(
                                detailsForm("open"),
                                LocalDate.now(TestCampaign.ZONE).minusYears(9)));
        assertThat(young.status()).isEqualTo(403);
        assertThat(young.text()).contains("aged 18 or over");
    }

    @Test
    void tellsWhoIsTooYoungOnThatDayFromWhichDayOn() {
        LocalDate born = LocalDate.now(TestCampaign.ZONE).minusYears(18).plusDays(100);
        browser.post(filled(detailsForm("open"), born));
        Page young = browser.submit(bookingForm(free));
        assertThat(young.status()).isEqualTo(403);
        assertThat(young.text()).contains("aged 18 or over", "Nothing was booked.");
        assertThat(young.body()).contains("/en/c/open/regions/kuala-lumpur");
        assertThat(browser.submit(bookingForm(later)).status()).isEqualTo(200);
    }

    // ---- the pass

    @Test
    void keepsThePassInACookieForPersonalPagesOnlyThatNoScriptReads() {
        Page entered = browser.post(filled(detailsForm("open")));
        assertThat(entered.header("Set-Cookie"))
                .startsWith("pass.open=")
                .contains("; Path=/my/", "; HTTPOnly", "; SameSite=Lax", "; Max-Age=8639")
                .doesNotContain("Secure");

        browser.always("X-Forwarded-Proto", "https");
        Page byHttps = browser.post(filled(detailsForm("open")));
        assertThat(byHttps.header("Set-Cookie")).contains("; Secure");
    }

    @Test
    void forgetsTheDetailsWhenAsked() {
        getPass("open");
        Page forgotten = browser.submit(browser.get(check(free)).form("/forget"));
        assertThat(forgotten.path()).isEqualTo(details("open") + "?slot=" + free.id());
        assertThat(browser.cookie("pass.open")).isEmpty();
        assertThat(browser.get(check(free)).status()).isEqualTo(303);
    }

    @Test
    void movesNothingAnyMoreForWhoEntersDetailsOrHasThemForgotten() {
        getPass("open");
        Form forget = browser.get(check(free)).form("/forget");
        Page booked = browser.submit(bookingForm(free));
        browser.post(browser.get(booked.path()).form("/choose"));
        assertThat(browser.cookie("moving")).isNotEmpty();
        getPass("open");
        assertThat(browser.cookie("moving")).isEmpty();

        browser.post(browser.get(booked.path()).form("/choose"));
        browser.post(forget);
        assertThat(browser.cookie("moving")).isEmpty();
    }

    @Test
    void asksForTheDetailsAgainWhenThePassHasEndedAndLeadsBack() {
        getPass("coming");
        Form form = bookingForm(tomorrow);
        try (Database database = Database.open(giliran.connection(), 2, InstantSource.system())) {
            new EndPasses(database, InstantSource.system()).endAll(new CampaignId("coming"));
        }
        GiliranProcess.await(
                "the pass lives on", () -> browser.get(check(tomorrow)).status() == 303);
        assertThat(browser.get("/my/en/c/coming/ready").status()).isEqualTo(303);
        browser.keep("pass.open", browser.cookie("pass.coming"));
        Page refused = browser.post(new Form(check(free), "", withSlot(form, free)));
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.text()).contains("This pass cannot be used", "Nothing was booked.");
        assertThat(refused.body()).contains(details("open") + "?slot=" + free.id());
    }

    private static Map<String, String> withSlot(Form form, Slot slot) {
        return form.with("slot", slot.id().toString()).fields();
    }

    @Test
    void asksForTheDetailsWhenThereIsNoPass() {
        getPass("open");
        Form form = bookingForm(free);
        Page refused = browser().post(form);
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.text()).contains("No pass came with this request");
        assertThat(refused.body()).contains(details("open") + "?slot=" + free.id());
    }

    // ---- booking

    @Test
    void booksOnceForADoubleClickAReloadAndAWayBack() {
        getPass("open");
        Form form = bookingForm(free);
        List<CompletableFuture<Page>> clicks =
                Stream.generate(() -> CompletableFuture.supplyAsync(() -> browser.post(form)))
                        .limit(4)
                        .toList();
        Set<String> led = new HashSet<>();
        clicks.forEach(click -> led.add(click.join().header("Location")));
        led.add(browser.post(form).header("Location"));
        assertThat(led).hasSize(1);
        String address = led.iterator().next();
        assertThat(browser.get(address).text()).isEqualTo(browser.get(address).text());

        Page another = browser.post(bookingForm(other));
        assertThat(another.status()).isEqualTo(409);
        assertThat(another.text())
                .contains(
                        "This person already has an appointment", reference(browser.get(address)));
        assertThat(another.body()).contains("href=\"" + address + "\"");
    }

    @Test
    void showsAnAppointmentOnlyToThePassThatMadeIt() {
        Form person = filled(detailsForm("open"));
        browser.post(person);
        Page booked = browser.submit(bookingForm(free));

        Browser thief = browser();
        thief.post(new Form(person.action(), "", person.fields()));
        Page refused = thief.post(thief.get(check(free)).form("/check"));
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.text()).contains("This person already has an appointment");
        assertThat(refused.body()).doesNotContain(reference(booked)).doesNotContain("/a/");
    }

    @Test
    void offersTheNearestPlacesToBeBookedWithOneTapWhenThePlaceHasGone() {
        getPass("open");
        Page gone = browser.post(bookingForm(full));
        assertThat(gone.status()).isEqualTo(409);
        assertThat(gone.text())
                .contains("No place is left at this time", "Nothing was booked.", "Nearest places");
        List<Form> nearest = gone.forms("/check");
        assertThat(nearest).hasSize(3);
        assertThat(nearest.getFirst().fields()).containsEntry("slot", free.id().toString());
        assertThat(nearest.stream().map(form -> form.fields().get("key"))).doesNotHaveDuplicates();
        Page booked = browser.submit(nearest.getFirst());
        assertThat(booked.text()).contains("You have a place");
    }

    @Test
    void asksAgainWithTheSameKeyWhatBecameOfALostAnswer() {
        getPass("open");
        Form form = bookingForm(free);
        Page unknown = postAndLose(form);
        assertThat(unknown.header("Retry-After")).isEqualTo("2");
        assertThat(unknown.text())
                .contains("We do not know yet", "It may have been.", "never books twice");
        Form again = unknown.form("/check");
        assertThat(again.fields()).isEqualTo(form.with("again", "yes").fields());
        assertThat(again.attributes()).contains("data-repeat=\"true\"", "data-wait=\"2\"");
        assertThat(browser.submit(again).text()).contains("You have a place");
    }

    /** The ledger does what the form asks for, and nobody hears of it. */
    private Page postAndLose(Form form) {
        ANSWERS_ARE_LOST.set(true);
        try {
            Page unknown = browser.post(form);
            assertThat(unknown.status()).isEqualTo(503);
            assertThat(unknown.text()).contains("We do not know yet");
            return unknown;
        } finally {
            ANSWERS_ARE_LOST.set(false);
        }
    }

    /** The page says that it is still unknown, and asks again with the same key. */
    private static void isStillUnknown(Page page, Form asked) {
        assertThat(page.status()).isEqualTo(503);
        assertThat(page.text()).contains("We do not know yet").doesNotContain("nothing");
        Form again = page.form(asked.action());
        assertThat(again.fields()).isEqualTo(asked.fields());
        assertThat(again.attributes())
                .contains(
                        "data-repeat=\"true\"", "data-wait=\"" + page.header("Retry-After") + "\"");
    }

    @Test
    void stillDoesNotKnowWhatBecameOfABookingWhoseRepeatComesTooOften() {
        getPass("open");
        Form form = postAndLose(bookingForm(free)).form("/check");
        isStillUnknown(postUntil(503, form), form);
    }

    @Test
    void stillDoesNotKnowWhatBecameOfAMoveWhoseRepeatComesTooOften() {
        Form form = postAndLose(moveForm(book(free))).form("/move");
        isStillUnknown(postUntil(503, form), form);
    }

    @Test
    void stillDoesNotKnowWhetherAnAppointmentWasCancelledWhoseRepeatComesTooOften() {
        Page asked = browser.get(book(free).path() + "/cancel");
        Form form = postAndLose(asked.form("/cancel")).form("/cancel");
        Page unknown = postUntil(503, form);
        assertThat(unknown.text()).contains("We do not know yet").doesNotContain("nothing");
        assertThat(unknown.form("/cancel").fields()).isEqualTo(form.fields());
    }

    /** The form that moves an appointment of this browser to the other place. */
    private Form moveForm(Page booked) {
        browser.post(browser.get(booked.path()).form("/choose"));
        return browser.get(check(other)).form("/move");
    }

    @Test
    void tellsWhoTriesTooOftenHowLongToWaitAndKeepsTheKey() {
        getPass("open");
        Form form = bookingForm(full);
        Page page = postUntil(429, form);
        assertThat(page.text())
                .contains("Too many tries", "Please wait", "booked and changed nothing");
        assertThat(page.header("Retry-After")).isNotEmpty();
        assertThat(page.form("/check").attributes())
                .contains("data-wait=\"" + page.header("Retry-After") + "\"")
                .doesNotContain("data-repeat=\"true\"");
        assertThat(page.form("/check").fields()).isEqualTo(form.fields());
    }

    private Page postUntil(int status, Form form) {
        Page page = browser.post(form);
        for (int tries = 1; page.status() != status; tries++) {
            assertThat(tries).isLessThan(100);
            page = browser.post(form);
        }
        return page;
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "not a key"})
    void startsAgainWithoutAGoodKey(String key) {
        getPass("open");
        Page refused = browser.post(bookingForm(free).with("key", key));
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.text()).contains("Start again with this place");
        assertThat(refused.body()).contains(check(free));
    }

    @Test
    void leadsAScriptOnWithoutARedirect() {
        getPass("open");
        Form form = bookingForm(free);
        Page booked =
                browser.send(form.action(), browser.requestOf(form).header("X-Giliran-Form", "1"));
        assertThat(booked.status()).isEqualTo(201);
        assertThat(browser.get(booked.header("Location")).text()).contains("You have a place");
    }

    // ---- the appointment

    @Test
    void movesToAPlaceThatWasTappedInTheListAndKeepsTheReference() {
        Page booked = book(free);
        Page list = browser.post(browser.get(booked.path()).form("/choose"));
        assertThat(list.header("Location")).isEqualTo("/en/c/open/regions/kuala-lumpur");
        assertThat(list.header("Set-Cookie"))
                .startsWith("moving=")
                .contains("; Path=/my/", "; HTTPOnly", "; SameSite=Lax", "; Max-Age=900");

        Page asked = browser.get(check(other));
        assertThat(asked.text()).contains("Move to this place?", "Centre school", "Centre hall");
        Form form = asked.form("/move");
        Page gone = browser.post(form.with("slot", full.id().toString()));
        assertThat(gone.status()).isEqualTo(409);
        assertThat(gone.text()).contains("The appointment stays as it was.");
        assertThat(gone.forms("/move")).hasSize(3);

        Page moved = browser.submit(form);
        assertThat(moved.path()).isEqualTo(booked.path());
        assertThat(moved.text()).contains("Centre school").doesNotContain("Centre hall");
        assertThat(reference(moved)).isEqualTo(reference(booked));
        assertThat(browser.cookie("moving")).isEmpty();
        assertThat(browser.submit(form).text()).isEqualTo(moved.text());
    }

    @Test
    void neverMovesOrCancelsFromAnOldPageWhatHasChanged() {
        Page booked = book(free);
        browser.post(browser.get(booked.path()).form("/choose"));
        Form old = browser.get(check(later)).form("/move");
        Form oldCancel = browser.get(booked.path() + "/cancel").form("/cancel");
        browser.post(browser.get(check(other)).form("/move"));

        Page refused = browser.post(old);
        assertThat(refused.status()).isEqualTo(412);
        assertThat(refused.text()).contains("has changed meanwhile", "moved nothing");
        Page kept = browser.post(oldCancel);
        assertThat(kept.status()).isEqualTo(412);
        assertThat(kept.text()).contains("cancelled nothing");
        assertThat(kept.forms("/cancel")).isEmpty();
        assertThat(browser.get(booked.path()).text()).contains("You have a place", "Centre school");
    }

    @Test
    void staysWhereItIsForWhoChangesTheirMind() {
        Page booked = book(free);
        browser.post(browser.get(booked.path()).form("/choose"));
        Page back = browser.submit(browser.get(check(other)).form("/stay"));
        assertThat(back.path()).isEqualTo(booked.path());
        assertThat(browser.cookie("moving")).isEmpty();
    }

    @Test
    void keepsNobodyFromBookingWhoseMovingHasComeToNothing() {
        Page booked = book(free);
        browser.post(browser.get(booked.path()).form("/choose"));
        browser.post(browser.get(booked.path() + "/cancel").form("/cancel"));
        assertThat(bookingForm(other).action()).contains("/check");
        assertThat(browser.cookie("moving")).isEmpty();

        browser.keep("moving", "no-such-secret");
        assertThat(browser.submit(bookingForm(other)).text()).contains("You have a place");
        assertThat(browser.cookie("moving")).isEmpty();
    }

    @Test
    void cancelsOnlyWhenConfirmedAndLetsThePersonBookAgain() {
        Page booked = book(free);
        Page asked = browser.get(booked.path() + "/cancel");
        assertThat(asked.text()).contains("Cancel this appointment?", "Centre hall");
        assertThat(browser.get(booked.path()).text()).contains("You have a place");

        Page cancelled = browser.submit(asked.form("/cancel"));
        assertThat(cancelled.text()).contains("This appointment is cancelled");
        assertThat(cancelled.forms("/choose")).isEmpty();
        assertThat(browser.get(booked.path() + "/calendar.ics").body())
                .contains("STATUS:CANCELLED");

        assertThat(browser.submit(bookingForm(free)).text()).contains("You have a place");
    }

    @Test
    void findsAnAppointmentByReferenceAndDateOfBirthAndKeepsWhatWasTyped() {
        Page booked = book(free);
        Browser elsewhere = browser();
        Form form =
                elsewhere
                        .get("/my/en/find")
                        .form("/find")
                        .with("reference", reference(booked))
                        .with("day", "17")
                        .with("month", "4");
        Page missing = elsewhere.post(form.with("year", "1981"));
        assertThat(missing.status()).isEqualTo(404);
        assertThat(missing.text()).contains("No appointment matches");
        assertThat(missing.body())
                .contains("value=\"" + reference(booked) + "\"", "value=\"1981\"");

        Page found = elsewhere.submit(form.with("year", "1980"));
        assertThat(found.path()).isEqualTo(booked.path());
        assertThat(found.text()).isEqualTo(booked.text());
    }

    @Test
    void givesACalendarFileWithoutASecret() {
        Page booked = book(free);
        Page file = browser.get(booked.path() + "/calendar.ics");
        String token = booked.path().substring(booked.path().lastIndexOf('/') + 1);
        assertThat(file.header("Content-Type")).isEqualTo("text/calendar; charset=utf-8");
        assertThat(file.body())
                .contains("UID:" + reference(booked).replace(" ", "") + "@giliran", "SEQUENCE:1")
                .contains("STATUS:CONFIRMED", "TRIGGER")
                .doesNotContain(token)
                .doesNotContain("Aina");
    }

    // ---- safety

    @Test
    void letsNobodyKeepAPersonalPageOrLearnItsAddress() {
        Page booked = book(free);
        for (String path :
                List.of(
                        details("open"),
                        check(free),
                        booked.path(),
                        booked.path() + "/cancel",
                        booked.path() + "/calendar.ics",
                        "/my/en/find",
                        "/my/en/a/no-such-secret")) {
            Page page = browser.get(path);
            assertThat(page.header("Cache-Control")).as(path).isEqualTo("no-store");
            assertThat(page.header("Content-Security-Policy")).as(path).contains("'none'");
            assertThat(page.header("X-Content-Type-Options")).as(path).isEqualTo("nosniff");
            assertThat(page.header("Referrer-Policy"))
                    .as(path)
                    .isEqualTo(path.contains("/a/") ? "no-referrer" : "same-origin");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "Sec-Fetch-Site, cross-site, 403",
        "Sec-Fetch-Site, same-site, 403",
        "Sec-Fetch-Site, same-origin, 303",
        "Origin, https://evil.example, 403",
        "Origin, garbage, 403",
        "Origin, null, 303",
        "Origin, OURS, 303"
    })
    void refusesTheFormOfAnotherSite(String name, String value, int status) {
        getPass("open");
        Form form = bookingForm(free);
        String sent = value.equals("OURS") ? giliran.address().toString() : value;
        Page answer = browser.send(form.action(), browser.requestOf(form).header(name, sent));
        assertThat(answer.status()).isEqualTo(status);
        if (status == 403) {
            assertThat(answer.text()).contains("did not come from one of our pages");
            assertThat(browser.post(form).status()).isEqualTo(303);
        }
    }

    @Test
    void readsNoFormOfAnotherKindAndNoneThatIsTooLong() {
        Form form = filled(detailsForm("open"));
        Page json =
                browser.send(
                        form.action(),
                        browser.requestOf(form).setHeader("Content-Type", "text/plain"));
        assertThat(json.status()).isEqualTo(415);
        assertThat(json.body()).contains("<main");
        Page tooLong = browser.post(form.with("name", "x".repeat(20_000)));
        assertThat(tooLong.status()).isEqualTo(413);
        assertThat(tooLong.body()).contains("<main");
        Page manyFields = browser.post(many(form));
        assertThat(manyFields.status()).isBetween(400, 413);
        assertThat(manyFields.body()).contains("<main");
    }

    private static Form many(Form form) {
        Form many = form;
        for (int i = 0; i < 1_000; i++) {
            many = many.with("f" + i, "");
        }
        return many;
    }
}
