package giliran.crowd;

import java.util.Locale;
import java.util.SplittableRandom;

/** People that there are not. */
public final class Population implements Applicants {
    private static final int RADIX = 36;
    private static final int PREFIX_DIGITS = 5;

    private final String prefix;
    private final int people;

    /**
     * @param random distinguishes the people of one run from those of another on the same database
     */
    Population(SplittableRandom random, int people) {
        this.people = people;
        int most = (int) Math.pow(RADIX, PREFIX_DIGITS);
        prefix =
                Integer.toString(most / RADIX + random.nextInt(most - most / RADIX), RADIX)
                        .toUpperCase(Locale.ROOT);
    }

    @Override
    public int people() {
        return people;
    }

    @Override
    public byte[] members(int number) {
        return Post.ascii(
                "\"dose\":1,\"person\":{\"name\":\"Nurul Aina binti Rahman\",\"idType\":\"passport\","
                        + "\"idNumber\":\"B"
                        + prefix
                        + number
                        + "\",\"dateOfBirth\":\""
                        + (1940 + number % 60)
                        + "-"
                        + twoDigits(1 + number / 60 % 12)
                        + "-"
                        + twoDigits(1 + number / 720 % 28)
                        + "\",\"region\":\"selangor\",\"phone\":\"+6012345"
                        + (1000 + number % 9000)
                        + "\",\"language\":\"ms\"}");
    }

    private static String twoDigits(int number) {
        return number < 10 ? "0" + number : String.valueOf(number);
    }
}
