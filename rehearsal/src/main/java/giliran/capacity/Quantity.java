package giliran.capacity;

import java.util.Locale;

/** Numbers as people read them. */
public final class Quantity {
    private static final int DIGITS = 3;

    private Quantity() {}

    /**
     * With thousands separators, and three digits at the least: 300,000 or 185 or 9.73 or 0.024.
     */
    public static String plain(double number) {
        double size = Math.abs(number);
        if (size >= 100 || number == Math.rint(number)) {
            return String.format(Locale.ROOT, "%,.0f", number);
        }
        int decimals = DIGITS - 1 - (int) Math.floor(Math.log10(size));
        String text = String.format(Locale.ROOT, "%,." + decimals + "f", number);
        return text.replaceFirst("\\.?0+$", "");
    }

    /** With thousands separators. */
    public static String plain(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** A share of 1 as per cent. */
    public static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }

    /** How many times as much. */
    static String times(double factor) {
        return String.format(Locale.ROOT, "%.2f", factor);
    }

    /** An amount of money. */
    static String money(double amount) {
        return String.format(Locale.ROOT, "%,.2f", amount);
    }

    /** A thing, or many: "1 node", "2 nodes". */
    public static String count(long number, String thing) {
        return String.format(Locale.ROOT, "%,d %s%s", number, thing, number == 1 ? "" : "s");
    }
}
