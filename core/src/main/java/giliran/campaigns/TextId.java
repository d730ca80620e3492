package giliran.campaigns;

import java.util.regex.Pattern;

/** The form of every id that a person may see in an address: short, plain, safe in a path. */
public final class TextId {
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    private TextId() {}

    /** Whether the text is 1 to 64 ASCII letters, digits, dots, hyphens and underscores. */
    public static boolean isValid(String text) {
        return FORM.matcher(text).matches();
    }

    static void check(String text) {
        if (!isValid(text)) {
            throw new IllegalArgumentException(
                    "an id is 1 to 64 letters, digits, dots, hyphens or underscores");
        }
    }
}
