package giliran.main;

import giliran.campaigns.Slot;
import giliran.campaigns.StagedOfferStore.ChangedSlot;
import giliran.campaigns.StagedOfferStore.Tally;
import giliran.imports.ImportReport;
import giliran.ledger.WantedPlacesStore.Shift;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** An import's report in words, for the terminal. */
final class ImportTable {
    private ImportTable() {}

    /** One line on what was done. */
    static String summary(ImportReport report) {
        Tally slots = report.slots();
        List<String> parts = new ArrayList<>();
        part(parts, slots.added(), "new");
        part(parts, slots.changed(), "changed");
        part(parts, slots.unchanged(), "unchanged");
        Shift shift = report.capacity();
        String line =
                String.format(
                        Locale.ROOT,
                        "imported %s, %s (%,d places): %s",
                        counted(report.centres().total(), "centre"),
                        counted(slots.total(), "slot"),
                        report.places(),
                        String.join(", ", parts));
        return shift.up() + shift.down() == 0
                ? line
                : line
                        + String.format(
                                Locale.ROOT,
                                "; capacity up in %,d (+%,d places), down in %,d (-%,d)",
                                shift.up(),
                                shift.placesUp(),
                                shift.down(),
                                shift.placesDown());
    }

    private static void part(List<String> parts, int count, String what) {
        if (count > 0) {
            parts.add(String.format(Locale.ROOT, "%,d %s", count, what));
        }
    }

    private static String counted(int count, String noun) {
        return String.format(Locale.ROOT, "%,d %s%s", count, noun, count == 1 ? "" : "s");
    }

    /** What would change and whom it touches. */
    static List<String> lines(ImportReport report) {
        List<String> lines = new ArrayList<>();
        lines.add(
                "Campaign "
                        + report.campaign().id()
                        + (report.isNew()
                                ? ": new"
                                : report.campaignChanges().isEmpty() ? ": unchanged" : ":"));
        report.campaignChanges().forEach(change -> lines.add("  " + change));
        lines.add(
                String.format(
                        Locale.ROOT, "%-10s %10s %10s %10s", "", "new", "changed", "unchanged"));
        lines.add(row("regions", report.regions()));
        lines.add(row("centres", report.centres()));
        lines.add(row("slots", report.slots()));
        Shift shift = report.capacity();
        lines.add(
                String.format(
                        Locale.ROOT,
                        "%-10s %,10d slots up (+%,d places), %,d down (-%,d places)",
                        "capacity",
                        shift.up(),
                        shift.placesUp(),
                        shift.down(),
                        shift.placesDown()));
        lines.add(
                String.format(
                        Locale.ROOT,
                        "%-10s %,10d live appointments, whose time, vaccine or centre's"
                                + " description changes",
                        "touched",
                        report.touched()));
        examples(lines, "new", report.slots().added(), report.newSlots());
        examples(
                lines,
                "changed",
                report.slots().changed(),
                report.changedSlots().stream().map(ImportTable::change).toList());
        report.notices().forEach(notice -> lines.add("note: " + notice));
        return lines;
    }

    private static String row(String what, Tally tally) {
        return String.format(
                Locale.ROOT,
                "%-10s %,10d %,10d %,10d",
                what,
                tally.added(),
                tally.changed(),
                tally.unchanged());
    }

    private static void examples(List<String> lines, String what, int all, List<String> first) {
        first.forEach(name -> lines.add(String.format(Locale.ROOT, "%-10s %s", what, name)));
        if (all > first.size()) {
            lines.add(String.format(Locale.ROOT, "%-10s … and %,d more", what, all - first.size()));
        }
    }

    private static String change(ChangedSlot changed) {
        Slot was = changed.before();
        Slot is = changed.after();
        List<String> parts = new ArrayList<>();
        part(parts, "centre", was.centre(), is.centre());
        part(parts, "start", was.start(), is.start());
        part(parts, "end", was.end(), is.end());
        part(parts, "product", was.product(), is.product());
        part(parts, "dose", was.dose(), is.dose());
        return changed.key()
                + ": "
                + (parts.isEmpty() ? "what its publisher says of it" : String.join("; ", parts));
    }

    private static void part(List<String> parts, String what, Object was, Object is) {
        if (!was.equals(is)) {
            parts.add(what + " " + was + " → " + is);
        }
    }
}
