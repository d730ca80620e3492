package giliran.people;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberFormat;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberType;
import com.google.i18n.phonenumbers.Phonenumber.PhoneNumber;
import giliran.people.DetailsProblem.Reason;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.EnumSet;
import java.util.IllformedLocaleException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Turns what someone typed into a person's details, or says everything that is wrong with it.
 *
 * <p>Every input is taken as hostile: nothing typed makes it throw, and text beyond a field's limit
 * is refused by its length alone. Refusals: {@link Reason}. Safe for use by many threads.
 */
public final class CheckDetails {
    /**
     * Limits in code points after normalisation; up to four times as many UTF-16 units are read.
     */
    public static final int NAME_LIMIT = 120;

    public static final int REGION_LIMIT = 64;
    public static final int ADDRESS_LIMIT = 300;
    public static final int PHONE_LIMIT = 40;

    /**
     * RFC 5321, 4.5.3.1.3: a path of 256 octets, less its angle brackets; the part before the @ may
     * have 64 (4.5.3.1.1).
     */
    public static final int EMAIL_LIMIT = 254;

    /** RFC 5646, 4.4.1, asks for room for 35 characters. */
    public static final int LANGUAGE_LIMIT = 35;

    public static final int DATE_LIMIT = 20;
    public static final int CHOICE_LIMIT = 20;

    /** The most entries of {@code contactBy}, duplicates included. */
    public static final int CHOICES_LIMIT = 10;

    public static final int OLDEST_YEARS = 130;

    private static final String HOME_REGION = "MY";
    private static final int ISO_DATE_LENGTH = 10;
    private static final int EMAIL_LOCAL_LIMIT = 64;

    private static final Pattern REGION_ID = Pattern.compile("[A-Za-z0-9._-]+");

    /** No letters and no other scripts, which the parser would read as digits or extensions. */
    private static final Pattern PHONE_CHARACTERS = Pattern.compile("[+0-9(). -]+");

    /** RFC 5321's Dot-string. */
    private static final Pattern EMAIL_LOCAL =
            Pattern.compile(
                    "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]++(?:\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]++)*+");

    private static final Pattern EMAIL_DOMAIN =
            Pattern.compile(
                    "(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]");

    private static final DateTimeFormatter NRIC_DATE =
            DateTimeFormatter.ofPattern("uuMMdd", Locale.ROOT);

    /** Numbers that cost the caller extra are a known way to turn free messages into money. */
    private static final Set<PhoneNumberType> PHONES_THAT_COST_EXTRA =
            EnumSet.of(PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST);

    private final PhoneNumberUtil phones = PhoneNumberUtil.getInstance();

    /** The details, or all that is wrong with them. */
    public sealed interface Result {
        record Valid(PersonDetails details) implements Result {}

        /** At least one problem, at most one a field, in the order of {@link RawDetails}. */
        record Invalid(List<DetailsProblem> problems) implements Result {
            public Invalid {
                problems = List.copyOf(problems);
            }
        }
    }

