package giliran.main;

import static org.assertj.core.api.Assertions.assertThat;

import giliran.campaigns.Campaign;
import giliran.campaigns.CampaignId;
import giliran.campaigns.Eligibility;
import giliran.campaigns.StagedOfferStore.Tally;
import giliran.imports.ImportReport;
import giliran.ledger.WantedPlacesStore.Shift;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What an operator reads about an import. */
final class ImportTableTest {
    private static ImportReport report(Tally slots, Shift shift, List<String> changes) {
        return new ImportReport(
                new Campaign(
                        new CampaignId("az"),
                        "AstraZeneca",
                        "covid-19",
                        "AstraZeneca",
                        Instant.EPOCH,
                        Instant.MAX,
                        new Eligibility(18, Set.of()),
                        0,
                        ZoneOffset.UTC,
                        false),
                false,
                changes,
                new Tally(2, 0, 0),
                new Tally(4, 0, 0),
                slots,
                220_300,
                shift,
                784,
                1_234,
                List.of("WTCKL-1"),
                List.of(),
                List.of("a file was left out"));
    }

    @Test
    void sumsAnImportUpInOneLine() {
        assertThat(
                        ImportTable.summary(
                                report(new Tally(784, 0, 0), new Shift(0, 0, 0, 0), List.of())))
                .isEqualTo("imported 4 centres, 784 slots (220,300 places): 784 new");
    }

    @Test
    void addsHowCapacitiesChange() {
        assertThat(
                        ImportTable.summary(
                                report(new Tally(1, 2, 781), new Shift(3, 4_000, 1, 7), List.of())))
                .isEqualTo(
                        "imported 4 centres, 784 slots (220,300 places): 1 new, 2 changed, 781"
                                + " unchanged; capacity up in 3 (+4,000 places), down in 1 (-7)");
    }

    @Test
    void showsADryRunAsATable() {
        assertThat(
                        ImportTable.lines(
                                report(
                                        new Tally(784, 0, 0),
                                        new Shift(0, 0, 0, 0),
                                        List.of("allowance: 0 → 2"))))
                .containsExactly(
                        "Campaign az:",
                        "  allowance: 0 → 2",
                        "                  new    changed  unchanged",
                        "regions             2          0          0",
                        "centres             4          0          0",
                        "slots             784          0          0",
                        "capacity            0 slots up (+0 places), 0 down (-0 places)",
                        "touched         1,234 live appointments, whose time, vaccine or centre's"
                                + " description changes",
                        "new        WTCKL-1",
                        "new        … and 783 more",
                        "note: a file was left out");
    }
}
