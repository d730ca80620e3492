package giliran.main;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import giliran.campaigns.Slot;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Somebody with a browser, whose pages must never complain in its console. */
final class Visitor implements AutoCloseable {
    /** Browsers write this for every "no"; it is no mistake of a page. */
    private static final String STATUS_OF_AN_ANSWER = "Failed to load resource";

    private final BrowserContext context;
    private final String language;
    private final List<String> complaints = new ArrayList<>();
    private final Page page;

    Visitor(BrowserContext context, String language) {
        this.context = context;
        this.language = language;
        context.onConsoleMessage(
                message -> {
                    if (List.of("error", "warning").contains(message.type())
                            && !message.text().startsWith(STATUS_OF_AN_ANSWER)) {
                        complaints.add(message.text());
                    }
                });
        context.onWebError(error -> complaints.add(error.error()));
        page = context.newPage();
    }

    BrowserContext context() {
        return context;
    }

    Page page() {
        return page;
    }

    String language() {
        return language;
    }

    Locator see(String selector) {
        return page.locator(selector);
    }

    /** Opens a page that is the same for everyone. */
    void open(String path) {
        page.navigate("/" + language + path);
    }

    /** Opens a page of this visitor's own. */
    void openMine(String path) {
        page.navigate("/my/" + language + path);
    }

    void openDetails(String campaign) {
        openMine("/c/" + campaign + "/details");
    }

    void openCheck(Slot slot) {
        openMine("/c/" + slot.campaign() + "/check?slot=" + slot.id());
    }

    /** Waits until the address is one of this visitor's own, whose end fits. */
    void isOn(String end) {
        assertThat(page).hasURL(Pattern.compile("/my/" + language + "/.*" + end + "$"));
    }

    void isOnAppointment() {
        isOn("a/[^/]+");
        assertThat(see(".govuk-panel--confirmation")).isVisible();
    }

    /** The button that sends the form of the page. */
    Locator button() {
        return see("form[data-send] button").first();
    }

    void press() {
        button().click();
    }

    /** Types a person's details. */
    void type(ObjectNode person) {
        LocalDate born = LocalDate.parse(person.path("dateOfBirth").asText());
        for (String field : List.of("name", "idNumber", "phone")) {
            see("#" + field).fill(person.path(field).asText());
        }
        typeDate(born);
        see("#region").selectOption(person.path("region").asText());
    }

    void typeDate(LocalDate date) {
        see("#day").fill(String.valueOf(date.getDayOfMonth()));
        see("#month").fill(String.valueOf(date.getMonthValue()));
        see("#year").fill(String.valueOf(date.getYear()));
    }

    /** Enters a person's details, and is then at the check page of a place. */
    void choose(Slot slot, ObjectNode person) {
        openCheck(slot);
        isOn("details\\?slot=.*");
        type(person);
        press();
        isOn("check\\?slot=.*");
    }

    /** Books a place. */
    void book(Slot slot, ObjectNode person) {
        choose(slot, person);
        press();
        isOnAppointment();
    }

    String reference() {
        return see(".govuk-panel strong").textContent();
    }

    @Override
    public void close() {
        context.close();
        assertThat(complaints).as("what the browser complains of").isEmpty();
    }
}
