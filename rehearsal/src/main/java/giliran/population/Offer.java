package giliran.population;

import giliran.crowd.CampaignFiles;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The campaign of a rehearsal, which {@code ./giliran import} reads from files. Its name says that
 * it is one, so that nobody takes it for a real one.
 *
 * @param days what each centre has on each day
 */
record Offer(String campaign, int windows, List<Day> days) {
    /** What the names of all campaigns of rehearsals begin with. */
    static final String PREFIX = "rehearsal-";

    /** A centre-date. */
    record Day(String centre, String region, LocalDate date, int places) {}

    /** The campaign of a scenario, at its scale; the seed is in its name, for the next one. */
    static Offer of(Scenario scenario, long seed, @Nullable RealDay day) {
        List<Day> days = new ArrayList<>();
        LocalDate first = CampaignFiles.firstDay();
        if (day == null) {
            double shares = scenario.centres().stream().mapToDouble(Scenario.Place::share).sum();
            double before = 0;
            for (Scenario.Place centre : scenario.centres()) {
                for (int date = 0; date < scenario.dates(); date++) {
                    double after = before + centre.share() / shares / scenario.dates();
                    days.add(
                            new Day(
                                    centre.centre(),
                                    centre.region(),
                                    first.plusDays(date),
                                    part(scenario.places(), before, after)));
                    before = after;
                }
            }
        } else {
            LocalDate firstOfRecord = LocalDate.parse(day.date(0));
            double all = 0;
            for (int column = 0; column < day.columns(); column++) {
                all += day.places(column);
            }
            double before = 0;
            for (int column = 0; column < day.columns(); column++) {
                double after = before + day.places(column) / all;
                Scenario.Place centre = scenario.centres().get(day.centre(column));
                LocalDate date = LocalDate.parse(day.date(column));
                days.add(
                        new Day(
                                centre.centre(),
                                centre.region(),
                                first.plusDays(ChronoUnit.DAYS.between(firstOfRecord, date)),
                                part(scenario.places(), before, after)));
                before = after;
            }
        }
        String name =
                "%s%s-%04x"
                        .formatted(
                                PREFIX,
                                scenario.name().replaceAll("[^a-z0-9-]", "-"),
                                seed & 0xFFFF);
        return new Offer(name, scenario.windows(), List.copyOf(days));
    }

    /** The part of a whole between two shares: parts side by side add up without a rest. */
    private static int part(int whole, double from, double to) {
        return (int) (Math.round(whole * to) - Math.round(whole * from));
    }

    int places() {
        return days.stream().mapToInt(Day::places).sum();
    }

    List<String> regions() {
        return days.stream().map(Day::region).distinct().toList();
    }

    /** Writes its files. */
    void write(Path folder) {
        CampaignFiles files = new CampaignFiles(campaign, "Rehearsal: nothing here is real");
        for (Day day : days) {
            files.add(
                    day.centre(),
                    day.region(),
                    day.date(),
                    IntStream.range(0, windows)
                            .map(
                                    window ->
                                            part(
                                                    day.places(),
                                                    (double) window / windows,
                                                    (window + 1.0) / windows))
                            .toArray());
        }
        files.write(folder);
    }
}
