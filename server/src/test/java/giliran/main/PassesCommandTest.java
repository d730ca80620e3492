package giliran.main;

import static org.assertj.core.api.Assertions.assertThat;

import giliran.campaigns.TestCampaign;
import giliran.imports.ImportCampaign;
import giliran.store.DataFolder;
import giliran.store.Database;
import giliran.store.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ending passes beside a running server, whose folder says where its database is. */
class PassesCommandTest {
    @TempDir Path temporary;

    private final DataFolder.Connection connection = TestDatabase.newDatabase();
    private final Database database = Database.open(connection, 2, InstantSource.system());
    private Path folder = Path.of("");
    private final List<DataFolder> held = new ArrayList<>();

    @BeforeEach
    void hold() {
        TestCampaign campaign = new TestCampaign("round").centre("hall", "kuala-lumpur");
        campaign.slot("hall", Instant.now().plus(Duration.ofDays(9)), 1);
        assertThat(
                        new ImportCampaign(database, InstantSource.system())
                                .loadIfEmpty(campaign.plan()))
                .isTrue();
        folder = temporary.resolve("data");
        DataFolder running = DataFolder.open(folder);
        held.add(running);
        running.writeConnection(connection);
    }

    @AfterEach
    void close() {
        held.forEach(DataFolder::close);
        database.close();
    }

    private Told passes(String command, String argument) {
        return Told.by("passes", command, "--data", folder.toString(), argument);
    }

    private List<String> rows(String sql) {
        return database.read(handle -> handle.createQuery(sql).mapTo(String.class).list());
    }

    private List<String> epochs() {
        return rows("SELECT campaign || ' ' || epoch FROM pass_epoch");
    }

    @Test
    void endsAllPassesOfACampaignAsOftenAsItIsAsked() {
        Told told = passes("end-all", "round");
        assertThat(told.status()).as(told.err()).isZero();
        assertThat(epochs()).containsExactly("round 1");
        assertThat(passes("end-all", "round").status()).isZero();
        assertThat(epochs()).containsExactly("round 2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nowhere", "two words", ""})
    void endsNothingOfACampaignThatIsNotThere(String campaign) {
        Told told = passes("end-all", campaign);
        assertThat(told.status()).isEqualTo(1);
        assertThat(told.err()).contains("There is no campaign " + campaign);
        assertThat(epochs()).isEmpty();
    }

    @Test
    void endsOnePassAndEndsItAgain() {
        UUID pass = UUID.randomUUID();
        assertThat(passes("end", pass.toString()).status()).isZero();
        assertThat(passes("end", pass.toString()).status()).isZero();
        assertThat(rows("SELECT id FROM revoked_pass")).containsExactly(pass.toString());
        assertThat(epochs()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "not-a-pass-id", "5f0c9a52"})
    void refusesWhatIsNoPassId(String id) {
        Told told = passes("end", id);
        assertThat(told.status()).isNotZero();
        assertThat(told.err()).isNotBlank().doesNotContain("\tat ");
        assertThat(rows("SELECT id FROM revoked_pass")).isEmpty();
    }
}
