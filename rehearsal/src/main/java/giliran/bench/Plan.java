package giliran.bench;

import java.time.Duration;
import java.util.List;

/**
 * How long and how often it is measured.
 *
 * @param clients how many wait at once, in the scenario that compares that
 * @param usualClients how many do in all others; one of {@code clients}
 * @param firstWarmUp once for each server
 * @param warmUp before each run
 * @param counted of each run
 * @param leastExpectedPerSecond for so many bookings there are people, at least
 * @param comeAgain so many people ask for what is sold out, again and again: so many that none of
 *     them comes more often than one may
 */
record Plan(
        int repetitions,
        List<Integer> clients,
        int usualClients,
        Duration firstWarmUp,
        Duration warmUp,
        Duration counted,
        int leastExpectedPerSecond,
        int comeAgain) {
    static final Plan FULL =
            new Plan(
                    3,
                    List.of(64, 256, 512, 1_024, 4_096),
                    512,
                    Duration.ofSeconds(20),
                    Duration.ofSeconds(3),
                    Duration.ofSeconds(10),
                    4_000,
                    100_000);
    static final Plan QUICK =
            new Plan(
                    1,
                    List.of(64, 512, 4_096),
                    512,
                    Duration.ofSeconds(8),
                    Duration.ofSeconds(2),
                    Duration.ofSeconds(4),
                    4_000,
                    100_000);
}
