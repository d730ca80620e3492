package giliran.clients;

import java.util.Optional;
import java.util.regex.Pattern;

/** What an operator calls a client: other software that books for people. */
public record ClientName(String value) {
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    public ClientName {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "a client's name is 1 to 64 letters, digits, dots, hyphens or underscores");
        }
    }

    /** The name; empty if the text is not 1 to 64 letters, digits, dots, hyphens, underscores. */
    public static Optional<ClientName> parse(String text) {
        return FORM.matcher(text).matches() ? Optional.of(new ClientName(text)) : Optional.empty();
    }

    @Override
    public String toString() {
        return value;
    }
}
