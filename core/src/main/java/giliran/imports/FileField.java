package giliran.imports;

import giliran.campaigns.TextId;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAccessor;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One named value in a campaign's files: each reading of it is empty after noting a problem if the
 * value is not what it must be.
 */
public record FileField(String file, long line, String name, String value, FileProblems problems) {
    private static final int SHOWN = 40;
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9.:+/_-]*");
    private static final Pattern WHOLE = Pattern.compile("-?[0-9]{1,18}");
    private static final Pattern DECIMAL = Pattern.compile("-?[0-9]{1,3}(\\.[0-9]{1,15})?");

    /** What a decoder puts where bytes are not UTF-8. */
    static final char UNDECODED = '\uFFFD';

    /** Strict, because the usual formatter takes 30 February for the last day of February. */
    private static final DateTimeFormatter TIME =
            new DateTimeFormatterBuilder()
                    .append(DateTimeFormatter.ISO_LOCAL_DATE_TIME)
                    .optionalStart()
                    .appendOffset("+HH:mm", "Z")
                    .toFormatter()
                    .withResolverStyle(ResolverStyle.STRICT);

    public boolean isEmpty() {
        return value.isEmpty();
    }

    /** Notes that the value breaks a rule. */
    public void refuse(String rule) {
        String why = value.indexOf(UNDECODED) >= 0 ? "the file must be in UTF-8" : rule;
        problems.add(file, line, name + " is " + shown(value) + "; " + why);
    }

    /** A public name, as {@link TextId} allows. */
    public Optional<String> id() {
        if (!TextId.isValid(value)) {
            refuse("it must be 1 to 64 letters, digits, dots, hyphens or underscores");
            return Optional.empty();
        }
        return Optional.of(value);
    }

    /** Text for people, without the blanks around it; it must not be empty. */
    public Optional<String> text(int longest) {
        if (value.isBlank()) {
            refuse("it must be given");
            return Optional.empty();
        }
        return textOrNone(longest);
    }

    /** Text for people, without the blanks around it, or the empty text. */
    public Optional<String> textOrNone(int longest) {
        String text = value.strip();
        if (value.codePoints().anyMatch(FileField::isUnfit)) {
            refuse("it must be on one line and without control characters");
            return Optional.empty();
        }
        if (text.length() > longest) {
            refuse("it is %d characters long and may be %d".formatted(text.length(), longest));
            return Optional.empty();
        }
        return Optional.of(text);
    }

    /** A whole number in these bounds. */
    public Optional<Integer> whole(int least, int most) {
        if (!WHOLE.matcher(value).matches()) {
            refuse("it must be a whole number from " + least + " to " + most);
            return Optional.empty();
        }
        long number = Long.parseLong(value);
        if (number < least || number > most) {
            refuse(
                    number < least
                            ? "it must be " + least + " or more"
                            : "it must be at most " + most);
            return Optional.empty();
        }
        return Optional.of((int) number);
    }

    /** Degrees from {@code -most} to {@code most}. */
    public Optional<Double> degrees(int most) {
        double degrees = DECIMAL.matcher(value).matches() ? Double.parseDouble(value) : Double.NaN;
        if (!(Math.abs(degrees) <= most)) {
            refuse("it must be degrees from -" + most + " to " + most + ", such as 3.139");
            return Optional.empty();
        }
        return Optional.of(degrees);
    }

    ZoneId zoneOr(ZoneId standIn) {
        if (!ZoneId.getAvailableZoneIds().contains(value)) {
            refuse("it must be a time zone's name, such as Asia/Kuala_Lumpur");
            return standIn;
        }
        return ZoneId.of(value);
    }

    /** An instant to the second, written with its offset or as the clocks of the zone show it. */
    public Optional<Instant> time(ZoneId zone) {
        LocalDateTime local;
        List<ZoneOffset> offsets;
        try {
            TemporalAccessor written = TIME.parse(value);
            local = LocalDateTime.from(written);
            offsets =
                    written.isSupported(ChronoField.OFFSET_SECONDS)
                            ? List.of(ZoneOffset.from(written))
                            : zone.getRules().getValidOffsets(local);
        } catch (DateTimeException _) {
            refuse("it must be a time such as 2021-05-16T09:00 or 2021-05-16T09:00+08:00");
            return Optional.empty();
        }
        if (local.getYear() < 2000
                || local.getYear() > 9999
                || !local.equals(local.truncatedTo(ChronoUnit.SECONDS))) {
            refuse("it must be in the years 2000 to 9999, to the second");
            return Optional.empty();
        }
        if (offsets.size() != 1) {
            refuse(
                    offsets.isEmpty()
                            ? "the clocks in " + zone + " skip that time"
                            : "the clocks in " + zone + " show that time twice: give its offset");
            return Optional.empty();
        }
        return Optional.of(local.toInstant(offsets.getFirst()));
    }

    /** A value as a problem shows it: bounded, and in quotes where its ends matter. */
    public static String shown(String value) {
        if (value.isEmpty()) {
            return "empty";
        }
        boolean isLong = value.codePointCount(0, value.length()) > SHOWN;
        String shown =
                isLong ? value.substring(0, value.offsetByCodePoints(0, SHOWN)) + "..." : value;
        return PLAIN.matcher(shown).matches() ? shown : "\"" + shown + "\"";
    }

    private static boolean isUnfit(int codePoint) {
        int type = Character.getType(codePoint);
        return type == Character.CONTROL || type == Character.SURROGATE || codePoint == UNDECODED;
    }
}
