package giliran.subject;

/** What a command tells the person who started it. */
public final class Progress {
    private Progress() {}

    @SuppressWarnings("SystemOut")
    public static void tell(String line) {
        System.out.println(line);
        System.out.flush();
    }

    @SuppressWarnings("SystemOut")
    public static void complain(String line) {
        System.err.println(line);
        System.err.flush();
    }
}
