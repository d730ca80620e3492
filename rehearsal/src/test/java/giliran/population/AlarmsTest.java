package giliran.population;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class AlarmsTest {
    @Test
    void wakesEverybodyOnceAndInTheirMillisecondHoweverFarAheadItIs() {
        int people = 5_000;
        long seed = new SplittableRandom().nextLong();
        SplittableRandom random = new SplittableRandom(seed);
        Alarms alarms = new Alarms(people);
        for (int person = 0; person < people; person++) {
            alarms.set(person, random.nextInt(1, 300_000));
        }
        int[] now = new int[1];
        int[] woken = new int[people];
        for (now[0] = 1; now[0] <= 300_000; now[0]++) {
            alarms.ring(
                    now[0],
                    person -> {
                        woken[person]++;
                        assertThat(alarms.at(person)).as("seed %d", seed).isEqualTo(now[0]);
                    });
        }
        assertThat(woken).as("seed %d", seed).containsOnly(1);
    }

    @Test
    void letsSomebodySetTheAlarmAnewWhileItRings() {
        Alarms alarms = new Alarms(1);
        alarms.set(0, 10);
        List<Integer> woken = new ArrayList<>();

        alarms.ring(
                100,
                person -> {
                    woken.add(alarms.at(person));
                    alarms.set(person, alarms.at(person));
                    if (woken.size() == 3) {
                        alarms.set(person, 1_000);
                    }
                });

        assertThat(woken).containsExactly(10, 11, 12);
    }

    @Test
    void doesNotWakeAllAtOnceIfTheyAreMany() {
        Alarms alarms = new Alarms(10_000);
        for (int person = 0; person < 10_000; person++) {
            alarms.set(person, 1 + person);
        }
        int[] woken = new int[1];

        assertThat(alarms.ring(10_000, person -> woken[0]++)).isFalse();
        assertThat(woken[0]).isBetween(1, 9_999);
        while (!alarms.ring(10_000, person -> woken[0]++)) {
            assertThat(woken[0]).isLessThan(10_000);
        }
        assertThat(woken[0]).isEqualTo(10_000);
    }
}
