package giliran.rehearsal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import giliran.subject.Door;
import java.util.List;
import java.util.SplittableRandom;

/** People that there are not: their details come from a seed and a number. */
final class Invented {
    private static final List<String> GIVEN =
            List.of("Aina", "Badrul", "Chong Wei", "Devi", "Esther", "Farid", "Goh", "Hana");
    private static final List<String> FAMILY =
            List.of("binti Rahman", "bin Osman", "Lim", "a/p Raman", "Tan", "anak Jugah");

    private Invented() {}

    /**
     * @param number distinguishes people of one run, 0 to 9,999,999
     */
    static ObjectNode person(SplittableRandom random, int number) {
        return Door.JSON
                .createObjectNode()
                .put(
                        "name",
                        GIVEN.get(random.nextInt(GIVEN.size()))
                                + " "
                                + FAMILY.get(random.nextInt(FAMILY.size())))
                .put("idType", "passport")
                .put("idNumber", "R%07d".formatted(number))
                .put(
                        "dateOfBirth",
                        "%d-%02d-%02d"
                                .formatted(
                                        random.nextInt(1940, 2000),
                                        random.nextInt(1, 13),
                                        random.nextInt(1, 29)))
                .put("region", random.nextBoolean() ? "selangor" : "kuala-lumpur")
                .put("phone", "+6012345%04d".formatted(random.nextInt(10_000)))
                .put("language", random.nextBoolean() ? "ms" : "en");
    }
}
