package giliran.main;

import static org.assertj.core.api.Assertions.assertThat;

import giliran.campaigns.Slot;
import giliran.campaigns.TestCampaign;
import giliran.main.Browser.Form;
import giliran.main.Browser.Page;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a person without scripts gets in where a campaign asks devices to work: by waiting. */
class TicketJourneyTest {
    private static final String DETAILS = "/my/en/c/guarded/details";
    private static final AtomicInteger PEOPLE = new AtomicInteger();

    /** The machine's clock, set forward by as much as a test says. */
    private static final class ForwardClock implements InstantSource {
        private volatile Duration by = Duration.ZERO;

        @Override
        public Instant instant() {
            return Instant.now().plus(by);
        }

        void wait(Duration time) {
            by = by.plus(time);
        }
    }

    private static final ForwardClock CLOCK = new ForwardClock();

    private static Slot slot;
    private static TestGiliran giliran;

    private final Browser browser = browser("203.0.113.1");

    @BeforeAll
    static void start(@TempDir Path folder) {
        TestCampaign guarded =
                new TestCampaign("guarded").withProofOfWork().centre("hall", "kuala-lumpur");
        slot = guarded.slot("hall", Instant.now().plus(Duration.ofDays(9)), 10);
        giliran = TestGiliran.start(folder, List.of("127.0.0.1"), CLOCK, Giliran.LEDGER, guarded);
    }

    @AfterAll
    static void stop() {
        giliran.close();
    }

    private static Browser browser(String from) {
        return new Browser(giliran.address()).always("X-Forwarded-For", from);
    }

    private static Form filled(Page page) {
        return page.form("/details")
                .with("name", "Nurul Aina binti Rahman")
                .with("idType", "passport")
                .with("idNumber", "A" + (10_000 + PEOPLE.incrementAndGet()))
                .with("day", "17")
                .with("month", "4")
                .with("year", "1980")
                .with("region", "kuala-lumpur")
                .with("phone", "012-345 6789");
    }

    @Test
    void letsInAfterTwentySecondsAndNotBeforeAndKeepsWhatWasTyped() {
        Page page = browser.get(DETAILS + "?slot=" + slot.id());
        assertThat(page.body()).contains("<noscript>", "please wait 20 seconds");
        Form form = filled(page);

        Page early = browser.post(form);
        assertThat(early.status()).isEqualTo(403);
        assertThat(early.text()).contains("within 20 seconds", "Nothing was booked.");
        assertThat(early.body()).contains("value=\"Nurul Aina binti Rahman\"");
        assertThat(early.form("/details").fields().get("ticket"))
                .isEqualTo(form.fields().get("ticket"));

        CLOCK.wait(Duration.ofSeconds(21));
        Page entered = browser.post(form);
        assertThat(entered.status()).as(entered.body()).isEqualTo(303);
        assertThat(entered.header("Location")).contains("/check?slot=" + slot.id());
    }

    @Test
    void doesNotUseATicketUpForDetailsThatAreWrong() {
        Form form = filled(browser.get(DETAILS));
        CLOCK.wait(Duration.ofSeconds(21));
        Page wrong = browser.post(form.with("phone", "1"));
        assertThat(wrong.status()).isEqualTo(422);
        String kept = wrong.form("/details").fields().get("ticket");
        assertThat(kept).isEqualTo(form.fields().get("ticket"));
        assertThat(browser.post(form).status()).isEqualTo(303);
    }

    @Test
    void letsInOnceForATicketAndAtItsOwnAddressOnly() {
        Form form = filled(browser.get(DETAILS));
        CLOCK.wait(Duration.ofSeconds(21));
        Page elsewhere = browser("203.0.113.2").post(form);
        assertThat(elsewhere.status()).isEqualTo(403);
        assertThat(elsewhere.form("/details").fields().get("ticket"))
                .isNotEqualTo(form.fields().get("ticket"));

        assertThat(browser.post(form).status()).isEqualTo(303);
        Page used = browser.post(form);
        assertThat(used.status()).isEqualTo(403);
        assertThat(used.text()).contains("wait 20 seconds on this page", "Nothing was booked.");
        assertThat(used.form("/details").fields().get("ticket"))
                .isNotEmpty()
                .isNotEqualTo(form.fields().get("ticket"));
    }

    @Test
    void limitsHowManyWaitAtOneAddress() {
        Browser crowd = browser("203.0.113.3");
        int entered = 0;
        Form form = waited(crowd);
        Page page = crowd.post(form);
        while (page.status() == 303) {
            entered++;
            assertThat(entered).isLessThan(200);
            form = waited(crowd);
            page = crowd.post(form);
        }
        assertThat(entered).isGreaterThanOrEqualTo(100);
        assertThat(page.status()).isEqualTo(403);
        assertThat(page.text()).contains("Too many people have used this way");
        assertThat(page.form("/details").fields().get("ticket"))
                .as("it may still be accepted")
                .isEqualTo(form.fields().get("ticket"));
    }

    private static Form waited(Browser browser) {
        Form form = filled(browser.get(DETAILS));
        CLOCK.wait(Duration.ofSeconds(21));
        return form;
    }
}
