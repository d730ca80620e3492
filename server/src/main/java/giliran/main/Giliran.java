package giliran.main;

import com.sun.management.UnixOperatingSystemMXBean;
import giliran.admission.Admission;
import giliran.admission.ProofOfWork;
import giliran.admission.RateLimits;
import giliran.admission.WaitTickets;
import giliran.api.Api;
import giliran.availability.PublishCampaigns;
import giliran.booking.AppointmentLinks;
import giliran.booking.BookAppointment;
import giliran.booking.CancelAppointment;
import giliran.booking.EndedPasses;
import giliran.booking.IssuePass;
import giliran.booking.LookUpAppointment;
import giliran.booking.MoveAppointment;
import giliran.booking.ReadPass;
import giliran.campaigns.CampaignPlan;
import giliran.campaigns.CampaignStore;
import giliran.campaigns.Catalogue;
import giliran.campaigns.OfferedCatalogue;
import giliran.clients.Clients;
import giliran.edge.DoorLimits;
import giliran.edge.EdgeVerticle;
import giliran.edge.PublishedAnswers;
import giliran.edge.Readiness;
import giliran.edge.TrustedProxies;
import giliran.imports.ImportCampaign;
import giliran.jobs.Repeat;
import giliran.jobs.WatchDatabase;
import giliran.ledger.Bookkeeper;
import giliran.ledger.ForgetKeys;
import giliran.ledger.LapseHolds;
import giliran.ledger.Ledger;
import giliran.ledger.LookUpByReference;
import giliran.ledger.TieKeys;
import giliran.pages.Pages;
import giliran.pages.PublishPages;
import giliran.people.Keys;
import giliran.reception.Appointments;
import giliran.reception.BlockingCalls;
import giliran.reception.EventLoop;
import giliran.reception.Passes;
import giliran.reception.Reception;
import giliran.reception.RefusalAnswers;
import giliran.reception.Throttle;
import giliran.store.DataFolder;
import giliran.store.Database;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The whole house: every room, put together and at work until it is closed. */
public final class Giliran implements AutoCloseable {
    private static final int CONNECTIONS = 10;
    private static final int BLOCKING_CALLS_MAX = 1_000;
    private static final Duration PUBLISH_EVERY = Duration.ofMillis(250);
    private static final Duration TELL_TIME_EVERY = Duration.ofMillis(250);
    private static final Duration FORGET_EVERY = Duration.ofHours(1);
    private static final Duration LAPSE_EVERY = Duration.ofSeconds(1);
    private static final Duration WATCH_EVERY = Duration.ofSeconds(1);
    private static final Duration READ_ENDED_PASSES_EVERY = Duration.ofMillis(500);
    private static final Duration READ_CLIENTS_EVERY = Duration.ofMillis(500);
    private static final Duration REFRESH_KEYS_EVERY = Duration.ofSeconds(2);
    private static final Duration OPEN_WITHIN = Duration.ofSeconds(30);

    /**
     * Where it is served: the public door, and that of the metrics on the loopback address.
     *
     * @param proxies may stand before the public door and say for whom they ask
     */
    public record Doors(String host, int port, int metricsPort, TrustedProxies proxies) {}

    /** Who keeps the places. */
    @FunctionalInterface
    interface Bookkeeping {
        Bookkeeper open(DataFolder.Connection connection, Database database, InstantSource clock);
    }

    /** The ledger, which is what everybody is served with. */
    static final Bookkeeping LEDGER =
            (connection, database, clock) -> new Ledger(database, clock, Ledger.Limits.DEFAULT);

    private final Opened opened = new Opened();
    private final OfferedCatalogue offered;

    /**
     * Opens the house on a database and returns when it serves.
     *
     * @param keys the folder of the keys
     * @param firstCampaign loaded if the database has no campaign yet
     * @throws giliran.store.StoreException if the database cannot be used
     * @throws CommandException if a port is taken
     */
    public Giliran(
            DataFolder.Connection connection,
            Path keys,
            Supplier<Optional<CampaignPlan>> firstCampaign,
            Doors doors,
            InstantSource clock) {
        this(connection, keys, firstCampaign, doors, clock, LEDGER);
    }

