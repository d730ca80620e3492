package giliran.main;

import static giliran.main.ContractClient.APPOINTMENTS;
import static giliran.main.ContractClient.CAMPAIGNS;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import giliran.campaigns.Slot;
import giliran.campaigns.TestCampaign;
import giliran.main.ContractClient.Answer;
import giliran.store.DataFolder;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a person meets while the database is away, and after. */
class DatabaseAwayJourneyTest {
    /** Far more than it takes the server to notice; then something is wrong. */
    private static final int READS_MAX = 1_000_000;

    @Test
    void nothingIsBookedWhileTheDatabaseIsAwayAndTheSameRequestBooksAfter(@TempDir Path folder)
            throws SQLException {
        TestCampaign campaign = new TestCampaign("open").centre("hall", "kuala-lumpur");
        Slot slot = campaign.slot("hall", Instant.now().plus(Duration.ofDays(9)), 10);
        try (TestGiliran giliran = TestGiliran.start(folder, campaign)) {
            ContractClient client = new ContractClient(giliran.address());
            // given an appointment, and a database that goes away
            String token = client.book("open", TestBooking.of(slot)).at("/token");
            String url = giliran.connection().jdbcUrl();
            String name = url.substring(url.lastIndexOf('/') + 1);
            execute(giliran.connection(), "ALTER DATABASE " + name + " ALLOW_CONNECTIONS false");
            execute(
                    giliran.connection(),
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '"
                            + name
                            + "'");
            readyUntil(client, 503);
            assertThat(client.get("/health/ready").body())
                    .isEqualTo("{\"status\":\"down\",\"waitingFor\":[\"database\"]}");
            assertThat(client.get("/health/live").status()).isEqualTo(200);

            // when someone books, then it is not booked, and it is said when to come again
            ObjectNode booking = TestBooking.of(slot);
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
            CompletableFuture<Answer> lookedUp =
                    client.sendAsync(client.request(APPOINTMENTS + token).GET());
            assertThat(client.find("0000 0000 0000 0000", "1980-04-17").problem())
                    .isEqualTo("overloaded");
            assertThat(lookedUp.join().problem()).isEqualTo("overloaded");

            // when someone reads what is published, then it is still there, and says of when it is
            Answer published = client.get(CAMPAIGNS);
            Instant read = Instant.now();
            assertThat(published.status()).isEqualTo(200);
            Answer later = client.get(CAMPAIGNS);
            while (later.header("Date").equals(published.header("Date"))) {
                later = client.get(CAMPAIGNS);
            }
            assertThat(later.header("As-Of")).isEqualTo(published.header("As-Of"));
            assertThat(later.body()).isEqualTo(published.body());

            // when the database is back, then the same request books
            execute(giliran.connection(), "ALTER DATABASE " + name + " ALLOW_CONNECTIONS true");
            readyUntil(client, 200);
            assertThat(client.book("open", "once", booking).status()).isEqualTo(201);
            while (!Instant.parse(client.get(CAMPAIGNS).header("As-Of")).isAfter(read)) {
                assertThat(client.get(CAMPAIGNS).status()).isEqualTo(200);
            }
            assertThat(client.delete(APPOINTMENTS + token).at("/status")).isEqualTo("cancelled");
        }
    }

    private static void readyUntil(ContractClient client, int status) {
        for (int reads = 0; client.get("/health/ready").status() != status; reads++) {
            assertThat(reads).isLessThan(READS_MAX);
        }
    }

    /** Through the database of the same server that is always there. */
    private static void execute(DataFolder.Connection connection, String sql) throws SQLException {
        String url = connection.jdbcUrl();
        try (var other =
                        DriverManager.getConnection(
                                url.substring(0, url.lastIndexOf('/') + 1) + "postgres",
                                connection.user(),
                                connection.password());
                var statement = other.createStatement()) {
            statement.execute(sql);
        }
    }
}
