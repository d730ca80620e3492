package giliran.bench;

import giliran.crowd.Applicants;
import giliran.crowd.BookPlaces;
import giliran.crowd.Target;
import giliran.load.CpuTime;
import giliran.load.Load;
import giliran.load.Tally;
import giliran.subject.Progress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Books at a server that runs already: for a profiler, or a look. */
@Command(
        name = "book",
        mixinStandardHelpOptions = true,
        description = {
            "Books at a running server, in a campaign that `bench offer` wrote and `import` loaded.",
            "Passes are fetched before, and not counted; each person books once."
        })
final class BookCommand implements Callable<Integer> {
    @Option(
            names = "--server",
            defaultValue = "http://127.0.0.1:8080",
            description = "Default: ${DEFAULT-VALUE}.")
    private URI server = URI.create("");

    @Option(
            names = "--campaign",
            defaultValue = "bench",
            description = "Its id (default: ${DEFAULT-VALUE}).")
    private String campaign = "";

    @Option(
            names = "--region",
            defaultValue = OfferCommand.REGION,
            description = "Where the slots are (default: ${DEFAULT-VALUE}).")
    private String region = "";

    @Option(
            names = "--clients",
            defaultValue = "512",
            description = "How many ask and wait at once (default: ${DEFAULT-VALUE}).")
    private int clients;

    @Option(
            names = "--rate",
            description = "Requests a second, whatever the server does (default: as it answers).")
    private @Nullable Double rate;

    @Option(names = "--slots", description = "Only so many of the slots (default: all).")
    private @Nullable Integer slotsMax;

    @Option(
            names = "--people",
            defaultValue = "200000",
            description = "How many there are (default: ${DEFAULT-VALUE}).")
    private int people;

    @Option(names = "--again", description = "All come again after the last of them: for refusals.")
    private boolean isRepeated;

    @Option(names = "--direct", description = "Details are typed, not shown in a pass.")
    private boolean isDirect;

    @Option(
            names = "--warm-up",
            defaultValue = "3",
            description = "Seconds that are not counted (default: ${DEFAULT-VALUE}).")
    private int warmUp;

    @Option(
            names = "--seconds",
            defaultValue = "10",
            description = "Seconds that are counted (default: ${DEFAULT-VALUE}).")
    private int seconds;

    @Override
    public Integer call() {
        Target target = new Target(server, new SplittableRandom());
        List<String> offered = target.slotsOf(campaign, region);
        List<String> slots =
                slotsMax == null ? offered : offered.subList(0, Math.min(slotsMax, offered.size()));
        Progress.tell("People are invented …");
        Applicants applicants =
                isDirect
                        ? target.people(people)
                        : target.peopleWithPasses(campaign, people, Progress::tell);
        try (Load load = target.load()) {
            BookPlaces traffic = target.booking(campaign, slots, applicants, isRepeated);
            Tally tally =
                    rate == null
                            ? load.closed(clients, traffic)
                            : load.open(rate, clients, traffic);
            CpuTime cpu = new CpuTime();
            load.run(Duration.ofSeconds(warmUp), Duration.ofSeconds(seconds));
            Progress.tell("bookings " + Figures.ofBookings(tally));
            if (!tally.others().isEmpty()) {
                Progress.tell("others   " + Figures.ofOthers(tally));
            }
            Progress.tell(
                    String.format(
                            Locale.ROOT,
                            "%d slots, %d clients, counted for %.1f s; the clients took %.1f µs of"
                                    + " CPU a request",
                            slots.size(),
                            clients,
                            tally.seconds(),
                            cpu.microsEach(load.answers())));
        }
        return CommandLine.ExitCode.OK;
    }
}
