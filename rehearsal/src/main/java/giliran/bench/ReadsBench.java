package giliran.bench;

import giliran.crowd.SlotsAlike;
import giliran.subject.RehearsalException;
import giliran.subject.TriedGiliran;
import giliran.subject.Usage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Measures reads of a region's availability in the whole product, beside nginx that serves the same
 * bytes from files: the same machine, as many cores, turn by turn.
 */
final class ReadsBench implements AutoCloseable {
    static final String OURS = "ours";
    static final String NGINX = "nginx, files";

    private static final SlotsAlike READ = new SlotsAlike("read", 20, 5, 1_000_000);
    private static final List<SlotsAlike> PROBED =
            IntStream.range(0, 8)
                    .mapToObj(i -> new SlotsAlike("probed-" + i, 1, 1, 100_000))
                    .toList();

    /** So many that Java has compiled what a booking does before reads beside it are counted. */
    private static final double WARM_UP_BOOKINGS_PER_SECOND = 4_000;

    /** Bookings go on for so long after what is measured beside them, which starts later. */
    private static final Duration AFTER_READS = Duration.ofSeconds(3);

    private static final int SLOTS_OF_REGION = 4_800;
    private static final int SLOTS_OF_DATE = 12;
    private static final String READ_PATH = path(READ);

    /**
     * How long and how often it is measured.
     *
     * @param connections of the runs that compare them
     * @param usual connections of all others
     * @param bookingsPerSecond beside which is read
     * @param moreSlots offered in other regions and booked, too
     * @param freshFor how long it is looked after how long bookings are seen
     */
    record Plan(
            int repetitions,
            List<Integer> connections,
            int usual,
            Duration firstWarmUp,
            Duration warmUp,
            Duration counted,
            int bookingsPerSecond,
            int moreSlots,
            Duration freshFor) {}

    /** How something is asked for. */
    enum Way {
        GZIP("gzip, 200"),
        PLAIN("plain, 200"),
        UNCHANGED("gzip, 304"),
        CLOSING("gzip, 200, closed every 10 requests"),
        BESIDE_BOOKINGS("gzip, 200, beside bookings");

        final String words;

        Way(String words) {
            this.words = words;
        }
    }

    /** One thing that is measured, several times. */
    record Cell(String who, Way way, int connections) {}

    /**
     * What one run came to.
     *
     * @param cpuSeconds of the server
     * @param allocatedBytes of the event loops; NaN where it is not known
     */
    record Reads(Wrk.Run run, double cpuSeconds, double allocatedBytes) {
        double perSecond() {
            return run.perSecond();
        }

        double perCpuSecond() {
            return run.requests() / cpuSeconds;
        }

        double allocatedPerRead() {
            return allocatedBytes / run.requests();
        }
    }

    /**
     * What was seen beside bookings alone.
     *
     * @param publishing the share of a core that the publishing thread had
     */
    record Fresh(Freshness freshness, Figures bookings, double publishing) {}

    /** All that was measured. */
    record Results(
            Map<Cell, List<Reads>> reads,
            List<Figures> bookings,
            List<Fresh> fresh,
            int slots,
            int plainBytes,
            int gzipBytes) {}

    private final Plan plan;
    private final Path folder;
    private final Consumer<String> progress;
    private final Contender ours;
    private final Wrk wrk;
    private final List<SlotsAlike> more = new ArrayList<>();
    private final Results results =
            new Results(new LinkedHashMap<>(), new ArrayList<>(), new ArrayList<>(), 0, 0, 0);
    private @Nullable Nginx nginx;
    private int plainBytes;
    private int gzipBytes;

