package giliran.report;

import giliran.outcome.Outcome;
import giliran.outcome.Outcome.BrokenPromise;
import giliran.outcome.Outcome.Ending;
import giliran.outcome.Outcome.Figures;
import giliran.outcome.Outcome.Group;
import giliran.outcome.Outcome.Latency;
import giliran.outcome.Outcome.LatencyPoint;
import giliran.outcome.Outcome.RealPoint;
import giliran.outcome.Outcome.Scene;
import giliran.outcome.Outcome.Second;
import giliran.outcome.Outcome.ServerSecond;
import giliran.outcome.Outcome.Setting;
import giliran.outcome.Outcome.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Invented outcomes, to draw. */
final class Examples {
    private static final int BEFORE = 5;

    private Examples() {}

    /** An opening that dies away over so many seconds, some of them before it. */
    static Outcome outcome(int seconds, boolean isKept) {
        SplittableRandom random = new SplittableRandom(20_261_122);
        List<Second> each = new ArrayList<>();
        long left = 956_609;
        for (int i = -BEFORE; i < seconds - BEFORE; i++) {
            double share = i < 0 ? 0 : 5 * Math.exp(-5.0 * i / seconds) / seconds;
            long asked = (long) (2_000_000 * share * random.nextDouble(0.8, 1.2));
            long booked = Math.min(left, (long) (asked * 0.55));
            left -= booked;
            long reads = (long) (300_000 * Math.exp(-5.0 * Math.max(0, i) / seconds));
            each.add(
                    new Second(
                            i,
                            reads / 50,
                            reads,
                            Math.max(0, reads - 2_000),
                            Math.min(reads, 2_000),
                            asked,
                            booked,
                            0,
                            booked / 200,
                            Map.of("place-gone", asked - booked, "too-many", asked / 30),
                            asked / 500,
                            asked / 900,
                            asked / 10,
                            left,
                            asked / 4));
        }
        return new Outcome(
                "./giliran rehearse malaysia-2021-05-26 --scale 1 --seed 7",
                "2026-11-22T12:00:00Z",
                new Scene(
                        "malaysia-2021-05-26",
                        "26 May 2021, noon: 956,609 places",
                        "On that day the site hardly answered for an hour.\n\nThree million people come; a tenth of them reload in each of the first seconds.",
                        3_000_000,
                        956_609,
                        7,
                        1,
                        10,
                        2_000),
                new Verdict(
                        isKept,
                        isKept
                                ? "All 956,609 places were sold in 6 minutes, and every promise was kept."
                                : "2 promises were broken."),
                new Figures(
                        956_609, 362, 471, 6_214, 4_211_020, 19_233, 14.2, 1_210, 2_711_000, 1_300),
                List.of(
                        new Setting("proof of work", "cost 0", "cost 1", "phones solve it, not we"),
                        new Setting(
                                "addresses",
                                "X-Forwarded-For is believed",
                                "not believed",
                                "all people come from this machine")),
                each,
                List.of(
                        latency("list", seconds, 3, random),
                        latency("book", seconds, 40, random),
                        latency("cancel", 0, 1, random)),
                List.of(
                        new Ending("has a place", 956_609),
                        new Ending("went without", 1_902_331),
                        new Ending("never got an answer", 141_060)),
                List.of(
                        new Group("arrival", "before the opening", 700_000, 400_000, 12.4),
                        new Group("arrival", "first minute", 1_500_000, 500_000, 31),
                        new Group("arrival", "later", 800_000, 56_609, 64),
                        new Group("line", "good", 2_400_000, 790_000, 20),
                        new Group("line", "slow", 500_000, 150_000, 41),
                        new Group("line", "bad", 100_000, 16_609, 70.5),
                        new Group("behaviour", "one tab", 2_900_000, 930_000, 22),
                        new Group("behaviour", "bot that hammers", 100_000, 26_609, 9),
                        new Group("behaviour", "nobody", 0, 0, Double.NaN)),
                each(seconds, i -> serverSecond(i, seconds, random)),
                isKept ? List.of() : List.of(broken()),
                each(
                        seconds / 60,
                        i -> new RealPoint(60.0 * i, 3_000 / (1.0 + i), 956_609 / (1.0 + i))));
    }

    /** Nothing happened, and nothing was seen. */
    static Outcome empty() {
        Outcome some = outcome(1, true);
        return new Outcome(
                some.command(),
                some.startedAt(),
                some.scene(),
                some.verdict(),
                some.figures(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of());
    }

    private static BrokenPromise broken() {
        return new BrokenPromise(
                "told-201-and-not-there",
                "31 people were told that they have a place, and have none.",
                each(31, i -> "person " + i),
                List.of("key 7f3a, slot 12, 12:00:07.210, 201"));
    }

    private static Latency latency(String kind, int seconds, double base, SplittableRandom random) {
        return new Latency(
                kind,
                point(0, base, random),
                each(
                        seconds,
                        i -> point(i, base * (1 + 8 * Math.exp(-10.0 * i / seconds)), random)));
    }

    private static LatencyPoint point(int second, double base, SplittableRandom random) {
        double p50 = base * random.nextDouble(0.8, 1.2);
        return new LatencyPoint(second, 5_000, p50, p50 * 2, p50 * 4, p50 * 7, p50 * 12);
    }

    private static ServerSecond serverSecond(int second, int seconds, SplittableRandom random) {
        double busy = Math.exp(-3.0 * second / seconds) * random.nextDouble(0.9, 1.1);
        return new ServerSecond(
                second,
                0.9 * busy,
                0.4 * busy,
                0.7 * busy,
                410 + second,
                300,
                1_100,
                40,
                300 * busy,
                12 * busy,
                4_000 * busy,
                second % 7 == 0 ? Double.NaN : 4_096);
    }

    private static <T> List<T> each(int count, IntFunction<T> one) {
        return IntStream.range(0, count).mapToObj(one).toList();
    }
}
