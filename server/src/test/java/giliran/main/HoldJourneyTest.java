package giliran.main;

import static giliran.main.ContractClient.CAMPAIGNS;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import giliran.campaigns.Slot;
import giliran.campaigns.TestCampaign;
import giliran.ledger.Command;
import giliran.ledger.CommandResult;
import giliran.ledger.Ledger;
import giliran.ledger.PlaceId;
import giliran.ledger.Reference;
import giliran.main.ContractClient.Answer;
import giliran.people.PersonHandle;
import giliran.store.Database;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a place that another node held before it went away. */
class HoldJourneyTest {
    private static final String AVAILABILITY = CAMPAIGNS + "/open/availability?region=kuala-lumpur";

    /** Longer than a hold of this test, its grace, the job's pause and a publication. */
    private static Command.Book hold(Slot slot, Instant until) {
        return new Command.Book(
                        new PersonHandle(UUID.randomUUID()),
                        slot.dose(),
                        new PlaceId(slot.centre(), slot.id()),
                        new Reference(1),
                        new Command.Key(UUID.randomUUID(), UUID.randomUUID()),
                        Optional.empty(),
                        new byte[0],
                        Optional.empty())
                .heldUntil(until);
    }

    private static void awaitShown(ContractClient client, int remaining, int held) {
        GiliranProcess.await(
                remaining + " remaining and " + held + " held",
                () -> {
                    JsonNode shown =
                            client.get(AVAILABILITY).json().at("/centres/0/dates/0/slots/0");
                    return shown.get("remaining").asInt() == remaining
                            && shown.get("held").asInt() == held;
                });
    }

    @Test
    void aHeldPlaceIsShownAsHeldAndComesBackWhenNobodyConfirmsIt(@TempDir Path folder) {
        TestCampaign campaign = new TestCampaign("open").centre("hall", "kuala-lumpur");
        Slot slot = campaign.slot("hall", Instant.now().plus(Duration.ofDays(9)), 1);
        try (TestGiliran giliran = TestGiliran.start(folder, campaign)) {
            ContractClient client = new ContractClient(giliran.address());

            // given the last place, held for someone by a node that has gone since: longer than
            // the ten seconds after which counters are read again that nobody here has touched
            try (Database database =
                            Database.open(giliran.connection(), 2, InstantSource.system());
                    Ledger gone =
                            new Ledger(database, InstantSource.system(), Ledger.Limits.DEFAULT)) {
                assertThat(gone.submit(hold(slot, Instant.now().plusSeconds(20))).join())
                        .isInstanceOf(CommandResult.Done.class);
            }

            // when others look, then it is not to be had, and not gone for good
            awaitShown(client, 0, 1);
            Answer refused = client.book("open", TestBooking.of(slot));
            assertThat(refused.status()).isEqualTo(409);

            // when its time is over, then it is for anybody
            awaitShown(client, 1, 0);
            assertThat(client.book("open", TestBooking.of(slot)).status()).isEqualTo(201);
            awaitShown(client, 0, 0);
        }
    }
}
