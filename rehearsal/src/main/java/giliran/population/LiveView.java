package giliran.population;

import giliran.outcome.Outcome.Second;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.function.Consumer;

/** What is seen in the terminal while it happens: a line for each second. */
final class LiveView {
    private static final String BARS = " ▁▂▃▄▅▆▇█";
    private static final int PAST = 24;
    private static final int WIDTH = 30;
    private static final int HEADING_EVERY = 20;
    private static final String HEADING =
            "  time   people there   reads/s    by CDN    asked  booked/s   gone   busy     p99"
                    + "   places sold";

    private final int places;
    private final boolean isTerminal;
    private final Consumer<String> out;
    private final Deque<Long> past = new ArrayDeque<>();
    private long came;
    private int lines;

    /**
     * @param isTerminal whether lines can be coloured
     * @param out takes a line
     */
    LiveView(int places, boolean isTerminal, Consumer<String> out) {
        this.places = places;
        this.isTerminal = isTerminal;
        this.out = out;
    }

    /**
     * Shows a second.
     *
     * @param p99 of bookings, in milliseconds
     */
    void show(Second second, double p99) {
        came += second.arrivals();
        past.addLast(second.booked());
        if (past.size() > PAST) {
            past.removeFirst();
        }
        if (lines++ % HEADING_EVERY == 0) {
            out.accept(isTerminal ? "\u001b[2m" + HEADING + "\u001b[0m" : HEADING);
        }
        long busy =
                second.refusals().getOrDefault("overloaded", 0L)
                        + second.refusals().getOrDefault("outcome-unknown", 0L)
                        + second.refusals().getOrDefault("too-many", 0L)
                        + second.timeOuts();
        long sold = places - second.placesLeft();
        out.accept(
                String.format(
                        Locale.ROOT,
                        "%s%2d:%02d  %,13d  %,8d  %6.1f %%  %,7d  %,8d  %,5d  %,5d  %,5.0f ms   %s"
                                + " %,d (%.1f %%) %s",
                        second.second() < 0 ? "-" : " ",
                        Math.abs(second.second()) / 60,
                        Math.abs(second.second()) % 60,
                        came,
                        second.readsAsked(),
                        second.readsAsked() == 0
                                ? 0
                                : 100.0 * second.readsAbsorbed() / second.readsAsked(),
                        second.bookingsAsked(),
                        second.booked(),
                        second.refusals().getOrDefault("place-gone", 0L),
                        busy,
                        p99,
                        bar((double) sold / Math.max(1, places)),
                        sold,
                        100.0 * sold / Math.max(1, places),
                        sparkline()));
    }

    private String bar(double share) {
        int full = (int) Math.round(WIDTH * Math.clamp(share, 0, 1));
        String bar = "█".repeat(full) + "░".repeat(WIDTH - full);
        return isTerminal ? "\u001b[32m" + bar + "\u001b[0m" : bar;
    }

    /** Bookings of the last seconds. */
    private String sparkline() {
        long most = past.stream().mapToLong(Long::longValue).max().orElse(0);
        StringBuilder line = new StringBuilder();
        for (long booked : past) {
            line.append(BARS.charAt(most == 0 ? 0 : (int) ((BARS.length() - 1) * booked / most)));
        }
        return line.toString();
    }
}
