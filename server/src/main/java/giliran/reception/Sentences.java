package giliran.reception;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.text.NumberFormat;
import java.time.Duration;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.time.format.TextStyle;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the service says to people, in one language. The texts are the files {@code
 * sentences_*.properties} beside this class; English is the original, whose head explains the keys.
 */
public final class Sentences {
    /** The language that everyone gets when nothing better is known. */
    public static final String LAST_RESORT = "en";

    private static final List<String> LANGUAGES = List.of(LAST_RESORT, "ms", "zh", "ta", "fr");

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([A-Za-z]+)}");

    /** A range of RFC 4647, which may be one of several in a header, and its weight of RFC 9110. */
    private static final Pattern WEIGHTED_RANGE =
            Pattern.compile(
                    "(?<language>[A-Za-z]{1,8})(?<rest>(?:-[A-Za-z0-9]{1,8}){0,8})"
                            + "(?:[ \\t]*;[ \\t]*[qQ]=(?<weight>0(?:\\.[0-9]{0,3})?|1(?:\\.0{0,3})?))?");

    /** Of a longer header, only so many characters are read: no honest one comes near. */
    private static final int ACCEPT_LANGUAGE_LENGTH_MAX = 1_000;

    private static final Map<String, Sentences> BY_LANGUAGE = load(Sentences.class, "sentences");

    private final String language;
    private final Map<String, String> texts;
    private final Locale locale;
    private final DateTimeFormatter day;
    private final DateTimeFormatter shortDay;
    private final DateTimeFormatter moment;
    private final DateTimeFormatter time;

    private Sentences(String language, Map<String, String> texts) {
        this.language = language;
        this.texts = texts;
        Locale locale = Locale.of(language, region(language));
        this.day = DateTimeFormatter.ofLocalizedDate(FormatStyle.FULL).withLocale(locale);
        this.shortDay = DateTimeFormatter.ofLocalizedPattern("MMMEd").withLocale(locale);
        this.locale = locale;
        this.time = DateTimeFormatter.ofLocalizedTime(FormatStyle.SHORT).withLocale(locale);
        this.moment =
                DateTimeFormatter.ofLocalizedDateTime(FormatStyle.FULL, FormatStyle.SHORT)
                        .withLocale(locale);
    }

    /** The languages that there are sentences in, as BCP 47 tags, the last resort first. */
    public static List<String> languages() {
        return LANGUAGES;
    }

    /**
     * The sentences of a language.
     *
     * @param language one of {@link #languages}, as {@link #choose} gives it
     * @throws IllegalArgumentException if there are none in this language
     */
    public static Sentences in(String language) {
        Sentences sentences = BY_LANGUAGE.get(language);
        if (sentences == null) {
            throw new IllegalArgumentException("No sentences in the language " + language);
        }
        return sentences;
    }

    /**
     * The language to answer in: the best of those that the header asks for, by the look-up of RFC
     * 4647 §3.4; else the person's own; else English. Since every language here is a single subtag,
     * the look-up comes down to a range's first subtag: {@code zh-Hant-TW} falls back to {@code
     * zh}.
     *
     * <p>Never fails, whatever is sent: what is not a range is passed over, and only the first
     * thousand characters are read. What has weight 0 is not chosen, save that English, when
     * nothing else is left, is better than silence. {@code *} asks for nothing in particular and is
     * passed over too.
     *
     * @param acceptLanguage the request's {@code Accept-Language}, several joined by commas
     * @param personLanguage tells the person's language, if it is known who it is; asked only if
     *     the header settles nothing
     * @return one of {@link #languages}
     */
    public static String choose(
            @Nullable String acceptLanguage, Supplier<@Nullable String> personLanguage) {
        Set<String> unwanted = new HashSet<>();
        Map<String, Double> wanted = new LinkedHashMap<>();
        for (String range : ranges(acceptLanguage)) {
            Matcher matcher = WEIGHTED_RANGE.matcher(range.strip());
            if (!matcher.matches()) {
                continue;
            }
            String asked = requireNonNull(matcher.group("language")).toLowerCase(Locale.ROOT);
            if (!LANGUAGES.contains(asked)) {
                continue;
            }
            String weightText = matcher.group("weight");
            double weight = weightText == null ? 1 : Double.parseDouble(weightText);
            if (weight > 0) {
                wanted.merge(asked, weight, Math::max);
            } else if (requireNonNull(matcher.group("rest")).isEmpty()) {
                unwanted.add(asked);
            }
        }
        wanted.keySet().removeAll(unwanted);

        @Nullable String best = null;
        double bestWeight = 0;
        for (Map.Entry<String, Double> each : wanted.entrySet()) {
            if (each.getValue() > bestWeight) {
                best = each.getKey();
                bestWeight = each.getValue();
            }
        }
        if (best != null) {
            return best;
        }
        @Nullable String known = personLanguage.get();
        if (known != null) {
            if (LANGUAGES.contains(known) && !unwanted.contains(known)) {
                return known;
            }
            Matcher matcher = WEIGHTED_RANGE.matcher(known);
            if (matcher.matches() && matcher.group("weight") == null) {
                String own = requireNonNull(matcher.group("language")).toLowerCase(Locale.ROOT);
                if (LANGUAGES.contains(own) && !unwanted.contains(own)) {
                    return own;
                }
            }
        }
        return LAST_RESORT;
    }

    /** This language, as its BCP 47 tag; good for {@code Content-Language}. */
    public String language() {
        return language;
    }

    /**
     * One text, with its placeholders filled in. What is filled in is never searched again.
     *
     * @param key such as {@code place-gone.detail}
     * @param values by the placeholder's name, without braces; more than needed do no harm
     * @throws IllegalArgumentException if there is no such key or a value is missing: the program
     *     is wrong
     */
    public String say(String key, Map<String, String> values) {
        String text = texts.get(key);
        if (text == null) {
            throw new IllegalArgumentException("No sentence has the key " + key);
        }
        if (text.indexOf('{') < 0) {
            return text;
        }
        return PLACEHOLDER
                .matcher(text)
                .replaceAll(
                        found -> {
                            String value = values.get(found.group(1));
                            if (value == null) {
                                throw new IllegalArgumentException(
                                        "The sentence " + key + " needs a value: " + found.group());
                            }
                            return Matcher.quoteReplacement(value);
                        });
    }

    /** One text that has no placeholders. */
    public String say(String key) {
        return say(key, Map.of());
    }

    /** A day as people write it here: "Sunday, 2 May 2021". */
    public String day(LocalDate date) {
        return day.format(date);
    }

    /** A day without its year, as short as can be: "Sun, 2 May". */
    public String shortDay(LocalDate date) {
        return shortDay.format(date);
    }

    /** A number as people write it here: "1,000". */
    public String number(long number) {
        return NumberFormat.getIntegerInstance(locale).format(number);
    }

    /** What the time of a zone is called: "Malaysia Time". */
    public String zone(ZoneId zone) {
        return zone.getDisplayName(TextStyle.FULL, locale);
    }

    /** A day and the time on the clock at its offset: "Sunday, 2 May 2021, 12:00 pm". */
    public String moment(OffsetDateTime time) {
        String clock = this.time.format(time);
        return moment.format(time).replace(clock, inOneLine(clock));
    }

    /** The time on the clock at its offset: "12:00 pm". */
    public String time(OffsetDateTime time) {
        return inOneLine(this.time.format(time));
    }

    /** Nor with the narrow space that stands before "pm": it shows as a box on old phones. */
    private static String inOneLine(String clock) {
        return clock.replace(' ', '\u00A0').replace('\u202F', '\u00A0');
    }

    /**
     * A time to wait, for {@code {wait}}: in seconds below two minutes, in minutes from there on,
     * rounded up, so that whoever waits as told has waited long enough.
     *
     * @param wait not negative; nothing is said as one second
     */
    public String howLong(Duration wait) {
        if (wait.isNegative()) {
            throw new IllegalArgumentException("A wait is never negative: " + wait);
        }
        long seconds = wait.getSeconds() + (wait.getNano() > 0 ? 1 : 0);
        if (seconds <= 1) {
            return say("wait.second");
        }
        if (seconds < 120) {
            return say("wait.seconds", Map.of("seconds", Long.toString(seconds)));
        }
        return say("wait.minutes", Map.of("minutes", Long.toString(Math.ceilDiv(seconds, 60))));
    }

    boolean has(String key) {
        return texts.containsKey(key);
    }

    /** All keys, sorted. */
    Set<String> keys() {
        return new TreeSet<>(texts.keySet());
    }

    /** The placeholders that a text needs values for, sorted, without braces. */
    Set<String> placeholders(String key) {
        Set<String> names = new TreeSet<>();
        Matcher matcher = PLACEHOLDER.matcher(requireNonNull(texts.get(key)));
        while (matcher.find()) {
            names.add(requireNonNull(matcher.group(1)));
        }
        return names;
    }

    /** The text as written, placeholders and all. */
    public String asWritten(String key) {
        return requireNonNull(texts.get(key));
    }

    private static List<String> ranges(@Nullable String acceptLanguage) {
        if (acceptLanguage == null || acceptLanguage.isEmpty()) {
            return List.of();
        }
        String read = acceptLanguage;
        if (read.length() > ACCEPT_LANGUAGE_LENGTH_MAX) {
            // What the cut went through is dropped with it: half a range may mean another language.
            read = read.substring(0, ACCEPT_LANGUAGE_LENGTH_MAX);
            read = read.substring(0, Math.max(read.lastIndexOf(','), 0));
        }
        return List.of(read.split(",", -1));
    }

    /** Where each language is spoken for us, which settles how days and times are written. */
    private static String region(String language) {
        return switch (language) {
            case "zh" -> "SG"; // simplified, as in Malaysia, for which the JDK has no data
            case "fr" -> "CA";
            default -> "MY";
        };
    }

    /**
     * Reads a room's own texts in every language.
     *
     * @param beside a class of the room, beside which the files are
     * @param names of the files, up to the language: {@code published} for {@code
     *     published_en.properties} and the others
     */
    public static Map<String, Sentences> load(Class<?> beside, String... names) {
        Map<String, Sentences> all = new LinkedHashMap<>();
        for (String language : LANGUAGES) {
            Map<String, String> texts = new LinkedHashMap<>();
            for (String name : names) {
                texts.putAll(read(beside, name + "_" + language + ".properties"));
            }
            all.put(language, new Sentences(language, Map.copyOf(texts)));
        }
        return Map.copyOf(all);
    }

    private static Map<String, String> read(Class<?> beside, String file) {
        Properties properties = new Properties();
        try (var in =
                requireNonNull(beside.getResourceAsStream(file), file + " is not in the jar")) {
            properties.load(new InputStreamReader(in, UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<String, String> texts = new LinkedHashMap<>();
        for (String key : properties.stringPropertyNames()) {
            texts.put(key, properties.getProperty(key));
        }
        return texts;
    }
}
