package giliran.rehearsal;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Compares what people were told with what {@code audit --appointments} wrote, appointment by
 * appointment and both ways.
 */
final class TruthCheck {
    private record Row(String reference, String slot, String state) {
        static Row of(String line) {
            String[] cells = line.split(",", -1);
            return new Row(cells[0], cells[3], cells[4]);
        }
    }

    private TruthCheck() {}

    /**
     * Every difference, as a sentence; none if all is true.
     *
     * @param csv the file's lines, its heading first
     * @param capacities the places of the slots that people were after
     */
    static List<String> differences(
            Collection<Commitment> told, List<String> csv, Map<String, Integer> capacities) {
        List<String> differences = new ArrayList<>();
        Map<String, Row> rows = new HashMap<>();
        Map<String, Integer> live = new HashMap<>();
        for (String line : csv.subList(Math.min(1, csv.size()), csv.size())) {
            Row row = Row.of(line);
            if (rows.put(row.reference(), row) != null) {
                differences.add("reference " + row.reference() + " is there more than once");
            }
            if (row.state().equals("booked")) {
                live.merge(row.slot(), 1, Integer::sum);
            }
        }
        Set<String> known = new HashSet<>();
        for (Commitment commitment : told) {
            known.add(commitment.digits());
            Row row = rows.get(commitment.digits());
            if (row == null) {
                differences.add("told, and not there: " + commitment);
            } else if (!row.slot().equals(commitment.slot())
                    || !row.state().equals(commitment.state())) {
                differences.add(
                        "told otherwise than it is there ("
                                + row.state()
                                + ", slot "
                                + row.slot()
                                + "): "
                                + commitment);
            }
        }
        for (Row row : rows.values()) {
            if (!known.contains(row.reference())) {
                differences.add("there, and told to nobody: " + row);
            }
        }
        live.forEach(
                (slot, count) -> {
                    Integer capacity = capacities.get(slot);
                    if (capacity == null || count > capacity) {
                        differences.add(
                                "slot "
                                        + slot
                                        + " has "
                                        + count
                                        + " people in "
                                        + capacity
                                        + " places");
                    }
                });
        return differences;
    }
}
