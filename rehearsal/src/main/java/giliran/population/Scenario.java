package giliran.population;

import giliran.subject.RehearsalException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;

/**
 * A morning to be rehearsed, as its file says and at the scale and speed that were asked for.
 *
 * @param windows slots of a day
 * @param dates days of a centre, one after the other; not looked at with a trace
 * @param places of all centres together; with a trace, those of the trace
 * @param trace the file of a real day's record, below the home; empty without one
 * @param firstBefore how long before the opening the first come
 * @param thereAtOpening share of the people who come before it
 * @param restWithin the time after the opening within which all others come
 * @param readyAfter mean time that people need, from then on, until they know what they want
 * @param reloadEvery the usual time between two looks at the list
 * @param patience mean time that people go on against bad news
 * @param stayers share of people who stay as long as there is any hope
 * @param passes share of people who fetch a pass before the opening
 * @param changeAfter within which time after booking people cancel or move
 * @param badLineCut share of requests on bad lines that are cut off
 * @param badLineInTwo share of requests on bad lines that come in two parts, two seconds apart
 * @param nearDates the time in days in which a date loses half its attraction
 * @param originReads a second, above which a read is absorbed by the CDN
 * @param connections to the server
 * @param killDatabaseAt after the opening, on the server's clock; none if empty
 * @param killServerAt after the opening, on the server's clock; none if empty
 */
