package giliran.bench;

import giliran.subject.Folders;
import giliran.subject.Progress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures how many readers can be answered, beside nginx. */
@Command(
        name = "reads",
        mixinStandardHelpOptions = true,
        description = {
            "Measures reads of a region's availability at a Giliran of its own, as `run` starts it,",
            "beside nginx with the same bytes in files, and beside bookings. Needs Debian's packages",
            "wrk and nginx-light. Takes twelve minutes; the machine should do nothing else. Exits",
            "with 0 also if a bar is not met."
        })
final class ReadsCommand implements Callable<Integer> {
    @Mixin private BenchOptions options = new BenchOptions();

    @Option(
            names = "--slots",
            defaultValue = "0",
            description =
                    "So many slots more, in other regions, which are booked (default:"
                            + " ${DEFAULT-VALUE}).")
    private int moreSlots;

    @Option(
            names = "--bookings",
            defaultValue = "1000",
            description = "So many a second beside reads (default: ${DEFAULT-VALUE}).")
    private int bookings;

    private ReadsBench.Plan plan() {
        return options.isQuick()
                ? new ReadsBench.Plan(
                        1,
                        List.of(64, 256, 1_024),
                        256,
                        Duration.ofSeconds(9),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(4),
                        bookings,
                        moreSlots,
                        Duration.ofSeconds(15))
                : new ReadsBench.Plan(
                        3,
                        List.of(64, 256, 1_024),
                        256,
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(10),
                        bookings,
                        moreSlots,
                        Duration.ofSeconds(30));
    }

    @Override
    public Integer call() {
        return options.inFolder(this::measure);
    }

    private int measure(Path folder) {
        ReadsBench.Plan plan = plan();
        try (ReadsBench bench =
                new ReadsBench(
                        Folders.home(),
                        Folders.jar(),
                        folder,
                        plan,
                        List.of(),
                        new SplittableRandom(),
                        Progress::tell)) {
            bench.start();
            List<String> settings = bench.settings();
            ReadsReport report =
                    new ReadsReport(plan, settings, bench.run(), bench.missing(), Settings.load());
            options.report("reads", report::write, report.lines());
        }
        return CommandLine.ExitCode.OK;
    }
}
