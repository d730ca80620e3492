package giliran.main;

import static giliran.main.ContractClient.APPOINTMENTS;
import static giliran.main.ContractClient.CAMPAIGNS;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import giliran.campaigns.Slot;
import giliran.campaigns.TestCampaign;
import giliran.main.Browser.Form;
import giliran.main.Browser.Page;
import giliran.main.ContractClient.Answer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a person meets while the database is away, and after. */
class DatabaseAwayJourneyTest {
    @Test
    void nothingIsBookedWhileTheDatabaseIsAwayAndTheSameRequestBooksAfter(@TempDir Path folder) {
        TestCampaign campaign = new TestCampaign("open").centre("hall", "kuala-lumpur");
        Instant soon = Instant.now().plus(Duration.ofDays(9));
        Slot slot = campaign.slot("hall", soon, 10);
        Slot evening = campaign.slot("hall", soon.plus(Duration.ofHours(1)), 10);
        try (TestGiliran giliran = TestGiliran.start(folder, campaign)) {
            ContractClient client = new ContractClient(giliran.address());
            // given an appointment, and a database that goes away
            String token = client.book("open", TestBooking.of(slot)).at("/token");
            Form move = moveForm(giliran, token, evening);
            Instant read;
            ObjectNode booking = TestBooking.of(slot);
            try (var _ = new DatabaseAway(giliran)) {
                assertThat(client.get("/health/ready").body())
                        .isEqualTo("{\"status\":\"down\",\"waitingFor\":[\"database\"]}");
                assertThat(client.get("/health/live").status()).isEqualTo(200);

                // when someone books, then it is not booked, and it is said when to come again
                Answer refused = client.book("open", "once", booking);
                assertThat(refused.status()).isEqualTo(503);
                assertThat(refused.problem()).isEqualTo("overloaded");
                assertThat(refused.at("/booked")).isEqualTo("no");
                assertThat(refused.header("Retry-After")).isEqualTo("5");

                // when someone cancels, then whether it is booked is not known here
                Answer cancelled = client.delete(APPOINTMENTS + token);
                assertThat(cancelled.problem()).isEqualTo("overloaded");
                assertThat(cancelled.at("/booked")).isEqualTo("unknown");

                // when someone looks up or finds, then they are asked to come again
                CompletableFuture<Page> notMoved = post(giliran, move);
                Form repeat = move.with("again", "yes");
                CompletableFuture<Page> unknown = post(giliran, repeat);
                CompletableFuture<Answer> lookedUp =
                        client.sendAsync(client.request(APPOINTMENTS + token).GET());
                assertThat(client.find("0000 0000 0000 0000", "1980-04-17").problem())
                        .isEqualTo("overloaded");
                assertThat(lookedUp.join().problem()).isEqualTo("overloaded");

                // when someone moves on a page, then the page keeps its form, and says that nothing
                // is moved, or that it is still unknown what became of an earlier try
                assertThat(notMoved.join().text()).contains("moved nothing");
                assertThat(notMoved.join().form("/move").fields()).isEqualTo(move.fields());
                assertThat(unknown.join().text())
                        .contains("We do not know yet")
                        .doesNotContain("nothing");
                assertThat(unknown.join().form("/move").fields()).isEqualTo(repeat.fields());
                assertThat(unknown.join().form("/move").attributes())
                        .contains("data-repeat=\"true\"");

                // when someone reads what is published, then it is still there, and says of when it
                // is
                Answer published = client.get(CAMPAIGNS);
                read = Instant.now();
                assertThat(published.status()).isEqualTo(200);
                GiliranProcess.await(
                        "another second",
                        () ->
                                !client.get(CAMPAIGNS)
                                        .header("Date")
                                        .equals(published.header("Date")));
                Answer later = client.get(CAMPAIGNS);
                assertThat(later.header("As-Of")).isEqualTo(published.header("As-Of"));
                assertThat(later.body()).isEqualTo(published.body());
            }

            // when the database is back, then the same request books
            assertThat(client.book("open", "once", booking).status()).isEqualTo(201);
            GiliranProcess.await(
                    "a list that is newer",
                    () -> Instant.parse(client.get(CAMPAIGNS).header("As-Of")).isAfter(read));
            assertThat(post(giliran, move).join().status()).as("moves").isEqualTo(303);
            assertThat(client.delete(APPOINTMENTS + token).at("/status")).isEqualTo("cancelled");
        }
    }

    private static Form moveForm(TestGiliran giliran, String token, Slot to) {
        Browser browser = new Browser(giliran.address());
        browser.post(browser.get("/my/en/a/" + token).form("/choose"));
        return browser.get("/my/en/c/open/check?slot=" + to.id()).form("/move");
    }

    private static CompletableFuture<Page> post(TestGiliran giliran, Form form) {
        return CompletableFuture.supplyAsync(() -> new Browser(giliran.address()).post(form));
    }
}
