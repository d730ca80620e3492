package giliran.capacity;

import java.util.EnumMap;
import java.util.Map;

/**
 * All that a plan stands on: a value for each assumption, within its bounds, and where it is from.
 */
final class Assumptions {
    /**
     * A value.
     *
     * @param source why it is that, in a few words
     */
    record Value(double number, String source) {}

    private final Map<Assumption, Value> values;

    private Assumptions(Map<Assumption, Value> values) {
        this.values = values;
    }

    /** What is taken if nobody says otherwise. */
    static Assumptions usual() {
        Map<Assumption, Value> values = new EnumMap<>(Assumption.class);
        for (Assumption assumption : Assumption.values()) {
            values.put(assumption, new Value(assumption.usual, assumption.reason));
        }
        return new Assumptions(values);
    }

    /**
     * The same, but for one.
     *
     * @throws IllegalArgumentException if the assumption does not allow the number
     */
    Assumptions with(Assumption assumption, double number, String source) {
        if (!assumption.allows(number)) {
            throw new IllegalArgumentException(
                    assumption.option() + " does not allow " + number + ".");
        }
        Map<Assumption, Value> changed = new EnumMap<>(values);
        changed.put(assumption, new Value(number, source));
        return new Assumptions(changed);
    }

    /** The same, with one of them multiplied, as far as its bounds allow. */
    Assumptions times(Assumption assumption, double factor) {
        double number = get(assumption) * factor;
        return with(
                assumption,
                Math.clamp(number, assumption.least, assumption.most),
                value(assumption).source());
    }

    Value value(Assumption assumption) {
        Value value = values.get(assumption);
        if (value == null) {
            throw new IllegalStateException("every assumption has a value");
        }
        return value;
    }

    double get(Assumption assumption) {
        return value(assumption).number();
    }
}
