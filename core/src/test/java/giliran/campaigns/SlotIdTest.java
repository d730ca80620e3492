package giliran.campaigns;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A slot's public name: the same everywhere, well formed, in the database's order. */
final class SlotIdTest {
    private static final CampaignId CAMPAIGN = new CampaignId("az-2021-05");

    @Test
    void isTheSameForTheSameCampaignAndKeyOnEveryMachine() {
        assertThat(SlotId.of(CAMPAIGN, "WTCKL-2021-05-15-09"))
                .hasToString("99b3c8a3-1894-88bc-a8b1-cda04fba205c");
    }

    @Test
    void differsByCampaignAndByKey() {
        SlotId slot = SlotId.of(CAMPAIGN, "s1");

        assertThat(SlotId.of(CAMPAIGN, "s2")).isNotEqualTo(slot);
        assertThat(SlotId.of(new CampaignId("az-2021-06"), "s1")).isNotEqualTo(slot);
        assertThat(SlotId.of(new CampaignId("az-2021-05s"), "1")).isNotEqualTo(slot);
    }

    @Test
    void isAUuidOfVersion8() {
        for (int i = 0; i < 1_000; i++) {
            UUID uuid = SlotId.of(CAMPAIGN, "s" + i).value();

            assertThat(uuid.version()).isEqualTo(8);
            assertThat(uuid.variant()).isEqualTo(2);
        }
    }

    @Test
    void readsItsOwnTextAndNothingElse() {
        SlotId slot = SlotId.of(CAMPAIGN, "s1");

        assertThat(SlotId.parse(slot.toString())).contains(slot);
        assertThat(SlotId.parse("")).isEmpty();
        assertThat(SlotId.parse("1-1-1-1-1")).isEmpty();
        assertThat(SlotId.parse(slot + " ")).isEmpty();
        assertThat(SlotId.parse("x".repeat(36))).isEmpty();
    }

    @Test
    void isOrderedAsItsTextIs() {
        SlotId low = new SlotId(UUID.fromString("00000000-0000-8000-8000-000000000001"));
        SlotId middle = new SlotId(UUID.fromString("00000000-0000-8000-9000-000000000000"));
        SlotId high = new SlotId(UUID.fromString("f0000000-0000-8000-8000-000000000000"));

        assertThat(low).isLessThan(middle).isEqualByComparingTo(low);
        assertThat(middle).isLessThan(high);
    }
}