    /**
     * Checks every field and normalises it. Needed are all but address, email and contactBy (absent
     * or empty: by SMS). What normal forms look like is told by {@link PersonDetails}.
     *
     * @param today the day against which a date of birth is judged, in the campaign's time zone
     */
    public Result check(RawDetails raw, LocalDate today) {
        var name = PlainText.ofPeople(raw.name(), NAME_LIMIT).then(CheckDetails::name);
        var idType = PlainText.ofCodes(raw.idType(), CHOICE_LIMIT).then(CheckDetails::idType);
        var idNumber =
                PlainText.ofCodes(raw.idNumber(), IdType.TYPED_LIMIT)
                        .then(typed -> idNumber(typed, idType));
        var dateOfBirth =
                PlainText.ofCodes(raw.dateOfBirth(), DATE_LIMIT)
                        .then(typed -> dateOfBirth(typed, today))
                        .then(date -> dateThatMatches(date, idType, idNumber));
        var region = PlainText.ofCodes(raw.region(), REGION_LIMIT).then(CheckDetails::region);
        var address = PlainText.ofPeople(raw.address(), ADDRESS_LIMIT).orLeftOut();
        var phone = PlainText.ofCodes(raw.phone(), PHONE_LIMIT).then(this::phone);
        var contactBy = contactBy(raw.contactBy());
        var email =
                PlainText.ofCodes(raw.email(), EMAIL_LIMIT)
                        .then(CheckDetails::email)
                        .orLeftOut()
                        .then(given -> emailIfNeeded(given, contactBy));
        var language =
                PlainText.ofCodes(raw.language(), LANGUAGE_LIMIT).then(CheckDetails::language);

        List<DetailsProblem> problems =
                Stream.of(
                                problem("name", name),
                                problem("idType", idType),
                                problem("idNumber", idNumber),
                                problem("dateOfBirth", dateOfBirth),
                                problem("region", region),
                                problem("address", address),
                                problem("phone", phone),
                                problem("email", email),
                                problem("language", language),
                                problem("contactBy", contactBy))
                        .flatMap(Optional::stream)
                        .toList();
        if (!problems.isEmpty()) {
            return new Result.Invalid(problems);
        }
        return new Result.Valid(
                new PersonDetails(
                        name.findValue().orElseThrow(),
                        idType.findValue().orElseThrow(),
                        idNumber.findValue().orElseThrow(),
                        dateOfBirth.findValue().orElseThrow(),
                        region.findValue().orElseThrow(),
                        address.findValue().orElseThrow(),
                        phone.findValue().orElseThrow(),
                        email.findValue().orElseThrow(),
                        language.findValue().orElseThrow(),
                        contactBy.findValue().orElseThrow()));
    }

    private static Optional<DetailsProblem> problem(String field, Answer<?> answer) {
        return answer.findReason().map(reason -> new DetailsProblem(field, reason));
    }

    /** Names hold apostrophes, slashes and @ (A/L, A/P, Lim @ Ali): only a letter is asked for. */
    private static Answer<String> name(String typed) {
        return typed.codePoints().anyMatch(Character::isLetter)
                ? new Answer.Good<>(typed)
                : new Answer.Bad<>(Reason.BAD_CHARACTERS);
    }

    private static Answer<IdType> idType(String typed) {
        return goodOr(Reason.UNKNOWN_CHOICE, IdType.find(typed));
    }

    private static Answer<String> idNumber(String typed, Answer<IdType> idType) {
        return switch (idType) {
            case Answer.Good<IdType>(IdType type) ->
                    goodOr(Reason.NOT_AN_ID_NUMBER, type.numberFrom(typed));
            // Nobody can say what a number of an unknown type looks like; the type is refused.
            case Answer.Bad<IdType> unknown -> new Answer.Good<>(typed);
        };
    }

    private static Answer<LocalDate> dateOfBirth(String typed, LocalDate today) {
        // The ISO formatter also takes years beyond four digits and before year 0.
        if (typed.length() != ISO_DATE_LENGTH) {
            return new Answer.Bad<>(Reason.NOT_A_DATE);
        }
        LocalDate date;
        try {
            date = LocalDate.parse(typed, DateTimeFormatter.ISO_LOCAL_DATE);
        } catch (DateTimeParseException notADate) {
            return new Answer.Bad<>(Reason.NOT_A_DATE);
        }
        if (date.isAfter(today)) {
            return new Answer.Bad<>(Reason.IN_THE_FUTURE);
        }
        if (date.isBefore(today.minusYears(OLDEST_YEARS))) {
            return new Answer.Bad<>(Reason.TOO_LONG_AGO);
        }
        return new Answer.Good<>(date);
    }

