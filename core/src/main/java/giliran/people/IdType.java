package giliran.people;

import java.text.Normalizer;
import java.util.Optional;
import java.util.regex.Pattern;

/** The kind of document that a person is identified by. */
public enum IdType {
    /**
     * The Malaysian identity card: twelve digits, YYMMDD-PB-###G. No check digit is published; the
     * first six are the date of birth.
     */
    NRIC("nric", "[0-9]{12}"),
    PASSPORT("passport", "[A-Z0-9]{5,20}"),
    HEALTH_CARD("health-card", "[A-Z0-9]{4,20}");

    /** The most characters of an identity number in its normal form. */
    public static final int NUMBER_LIMIT = 20;

    /** The most code points of a number as typed: room for a separator after each character. */
    static final int TYPED_LIMIT = 2 * NUMBER_LIMIT;

    private final String wireName;
    private final Pattern shape;

    IdType(String wireName, String shape) {
        this.wireName = wireName;
        this.shape = Pattern.compile(shape);
    }

    /** The name in requests and sealed bodies; it never changes. */
    public String wireName() {
        return wireName;
    }

    /** The type of exactly this wire name. */
    public static Optional<IdType> find(String wireName) {
        for (IdType type : values()) {
            if (type.wireName.equals(wireName)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }

    /**
     * The normal form of an identity number as someone typed it: NFKC, so that full-width digits
     * are digits, in upper case, without spaces and hyphens; empty if that is no number of this
     * type. Takes any string; one of more than 80 UTF-16 units is refused by its length.
     */
    public Optional<String> numberFrom(String typed) {
        if (typed.length() > 2 * TYPED_LIMIT) {
            return Optional.empty();
        }
        var number = new StringBuilder(NUMBER_LIMIT);
        Normalizer.normalize(typed, Normalizer.Form.NFKC)
                .codePoints()
                .filter(c -> !Character.isSpaceChar(c) && !isHyphen(c))
                .map(IdType::upperCase)
                .forEach(number::appendCodePoint);
        return Optional.of(number.toString()).filter(this::isNormal);
    }

    boolean isNormal(String number) {
        return number.length() <= NUMBER_LIMIT && shape.matcher(number).matches();
    }

    /** The hyphen, what NFKC leaves of its relatives, and what phones and editors make of it. */
    private static boolean isHyphen(int c) {
        return c == '-' || c == '\u2010' || c == '\u2013' || c == '\u2212';
    }

    /** Only a to z: Unicode's rules would turn sharp s or dotless i into letters of a number. */
    private static int upperCase(int c) {
        return c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c;
    }
}
