package giliran.population;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

    private static final ZoneId ZONE = ZoneId.of("Asia/Kuala_Lumpur");
    private static final int DAYS_AHEAD = 14;
    private static final int FIRST_HOUR = 8;

    /** A centre-date. */
    record Day(String centre, String region, LocalDate date, int places) {}

    /** The campaign of a scenario, at its scale; the seed is in its name, for the next one. */
    static Offer of(Scenario scenario, long seed, @Nullable RealDay day) {
        List<Day> days = new ArrayList<>();
        LocalDate first = LocalDate.now(ZONE).plusDays(DAYS_AHEAD);
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

    /** Writes {@code campaign.yaml}, {@code centres.csv} and {@code slots.csv}. */
    void write(Path folder) {
        Map<String, String> centres = new LinkedHashMap<>();
        StringBuilder slots =
                new StringBuilder("slot_id,centre_id,start,end,capacity,product,dose\n");
        for (Day day : days) {
            centres.put(day.centre(), day.region());
            for (int window = 0; window < windows; window++) {
                int hour = FIRST_HOUR + window;
                slots.append(
                        "%1$s-%2$s-%3$s-%4$02d,%2$s-%1$s,%3$sT%4$02d:00,%3$sT%5$02d:00,%6$d,,1\n"
                                .formatted(
                                        day.centre(),
                                        campaign,
                                        day.date(),
                                        hour,
                                        hour + 1,
                                        part(
                                                day.places(),
                                                (double) window / windows,
                                                (window + 1.0) / windows)));
            }
        }
        StringBuilder places =
                new StringBuilder(
                        "centre_id,name,region_id,region_name,district,address,postcode,latitude,longitude,phone,accessibility\n");
        centres.forEach(
                (centre, region) ->
                        places.append(
                                "%3$s-%1$s,Rehearsal %1$s,%2$s,%2$s,-,Nowhere,00000,3.1,101.6,,\n"
                                        .formatted(centre, region, campaign)));
        try {
            Files.createDirectories(folder);
            Files.writeString(folder.resolve("centres.csv"), places);
            Files.writeString(folder.resolve("slots.csv"), slots);
            Files.writeString(
                    folder.resolve("campaign.yaml"),
                    """
                    id: %1$s
                    name: "Rehearsal: nothing here is real"
                    programme: %1$s
                    product: AstraZeneca
                    minimumAge: 18
                    regions: all
                    allowance: 0
                    timeZone: %2$s
                    """
                            .formatted(campaign, ZONE));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
