package giliran.main;

import giliran.campaigns.Campaign;
import giliran.campaigns.CampaignPlan;
import giliran.campaigns.Catalogue;
import giliran.campaigns.Region;
import giliran.edge.TrustedProxies;
import giliran.imports.ReadCampaignFiles;
import giliran.jobs.KeepPostgres;
import giliran.jobs.Repeat;
import giliran.store.DataFolder;
import giliran.store.LocalPostgres;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs Giliran on this machine until it is told to stop. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        description = {
            "Runs Giliran until Ctrl-C: with a PostgreSQL of its own, or with --database on yours.",
            "A database without a campaign gets the sample of 2 May 2021."
        })
class RunCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(RunCommand.class);
    private static final String SAMPLE = "samples/malaysia-2021-05-02";
    private static final String EVERY_ADDRESS = "0.0.0.0";
    private static final int PORT_MAX = 65_535;
    private static final Duration KEEP_EVERY = Duration.ofMillis(500);

    @Mixin private DatabaseOptions options = new DatabaseOptions();

    @Spec private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            defaultValue = EVERY_ADDRESS,
            description = "The address to serve on (default: ${DEFAULT-VALUE}, all of them).")
    private String host = "";

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "8080",
            description = "The port to serve on (default: ${DEFAULT-VALUE}).")
    private int port;

    @Option(
            names = "--metrics-port",
            paramLabel = "PORT",
            description =
                    "The loopback port of the Prometheus metrics (default: one above --port).")
    private @Nullable Integer metricsPort;

    @Option(
            names = "--trust-proxy",
            paramLabel = "CIDR",
            description = {
                "Addresses of proxies in front, such as 10.0.0.0/8; may be given more than once.",
                "What they say in X-Forwarded-For, or in Forwarded, of where a request comes from"
                        + " is believed, and nobody else's word."
            })
    private List<String> proxies = List.of();

    @Override
    public Integer call() throws InterruptedException {
        Giliran.Doors doors = doors();
        DataFolder.Connection external = options.external();
        return Opened.during(
                opened -> {
                    start(opened, doors, external);
                    new CountDownLatch(1).await();
                    return CommandLine.ExitCode.OK;
                },
                Progress::tell);
    }

    /** Who keeps the places. */
    Giliran.Bookkeeping bookkeeping() {
        return Giliran.LEDGER;
    }

    private Giliran.Doors doors() {
        int metrics = metricsPort == null ? port + 1 : metricsPort;
        refuseUnlessPort("--port", port);
        refuseUnlessPort("--metrics-port", metrics);
        if (port == metrics) {
            throw new ParameterException(
                    spec.commandLine(), "--port and --metrics-port must be two different ports");
        }
        return new Giliran.Doors(host, port, metrics, trustedProxies());
    }

    private TrustedProxies trustedProxies() {
        try {
            return new TrustedProxies(proxies);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--trust-proxy must be addresses such as 10.0.0.0/8 or 2001:db8::/32, not "
                            + String.join(", ", proxies));
        }
    }

    private void refuseUnlessPort(String option, int number) {
        if (number < 1 || number > PORT_MAX) {
            throw new ParameterException(
                    spec.commandLine(),
                    option + " must be a port from 1 to " + PORT_MAX + ", not " + number);
        }
    }

    private void start(
            Opened opened, Giliran.Doors doors, DataFolder.@Nullable Connection external) {
        InstantSource clock = InstantSource.system();
        DataFolder folder = opened.open(() -> DataFolder.open(options.folder()));
        Logs.writeTo(folder.log());
        DataFolder.Connection connection =
                external == null ? ownDatabase(opened, folder) : external;
        Giliran giliran =
                opened.open(
                        () ->
                                new Giliran(
                                        connection,
                                        folder.keys(),
                                        () -> Optional.of(sample(clock)),
                                        doors,
                                        clock,
                                        bookkeeping()));
        String address = "http://" + (host.equals(EVERY_ADDRESS) ? "localhost" : host) + ":" + port;
        folder.writeConnection(connection);
        folder.announce(address);
        LOG.info("Serving at {}", address);
        tellWhatIsOffered(giliran.catalogue());
        Progress.tell("");
        Progress.tell("Giliran is running: " + address + "/");
        Progress.tell("  API        " + address + "/docs/  (to browse and try)");
        Progress.tell("  campaigns  " + address + "/api/v1/campaigns");
        Progress.tell("  health     " + address + "/health/ready");
        Progress.tell("  metrics    http://127.0.0.1:" + doors.metricsPort() + "/metrics");
        Progress.tell("  log        " + folder.log().resolve("giliran.log"));
        Progress.tell("Stop it with Ctrl-C.");
    }

    private static DataFolder.Connection ownDatabase(Opened opened, DataFolder folder) {
        Progress.tell("Starting the database in " + folder.path() + " …");
        LocalPostgres postgres =
                opened.open(() -> LocalPostgres.start(folder.postgres(), Progress::tell));
        opened.open(() -> new Repeat("keep-postgres", KEEP_EVERY, new KeepPostgres(postgres)));
        return Truth.connection(postgres);
    }

    private static CampaignPlan sample(InstantSource clock) {
        Path folder = Path.of(System.getProperty("giliran.home", ".")).resolve(SAMPLE);
        Progress.tell("Loading the sample campaign …");
        return switch (new ReadCampaignFiles(folder).readPlan(clock.instant())) {
            case ReadCampaignFiles.PlanResult.Read(CampaignPlan plan) -> plan;
            case ReadCampaignFiles.PlanResult.Faulty faulty ->
                    throw new CommandException(
                            "The sample campaign in "
                                    + folder
                                    + " cannot be read: "
                                    + faulty.problems().getFirst());
        };
    }

    private static void tellWhatIsOffered(Catalogue catalogue) {
        for (Campaign campaign : catalogue.campaigns()) {
            String regions =
                    catalogue.regionsOf(campaign.id()).stream()
                            .map(Region::id)
                            .map(Object::toString)
                            .collect(Collectors.joining(", "));
            Progress.tell(
                    String.format(
                            "Campaign %s: %s; ages %d and over; regions %s",
                            campaign.id(),
                            campaign.name(),
                            campaign.eligibility().minimumAge(),
                            regions));
        }
    }
}
