package giliran.campaigns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A campaign between its opening and its closing. */
final class CampaignTest {
    private static final Instant OPENS = Instant.parse("2021-05-26T04:00:00Z");
    private static final Instant CLOSES = Instant.parse("2021-06-30T16:00:00Z");

    private static Campaign campaign(Instant opensAt, Instant closesAt) {
        return new Campaign(
                new CampaignId("az-2021-05"),
                "AstraZeneca",
                "covid-19",
                "AstraZeneca",
                opensAt,
                closesAt,
                new Eligibility(18, Set.of()),
                0,
                ZoneId.of("Asia/Kuala_Lumpur"),
                false);
    }

    @Test
    void isScheduledUntilTheInstantItOpens() {
        assertThat(campaign(OPENS, CLOSES).status(OPENS.minusNanos(1)))
                .isEqualTo(Campaign.Status.SCHEDULED);
    }

    @Test
    void isOpenFromThatInstantToTheLastBeforeItCloses() {
        assertThat(campaign(OPENS, CLOSES).status(OPENS)).isEqualTo(Campaign.Status.OPEN);
        assertThat(campaign(OPENS, CLOSES).status(CLOSES.minusNanos(1)))
                .isEqualTo(Campaign.Status.OPEN);
    }

    @Test
    void isClosedFromTheInstantItCloses() {
        assertThat(campaign(OPENS, CLOSES).status(CLOSES)).isEqualTo(Campaign.Status.CLOSED);
    }

    @Test
    void opensBeforeItCloses() {
        assertThatIllegalArgumentException().isThrownBy(() -> campaign(OPENS, OPENS));
    }

    @Test
    void countsDaysWhereItIsHeld() {
        Campaign campaign = campaign(OPENS, CLOSES);

        assertThat(campaign.dayOf(Instant.parse("2021-05-26T15:59:59Z"))).isEqualTo("2021-05-26");
        assertThat(campaign.dayOf(Instant.parse("2021-05-26T16:00:00Z"))).isEqualTo("2021-05-27");
    }
}
