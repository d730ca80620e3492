package giliran.capacity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import giliran.capacity.CapacityPlan.CostItem;
import giliran.capacity.CapacityPlan.Moment;
import giliran.subject.Door;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The arithmetic of plans. */
final class CapacityPlanTest {
    private static Assumptions with(Assumption assumption, double number) {
        return Assumptions.usual().with(assumption, number, "test");
    }

    private static CapacityPlan plan(Assumption assumption, double number) {
        return CapacityPlan.of(with(assumption, number));
    }

    @Test
    void reproducesTheArithmeticOfS1() {
        CapacityPlan plan = plan(Assumption.RECORD_BYTES, 4_000);

        assertThat(plan.opening().coming()).isEqualTo(3_000_000);
        assertThat(plan.opening().readsPerSecondPeak()).isEqualTo(300_000);
        double average = Math.floor(plan.opening().bookingsPerSecond());
        assertThat(average).isEqualTo(185);
        // S1 multiplies the average as it has rounded it.
        assertThat(5 * average).isEqualTo(925);
        assertThat(plan.opening().bookingsPerSecondPeak()).isBetween(925.0, 926.0);
        assertThat(plan.database().gigabytes()).isCloseTo(4, within(1e-9));
        assertThat(plan.cdn().absorbedPeak()).isGreaterThan(0.99);
    }

    @Test
    void sellsNoMoreThanPeopleWantAndRefusesTheRest() {
        CapacityPlan plan = plan(Assumption.COMING, 1);

        assertThat(plan.opening().booked()).isEqualTo(300_000);
        assertThat(plan.opening().refused()).isEqualTo(300_000);
        assertThat(plan.database().rows()).isEqualTo(300_000);
    }

    @Test
    void letsTheOriginAnswerEveryReadWithoutACdn() {
        CapacityPlan plan = plan(Assumption.CDN_CACHES, 0);

        assertThat(plan.cdn().absorbed()).isZero();
        assertThat(plan.cdn().gigabytes()).isZero();
        assertThat(plan.cdn().originReadsPerSecondPeak()).isEqualTo(300_000);
        assertThat(plan.connections().atOrigin()).isEqualTo(3_000_000);
        assertThat(plan.nodes().count()).isGreaterThanOrEqualTo(2 * 3_000_000 / 20_000);
    }

    @Test
    void neverAsksTheOriginMoreThanPeopleAskTheCdn() {
        CapacityPlan plan = plan(Assumption.PEOPLE, 300);

        assertThat(plan.cdn().originReadsPerSecondPeak())
                .isEqualTo(plan.opening().readsPerSecondPeak());
        assertThat(plan.cdn().absorbed()).isCloseTo(0, within(1e-12));
    }

    @Test
    void countsRefusalsAsDecisionsOfTheDatabaseOnceOneNodeIsTooFew() {
        CapacityPlan one = CapacityPlan.of(Assumptions.usual());
        CapacityPlan several = plan(Assumption.HEADROOM, 20);

        assertThat(one.nodes().count()).isEqualTo(1);
        assertThat(one.nodes().refusesFromMemory()).isTrue();
        assertThat(one.nodes().decisionsPerSecondPeak())
                .isEqualTo(one.opening().bookingsPerSecondPeak());
        assertThat(several.nodes().count()).isGreaterThan(1);
        assertThat(several.nodes().refusesFromMemory()).isFalse();
        assertThat(several.nodes().decisionsPerSecondPeak())
                .isEqualTo(
                        several.opening().bookingsPerSecondPeak()
                                + several.opening().refusalsPerSecondPeak());
    }

    @Test
    void commitsEachBookingByItselfInPeaceAndManyTogetherInACrowd() {
        CapacityPlan peace = plan(Assumption.PLACES, 10_000);
        CapacityPlan crowd = plan(Assumption.MINUTES, 30);

        assertThat(peace.database().rowsOfCommitPeak()).isCloseTo(1, within(1e-9));
        assertThat(crowd.database().rowsOfCommitPeak()).isGreaterThan(10);
        assertThat(crowd.database().commitsPerSecondPeak()).isLessThan(1_000 / 4.5);
    }

