package giliran.capacity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import giliran.capacity.Assumption.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SensitivityTest {
    private static Sensitivity of(Assumptions given, Assumption assumption) {
        return Sensitivity.of(given).stream()
                .filter(each -> each.assumption() == assumption)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void looksAtEveryAssumptionAndAtNoPriceOrChoice() {
        assertThat(Sensitivity.of(Assumptions.usual()))
                .extracting(each -> each.assumption().kind)
                .containsOnly(Kind.DEMAND, Kind.MEASURED);
    }

    @Test
    void tellsWhatHalfAndDoubleDo() {
        Sensitivity bytes = of(Assumptions.usual(), Assumption.RECORD_BYTES);

        assertThat(bytes.halved().databaseSize()).isCloseTo(0.5, within(1e-9));
        assertThat(bytes.doubled().databaseSize()).isCloseTo(2, within(1e-9));
        assertThat(bytes.doubled().cores()).isEqualTo(1);
        assertThat(bytes.doubled().cost()).isEqualTo(1);
    }

    @Test
    void putsFirstWhatMovesTheCoresMost() {
        List<Sensitivity> all = Sensitivity.of(Assumptions.usual());

        assertThat(all.getFirst().assumption()).isEqualTo(Assumption.MINUTES);
        assertThat(all)
                .isSortedAccordingTo((a, b) -> Double.compare(spreadOfCores(b), spreadOfCores(a)));
    }

    private static double spreadOfCores(Sensitivity each) {
        double low = Math.min(each.halved().cores(), each.doubled().cores());
        double high = Math.max(each.halved().cores(), each.doubled().cores());
        return Math.rint(1e9 * Math.max(1, high) / Math.min(1, low));
    }

    @Test
    void putsFirstWhatMovesTheCostMostOnceThereArePrices() {
        Assumptions priced = Assumptions.usual().with(Assumption.PRICE_CDN_GB, 0.02, "test");

        assertThat(Sensitivity.of(priced).getFirst().doubled().cost()).isCloseTo(2, within(1e-6));
    }

    @Test
    void stopsAtTheBoundsOfAnAssumption() {
        Assumptions everybody = Assumptions.usual().with(Assumption.COMING, 100, "test");

        Sensitivity coming = of(everybody, Assumption.COMING);
        assertThat(coming.doubled().cores()).isEqualTo(1);
        assertThat(coming.halved().cores()).isLessThan(1);
    }
}
