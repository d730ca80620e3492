package giliran.main;

import giliran.campaigns.Campaign;
import giliran.campaigns.CampaignPlan;
import giliran.campaigns.Catalogue;
import giliran.campaigns.Region;
import giliran.imports.ReadCampaignFiles;
import giliran.store.DataFolder;
import giliran.store.LocalPostgres;
import giliran.store.StoreException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs Giliran on this machine until it is told to stop. */
@Command(
        name = "run",
        description = {
            "Runs Giliran until Ctrl-C: with a PostgreSQL of its own, or with --database on yours.",
            "A database without a campaign gets the sample of 2 May 2021."
        })
final class RunCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(RunCommand.class);
    private static final String SAMPLE = "samples/malaysia-2021-05-02";

    @Mixin private DatabaseOptions options = new DatabaseOptions();

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            defaultValue = "0.0.0.0",
            description = "The address to serve on (default: ${DEFAULT-VALUE}, all of them).")
    private String host = "";

    @Option(
            names = "--port",
            defaultValue = "8080",
            description = "The port to serve on (default: ${DEFAULT-VALUE}).")
    private int port;

    @Option(
            names = "--metrics-port",
            description =
                    "The loopback port of the Prometheus metrics (default: one above --port).")
    private @Nullable Integer metricsPort;

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    @Override
    public Integer call() throws InterruptedException {
        // Ctrl-C may come at any moment: whatever is open then is closed, once.
        Thread stop = Thread.ofPlatform().unstarted(this::stop);
        Runtime.getRuntime().addShutdownHook(stop);
        try {
            start();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
        new CountDownLatch(1).await();
        return 0;
    }

    private void start() {
        InstantSource clock = InstantSource.system();
        DataFolder folder = opened(DataFolder.open(options.folder()));
        Logs.writeTo(folder.log());
        DataFolder.Connection external = options.external();
        DataFolder.Connection connection;
        if (external == null) {
            Progress.tell("Starting the database in " + folder.path() + " …");
            connection =
                    Truth.connection(
                            opened(LocalPostgres.start(folder.postgres(), Progress::tell)));
        } else {
            connection = external;
        }
        Giliran.Doors doors =
                new Giliran.Doors(host, port, metricsPort == null ? port + 1 : metricsPort);
        Giliran giliran =
                opened(
                        new Giliran(
                                connection,
                                folder.keys(),
                                () -> Optional.of(sample(clock)),
                                doors,
                                clock));
        folder.writeConnection(connection);
        String address = "http://localhost:" + port;
        folder.announce(address);
        LOG.info("Serving at {}", address);
        tellWhatIsOffered(giliran.catalogue());
        Progress.tell("");
        Progress.tell("Giliran is running: " + address + "/docs/  (the API, to browse and try)");
        Progress.tell("  campaigns  " + address + "/api/v1/campaigns");
        Progress.tell("  health     " + address + "/health/ready");
        Progress.tell("  metrics    http://127.0.0.1:" + doors.metricsPort() + "/metrics");
        Progress.tell("  log        " + folder.log().resolve("giliran.log"));
        Progress.tell("Stop it with Ctrl-C.");
    }

    private synchronized <T extends AutoCloseable> T opened(T part) {
        opened.push(part);
        return part;
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

    private synchronized void stop() {
        if (opened.isEmpty()) {
            return;
        }
        Progress.tell("Stopping …");
        try {
            close();
            Progress.tell("Stopped.");
        } catch (StoreException e) {
            Progress.tell("Stopped, with a failure: " + e.getMessage());
        }
        Logs.close();
    }

    private synchronized void close() {
        Truth.closeAll(opened);
    }
}
