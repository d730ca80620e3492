package giliran.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import giliran.store.Database;
import giliran.store.TestDatabase;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ClientStoreTest {
    private static final ClientName CALL_CENTRE = new ClientName("call-centre");
    private static final ClientName PARTNER = new ClientName("partner.example");
    private static final Instant NOW = Instant.parse("2021-05-02T04:00:00Z");

    private final Database database =
            Database.open(TestDatabase.newDatabase(), 2, InstantSource.system());
    private final Clients clients = new Clients(database);
    private final AddClient addClient =
            new AddClient(database, InstantSource.fixed(NOW), new SplittableRandom(20210502));
    private final RevokeClient revokeClient =
            new RevokeClient(database, InstantSource.fixed(NOW.plusSeconds(60)));

    @AfterEach
    void close() {
        database.close();
    }

    private String add(ClientName name) {
        return switch (addClient.add(name)) {
            case AddClient.Result.Added(ClientToken token) -> token.reveal();
            case AddClient.Result.NameTaken() -> throw new AssertionError(name + " is taken");
        };
    }

    @Test
    void knowsAClientByItsTokenFromTheNextReadingOn() {
        String token = add(CALL_CENTRE);
        assertThat(clients.find(token)).isEmpty();
        clients.run();
        assertThat(clients.find(token)).contains(CALL_CENTRE);
    }

    @Test
    void tellsClientsApart() {
        String callCentre = add(CALL_CENTRE);
        String partner = add(PARTNER);
        clients.run();
        assertThat(callCentre).isNotEqualTo(partner).matches("giliran_[A-Za-z0-9_-]{43}");
        assertThat(clients.find(callCentre)).contains(CALL_CENTRE);
        assertThat(clients.find(partner)).contains(PARTNER);
    }

    @Test
    void knowsNoOtherText() {
        String token = add(CALL_CENTRE);
        clients.run();
        char last = token.charAt(token.length() - 1);
        for (String other :
                new String[] {
                    "",
                    token + " ",
                    token.substring(1),
                    token.substring(0, token.length() - 1),
                    token.substring(0, token.length() - 1) + (last == 'A' ? 'B' : 'A'),
                    "giliran_" + "A".repeat(43),
                    "\uD800",
                    "x".repeat(1_000_000)
                }) {
            assertThat(clients.find(other)).isEmpty();
        }
    }

    @Test
    void knowsARevokedClientNoMore() {
        String callCentre = add(CALL_CENTRE);
        String partner = add(PARTNER);
        assertThat(revokeClient.revoke(CALL_CENTRE)).isTrue();
        clients.run();
        assertThat(clients.find(callCentre)).isEmpty();
        assertThat(clients.find(partner)).contains(PARTNER);
        assertThat(revokeClient.revoke(CALL_CENTRE)).isFalse();
    }

    @Test
    void revokesNobodyWhoWasNeverLetIn() {
        assertThat(revokeClient.revoke(CALL_CENTRE)).isFalse();
    }

    @Test
    void givesANameOnceOnly() {
        String token = add(CALL_CENTRE);
        assertThat(addClient.add(CALL_CENTRE)).isEqualTo(new AddClient.Result.NameTaken());
        clients.run();
        assertThat(clients.find(token)).contains(CALL_CENTRE);
        revokeClient.revoke(CALL_CENTRE);
        assertThat(addClient.add(CALL_CENTRE)).isEqualTo(new AddClient.Result.NameTaken());
    }

    @Test
    void listsAllClientsThatEverWere() {
        add(PARTNER);
        add(CALL_CENTRE);
        revokeClient.revoke(PARTNER);
        assertThat(new ListClients(database).list())
                .containsExactly(
                        new Client(CALL_CENTRE, NOW, Optional.empty()),
                        new Client(PARTNER, NOW, Optional.of(NOW.plusSeconds(60))));
    }

    @Test
    void keepsTheTokenNowhere() {
        String token = add(CALL_CENTRE);
        String row =
                database.read(
                        handle ->
                                handle.createQuery(
                                                "SELECT encode(token_hash, 'escape') || client::text"
                                                        + " FROM client")
                                        .mapTo(String.class)
                                        .one());
        assertThat(row).contains("call-centre").doesNotContain(token.substring(8));
        assertThat(ClientToken.parse(token).orElseThrow().toString())
                .doesNotContain(token.substring(8));
    }

    @Test
    void refusesANameThatDoesNotReadWellInALog() {
        for (String name : new String[] {"", "two words", "a\nb", "x".repeat(65), "kedai/1"}) {
            assertThat(ClientName.parse(name)).isEmpty();
            assertThatIllegalArgumentException().isThrownBy(() -> new ClientName(name));
        }
        assertThat(ClientName.parse("call-centre")).contains(CALL_CENTRE);
    }
}
