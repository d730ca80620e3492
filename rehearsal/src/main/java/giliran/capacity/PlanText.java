package giliran.capacity;

import giliran.capacity.Assumption.Kind;
import giliran.capacity.CapacityPlan.Moment;
import giliran.capacity.CapacityPlan.Opening;
import giliran.capacity.Sensitivity.Effects;
import java.util.ArrayList;
import java.util.List;

/** A plan as text for a terminal of 100 columns; headings are between {@code @|bold and |@}. */
final class PlanText {
    private static final int BAR_WIDTH = 32;
    private static final String EIGHTHS = " ▏▎▍▌▋▊▉";

    private final Assumptions given;
    private final CapacityPlan plan;
    private final List<Sensitivity> sensitivities;
    private final List<String> lines = new ArrayList<>();

    private PlanText(Assumptions given, CapacityPlan plan, List<Sensitivity> sensitivities) {
        this.given = given;
        this.plan = plan;
        this.sensitivities = sensitivities;
    }

    /** All of it, line by line. */
    static List<String> of(Assumptions given, CapacityPlan plan, List<Sensitivity> sensitivities) {
        PlanText text = new PlanText(given, plan, sensitivities);
        text.say("@|bold %s|@".formatted(verdict(given, plan)));
        text.mattersMost();
        text.rates();
        text.overTime();
        text.machines();
        text.cost();
        text.sensitivities();
        text.standsOn();
        return text.lines;
    }

    /** What is needed, in one sentence. */
    static String verdict(Assumptions given, CapacityPlan plan) {
        return "%s of %s cores and a database with %s hold the opening, with %s times its peak."
                .formatted(
                        Quantity.count(plan.nodes().count(), "node"),
                        Quantity.plain(given.get(Assumption.NODE_CORES)),
                        Quantity.count(plan.database().cores(), "core"),
                        Quantity.plain(given.get(Assumption.HEADROOM)));
    }

    private void mattersMost() {
        Sensitivity first = sensitivities.getFirst();
        boolean isPriced = plan.cost() > 0;
        say("What matters most: %s.".formatted(first.assumption().meaning));
        say(
                "With half of it %s %s times as much, with double %s."
                        .formatted(
                                isPriced ? "the cost is" : "the cores at the peak are",
                                Quantity.times(
                                        isPriced ? first.halved().cost() : first.halved().cores()),
                                Quantity.times(
                                        isPriced
                                                ? first.doubled().cost()
                                                : first.doubled().cores())));
    }

    private void rates() {
        Opening opening = plan.opening();
        double refused = opening.refusalsPerSecondPeak();
        double factor = opening.bookingsPerSecondPeak() / opening.bookingsPerSecond();
        heading("The opening", "average", "peak");
        row("people who come", "", Quantity.plain(opening.coming()));
        row("reads", perSecond(opening.readsPerSecond()), perSecond(opening.readsPerSecondPeak()));
        row(
                "  of them from the CDN",
                Quantity.percent(plan.cdn().absorbed()),
                Quantity.percent(plan.cdn().absorbedPeak()));
        row(
                "  of them at the origin",
                perSecond(opening.readsPerSecond() * (1 - plan.cdn().absorbed())),
                perSecond(plan.cdn().originReadsPerSecondPeak()));
        row(
                "bookings",
                perSecond(opening.bookingsPerSecond()),
                perSecond(opening.bookingsPerSecondPeak()));
        row("refusals", perSecond(refused / factor), perSecond(refused));
    }

    private void overTime() {
        heading("Over time", "reads/s", "origin/s", "bookings/s", "refusals/s");
        double most = plan.opening().readsPerSecondPeak();
        for (Moment moment : plan.overTime()) {
            say(
                    "  %7s min %12s %12s %12s %12s  %s"
                            .formatted(
                                    Quantity.plain(moment.minute()),
                                    Quantity.plain(Math.rint(moment.reads())),
                                    Quantity.plain(Math.rint(moment.readsAtOrigin())),
                                    Quantity.plain(Math.rint(moment.bookings())),
                                    Quantity.plain(Math.rint(moment.refusals())),
                                    bar(moment.reads() / most)));
        }
    }

    private static String bar(double share) {
        int eighths = (int) Math.round(share * BAR_WIDTH * 8);
        String last = eighths % 8 == 0 ? "" : EIGHTHS.substring(eighths % 8, eighths % 8 + 1);
        return "█".repeat(eighths / 8) + last;
    }