    /** Opens the house with another bookkeeper, to measure the ledger against. */
    Giliran(
            DataFolder.Connection connection,
            Path keys,
            Supplier<Optional<CampaignPlan>> firstCampaign,
            Doors doors,
            InstantSource clock,
            Bookkeeping bookkeeping) {
        try {
            Database database = opened.open(() -> Database.open(connection, CONNECTIONS, clock));
            Keys secrets = Keys.openOrCreate(keys);
            new TieKeys(database).tie(secrets.checkValue());
            opened.open(() -> new Repeat("refresh-keys", REFRESH_KEYS_EVERY, secrets::refresh));
            if (database.read(CampaignStore::isEmpty)) {
                firstCampaign.get().ifPresent(new ImportCampaign(database, clock)::loadIfEmpty);
            }
            offered = new OfferedCatalogue(database);

            Bookkeeper ledger = opened.open(() -> bookkeeping.open(connection, database, clock));
            EndedPasses endedPasses = new EndedPasses(database);
            opened.open(() -> new Repeat("ended-passes", READ_ENDED_PASSES_EVERY, endedPasses));
            ForgetKeys forgetKeys = new ForgetKeys(database, clock);
            opened.open(() -> new Repeat("forget-keys", FORGET_EVERY, forgetKeys));
            LapseHolds lapseHolds = new LapseHolds(database, ledger, clock);
            opened.open(() -> new Repeat("lapse-holds", LAPSE_EVERY, lapseHolds));
            AppointmentLinks links = new AppointmentLinks(secrets);
            BookAppointment book =
                    new BookAppointment(offered, secrets, links, endedPasses, ledger, clock);
            LookUpAppointment lookUp =
                    new LookUpAppointment(new LookUpByReference(database), secrets, links);
            MoveAppointment move = new MoveAppointment(lookUp, offered, secrets, ledger, clock);
            IssuePass issuePass = new IssuePass(offered, secrets, endedPasses, clock);
            CancelAppointment cancel = new CancelAppointment(lookUp, offered, ledger, clock);

            Readiness readiness = new Readiness();
            WatchDatabase watch = new WatchDatabase(database, readiness);
            watch.run();
            opened.open(() -> new Repeat("watch-database", WATCH_EVERY, watch));

            PublishedAnswers published = new PublishedAnswers(clock);
            PublishCampaigns publish =
                    new PublishCampaigns(
                            offered,
                            ledger.counts(),
                            published,
                            Api.missing(),
                            new PublishPages(readiness),
                            clock);
            publish.run();
            opened.open(
                    () ->
                            new Repeat(
                                    "publish",
                                    PUBLISH_EVERY,
                                    () -> {
                                        try {
                                            offered.refresh();
                                        } finally {
                                            publish.run();
                                        }
                                    }));

            opened.open(() -> new Repeat("tell-time", TELL_TIME_EVERY, published::tellTime));

            Clients clients = new Clients(database);
            clients.run();
            opened.open(() -> new Repeat("read-clients", READ_CLIENTS_EVERY, clients));

            MetricsDoor metrics = new MetricsDoor(ledger);
            opened.open(() -> metrics::close);
            ProofOfWork proofOfWork =
                    new ProofOfWork(
                            ProofOfWork.Cost.DEFAULT,
                            clock,
                            new SecureRandom(),
                            metrics.registry());
            RateLimits limits =
                    new RateLimits(
                            System::nanoTime, new SecureRandom().nextLong(), metrics.registry());
            Throttle throttle = new Throttle(limits, doors.proxies());
            RefusalAnswers refusals = new RefusalAnswers(publish, clock);
            Appointments appointments =
                    new Appointments(
                            offered,
                            readiness,
                            new Appointments.UseCases(book, lookUp, move, cancel),
                            refusals,
                            throttle,
                            new BlockingCalls(BLOCKING_CALLS_MAX));
            Reception reception = new Reception(throttle, metrics.registry());
            Passes passes = new Passes(issuePass, throttle, refusals);
            Admission admission = new Admission(clients, proofOfWork);
            Pages pages =
                    new Pages(
                            reception,
                            offered,
                            appointments,
                            passes,
                            new ReadPass(secrets, endedPasses, clock),
                            admission,
                            new WaitTickets(clock, new SecureRandom(), limits),
                            doors.proxies(),
                            clock);
            Api api =
                    new Api(
                            reception,
                            offered,
                            readiness,
                            appointments,
                            passes,
                            proofOfWork,
                            admission);
            // Vert.x then writes the headers of a published answer out once, and copies them after.
            System.setProperty("vertx.cacheImmutableHttpResponseHeaders", "true");
            Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
            opened.open(() -> () -> await(vertx.close()));
            DoorLimits doorLimits =
                    new DoorLimits(
                            DoorLimits.Limits.within(openFilesMax()),
                            doors.proxies(),
                            metrics.registry());
            open(
                    MetricsDoor.LOOPBACK,
                    doors.metricsPort(),
                    "--metrics-port",
                    metrics.open(vertx, doors.metricsPort()));
            open(
                    doors.host(),
                    doors.port(),
                    "--port",
                    vertx.deployVerticle(
                            () ->
                                    new EdgeVerticle(
                                            doors.host(),
                                            doors.port(),
                                            published,
                                            doorLimits,
                                            () -> rooms(api, pages, new EventLoop(vertx))),
                            new DeploymentOptions()
                                    .setInstances(Runtime.getRuntime().availableProcessors())));
        } catch (RuntimeException e) {
            try (opened) {
                throw e;
            }
        }
    }

