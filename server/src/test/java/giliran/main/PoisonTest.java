package giliran.main;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import giliran.campaigns.Slot;
import giliran.campaigns.TestCampaign;
import giliran.main.ContractClient.Answer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One poisonous request among many, all at once. */
class PoisonTest {
    private static final int REQUESTS = 500;
    private static final String NAME = "Nurul Aina binti Rahman";

    private static final TestCampaign CAMPAIGN =
            new TestCampaign("open").centre("hall", "kuala-lumpur");
    private static Slot slot;
    private static TestGiliran giliran;
    private static ContractClient client;

    @BeforeAll
    static void start(@TempDir Path folder) {
        slot = CAMPAIGN.slot("hall", Instant.now().plus(Duration.ofDays(9)), 4 * REQUESTS);
        giliran = TestGiliran.start(folder, CAMPAIGN);
        client = new ContractClient(giliran.address());
    }

    @AfterAll
    static void stop() {
        giliran.close();
    }

    @ParameterizedTest
    @CsvSource({
        "a NUL in the name, A\\u0000B, 1, 422",
        "a name of a megabyte, A, 1000000, 413",
        "a name above its limit, A, 121, 422",
        "a lone surrogate in the name, A\\ud800, 1, 422"
    })
    void theOthersAreBookedAsIfItWereNotThere(
            String poison, String name, int times, int expectedStatus) {
        List<CompletableFuture<Answer>> others = new ArrayList<>();
        List<CompletableFuture<Answer>> poisoned = new ArrayList<>();
        for (int i = 0; i < REQUESTS; i++) {
            ObjectNode booking = TestBooking.of(slot);
            if (i == REQUESTS / 2) {
                String body = booking.toString().replace(NAME, name.repeat(times));
                poisoned.add(client.sendAsync(client.booking("open", "poison", body)));
            } else {
                others.add(client.sendAsync(client.booking("open", "key", booking.toString())));
            }
        }

        assertThat(poisoned.getFirst().join().status()).as(poison).isEqualTo(expectedStatus);
        assertThat(others)
                .hasSize(REQUESTS - 1)
                .allSatisfy(answer -> assertThat(answer.join().status()).isEqualTo(201));
        assertThat(others.stream().map(answer -> answer.join().at("/reference")).distinct())
                .hasSize(REQUESTS - 1);
    }
}