    /**
     * @param folder empty, for the data
     * @param flags for the server's Java, beyond the launcher's
     */
    ReadsBench(
            Path home,
            Path jar,
            Path folder,
            Plan plan,
            List<String> flags,
            SplittableRandom random,
            Consumer<String> progress) {
        this.plan = plan;
        this.folder = folder;
        this.progress = progress;
        wrk = new Wrk(folder);
        ours =
                new Contender(
                        OURS,
                        new TriedGiliran(home, jar, folder.resolve("ours/data"), flags),
                        false,
                        random,
                        progress);
        for (int slots = 0; slots < plan.moreSlots(); slots += SLOTS_OF_REGION) {
            more.add(
                    new SlotsAlike(
                            "more-" + more.size(),
                            SLOTS_OF_REGION / SLOTS_OF_DATE,
                            SLOTS_OF_DATE,
                            1_000));
        }
    }

    private static String path(SlotsAlike offer) {
        return "/api/v1/campaigns/" + Contender.CAMPAIGN + "/availability?region=" + offer.region();
    }

    /** Starts both servers, and warms ours up. */
    void start() {
        progress.accept("Starting …");
        ours.start("run");
        List<SlotsAlike> offers = new ArrayList<>(PROBED);
        offers.add(READ);
        offers.addAll(more);
        ours.offer(offers);
        byte[] plain = fetch(ours.giliran().address(), "identity").body();
        byte[] gzip = fetch(ours.giliran().address(), "gzip").body();
        plainBytes = plain.length;
        gzipBytes = gzip.length;
        nginx =
                Wrk.find("nginx")
                        .map(
                                program ->
                                        Nginx.start(
                                                program,
                                                folder.resolve("nginx"),
                                                freePort(),
                                                URI.create(READ_PATH).getPath(),
                                                plain,
                                                gzip))
                        .orElse(null);
        Figures bookings =
                ours.comingFor(
                                booked(),
                                WARM_UP_BOOKINGS_PER_SECOND,
                                Duration.ZERO,
                                plan.firstWarmUp())
                        .get();
        progress.accept("Warming up: bookings " + bookings);
        for (Way way : List.of(Way.GZIP, Way.PLAIN, Way.UNCHANGED)) {
            warmUp(OURS, way, plan.usual(), plan.firstWarmUp().dividedBy(3));
        }
        if (nginx != null) {
            URI address = nginx.address();
            ours.giliran().await("nginx", () -> answers(address));
        }
    }

    private static boolean answers(URI address) {
        try {
            return fetch(address, "gzip").body().length > 0;
        } catch (RehearsalException e) {
            return false;
        }
    }

    /** What is there to be measured with, and is not measured if it is not. */
    Optional<String> missing() {
        return nginx == null
                ? Optional.of("nginx: install Debian's package nginx-light")
                : Optional.empty();
    }

    /** What is set on the machine, in Java and in the database. */
    List<String> settings() {
        return Settings.of(ours);
    }

    /** Measures all, as often as is planned. */
    Results run() {
        for (int repetition = 1; repetition <= plan.repetitions(); repetition++) {
            progress.accept("Repetition %d of %d".formatted(repetition, plan.repetitions()));
            for (int connections : plan.connections()) {
                compare(Way.GZIP, connections);
            }
            compare(Way.PLAIN, plan.usual());
            compare(Way.UNCHANGED, plan.usual());
            compare(Way.CLOSING, plan.usual());
            readBesideBookings();
            lookHowFresh();
        }
        int slots = READ.slots() + PROBED.size() + more.stream().mapToInt(SlotsAlike::slots).sum();
        return new Results(
                results.reads(), results.bookings(), results.fresh(), slots, plainBytes, gzipBytes);
    }

    private void compare(Way way, int connections) {
        measure(new Cell(OURS, way, connections));
        if (nginx != null) {
            measure(new Cell(NGINX, way, connections));
        }
    }

    private void measure(Cell cell) {
        warmUp(cell.who(), cell.way(), cell.connections(), plan.warmUp());
        Reads reads = run(cell.who(), cell.way(), cell.connections(), plan.counted());
        results.reads().computeIfAbsent(cell, its -> new ArrayList<>()).add(reads);
        progress.accept("  " + ReadsReport.line(cell, reads));
    }