    private static long openFilesMax() {
        return ManagementFactory.getOperatingSystemMXBean()
                        instanceof UnixOperatingSystemMXBean unix
                ? unix.getMaxFileDescriptorCount()
                : Long.MAX_VALUE;
    }

    /** What the rooms answer on one event loop. */
    private static Handler<HttpServerRequest> rooms(Api api, Pages pages, EventLoop loop) {
        Handler<HttpServerRequest> ofApi = api.handler(loop);
        Handler<HttpServerRequest> ofPages = pages.handler(loop);
        return request ->
                (Api.owns(String.valueOf(request.path())) ? ofApi : ofPages).handle(request);
    }

    private static void open(String host, int port, String option, Future<?> door) {
        try {
            await(door);
        } catch (ExecutionException e) {
            throw notOpened(host, port, option, e.getCause());
        } catch (TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    private static RuntimeException notOpened(
            String host, int port, String option, @Nullable Throwable cause) {
        return switch (cause) {
            case UnknownHostException e ->
                    new CommandException(
                            "The address " + host + " is unknown; choose another with --host.");
            // Of the native transport an IOException, of Java's a BindException.
            case IOException e when String.valueOf(e.getMessage()).contains("already in use") ->
                    new CommandException(
                            "Port "
                                    + port
                                    + " is in use; stop what uses it, or choose another with "
                                    + option
                                    + ".");
            case IOException e ->
                    new CommandException(
                            "Giliran may not serve at "
                                    + host
                                    + ", port "
                                    + port
                                    + " ("
                                    + e.getMessage()
                                    + "); choose another with --host or "
                                    + option
                                    + ".");
            case null, default -> new IllegalStateException(cause);
        };
    }

    private static <T> T await(Future<T> future) throws ExecutionException, TimeoutException {
        try {
            return future.toCompletionStage()
                    .toCompletableFuture()
                    .get(OPEN_WITHIN.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** What is offered now. */
    Catalogue catalogue() {
        return offered.get();
    }

    /** Closes the doors, settles what waits, and closes the database. */
    @Override
    public void close() {
        opened.close();
    }
}