    private void machines() {
        CapacityPlan.Database database = plan.database();
        heading("What holds it");
        fact(
                "nodes",
                "%s busy at the peak; %s of %s, and %s to spare"
                        .formatted(
                                cores(plan.nodes().coresPeak()),
                                plan.nodes().count(),
                                cores(given.get(Assumption.NODE_CORES)),
                                Quantity.plain(given.get(Assumption.SPARES))));
        fact(
                "connections",
                "%s at the origin; %s at the database, spare nodes included"
                        .formatted(
                                Quantity.plain(Math.ceil(plan.connections().atOrigin())),
                                Quantity.plain(plan.connections().atDatabase())));
        fact(
                "database",
                "%s busy at the peak; %s commits/s with fsync, %s decisions in each"
                        .formatted(
                                cores(database.coresPeak()),
                                Quantity.plain(database.commitsPerSecondPeak()),
                                Quantity.plain(database.rowsOfCommitPeak())));
        fact(
                "",
                "%s MB/s of log; %s pages/s at checkpoints"
                        .formatted(
                                Quantity.plain(database.logMegabytesPerSecondPeak()),
                                Quantity.plain(database.pagesPerSecond())));
        fact(
                "",
                "%s rows, %s GB of them; a disk of %s GB"
                        .formatted(
                                Quantity.plain(database.rows()),
                                Quantity.plain(database.gigabytes()),
                                Quantity.plain(database.diskGigabytes())));
        fact(
                "network",
                "%s Mbit/s out of the origin, %s Mbit/s into it"
                        .formatted(
                                Quantity.plain(plan.network().megabitsPerSecondOut()),
                                Quantity.plain(plan.network().megabitsPerSecondIn())));
        if (given.get(Assumption.CDN_CACHES) > 0) {
            fact(
                    "CDN",
                    "%s Gbit/s at the peak; %s GB in all"
                            .formatted(
                                    Quantity.plain(plan.cdn().gigabitsPerSecondPeak()),
                                    Quantity.plain(plan.cdn().gigabytes())));
        }
        fact(
                "at the soonest",
                "%s bookings/s: all sold in %s minutes, if people were as fast"
                        .formatted(
                                Quantity.plain(plan.soonest().bookingsPerSecond()),
                                Quantity.plain(plan.soonest().minutes())));
    }

    private void cost() {
        heading("Cost, in the currency of the prices");
        if (plan.costs().isEmpty()) {
            say("  No prices are given (--price-core-hour and others).");
            return;
        }
        plan.costs()
                .forEach(
                        item ->
                                say(
                                        "  %-30s %14s"
                                                .formatted(
                                                        item.what(),
                                                        Quantity.money(item.amount()))));
        say("  %-30s %14s".formatted("together", Quantity.money(plan.cost())));
    }

    private void sensitivities() {
        boolean isPriced = plan.cost() > 0;
        String row = "%-47s %12s %12s %12s %12s";
        say("");
        say(
                "@|bold %s|@"
                        .formatted(
                                row.formatted(
                                        "Times so much with half | with double of",
                                        "cores",
                                        "CDN GB",
                                        "database GB",
                                        isPriced ? "cost" : "")));
        for (Sensitivity each : sensitivities) {
            Effects halved = each.halved();
            Effects doubled = each.doubled();
            if (each.movesAnything()) {
                say(
                        row.formatted(
                                "  " + each.assumption().meaning.replaceFirst("[,;].*", ""),
                                effect(halved.cores(), doubled.cores()),
                                effect(halved.cdnTraffic(), doubled.cdnTraffic()),
                                effect(halved.databaseSize(), doubled.databaseSize()),
                                isPriced ? effect(halved.cost(), doubled.cost()) : ""));
            }
        }
        say("  All others move none of these.");
    }

    private static String effect(double halved, double doubled) {
        String effect = Quantity.times(halved) + " | " + Quantity.times(doubled);
        return effect.equals("1.00 | 1.00") ? "·" : effect;
    }

    private void standsOn() {
        heading("What it stands on");
        for (Assumption each : Assumption.values()) {
            if (each.kind != Kind.PRICE || given.get(each) > 0) {
                Assumptions.Value value = given.value(each);
                say(
                        "  %-20s %12s  %s (%s)"
                                .formatted(
                                        each.option(),
                                        Quantity.plain(value.number()),
                                        each.meaning,
                                        value.source()));
            }
        }
    }

    private static String perSecond(double rate) {
        return Quantity.plain(rate) + "/s";
    }

    private static String cores(double cores) {
        return Quantity.plain(cores) + (cores == 1 ? " core" : " cores");
    }

    private void heading(String title, String... columns) {
        StringBuilder line = new StringBuilder("%-27s".formatted(title));
        for (String column : columns) {
            line.append(" %12s".formatted(column));
        }
        say("");
        say("@|bold %s|@".formatted(line.toString().stripTrailing()));
    }

    private void row(String what, String average, String peak) {
        say("  %-25s %12s %12s".formatted(what, average, peak));
    }

    private void fact(String what, String fact) {
        say("  %-16s %s".formatted(what, fact));
    }

    private void say(String line) {
        lines.add(line.stripTrailing());
    }
}
