package giliran.bench;

import giliran.subject.Folders;
import giliran.subject.Progress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
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
    @Option(names = "--quick", description = "Once, and briefly: two minutes, rough figures.")
    private boolean isQuick;

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

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "Where the JSON goes (default: target/bench/reads.json).")
    private @Nullable Path out;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "An empty folder for its data, which is kept (default: a temporary one).")
    private @Nullable Path data;

    private ReadsBench.Plan plan() {
        return isQuick
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
        Path home = Path.of(System.getProperty("giliran.home", ".")).toAbsolutePath().normalize();
        Path jar = home.resolve("target/built/giliran.jar");
        Folders.Data folder = Folders.dataFor(data);
        ReadsBench.Plan plan = plan();
        try (ReadsBench bench =
                new ReadsBench(
                        home,
                        jar,
                        folder.path(),
                        plan,
                        List.of(),
                        new SplittableRandom(),
                        Progress::tell)) {
            bench.start();
            List<String> settings = bench.settings();
            ReadsReport report =
                    new ReadsReport(plan, settings, bench.run(), bench.missing(), Settings.load());
            Path file = out == null ? home.resolve("target/bench/reads.json") : out;
            report.write(file);
            Progress.tell("");
            report.lines().forEach(Progress::tell);
            Progress.tell("");
            Progress.tell("All runs: " + file);
        } finally {
            if (folder.isTemporary()) {
                Folders.delete(folder.path());
            }
        }
        return CommandLine.ExitCode.OK;
    }
}
