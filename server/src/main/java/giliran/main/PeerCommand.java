package giliran.main;

import giliran.campaigns.CampaignId;
import giliran.campaigns.RegionId;
import giliran.ledger.Ledger;
import giliran.peers.Ceiling;
import giliran.peers.DatabaseSettings;
import giliran.peers.OneByOne;
import giliran.store.Database;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What the ledger is measured against; {@code bench ledger} calls it. */
@Command(
        name = "peer",
        hidden = true,
        description = "What the ledger is measured against; bench ledger calls it.",
        subcommands = {
            PeerCommand.OneByOneCommand.class,
            PeerCommand.CeilingCommand.class,
            PeerCommand.SettingsCommand.class
        })
final class PeerCommand {

    /** Runs Giliran with one transaction a request. */
    @Command(name = "one-by-one", description = "Runs Giliran with one transaction a request.")
    static final class OneByOneCommand extends RunCommand {
        @Option(
                names = "--connections",
                defaultValue = "32",
                description = "How many transactions at once (default: ${DEFAULT-VALUE}).")
        private int connections;

        @Override
        Giliran.Bookkeeping bookkeeping() {
            return (connection, database, clock) -> new OneByOne(connection, connections, clock);
        }
    }

    /** Fills slots by set-based SQL alone, and prints appointments a second. */
    @Command(name = "ceiling", description = "Fills slots by set-based SQL alone.")
    static final class CeilingCommand implements Callable<Integer> {
        @Mixin private DatabaseOptions options = new DatabaseOptions();

        @Option(names = "--campaign", required = true)
        private String campaign = "";

        @Option(names = "--region", required = true)
        private String region = "";

        @Option(names = "--batch", required = true)
        private int batch;

        @Option(names = "--connections", required = true, split = ",")
        private List<Integer> connections = List.of();

        @Option(names = "--warm-up-millis", required = true)
        private long warmUpMillis;

        @Option(names = "--millis", required = true)
        private long millis;

        @Override
        public Integer call() throws InterruptedException {
            return Opened.during(this::measure, told -> {});
        }

        private int measure(Opened opened) {
            InstantSource clock = InstantSource.system();
            Ceiling ceiling =
                    new Ceiling(
                            Truth.joinOrStart(options, clock, opened, told -> {}),
                            new CampaignId(campaign),
                            new RegionId(region),
                            clock);
            for (int together : connections) {
                double perSecond =
                        ceiling.run(
                                batch,
                                together,
                                Duration.ofMillis(warmUpMillis),
                                Duration.ofMillis(millis));
                Progress.tell(String.valueOf(perSecond));
            }
            return CommandLine.ExitCode.OK;
        }
    }

    /** Prints what is set in the database and the ledger. */
    @Command(name = "settings", description = "Prints what is set in the database and the ledger.")
    static final class SettingsCommand implements Callable<Integer> {
        @Mixin private DatabaseOptions options = new DatabaseOptions();

        @Override
        public Integer call() throws InterruptedException {
            return Opened.during(this::tell, told -> {});
        }

        private int tell(Opened opened) {
            Database database =
                    Truth.joinOrStart(options, InstantSource.system(), opened, told -> {});
            Progress.tell("ledger: " + Ledger.Limits.DEFAULT);
            DatabaseSettings.read(database).forEach(line -> Progress.tell("database: " + line));
            return CommandLine.ExitCode.OK;
        }
    }
}
