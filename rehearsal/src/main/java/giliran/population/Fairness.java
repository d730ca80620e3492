package giliran.population;

import giliran.outcome.Outcome.Ending;
import giliran.outcome.Outcome.Group;
import giliran.population.Characters.Behaviour;
import giliran.population.Characters.Line;
import giliran.population.Morning.State;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** Who got a place, by what people are like, and what became of everybody. */
final class Fairness {
    private static final int PARTS_BEFORE = 3;
    private static final int PARTS_AFTER = 6;
    private static final int LONGEST_SECONDS = 1_000_000;
    private static final int DIGITS = 2;
    private static final Map<State, String> ENDINGS =
            Map.of(
                    State.HAS_PLACE, "have a place",
                    State.GAVE_BACK, "had a place and gave it back",
                    State.ALL_GONE, "heard that all is gone",
                    State.LOST_PATIENCE, "gave up after one refusal after the other",
                    State.REFUSED, "were refused for another reason");

    /** People who are alike. */
    private static final class Tally {
        long people;
        final Histogram seconds = new Histogram(LONGEST_SECONDS, DIGITS);

        Group group(String by, String name) {
            return new Group(
                    by,
                    name,
                    people,
                    seconds.getTotalCount(),
                    seconds.getTotalCount() == 0
                            ? Double.NaN
                            : seconds.getValueAtPercentile(50) / 10.0);
        }
    }

    private final List<Group> groups = new ArrayList<>();
    private final List<Ending> endings = new ArrayList<>();

    /**
     * @param openingAt on the clock of what people were told
     */
    Fairness(Scenario scenario, Characters characters, Told told, Morning morning, int openingAt) {
        int before = (int) scenario.firstBefore().toMillis();
        int after = (int) scenario.restWithin().toMillis();
        Tally[] byArrival = tallies(PARTS_BEFORE + PARTS_AFTER);
        Map<Line, Tally> byLine = new EnumMap<>(Line.class);
        Map<Behaviour, Tally> byBehaviour = new EnumMap<>(Behaviour.class);
        Map<State, Long> ends = new EnumMap<>(State.class);
        long unsettled = 0;
        for (int person = 0; person < told.people(); person++) {
            int comesAt = characters.comesAt(person);
            int part =
                    comesAt < 0
                            ? PARTS_BEFORE * (comesAt + before) / Math.max(1, before)
                            : PARTS_BEFORE
                                    + (int) ((long) PARTS_AFTER * comesAt / Math.max(1, after + 1));
            int tenths =
                    told.hadPlace(person)
                            ? (told.toldAt(person) - openingAt - Math.max(0, comesAt)) / 100
                            : -1;
            count(byArrival[Math.clamp(part, 0, byArrival.length - 1)], tenths);
            count(byLine.computeIfAbsent(characters.line(person), line -> new Tally()), tenths);
            count(
                    byBehaviour.computeIfAbsent(
                            characters.behaviour(person), behaviour -> new Tally()),
                    tenths);
            State end = morning.stateOf(person);
            if (end.isEnd()) {
                ends.merge(end, 1L, Long::sum);
            } else {
                unsettled++;
            }
        }
        for (int part = 0; part < byArrival.length; part++) {
            add(byArrival[part], "arrival", arrival(part, before / 1e3, after / 1e3));
        }
        byLine.forEach((line, tally) -> add(tally, "line", line.toString()));
        byBehaviour.forEach((behaviour, tally) -> add(tally, "behaviour", behaviour.toString()));
        ends.forEach((end, people) -> endings.add(new Ending(words(end), people)));
        if (unsettled > 0) {
            endings.add(new Ending("were still waiting", unsettled));
        }
    }

    private static String words(State end) {
        return ENDINGS.getOrDefault(end, end.name());
    }

    private static Tally[] tallies(int count) {
        Tally[] tallies = new Tally[count];
        for (int i = 0; i < count; i++) {
            tallies[i] = new Tally();
        }
        return tallies;
    }

    private static void count(Tally tally, int tenths) {
        tally.people++;
        if (tenths >= 0) {
            tally.seconds.recordValue(Math.min(tenths, LONGEST_SECONDS));
        }
    }

    private void add(Tally tally, String by, String name) {
        if (tally.people > 0) {
            groups.add(tally.group(by, name));
        }
    }

    private static String arrival(int part, double before, double after) {
        return part < PARTS_BEFORE
                ? "%.0f to %.0f s before"
                        .formatted(
                                before * (PARTS_BEFORE - part) / PARTS_BEFORE,
                                before * (PARTS_BEFORE - part - 1) / PARTS_BEFORE)
                : "%.0f to %.0f s after"
                        .formatted(
                                after * (part - PARTS_BEFORE) / PARTS_AFTER,
                                after * (part - PARTS_BEFORE + 1) / PARTS_AFTER);
    }

    List<Group> groups() {
        return List.copyOf(groups);
    }

    List<Ending> endings() {
        return List.copyOf(endings);
    }
}
