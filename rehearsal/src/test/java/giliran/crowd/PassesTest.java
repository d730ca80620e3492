package giliran.crowd;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Passes that are packed, and come out as they went in. */
final class PassesTest {
    @Test
    void keepsEveryPassAcrossManyChunksWhateverItsLength() {
        long seed = new SplittableRandom().nextLong();
        int people = 3_000;
        Passes passes = new Passes(people);
        SplittableRandom random = new SplittableRandom(seed);
        int[] lengths = random.ints(people, 0, 32_768).toArray();
        for (int person = people - 1; person >= 0; person--) {
            passes.add(person, pass(person, lengths[person]));
        }

        assertThat(passes.count()).isEqualTo(people);
        for (int person = 0; person < people; person++) {
            byte[] expected =
                    ("\"pass\":\""
                                    + new String(
                                            pass(person, lengths[person]),
                                            StandardCharsets.US_ASCII)
                                    + "\"")
                            .getBytes(StandardCharsets.US_ASCII);
            assertThat(passes.members(person))
                    .as("person %d, seed %d", person, seed)
                    .isEqualTo(expected);
        }
    }

    private static byte[] pass(int person, int length) {
        byte[] pass = new byte[length];
        java.util.Arrays.fill(pass, (byte) ('a' + person % 26));
        return pass;
    }
}