    private static Answer<LocalDate> dateThatMatches(
            LocalDate date, Answer<IdType> idType, Answer<String> idNumber) {
        boolean hasNric = idType.findValue().filter(type -> type == IdType.NRIC).isPresent();
        boolean differs =
                idNumber.findValue()
                        .filter(number -> hasNric && !number.startsWith(NRIC_DATE.format(date)))
                        .isPresent();
        return differs ? new Answer.Bad<>(Reason.DATE_DOES_NOT_MATCH_ID) : new Answer.Good<>(date);
    }

    private static Answer<String> region(String typed) {
        return REGION_ID.matcher(typed).matches()
                ? new Answer.Good<>(typed)
                : new Answer.Bad<>(Reason.BAD_CHARACTERS);
    }

    private Answer<String> phone(String typed) {
        if (!PHONE_CHARACTERS.matcher(typed).matches()) {
            return new Answer.Bad<>(Reason.NOT_A_PHONE);
        }
        PhoneNumber number;
        try {
            number = phones.parse(typed, HOME_REGION);
        } catch (NumberParseException notANumber) {
            return new Answer.Bad<>(Reason.NOT_A_PHONE);
        }
        if (!phones.isValidNumber(number)
                || PHONES_THAT_COST_EXTRA.contains(phones.getNumberType(number))) {
            return new Answer.Bad<>(Reason.NOT_A_PHONE);
        }
        return new Answer.Good<>(phones.format(number, PhoneNumberFormat.E164));
    }

    private static Answer<String> email(String typed) {
        int at = typed.indexOf('@');
        if (at < 1 || at > EMAIL_LOCAL_LIMIT) {
            return new Answer.Bad<>(Reason.NOT_AN_EMAIL);
        }
        String local = typed.substring(0, at);
        String domain = typed.substring(at + 1).toLowerCase(Locale.ROOT);
        return EMAIL_LOCAL.matcher(local).matches() && EMAIL_DOMAIN.matcher(domain).matches()
                ? new Answer.Good<>(local + "@" + domain)
                : new Answer.Bad<>(Reason.NOT_AN_EMAIL);
    }

    private static Answer<Optional<String>> emailIfNeeded(
            Optional<String> given, Answer<Set<ContactBy>> contactBy) {
        boolean needed =
                contactBy.findValue().filter(ways -> ways.contains(ContactBy.EMAIL)).isPresent();
        return needed && given.isEmpty()
                ? new Answer.Bad<>(Reason.EMAIL_NEEDED)
                : new Answer.Good<>(given);
    }

    private static Answer<String> language(String typed) {
        Locale locale;
        try {
            locale = new Locale.Builder().setLanguageTag(typed).build();
        } catch (IllformedLocaleException notALanguage) {
            return new Answer.Bad<>(Reason.NOT_A_LANGUAGE);
        }
        // "und" and private tags are well formed, but nobody can write to a person in them.
        return locale.getLanguage().isEmpty()
                ? new Answer.Bad<>(Reason.NOT_A_LANGUAGE)
                : new Answer.Good<>(locale.toLanguageTag());
    }

    private static Answer<Set<ContactBy>> contactBy(
            @Nullable List<? extends @Nullable String> typed) {
        if (typed == null || typed.isEmpty()) {
            return new Answer.Good<>(EnumSet.of(ContactBy.SMS));
        }
        if (typed.size() > CHOICES_LIMIT) {
            return new Answer.Bad<>(Reason.TOO_LONG);
        }
        Set<ContactBy> ways = EnumSet.noneOf(ContactBy.class);
        for (String choice : typed) {
            Optional<ContactBy> way = ContactBy.find(choice);
            if (way.isEmpty()) {
                return new Answer.Bad<>(Reason.UNKNOWN_CHOICE);
            }
            ways.add(way.get());
        }
        return new Answer.Good<>(ways);
    }

    private static <T> Answer<T> goodOr(Reason reason, Optional<T> value) {
        return value.<Answer<T>>map(Answer.Good::new).orElseGet(() -> new Answer.Bad<>(reason));
    }
}
