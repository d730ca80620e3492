package giliran.people;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * As much of a person's details as the bearer of an appointment's link may see: enough to know
 * oneself by, too little to learn from. What is masked is three dots, however long it is.
 *
 * @param name the first letter of each of the first three words: {@code A••• b••• A•••}
 * @param idNumber its last two characters: {@code •••21}
 * @param phone its last three digits: {@code •••789}
 * @param language the language to speak to the person in, unmasked
 * @param email the first letters and the top-level domain: {@code a•••@e•••.my}
 */
public record MaskedDetails(
        String name,
        IdType idType,
        String idNumber,
        String phone,
        String language,
        Optional<String> email) {
    private static final String MASK = "•••";
    private static final int WORDS_SHOWN = 3;
    private static final int ID_CHARACTERS_SHOWN = 2;
    private static final int PHONE_DIGITS_SHOWN = 3;

    public static MaskedDetails of(PersonDetails details) {
        return new MaskedDetails(
                Arrays.stream(details.name().split(" ", -1))
                        .limit(WORDS_SHOWN)
                        .map(MaskedDetails::firstOf)
                        .collect(Collectors.joining(" ")),
                details.idType(),
                lastOf(details.idNumber(), ID_CHARACTERS_SHOWN),
                lastOf(details.phone(), PHONE_DIGITS_SHOWN),
                details.language(),
                details.email().map(MaskedDetails::email));
    }

    private static String email(String address) {
        String domain = address.substring(address.indexOf('@') + 1);
        return firstOf(address) + "@" + firstOf(domain) + domain.substring(domain.lastIndexOf('.'));
    }

    private static String firstOf(String text) {
        return text.substring(0, text.offsetByCodePoints(0, 1)) + MASK;
    }

    private static String lastOf(String text, int shown) {
        return MASK + text.substring(text.length() - shown);
    }
}
