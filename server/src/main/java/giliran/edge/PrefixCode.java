package giliran.edge;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A canonical prefix code of RFC 1951, in which some symbols' codes have the same length. */
final class PrefixCode {
    private static final int BITS_MAX = 15;

    private final int[] lengths;
    private final int[] bits;

    /**
     * Gives every symbol a code: of the length that Shannon's has, and what that leaves over goes
     * to those who gain most by it, until nothing is left, as decoders want it.
     *
     * @param uses how often each symbol is written
     * @param alike symbols whose codes are to have the same length, in ascending order
     */
    PrefixCode(int[] uses, int... alike) {
        long[] weights = weights(uses, alike);
        long sum = Arrays.stream(weights).sum();
        lengths = new int[uses.length];
        for (int i = 0; i < lengths.length; i++) {
            lengths[i] = Long.SIZE - Long.numberOfLeadingZeros((sum - 1) / weights[i]);
        }
        shorten(weights, alike);
        bits = bits();
    }

    /** Of a symbol's code, in bits. */
    int length(int symbol) {
        return lengths[symbol];
    }

    /** A symbol's code, its first bit the lowest. */
    int bits(int symbol) {
        return bits[symbol];
    }

    /** What is never written has some weight, too, so that no code is longer than allowed. */
    private static long[] weights(int[] uses, int[] alike) {
        long[] weights = Arrays.stream(uses).mapToLong(use -> 64L * use + 1).toArray();
        long all = Arrays.stream(weights).sum();
        long mean = (long) Arrays.stream(alike).mapToLong(i -> weights[i]).average().orElse(0);
        for (int i : alike) {
            // Never among the longest: they could not be shortened one by one.
            weights[i] = Math.max(mean, all / 64);
        }
        long least = Arrays.stream(weights).sum() >>> (BITS_MAX - 2);
        return Arrays.stream(weights).map(weight -> Math.max(weight, least)).toArray();
    }

    private void shorten(long[] weights, int[] alike) {
        List<int[]> groups =
                Stream.concat(
                                IntStream.range(0, lengths.length)
                                        .filter(i -> Arrays.binarySearch(alike, i) < 0)
                                        .mapToObj(i -> new int[] {i}),
                                Stream.of(alike).filter(its -> its.length > 0))
                        .collect(Collectors.toList());
        int spare = 1 << BITS_MAX;
        for (int length : lengths) {
            spare -= share(length);
        }
        while (spare > 0) {
            int before = spare;
            groups.sort(Comparator.comparingLong(its -> -(weights[its[0]] << lengths[its[0]])));
            for (int[] its : groups) {
                int cost = its.length * share(lengths[its[0]]);
                if (cost <= spare) {
                    spare -= cost;
                    for (int i : its) {
                        lengths[i]--;
                    }
                }
            }
            if (spare == before) {
                throw new IllegalStateException("nobody takes what is left over");
            }
        }
    }

    /** What a code of that length takes of all that can be said. */
    private static int share(int length) {
        return 1 << (BITS_MAX - length);
    }

    /** RFC 1951, 3.2.2. */
    private int[] bits() {
        int[] codes = new int[lengths.length];
        int next = 0;
        for (int length = 1; length <= BITS_MAX; length++) {
            next <<= 1;
            for (int i = 0; i < lengths.length; i++) {
                if (lengths[i] == length) {
                    codes[i] = Integer.reverse(next) >>> (Integer.SIZE - length);
                    next++;
                }
            }
        }
        return codes;
    }
}