    private void warmUp(String who, Way way, int connections, Duration time) {
        if (time.isPositive()) {
            run(who, way, connections, time);
        }
    }

    private Reads run(String who, Way way, int connections, Duration time) {
        boolean isOurs = who.equals(OURS);
        ProcessHandle server = isOurs ? ours.giliran().process() : running().process();
        URI address = isOurs ? ours.giliran().address() : running().address();
        URI from = address.resolve(READ_PATH);
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Accept-Encoding", way == Way.PLAIN ? "identity" : "gzip");
        if (way == Way.UNCHANGED) {
            headers.put(
                    "If-None-Match",
                    fetch(address, "gzip").headers().firstValue("ETag").orElseThrow());
        }
        double allocatedBefore = isOurs ? allocated(server) : Double.NaN;
        double before = Usage.cpuSeconds(server);
        Wrk.Run run =
                way == Way.CLOSING
                        ? wrk.readClosing(from, headers, connections, time)
                        : wrk.read(from, headers, connections, time);
        double cpu = Usage.cpuSeconds(server) - before;
        return new Reads(run, cpu, isOurs ? allocated(server) - allocatedBefore : Double.NaN);
    }

    private Nginx running() {
        if (nginx == null) {
            throw new IllegalStateException("there is no nginx");
        }
        return nginx;
    }

    private static double allocated(ProcessHandle server) {
        return Usage.threads(server, "vert.x-eventloop").allocatedBytes();
    }

    private void readBesideBookings() {
        Supplier<Figures> bookings =
                ours.comingFor(
                        booked(),
                        plan.bookingsPerSecond(),
                        plan.warmUp(),
                        plan.counted().plus(AFTER_READS));
        CompletableFuture<Figures> coming = CompletableFuture.supplyAsync(bookings);
        measure(new Cell(OURS, Way.BESIDE_BOOKINGS, plan.usual()));
        Figures figures = coming.join();
        results.bookings().add(figures);
        progress.accept("  bookings meanwhile " + figures);
    }

    private void lookHowFresh() {
        Supplier<Figures> bookings =
                ours.comingFor(
                        booked(),
                        plan.bookingsPerSecond(),
                        plan.warmUp(),
                        plan.freshFor().plus(AFTER_READS));
        ProcessHandle server = ours.giliran().process();
        CompletableFuture<Figures> coming = CompletableFuture.supplyAsync(bookings);
        List<Freshness.Probe> probes = PROBED.stream().map(ours::probe).toList();
        Freshness.look(probes, plan.warmUp());
        Usage.Threads before = Usage.threads(server, "publish\"");
        long began = System.nanoTime();
        Freshness freshness = Freshness.look(probes, plan.freshFor());
        double seconds = (System.nanoTime() - began) / 1e9;
        double cpu = Usage.threads(server, "publish\"").since(before).cpuSeconds();
        Fresh fresh = new Fresh(freshness, coming.join(), cpu / seconds);
        results.fresh().add(fresh);
        progress.accept("  " + ReadsReport.line(fresh));
    }

    private List<SlotsAlike> booked() {
        return more.isEmpty() ? List.of(READ) : more;
    }

    private static HttpResponse<byte[]> fetch(URI address, String coding) {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<byte[]> answer =
                    http.send(
                            HttpRequest.newBuilder(address.resolve(READ_PATH))
                                    .header("Accept-Encoding", coding)
                                    .build(),
                            HttpResponse.BodyHandlers.ofByteArray());
            if (answer.statusCode() != 200) {
                throw new RehearsalException(address + " answered " + answer.statusCode() + ".");
            }
            return answer;
        } catch (IOException e) {
            throw new RehearsalException(address + " does not answer: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RehearsalException("interrupted", e);
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Stops both servers. */
    @Override
    public void close() {
        try (ours) {
            if (nginx != null) {
                nginx.close();
            }
        }
    }
}