    @Test
    void tellsOfElevenMomentsFromThePeakToTheEnd() {
        CapacityPlan plan = CapacityPlan.of(Assumptions.usual());

        assertThat(plan.overTime()).hasSize(11);
        Moment first = plan.overTime().getFirst();
        assertThat(first.reads()).isEqualTo(300_000);
        assertThat(first.bookings())
                .isCloseTo(plan.opening().bookingsPerSecondPeak(), within(1e-6));
        assertThat(plan.overTime().getLast()).isEqualTo(new Moment(90, 0, 0, 0, 0));
    }

    @Test
    void costsNothingWithoutPricesAndOtherwiseWhatIsPriced() {
        assertThat(CapacityPlan.of(Assumptions.usual()).costs()).isEmpty();

        CapacityPlan plan = plan(Assumption.PRICE_CORE_HOUR, 0.05);
        // Two nodes of four cores and two databases of one, for a day.
        assertThat(plan.costs()).containsExactly(new CostItem("machines", 10 * 24 * 0.05));
        assertThat(plan.cost()).isEqualTo(12);
    }

    @Test
    void pricesTrafficAndRequestsOfTheCdn() {
        CapacityPlan plan =
                CapacityPlan.of(
                        with(Assumption.PRICE_CDN_GB, 0.02)
                                .with(Assumption.PRICE_CDN_MILLION, 1, "test"));

        assertThat(plan.costs())
                .extracting(CostItem::what)
                .containsExactly("CDN, traffic", "CDN, requests");
        assertThat(plan.costs().getFirst().amount()).isEqualTo(plan.cdn().gigabytes() * 0.02);
        assertThat(plan.costs().getLast().amount())
                .isCloseTo((plan.opening().reads() + 6_000_000) / 1e6, within(1e-6));
    }

    @ParameterizedTest
    @EnumSource(Assumption.class)
    void staysFiniteAtTheEndsOfEveryAssumption(Assumption assumption) {
        for (double end : new double[] {assumption.least, assumption.most}) {
            CapacityPlan plan = plan(assumption, end);
            assertThat(plan.coresPeak()).isFinite().isPositive();
            assertThat(plan.database().commitsPerSecondPeak()).isFinite().isPositive();
            assertThat(plan.soonest().minutes()).isFinite().isPositive();
            assertThat(plan.cdn().absorbed()).isBetween(0.0, 1.0);
        }
    }

    @Test
    void staysFiniteAndNeverBelowZeroWhereManyAssumptionsAreAtTheirEnds() {
        long seed = new SplittableRandom().nextLong();
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 100; i++) {
            Assumptions given = Assumptions.usual();
            for (Assumption assumption : Assumption.values()) {
                double number =
                        switch (random.nextInt(4)) {
                            case 0 -> assumption.least;
                            case 1 -> assumption.most;
                            case 2 -> random.nextDouble(assumption.least, assumption.most);
                            default -> assumption.usual;
                        };
                given = given.with(assumption, number, "test");
            }
            if (given.get(Assumption.PEOPLE) * given.get(Assumption.COMING) < 100) {
                given = given.with(Assumption.PEOPLE, Assumption.PEOPLE.most, "test");
            }
            CapacityPlan plan = CapacityPlan.of(given);
            List<Sensitivity> sensitivities = Sensitivity.of(given);
            String all = Door.JSON.valueToTree(plan) + " " + Door.JSON.valueToTree(sensitivities);
            assertThat(all).as("seed %d, plan %d", seed, i).doesNotContain("NaN", "Infinity", ":-");
            assertThat(PlanText.of(given, plan, sensitivities))
                    .as("seed %d, plan %d", seed, i)
                    .noneMatch(line -> line.matches(".*(NaN|Infinity|(^| )-\\d).*"));
        }
    }

    @ParameterizedTest
    @EnumSource(Assumption.class)
    void refusesWhatAnAssumptionDoesNotAllow(Assumption assumption) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> with(assumption, Math.nextDown(assumption.least)))
                .withMessageContaining(assumption.option());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> with(assumption, Math.nextUp(assumption.most)));
        assertThatIllegalArgumentException().isThrownBy(() -> with(assumption, Double.NaN));
    }
}
