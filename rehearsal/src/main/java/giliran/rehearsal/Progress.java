package giliran.rehearsal;

/** What a command tells the person who started it. */
final class Progress {
    private Progress() {}

    @SuppressWarnings("SystemOut")
    static void tell(String line) {
        System.out.println(line);
        System.out.flush();
    }

    @SuppressWarnings("SystemOut")
    static void complain(String line) {
        System.err.println(line);
        System.err.flush();
    }
}
