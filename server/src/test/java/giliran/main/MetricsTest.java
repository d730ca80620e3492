package giliran.main;

import static org.assertj.core.api.Assertions.assertThat;

import giliran.campaigns.Slot;
import giliran.campaigns.TestCampaign;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsTest {
    @Test
    void tellsOfRequestsOnTheLoopbackPortAndNowhereElse(@TempDir Path folder)
            throws IOException, InterruptedException {
        TestCampaign campaign = new TestCampaign("open").centre("hall", "kuala-lumpur");
        Slot slot = campaign.slot("hall", Instant.now().plus(Duration.ofDays(9)), 10);
        try (TestGiliran giliran = TestGiliran.start(folder, campaign);
                HttpClient http = HttpClient.newHttpClient()) {
            ContractClient client = new ContractClient(giliran.address());
            String token = client.book("open", TestBooking.of(slot)).at("/token");
            client.get(ContractClient.APPOINTMENTS + token);
            client.get("/api/v1/nowhere/" + token);
            client.send(
                    client.request(ContractClient.CAMPAIGNS)
                            .method("MADEUP", BodyPublishers.noBody()));

            String metrics =
                    http.send(
                                    HttpRequest.newBuilder(giliran.metrics())
                                            .timeout(Duration.ofSeconds(30))
                                            .build(),
                                    BodyHandlers.ofString())
                            .body();

            assertThat(giliran.metrics().getHost()).isEqualTo("127.0.0.1");
            assertThat(metrics)
                    .contains(
                            "giliran_ledger_waiting 0.0",
                            "giliran_requests_seconds_count{method=\"POST\",problem=\"\","
                                    + "route=\"/api/v1/campaigns/:campaign/appointments\","
                                    + "status=\"201\"} 1",
                            "route=\"/api/v1/appointments/:token\",status=\"200\"} 1",
                            "method=\"OTHER\",problem=\"malformed\"")
                    .doesNotContain(token, "MADEUP", "nowhere");
            assertThat(new Browser(giliran.address()).get("/metrics").status()).isEqualTo(404);
        }
    }
}
