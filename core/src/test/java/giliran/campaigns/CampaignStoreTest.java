package giliran.campaigns;

import static org.assertj.core.api.Assertions.assertThat;

import giliran.store.Database;
import giliran.store.TestDatabase;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CampaignStoreTest {
    private static Campaign campaign(boolean proofOfWork) {
        return new Campaign(
                new CampaignId("az-2021-05"),
                "AstraZeneca",
                "covid-19",
                "AstraZeneca",
                Instant.parse("2021-05-26T04:00:00Z"),
                Instant.parse("2021-06-30T16:00:00Z"),
                new Eligibility(60, Set.of(new RegionId("kl"), new RegionId("selangor"))),
                3,
                ZoneId.of("Asia/Kuala_Lumpur"),
                proofOfWork);
    }

    @Test
    void givesACampaignBackAsItWasPutAndPutAgain() {
        try (var database = Database.open(TestDatabase.newDatabase(), 2, InstantSource.system())) {
            for (boolean proofOfWork : new boolean[] {true, false, true}) {
                database.transact(
                        tx -> {
                            CampaignStore.put(tx, campaign(proofOfWork));
                            return true;
                        });
                assertThat(database.snapshot(CampaignStore::getCatalogue).campaigns())
                        .containsExactly(campaign(proofOfWork));
            }
        }
    }
}
