package giliran.main;

import static giliran.main.ContractClient.APPOINTMENTS;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.ContextInitializer;
import ch.qos.logback.core.joran.spi.JoranException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import giliran.campaigns.Slot;
import giliran.campaigns.TestCampaign;
import giliran.edge.RawHttp;
import giliran.main.ContractClient.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** What an operator reads in the log, and what nobody does. */
class LogPrivacyTest {
    @AfterEach
    void logAgainAsOtherTestsDo() throws JoranException {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        new ContextInitializer(context).autoConfig();
        context.start();
    }

    @Test
    void theLogHoldsEachRequestsIdAndNothingPersonalAndNoSecret(@TempDir Path folder)
            throws IOException {
        // given a person whose details are found wherever they stand
        ObjectNode person =
                TestBooking.person(LocalDate.of(1963, 9, 16))
                        .put("name", "Zebedee Quagga")
                        .put("idType", "passport")
                        .put("idNumber", "QX7654321")
                        .put("address", "77 Jalan Okapi")
                        .put("phone", "017-987 6501")
                        .put("email", "zebedee@quagga.example");
        TestCampaign campaign = new TestCampaign("open").centre("hall", "kuala-lumpur");
        Slot slot = campaign.slot("hall", Instant.now().plus(Duration.ofDays(9)), 10);
        List<String> requests = new ArrayList<>();
        String token;
        String reference;

        // when they book, are refused, look up, find, cancel, and send what is broken
        Logs.writeTo(folder);
        try (TestGiliran giliran = TestGiliran.start(folder, campaign)) {
            ContractClient client = new ContractClient(giliran.address());
            ObjectNode booking = TestBooking.of(slot, person);
            Answer booked = client.book("open", "okapi-key-1", booking);
            token = booked.at("/token");
            reference = booked.at("/reference");
            List<Answer> answers = new ArrayList<>(List.of(booked));
            answers.add(client.book("open", "okapi-key-1", booking));
            answers.add(client.book("open", "okapi-key-2", booking));
            answers.add(client.get(APPOINTMENTS + token));
            answers.add(client.find(reference, "1963-09-16"));
            answers.add(client.find(reference, "1963-09-17"));
            answers.add(client.get(APPOINTMENTS + token + "/Zebedee"));
            answers.add(client.get("/" + token + "?name=Zebedee%20Quagga"));
            answers.add(client.get(APPOINTMENTS + token + "?zebedee=%25zz"));
            answers.add(client.post(ContractClient.FIND, booking.toString()));
            answers.add(client.delete(APPOINTMENTS + token));
            ObjectNode wrong = booking.deepCopy();
            TestBooking.personOf(wrong).put("idNumber", "QX7654321 QX7654321");
            answers.add(client.book("open", "okapi-key-3", wrong));
            answers.forEach(answer -> requests.add(answer.header("X-Request-Id")));
            RawHttp.send(giliran.port(), "GET", APPOINTMENTS + token + "%zz?Zebedee=%zz");
            usePages(giliran, slot, token, reference);
            RawHttp.send(giliran.port(), "DELETE", "Zebedee " + token);
            RawHttp.send(giliran.port(), "QX7654321", APPOINTMENTS + token);
        }
        Logs.close();

        // then the log tells of each request, in a JSON object a line
        String log = Files.readString(folder.resolve("giliran.log"));
        for (String line : log.lines().toList()) {
            JsonNode entry = new ObjectMapper().readTree(line);
            assertThat(entry.has("level")).isTrue();
        }
        assertThat(requests).hasSize(12).allSatisfy(id -> assertThat(log).contains(id));
        assertThat(log).contains("appointments\\/:token\"", "already-booked");
        assertThat(log).contains("\\/details\"", "\\/a\\/:token\"", "\\/find\"");

        // and says nothing of the person, and no secret
        assertThat(log)
                .doesNotContainIgnoringCase(
                        "zebedee",
                        "quagga",
                        "QX7654321",
                        "7654321",
                        "okapi",
                        "9876501",
                        "987 6501",
                        "1963-09-16",
                        token,
                        token.substring(0, 12),
                        reference,
                        reference.replace(" ", ""));
    }

    /** The same person comes to the pages, and types the same. */
    private static void usePages(TestGiliran giliran, Slot slot, String token, String reference) {
        Browser browser = new Browser(giliran.address());
        Browser.Form form = browser.get("/my/en/c/open/details").form("/details");
        browser.post(
                form.with("name", "Zebedee Quagga")
                        .with("idType", "passport")
                        .with("idNumber", "QX7654321")
                        .with("day", "16")
                        .with("month", "9")
                        .with("year", "1963")
                        .with("region", "kuala-lumpur")
                        .with("phone", "017-987 6501"));
        browser.post(browser.get("/my/en/c/open/check?slot=" + slot.id()).form("/check"));
        browser.post(
                browser.get("/my/en/find")
                        .form("/find")
                        .with("reference", reference)
                        .with("day", "16")
                        .with("month", "9")
                        .with("year", "1963"));
        browser.get("/my/en/a/" + token);
        browser.get("/my/en/a/" + token + "/nothing");
        browser.get("/my/en/a/" + token + "/calendar.ics");
    }
}
