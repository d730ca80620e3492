package giliran.main;

import static org.assertj.core.api.Assertions.assertThat;

import giliran.clients.ClientName;
import giliran.clients.Clients;
import giliran.store.DataFolder;
import giliran.store.Database;
import giliran.store.TestDatabase;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands beside a running server: they join its database by the folder that it holds. */
class ClientsCommandTest {
    @TempDir Path temporary;

    private final DataFolder.Connection connection = TestDatabase.newDatabase();
    private final Database database = Database.open(connection, 2, InstantSource.system());
    private final Clients clients = new Clients(database);
    private Path folder = Path.of("");
    private final List<DataFolder> held = new ArrayList<>();

    @BeforeEach
    void hold() {
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

    private Told clients(String command, String... arguments) {
        List<String> all =
                new ArrayList<>(List.of("clients", command, "--data", folder.toString()));
        all.addAll(List.of(arguments));
        return Told.by(all.toArray(String[]::new));
    }

    @Test
    void addsListsAndRevokesAClientBesideARunningServer() {
        Told added = clients("add", "call-centre");
        assertThat(added.status()).isZero();
        assertThat(added.out()).matches("giliran_[A-Za-z0-9_-]{43}\\R");
        assertThat(added.err()).contains("not shown again").doesNotContain("giliran_");
        String token = added.out().strip();
        clients.run();
        assertThat(clients.find(token)).contains(new ClientName("call-centre"));

        Told listed = clients("list");
        assertThat(listed.out()).startsWith("call-centre  added ").doesNotContain("giliran_");
        assertThat(listed.out().lines()).hasSize(1);

        assertThat(clients("revoke", "call-centre").status()).isZero();
        clients.run();
        assertThat(clients.find(token)).isEmpty();
        assertThat(clients("list").out()).contains(", revoked ");
    }

    @Test
    void givesANameOnce() {
        clients("add", "partner");
        Told again = clients("add", "partner");
        assertThat(again.status()).isEqualTo(1);
        assertThat(again.out()).isEmpty();
        assertThat(again.err()).contains("choose another");
    }

    @Test
    void revokesNobodyWhoIsNotThere() {
        Told told = clients("revoke", "nobody");
        assertThat(told.status()).isEqualTo(1);
        assertThat(told.err()).contains("no client nobody");
    }

    @Test
    void refusesANameThatDoesNotReadWellInALog() {
        Told told = clients("add", "two words");
        assertThat(told.status()).isEqualTo(1);
        assertThat(told.err()).contains("1 to 64 letters");
    }
}