public record Scenario(
        String name,
        String title,
        String story,
        double scale,
        double speed,
        int people,
        int places,
        List<Place> centres,
        int dates,
        int windows,
        String trace,
        Duration firstBefore,
        double thereAtOpening,
        Duration restWithin,
        Duration readyAfter,
        Duration reloadEvery,
        Duration patience,
        double stayers,
        double passes,
        double reloaders,
        double bots,
        double cancels,
        double moves,
        Duration changeAfter,
        double mobileLines,
        double badLines,
        double badLineCut,
        double badLineInTwo,
        double nearDates,
        int originReads,
        int connections,
        List<Duration> killDatabaseAt,
        List<Duration> killServerAt) {

    /**
     * A centre.
     *
     * @param share of all places, in relation to the others
     * @param popularity how many people would like to go there, in relation to the others of its
     *     region
     */
    public record Place(String centre, String region, double share, double popularity) {}

    /** The scenarios that are there. */
    public static final List<String> NAMES =
            List.of(
                    "malaysia-2021-05-02",
                    "malaysia-2021-05-26",
                    "one-hot-centre",
                    "bots",
                    "slow-lines",
                    "database-restart");

    /**
     * Reads a scenario.
     *
     * @param nameOrFile one of {@link #NAMES}, or the path of a file of one's own
     * @param scale of people, places and reads at the origin, above 0 and up to 1
     * @param speed how many times faster the people's clocks run, 0.1 to 100
     * @throws RehearsalException in one sentence, if it cannot be read
     */
    public static Scenario read(String nameOrFile, double scale, double speed) {
        if (!(scale > 0 && scale <= 1)) {
            throw new RehearsalException("--scale must be above 0 and at most 1, not " + scale);
        }
        if (!(speed >= 0.1 && speed <= 100)) {
            throw new RehearsalException("--speed must be from 0.1 to 100, not " + speed);
        }
        Properties properties = new Properties();
        try (Reader reader = open(nameOrFile)) {
            properties.load(reader);
        } catch (IOException e) {
            throw new RehearsalException("The scenario " + nameOrFile + " cannot be read", e);
        }
        String name =
                NAMES.contains(nameOrFile)
                        ? nameOrFile
                        : Path.of(nameOrFile).getFileName().toString().replaceFirst("\\..*", "");
        return new Settings(name, properties, scale, speed).scenario();
    }

    private static Reader open(String nameOrFile) throws IOException {
        if (NAMES.contains(nameOrFile)) {
            InputStream resource = Scenario.class.getResourceAsStream(nameOrFile + ".properties");
            if (resource != null) {
                return new InputStreamReader(resource, StandardCharsets.UTF_8);
            }
        }
        Path file = Path.of(nameOrFile);
        if (!Files.isRegularFile(file)) {
            throw new RehearsalException(
                    "There is no scenario "
                            + nameOrFile
                            + ": name a file, or one of "
                            + String.join(", ", NAMES)
                            + ".");
        }
        return Files.newBufferedReader(file);
    }

    /** The lines of the file, each of which must be there and be understood. */
    private static final class Settings {
        private final String name;
        private final Properties properties;
        private final double scale;
        private final double speed;
        private final Set<String> unread;

        Settings(String name, Properties properties, double scale, double speed) {
            this.name = name;
            this.properties = properties;
            this.scale = scale;
            this.speed = speed;
            unread = new TreeSet<>(properties.stringPropertyNames());
        }

        Scenario scenario() {
            Scenario read =
                    new Scenario(
                            name,
                            text("title"),
                            text("story"),
                            scale,
                            speed,
                            scaled("people", 10),
                            scaled("places", 1),
                            centres(),
                            (int) number("dates", 1, 366),
                            (int) number("windows", 1, 12),
                            text("trace"),
                            time("arrive.first-before"),
                            share("arrive.there-at-opening"),
                            time("arrive.rest-within"),
                            time("ready-after"),
                            time("reload-every"),
                            time("patience"),
                            share("stayers"),
                            share("passes"),
                            share("reloaders"),
                            share("bots"),
                            share("cancels"),
                            share("moves"),
                            time("change-after"),
                            share("lines.mobile"),
                            share("lines.bad"),
                            share("lines.bad.cut"),
                            share("lines.bad.in-two"),
                            number("near-dates", 0.1, 10_000),
                            scaled("origin-reads", 5),
                            (int) number("connections", 1, 15_000),
                            moments("kill.database-at"),
                            moments("kill.server-at"));
            if (!unread.isEmpty()) {
                throw fault(unread.iterator().next(), "is unknown");
            }
            return read;
        }

        private RehearsalException fault(String key, String what) {
            return new RehearsalException(
                    "In the scenario " + name + " the setting " + key + " " + what + ".");
        }

        private String text(String key) {
            String text = properties.getProperty(key);
            if (text == null) {
                throw fault(key, "is missing");
            }
            unread.remove(key);
            return text.strip();
        }

        private double number(String key, double least, double most) {
            String text = text(key).replace(",", "");
            try {
                double number = Double.parseDouble(text);
                if (number >= least && number <= most) {
                    return number;
                }
            } catch (NumberFormatException e) {
                // Said below.
            }
            throw fault(key, "must be a number from %s to %s, not %s".formatted(least, most, text));
        }

        private int scaled(String key, int least) {
            return (int) Math.max(least, number(key, 1, 30_000_000) * scale);
        }

        private double share(String key) {
            return number(key, 0, 1);
        }

        /** Seconds of the people's clock. */
        private Duration time(String key) {
            return Duration.ofMillis((long) (1_000 * number(key, 0, 1_000_000) / speed));
        }

        private List<Duration> moments(String key) {
            String text = text(key);
            List<Duration> moments = new ArrayList<>();
            if (!text.isEmpty()) {
                try {
                    for (String seconds : text.split(",", -1)) {
                        moments.add(Duration.ofSeconds(Long.parseLong(seconds.strip())));
                    }
                } catch (NumberFormatException e) {
                    throw fault(key, "must be whole seconds, separated by commas, not " + text);
                }
            }
            return List.copyOf(moments);
        }

        private List<Place> centres() {
            List<Place> centres = new ArrayList<>();
            for (String text : text("centres").split(",", -1)) {
                String[] parts = text.strip().split("\\s+", -1);
                try {
                    centres.add(
                            new Place(
                                    parts[0],
                                    parts[1],
                                    Double.parseDouble(parts[2]),
                                    Double.parseDouble(parts[3])));
                } catch (ArrayIndexOutOfBoundsException | NumberFormatException e) {
                    throw fault("centres", "must be like WTCKL kuala-lumpur 1.0 1.0, not " + text);
                }
            }
            return List.copyOf(centres);
        }
    }
}
