package giliran.campaigns;

/** The form of every id that a person may see in an address: short, plain, safe in a path. */
public final class TextId {
    private static final int LENGTH_MAX = 64;

    private TextId() {}

    /** Whether the text is 1 to 64 ASCII letters, digits, dots, hyphens and underscores. */
    public static boolean isValid(String text) {
        return !text.isEmpty()
                && text.length() <= LENGTH_MAX
                && text.chars().allMatch(TextId::mayStandInOne);
    }

    private static boolean mayStandInOne(int c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '.'
                || c == '_'
                || c == '-';
    }

    static void check(String text) {
        if (!isValid(text)) {
            throw new IllegalArgumentException(
                    "an id is 1 to 64 letters, digits, dots, hyphens or underscores");
        }
    }
}
