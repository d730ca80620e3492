package giliran.rehearsal;

import giliran.load.Ceiling;
import giliran.outcome.Outcome;
import giliran.outcome.OutcomeFile;
import giliran.population.RehearseScenario;
import giliran.population.Scenario;
import giliran.report.ReportPage;
import giliran.subject.Folders;
import giliran.subject.Progress;
import giliran.subject.RehearsalException;
import giliran.subject.TriedGiliran;
import java.io.Console;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Rehearses a morning with simulated people, and says whether every promise was kept. */
@Command(
        name = "rehearse",
        mixinStandardHelpOptions = true,
        versionProvider = Rehearsal.Version.class,
        description = {
            "Lets simulated people come to a Giliran of its own, as many and as impatient as on a",
            "morning that is to come, and compares what each was told with what is there.",
            "Exits with 0 if every promise was kept, with 1 if not.",
            "SCENARIO: malaysia-2021-05-26, malaysia-2021-05-02, one-hot-centre, bots, slow-lines,",
            "database-restart, or a file like theirs (docs/rehearsal.md)."
        })
final class RehearseCommand implements Callable<Integer> {
    private static final int BROKEN = 1;
    private static final int PORT_OF_HTTP = 80;

    @Parameters(paramLabel = "SCENARIO", description = "Its name, or its file.")
    private String scenario = "";

    @Option(
            names = "--scale",
            defaultValue = "1",
            description = "So much of its people and places (default: ${DEFAULT-VALUE}).")
    private double scale;

    @Option(
            names = "--speed",
            defaultValue = "1",
            description = "So many times as fast (default: ${DEFAULT-VALUE}).")
    private double speed;

    @Option(
            names = "--seed",
            paramLabel = "S",
            description = "Chooses who people are (default: at random; it is printed).")
    private @Nullable Long seed;

    @Option(
            names = "--url",
            description = {
                "A server that runs on this machine, started with --trust-proxy 127.0.0.0/8;",
                "--data names its folder. It must hold no real campaign."
            })
    private @Nullable URI url;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description =
                    "With --url: that server's folder. Else an empty one, which is kept (default:"
                            + " a temporary one).")
    private @Nullable Path data;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description =
                    "Where the result is written as JSON, with a page beside it (default:"
                            + " target/rehearsals/SCENARIO.json).")
    private @Nullable Path out;

    @Option(
            names = "--ceiling",
            description =
                    "Measure afterwards how many bookings a second the same people could ask of a"
                            + " server that does nothing.")
    private boolean isCeilingMeasured;

    @Override
    public Integer call() throws InterruptedException {
        Scenario read = Scenario.read(scenario, scale, speed);
        long chosen = seed == null ? new SecureRandom().nextInt(Integer.MAX_VALUE) : seed;
        URI target = url;
        Folders.Data folder = Folders.dataFor(target == null ? data : null);
        boolean isKept = false;
        try (TriedGiliran giliran =
                target == null
                        ? new TriedGiliran(
                                Folders.home(),
                                Folders.jar(),
                                folder.path().resolve("giliran"),
                                List.of())
                        : running(target)) {
            RehearseScenario rehearsal =
                    new RehearseScenario(
                            read,
                            chosen,
                            Folders.home(),
                            command(chosen),
                            giliran,
                            new InetSocketAddress(
                                    giliran.address().getHost(), giliran.address().getPort()),
                            target == null,
                            folder.path(),
                            Optional.ofNullable(System.console())
                                    .filter(Console::isTerminal)
                                    .isPresent(),
                            Progress::tell);
            Outcome outcome = rehearsal.run();
            isKept = outcome.verdict().isKept();
            write(read.name(), outcome);
            tell(outcome);
            if (isCeilingMeasured) {
                tell(rehearsal.measureCeiling(), outcome);
            }
        } finally {
            if (folder.isTemporary() && isKept) {
                Folders.delete(folder.path());
            }
        }
        if (!isKept) {
            Progress.complain("giliran: promises were broken; the data stay in " + folder.path());
            return BROKEN;
        }
        return CommandLine.ExitCode.OK;
    }

    private TriedGiliran running(URI target) {
        if (data == null) {
            throw new RehearsalException("With --url, --data must name that server's folder.");
        }
        try {
            if (target.getHost() == null
                    || !InetAddress.getByName(target.getHost()).isLoopbackAddress()) {
                throw new RehearsalException(
                        "--url must be a server on this machine, such as http://127.0.0.1:8080.");
            }
        } catch (UnknownHostException e) {
            throw new RehearsalException("The host of --url is unknown: " + target.getHost(), e);
        }
        return TriedGiliran.running(
                Folders.home(),
                Folders.jar(),
                data.toAbsolutePath().normalize(),
                target.getPort() < 0 ? PORT_OF_HTTP : target.getPort());
    }

    private String command(long chosen) {
        return "./giliran rehearse "
                + scenario
                + (scale == 1 ? "" : " --scale " + number(scale))
                + (speed == 1 ? "" : " --speed " + number(speed))
                + " --seed "
                + chosen;
    }

    private static String number(double number) {
        return number == Math.rint(number) ? String.valueOf((long) number) : String.valueOf(number);
    }

    private void write(String name, Outcome outcome) {
        Path json =
                out == null ? Folders.home().resolve("target/rehearsals/" + name + ".json") : out;
        OutcomeFile.write(json, outcome);
        Path page =
                json.resolveSibling(
                        json.getFileName().toString().replaceFirst("\\.json$", "") + ".html");
        try {
            Files.writeString(page, ReportPage.html(outcome));
        } catch (IOException e) {
            throw new RehearsalException("The page " + page + " cannot be written", e);
        }
        Progress.tell("The result is in " + page + ", and as figures in " + json);
    }

    private static void tell(Ceiling ceiling, Outcome outcome) {
        Progress.tell(
                String.format(
                        Locale.ROOT,
                        "Of a server that does nothing the same people can ask %,.0f requests a"
                                + " second, at %.1f µs of CPU each: %.1f times the %,d that they"
                                + " asked of this one in its busiest second.",
                        ceiling.perSecond(),
                        ceiling.cpuMicros(),
                        ceiling.perSecond() / Math.max(1, outcome.figures().requestsPerSecondMax()),
                        outcome.figures().requestsPerSecondMax()));
    }

    private static void tell(Outcome outcome) {
        Progress.tell("");
        outcome.endings()
                .forEach(
                        ending ->
                                Progress.tell(
                                        "  %,12d %s".formatted(ending.people(), ending.name())));
        for (Outcome.BrokenPromise broken : outcome.broken()) {
            Progress.tell("BROKEN  " + broken.promise() + ": " + broken.sentence());
            for (int i = 0; i < broken.requests().size(); i++) {
                Progress.tell(
                        "        "
                                + (i < broken.people().size() ? broken.people().get(i) + ": " : "")
                                + broken.requests().get(i));
            }
        }
        Outcome.Figures figures = outcome.figures();
        Progress.tell(
                String.format(
                        Locale.ROOT,
                        "Best ten seconds: %,.0f places a second. %,d requests, %.1f µs of the"
                                + " people's CPU each; their process had %,d MB.",
                        figures.bestTenSecondsPerSecond(),
                        figures.requests(),
                        figures.populationCpuMicros(),
                        figures.populationResidentMaxMb()));
        Progress.tell("All of it took %.0f s.".formatted(figures.secondsOfAll()));
        Progress.tell(outcome.verdict().sentence());
    }
}
