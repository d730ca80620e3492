package giliran.capacity;

import giliran.capacity.Assumption.Kind;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What a plan comes to if one assumption is wrong by half, or by as much again: each other result
 * divided by the plan's own.
 *
 * @param halved with half of it, as far as the assumption's bounds allow
 * @param doubled with twice as much
 */
record Sensitivity(Assumption assumption, double value, Effects halved, Effects doubled) {
    /** As little as that is no effect. */
    private static final double NOTHING = 0.005;

    /**
     * The new over the old; 1 is no effect.
     *
     * @param cores busy at the peak
     * @param cdnTraffic of the whole opening
     * @param databaseSize at the end
     * @param cost 1 without prices
     */
    record Effects(double cores, double cdnTraffic, double databaseSize, double cost) {
        static Effects of(CapacityPlan plan, CapacityPlan other) {
            return new Effects(
                    ratio(plan, other, CapacityPlan::coresPeak),
                    ratio(plan, other, each -> each.cdn().gigabytes()),
                    ratio(plan, other, each -> each.database().gigabytes()),
                    ratio(plan, other, CapacityPlan::cost));
        }

        private static double ratio(
                CapacityPlan plan, CapacityPlan other, ToDoubleFunction<CapacityPlan> figure) {
            double before = figure.applyAsDouble(plan);
            return before == 0 ? 1 : figure.applyAsDouble(other) / before;
        }
    }

    /**
     * One for each assumption about what people do and what was measured; prices and choices are no
     * assumptions. Those come first that move the cost most, or without prices the cores; among
     * equals, those that move anything else.
     */
    static List<Sensitivity> of(Assumptions given) {
        CapacityPlan plan = CapacityPlan.of(given);
        ToDoubleFunction<Effects> main = plan.cost() > 0 ? Effects::cost : Effects::cores;
        return Arrays.stream(Assumption.values())
                .filter(each -> each.kind == Kind.DEMAND || each.kind == Kind.MEASURED)
                .map(
                        each ->
                                new Sensitivity(
                                        each,
                                        given.get(each),
                                        effects(given, plan, each, 0.5),
                                        effects(given, plan, each, 2)))
                .sorted(
                        Comparator.comparingDouble((Sensitivity each) -> each.spread(main))
                                .thenComparingDouble(Sensitivity::spreadOfAll)
                                .reversed())
                .toList();
    }

    private static Effects effects(
            Assumptions given, CapacityPlan plan, Assumption assumption, double factor) {
        return Effects.of(plan, CapacityPlan.of(given.times(assumption, factor)));
    }

    /** Whether half or double changes any result. */
    boolean movesAnything() {
        return spread(Effects::cost) * spreadOfAll() > 1 + NOTHING;
    }

    /** How many times larger the larger is than the smaller, of a half, the same and the double. */
    private double spread(ToDoubleFunction<Effects> figure) {
        double low = figure.applyAsDouble(halved);
        double high = figure.applyAsDouble(doubled);
        return Math.max(1, Math.max(low, high)) / Math.min(1, Math.min(low, high));
    }

    private double spreadOfAll() {
        return spread(Effects::cdnTraffic) * spread(Effects::databaseSize) * spread(Effects::cores);
    }
}
