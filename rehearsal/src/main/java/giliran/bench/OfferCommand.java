package giliran.bench;

import giliran.crowd.SlotsAlike;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes the files of a campaign to be measured with. */
@Command(
        name = "offer",
        mixinStandardHelpOptions = true,
        description = {
            "Writes a campaign to be measured with, for ./giliran import: open at once, for everyone,",
            "without a proof of work."
        })
final class OfferCommand implements Callable<Integer> {
    static final String REGION = "selangor";

    @Parameters(paramLabel = "FOLDER", description = "Is made if need be.")
    private Path folder = Path.of("");

    @Option(
            names = "--campaign",
            defaultValue = "bench",
            description = "Its id (default: ${DEFAULT-VALUE}).")
    private String campaign = "";

    @Option(
            names = "--centre-dates",
            defaultValue = "200",
            description = "Days at centres, four at each (default: ${DEFAULT-VALUE}).")
    private int centreDates;

    @Option(
            names = "--slots-of-date",
            defaultValue = "5",
            description = "Slots of each, 1 to 12 (default: ${DEFAULT-VALUE}).")
    private int slotsOfDate;

    @Option(
            names = "--capacity",
            defaultValue = "1000000",
            description = "Places in each slot (default: ${DEFAULT-VALUE}).")
    private int capacity;

    @Override
    public Integer call() {
        SlotsAlike.write(
                folder,
                campaign,
                List.of(new SlotsAlike(REGION, centreDates, slotsOfDate, capacity)));
        return CommandLine.ExitCode.OK;
    }
}
