package giliran.bench;

import giliran.load.Ceiling;
import giliran.subject.Folders;
import giliran.subject.Progress;
import giliran.subject.RehearsalException;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures how many bookings a second become durable, beside what others do. */
@Command(
        name = "ledger",
        mixinStandardHelpOptions = true,
        description = {
            "Measures bookings over HTTP at a Giliran of its own, as `run` starts it, beside one",
            "transaction a request and beside set-based SQL alone. Takes half an hour; the machine",
            "should do nothing else. Exits with 0 also if a bar is not met."
        })
final class LedgerCommand implements Callable<Integer> {
    private static final int MILLION_PLACES_OF_SLOT = 1_000;
    private static final int MILLION_PEOPLE = 1_050_000;
    private static final int MILLION_CLIENTS = 512;

    @Mixin private BenchOptions options = new BenchOptions();

    @Option(
            names = "--million",
            description = {
                "Instead: a million places and more people, until all is sold. Exits with 1 unless",
                "exactly all are."
            })
    private boolean isMillion;

    @Option(names = "--direct", description = "People type their details, instead of a pass.")
    private boolean isDirect;

    @Override
    public Integer call() {
        if (isMillion && (isDirect || options.isQuick() || options.hasOut())) {
            throw new RehearsalException(
                    "--million takes no other option than --data: people have passes, and what"
                            + " comes of it is printed.");
        }
        SplittableRandom random = new SplittableRandom();
        return options.inFolder(
                folder -> isMillion ? sellAMillion(folder, random) : measure(folder, random));
    }

    private int measure(Path folder, SplittableRandom random) {
        Plan plan = options.isQuick() ? Plan.QUICK : Plan.FULL;
        try (LedgerBench bench =
                new LedgerBench(
                        Folders.home(),
                        Folders.jar(),
                        folder,
                        plan,
                        isDirect,
                        List.of(),
                        random,
                        Progress::tell)) {
            bench.start();
            List<String> settings = bench.settings();
            Ceiling clients = bench.measureClients();
            Results results = bench.run();
            Report report = new Report(plan, settings, clients, results, Settings.load());
            options.report("ledger", report::write, report.lines());
        }
        return CommandLine.ExitCode.OK;
    }

    private static int sellAMillion(Path folder, SplittableRandom random) {
        try (Million million =
                new Million(
                        Folders.home(),
                        Folders.jar(),
                        folder,
                        MILLION_PLACES_OF_SLOT,
                        MILLION_PEOPLE,
                        MILLION_CLIENTS,
                        List.of(),
                        random,
                        Progress::tell)) {
            Million.Outcome outcome = million.run();
            Progress.tell(outcome.toString());
            if (!outcome.isExact()) {
                throw new RehearsalException("Not exactly all places were sold.");
            }
        }
        return CommandLine.ExitCode.OK;
    }
}
