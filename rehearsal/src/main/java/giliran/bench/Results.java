package giliran.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/** All that was measured, run by run. */
final class Results {
    /**
     * One thing that is measured, several times.
     *
     * @param who the contender
     * @param what the scenario
     */
    record Cell(String who, String what) {}

    private final Map<Cell, List<Figures>> runs = new LinkedHashMap<>();

    void add(Cell cell, Figures figures) {
        runs.computeIfAbsent(cell, key -> new ArrayList<>()).add(figures);
    }

    Map<Cell, List<Figures>> runs() {
        return runs;
    }

    /** The medians of a cell's runs, figure by figure; all other answers of all runs. */
    Figures median(Cell cell) {
        List<Figures> all = runs.get(cell);
        if (all == null) {
            throw new IllegalArgumentException("not measured: " + cell);
        }
        Map<String, Long> others = new TreeMap<>();
        all.forEach(run -> run.others().forEach((answer, n) -> others.merge(answer, n, Long::sum)));
        return new Figures(
                median(all, Figures::perSecond),
                median(all, Figures::p50Millis),
                median(all, Figures::p99Millis),
                median(all, Figures::p999Millis),
                others);
    }

    private static double median(List<Figures> runs, ToDoubleFunction<Figures> figure) {
        double[] sorted = runs.stream().mapToDouble(figure).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
