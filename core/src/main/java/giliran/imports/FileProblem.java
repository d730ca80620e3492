package giliran.imports;

/**
 * One thing that is wrong in a campaign's files, for a person to mend.
 *
 * @param file the file's name, without its folder
 * @param line the line on which the row or value begins, from 1; 0 when it is the whole file
 * @param reason what is there and what must be; no control characters, at most some hundred long
 */
public record FileProblem(String file, long line, String reason) {

    /** One line to print, such as {@code slots.csv:17: capacity is -3; it must be 0 or more}. */
    @Override
    public String toString() {
        return (line == 0 ? file : file + ":" + line) + ": " + reason;
    }
}
