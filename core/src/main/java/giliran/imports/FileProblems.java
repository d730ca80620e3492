package giliran.imports;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;

/** The problems found in a campaign's files so far, of which the first 100 are kept. */
public final class FileProblems {
    private static final int KEPT = 100;
    private static final int LONGEST_REASON = 500;

    private final List<FileProblem> kept = new ArrayList<>();
    private long found;

    /** Adds one; the text is made printable and bounded. */
    public void add(String file, long line, String reason) {
        found++;
        if (found <= KEPT) {
            kept.add(new FileProblem(file, line, printable(reason)));
        } else if (found == KEPT + 1) {
            String more = "there are more problems from here on; the first " + KEPT + " are listed";
            kept.add(new FileProblem(file, line, more));
        }
    }

    /** On one line, without what could turn a line of a terminal around, and bounded. */
    private static String printable(String reason) {
        StringBuilder printable = new StringBuilder();
        reason.codePoints()
                .limit(LONGEST_REASON)
                .forEach(
                        c -> {
                            switch (Character.getType(c)) {
                                case Character.CONTROL,
                                        Character.FORMAT,
                                        Character.SURROGATE,
                                        Character.LINE_SEPARATOR,
                                        Character.PARAGRAPH_SEPARATOR ->
                                        printable.append("\\u%04x".formatted(c));
                                default -> printable.appendCodePoint(c);
                            }
                        });
        return printable.toString();
    }

    /** Adds that a file cannot be read. */
    public void addUnreadable(String file, IOException cause) {
        add(
                file,
                0,
                switch (cause) {
                    case NoSuchFileException _ -> "there is no such file";
                    case AccessDeniedException _ -> "this user may not read it";
                    default -> "it cannot be read: " + cause.getMessage();
                });
    }

    /** How many there are, the ones that are not kept included. */
    public long found() {
        return found;
    }

    /** Whether looking for more is in vain. */
    public boolean areTooMany() {
        return found > KEPT;
    }

    /** In the order in which they were added. */
    public List<FileProblem> kept() {
        return List.copyOf(kept);
    }
}
