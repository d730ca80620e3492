package giliran.main;

/** What a command tells the person who started it. */
final class Progress {
    private Progress() {}

    @SuppressWarnings("SystemOut")
    static void tell(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
