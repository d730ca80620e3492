package giliran.people;

/**
 * Why one field of the details was refused; it holds nothing that was typed.
 *
 * @param field the component's name in {@link RawDetails}, such as {@code idNumber}
 */
public record DetailsProblem(String field, Reason reason) {

    /** What is wrong with a field, in order of precedence: a field has only the first. */
    public enum Reason {
        /** Absent or blank, and needed. */
        MISSING,
        /** Longer, or more choices, than the field's limit. */
        TOO_LONG,
        /**
         * A control, an invisible or direction-changing character, or one the field never holds.
         */
        BAD_CHARACTERS,
        /** Not one of the values that the field offers. */
        UNKNOWN_CHOICE,
        /** Not a number of the chosen type of document. */
        NOT_AN_ID_NUMBER,
        /** Not a day written as {@code 1990-12-31}. */
        NOT_A_DATE,
        IN_THE_FUTURE,
        TOO_LONG_AGO,
        /** Another date than the first six digits of the NRIC. */
        DATE_DOES_NOT_MATCH_ID,
        /** Not a number that can be called, or one at which the caller pays extra. */
        NOT_A_PHONE,
        NOT_AN_EMAIL,
        /** Contact by email was chosen, but there is no address. */
        EMAIL_NEEDED,
        /** Not a well-formed BCP 47 tag that names a language. */
        NOT_A_LANGUAGE
    }
}
