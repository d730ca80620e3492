package giliran.people;

import giliran.people.DetailsProblem.Reason;
import java.text.Normalizer;
import org.jspecify.annotations.Nullable;

/** The first rule of every field: one line of plain, visible, bounded text. */
final class PlainText {
    private static final int ZERO_WIDTH_NON_JOINER = 0x200C;
    private static final int ZERO_WIDTH_JOINER = 0x200D;

    /** UTF-16 units for each code point of a limit: room for decomposed letters and padding. */
    private static final int UNITS_PER_CODE_POINT = 4;

    private PlainText() {}

    /** Text for a machine: as {@link #ofPeople}, and no joiners either. */
    static Answer<String> ofCodes(@Nullable String typed, int limit) {
        return read(typed, limit, false);
    }

    /**
     * Text in a person's script: NFC, trimmed, each run of white space one space. Zero-width
     * joiners stay, because Tamil, Sinhala and others are not written right without them.
     *
     * @param limit the most code points of the result
     * @return MISSING, TOO_LONG or BAD_CHARACTERS (controls, lone surrogates, unassigned and
     *     private characters, line separators, and formats such as bidi overrides)
     */
    static Answer<String> ofPeople(@Nullable String typed, int limit) {
        return read(typed, limit, true);
    }

    private static Answer<String> read(@Nullable String typed, int limit, boolean joiners) {
        if (typed == null) {
            return new Answer.Bad<>(Reason.MISSING);
        }
        // Before anything that looks at each character: a huge string must cost nothing.
        if (typed.length() > UNITS_PER_CODE_POINT * limit) {
            return new Answer.Bad<>(Reason.TOO_LONG);
        }
        var line = new StringBuilder(typed.length());
        boolean afterSpace = false;
        for (int i = 0; i < typed.length(); ) {
            int c = typed.codePointAt(i);
            i += Character.charCount(c);
            if (Character.getType(c) == Character.SPACE_SEPARATOR) {
                afterSpace = true;
                continue;
            }
            if (!isPlain(c) && !(joiners && isJoiner(c))) {
                return new Answer.Bad<>(Reason.BAD_CHARACTERS);
            }
            if (afterSpace && !line.isEmpty()) {
                line.append(' ');
            }
            afterSpace = false;
            line.appendCodePoint(c);
        }
        String text = Normalizer.normalize(line, Normalizer.Form.NFC);
        if (text.isEmpty()) {
            return new Answer.Bad<>(Reason.MISSING);
        }
        if (text.codePointCount(0, text.length()) > limit) {
            return new Answer.Bad<>(Reason.TOO_LONG);
        }
        return new Answer.Good<>(text);
    }

    private static boolean isPlain(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR ->
                    false;
            default -> true;
        };
    }

    private static boolean isJoiner(int c) {
        return c == ZERO_WIDTH_NON_JOINER || c == ZERO_WIDTH_JOINER;
    }
}
