package giliran.population;

import com.fasterxml.jackson.databind.JsonNode;
import giliran.crowd.Passes;
import giliran.crowd.Population;
import giliran.crowd.Target;
import giliran.load.Answer;
import giliran.load.Asker;
import giliran.load.Ceiling;
import giliran.load.CpuTime;
import giliran.load.Lines;
import giliran.load.LinesCeiling;
import giliran.outcome.Outcome;
import giliran.outcome.Outcome.Figures;
import giliran.outcome.Outcome.Scene;
import giliran.outcome.Outcome.Second;
import giliran.outcome.Outcome.Setting;
import giliran.outcome.Outcome.Verdict;
import giliran.subject.RehearsalException;
import giliran.subject.TriedGiliran;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Rehearses a scenario: loads its campaign, lets people fetch passes, opens, lets the morning
 * happen, and then asks the ledger whether everything that anybody was told is true.
 */
public final class RehearseScenario {
    /** What a proxy on this machine comes from. */
    public static final String TRUSTED = "127.0.0.0/8";

    /** The campaign that {@code run} loads into an empty database. */
    private static final String SAMPLE = "az-2021-05";

    /** How long people wait for an answer: a little longer than the server needs for its last. */
    private static final Duration PATIENCE_WITH_AN_ANSWER = Duration.ofSeconds(15);

    /** Time for the opening to be noticed when it is set. */
    private static final Duration NOTICED_WITHIN = Duration.ofSeconds(2);

    private static final int CEILING_LINES = 512;
    private static final Duration CEILING_TIME = Duration.ofSeconds(5);
    private static final String CENTRE_COLUMN_STARTS = "," + Offer.PREFIX;

    private final Scenario scenario;
    private final long seed;
    private final String command;
    private final TriedGiliran giliran;
    private final InetSocketAddress door;
    private final boolean isOwn;
    private final Path folder;
    private final boolean isTerminal;
    private final Consumer<String> progress;
    private final @Nullable RealDay day;
    private final Offer offer;
    private final AtomicInteger kills = new AtomicInteger();
    private final Object restarting = new Object();
    private @Nullable Asking asking;

    /** Those who ask for places without end, to find how many can be asked for. */
    private final class Asking implements Asker {
        private final Requests requests;
        private final Slots slots;

        Asking(Requests requests, Slots slots) {
            this.requests = requests;
            this.slots = slots;
        }

        @Override
        public Manner write(int number, ByteBuffer out) {
            requests.book(out, number % scenario.people(), number % slots.count(), number ^ seed);
            return Manner.WHOLE;
        }

        @Override
        public void answered(int number, Answer answer) {
            Morning.reference(answer);
        }

        @Override
        public void unanswered(int number, NoAnswer why) {
            throw new RehearsalException("A server that does nothing gave no answer: " + why);
        }
    }

    /**
     * @param home where the samples lie
     * @param command what to type to do it again
     * @param giliran to be started, if it is our own
     * @param door where people knock
     * @param isOwn whether it may be started, killed and stopped
     * @param folder for files, none of which is needed afterwards
     * @param isTerminal whether progress may be coloured
     * @param progress takes a line
     */
    public RehearseScenario(
            Scenario scenario,
            long seed,
            Path home,
            String command,
            TriedGiliran giliran,
            InetSocketAddress door,
            boolean isOwn,
            Path folder,
            boolean isTerminal,
            Consumer<String> progress) {
        this.scenario = scenario;
        this.seed = seed;
        this.command = command;
        this.giliran = giliran;
        this.door = door;
        this.isOwn = isOwn;
        this.folder = folder;
        this.isTerminal = isTerminal;
        this.progress = progress;
        day = scenario.trace().isEmpty() ? null : RealDay.read(home.resolve(scenario.trace()));
        offer = Offer.of(scenario, seed, day);
    }

    /**
     * Does all of it.
     *
     * @throws RehearsalException if it cannot be done; a broken promise is an outcome
     */
    public Outcome run() throws InterruptedException {
        if (!isOwn && !(scenario.killDatabaseAt().isEmpty() && scenario.killServerAt().isEmpty())) {
            throw new RehearsalException(
                    scenario.name()
                            + " kills a server, so it needs one of its own: without --url.");
        }
        Instant startedAt = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        long startNanos = System.nanoTime();
        List<Setting> settings = settings();
        progress.accept(scenario.title());
        progress.accept(
                "%,d people, %,d places, seed %d. What differs from ./giliran run:"
                        .formatted(scenario.people(), offer.places(), seed));
        settings.forEach(
                setting ->
                        progress.accept(
                                "  %-26s %s (in run: %s)"
                                        .formatted(
                                                setting.name(), setting.here(), setting.inRun())));
        if (isOwn) {
            progress.accept("Starting a server …");
            giliran.serve("run", "--trust-proxy=" + TRUSTED);
        }
        giliran.awaitReady();
        if (!isOwn) {
            refuseRealCampaign();
        }
        offer.write(folder.resolve("campaign"));
        long importNanos = System.nanoTime();
        importCampaign();
        Duration importLasts = Duration.ofNanos(System.nanoTime() - importNanos);
        giliran.await("the campaign", this::isOffered);
        Slots slots = Slots.of(giliran.door(), offer, scenario);
        Characters characters = new Characters(scenario, offer, day, seed);
        Target target = new Target(giliran.address(), new SplittableRandom(seed));
        progress.accept("%,d people fetch passes …".formatted(characters.passes()));
        Passes passes = target.peopleWithPasses(offer.campaign(), characters.passes(), progress);
        Population people = target.people(scenario.people());

        Instant opensAt = open(importLasts);
        long beginsEpochMillis = System.currentTimeMillis();
        long beginsNanos = System.nanoTime();
        int openingAt = (int) (opensAt.toEpochMilli() - beginsEpochMillis);
        Told told = new Told(scenario.people());
        GoneSaid goneSaid =
                new GoneSaid(
                        scenario.killDatabaseAt().stream()
                                .mapToInt(at -> openingAt + (int) at.toMillis())
                                .toArray());
        Promises promises = new Promises();
        Series series = new Series(offer.places());
        Requests requestsOfPeople =
                new Requests(
                        offer.campaign(),
                        offer.regions().size(),
                        slots,
                        characters,
                        passes,
                        people);
        asking = new Asking(requestsOfPeople, slots);
        Morning morning =
                new Morning(
                        scenario,
                        offer,
                        characters,
                        slots,
                        requestsOfPeople,
                        told,
                        goneSaid,
                        promises,
                        series,
                        seed,
                        beginsNanos,
                        beginsEpochMillis,
                        openingAt);
        sleepUntil(scenario.firstBefore().negated(), beginsNanos, openingAt);
        LiveView view = new LiveView(offer.places(), isTerminal, progress);
        ServerWatch watch = new ServerWatch(giliran, beginsNanos, openingAt);
        Thread killer = startKiller(beginsNanos, openingAt);
        long requests;
        double cpuMicros;
        try (Lines lines =
                new Lines(door, scenario.connections(), PATIENCE_WITH_AN_ANSWER, morning)) {
            CpuTime cpu = new CpuTime();
            morning.run(lines, (Second second) -> view.show(second, series.latestP99()));
            requests = lines.requests();
            cpuMicros = cpu.microsEach(requests);
        } finally {
            watch.close();
            end(killer);
        }
        if (kills.get() < scenario.killDatabaseAt().size() + scenario.killServerAt().size()) {
            throw new RehearsalException(
                    "Not everything was killed that was to be, so the rehearsal proves nothing.");
        }
        giliran.awaitReady();
        progress.accept("Comparing with the ledger what everybody was told …");
        long sold =
                compare(new Truth(told, slots, promises, beginsEpochMillis), goneSaid, promises);
        Fairness fairness = new Fairness(scenario, characters, told, morning, openingAt);
        double seconds = (System.nanoTime() - startNanos) / 1e9;
        return new Outcome(
                command,
                startedAt.toString(),
                new Scene(
                        scenario.name(),
                        scenario.title(),
                        scenario.story(),
                        scenario.people(),
                        offer.places(),
                        seed,
                        scenario.scale(),
                        scenario.speed(),
                        scenario.originReads()),
                verdict(promises, sold, series.lastPlaceSeconds()),
                new Figures(
                        sold,
                        series.lastPlaceSeconds(),
                        seconds,
                        series.bestTenSeconds(),
                        requests,
                        series.seconds().stream()
                                .mapToLong(second -> second.bookingsAsked() + second.readsOrigin())
                                .max()
                                .orElse(0),
                        cpuMicros,
                        Math.round(watch.residentMaxMb()),
                        characters.passes(),
                        morning.oldestMillis()),
                settings,
                series.seconds(),
                series.latencies(),
                fairness.endings(),
                fairness.groups(),
                watch.seconds(),
                promises.broken(),
                day == null ? List.of() : day.points(scenario.scale(), scenario.speed()));
    }

    /** How many bookings the same people could ask of a server that does nothing. */
    public Ceiling measureCeiling() {
        Asking people = asking;
        if (people == null) {
            throw new IllegalStateException("first comes the rehearsal");
        }
        return LinesCeiling.measure(
                CEILING_LINES,
                CEILING_TIME,
                CEILING_TIME,
                "{\"reference\":\"4071 8823 5590 1264\",\"status\":\"booked\",\"slot\":\""
                        + people.slots.id(0)
                        + "\"}",
                people);
    }

    private Verdict verdict(Promises promises, long sold, double seconds) {
        int broken = promises.broken().size();
        String facts =
                String.format(
                        Locale.ROOT,
                        "%,d of %,d places were sold, the last %.0f s after the opening, and %,d"
                                + " people were answered.",
                        sold,
                        offer.places(),
                        seconds,
                        scenario.people());
        return broken == 0
                ? new Verdict(true, "Every promise was kept: " + facts)
                : new Verdict(
                        false,
                        "%d %s NOT kept (%s). %s"
                                .formatted(
                                        broken,
                                        broken == 1 ? "promise was" : "promises were",
                                        promises.broken().stream()
                                                .map(Outcome.BrokenPromise::promise)
                                                .collect(Collectors.joining(", ")),
                                        facts));
    }

    private List<Setting> settings() {
        List<Setting> settings = new ArrayList<>();
        settings.add(
                new Setting(
                        "database",
                        isOwn ? "a new one, which is deleted" : "that of " + giliran.data(),
                        "./data, which stays",
                        "no real campaign is touched"));
        settings.add(
                new Setting(
                        "--host",
                        isOwn ? "127.0.0.1" : "as it was started",
                        "0.0.0.0",
                        "nobody else is to come"));
        settings.add(
                new Setting(
                        "--trust-proxy",
                        isOwn ? TRUSTED : "as it was started",
                        "none",
                        "each person's simulated address is told in X-Forwarded-For"));
        settings.add(
                new Setting(
                        "proof of work",
                        "none (cost 0)",
                        "as the campaign says",
                        "people have telephones of their own, which would work for it"));
        settings.add(
                new Setting(
                        "notices",
                        "go nowhere",
                        "go to people",
                        "nobody is to be told of a place that is none"));
        settings.add(
                new Setting(
                        "reads at the origin",
                        "%,d a second; the others count as absorbed by the CDN"
                                .formatted(scenario.originReads()),
                        "all that come",
                        "a CDN stands before it: an answer is cached for a second"));
        settings.add(
                new Setting(
                        "the machine",
                        "%d cores, shared with the people"
                                .formatted(Runtime.getRuntime().availableProcessors()),
                        "the server's alone",
                        "population, server and database run side by side"));
        settings.add(
                new Setting(
                        "connections",
                        "%,d, each used by many people".formatted(scenario.connections()),
                        "one or more a browser",
                        "as from the CDN's machines"));
        return List.copyOf(settings);
    }

    private void refuseRealCampaign() {
        for (JsonNode campaign : giliran.door().get("/api/v1/campaigns").body().path("campaigns")) {
            String id = campaign.path("id").asText();
            if (!id.startsWith(Offer.PREFIX) && !id.equals(SAMPLE)) {
                throw new RehearsalException(
                        "The database holds the campaign "
                                + id
                                + ": a rehearsal only touches one that holds none but rehearsals.");
            }
        }
        try (Stream<String> rows = Files.lines(audit(new Promises()))) {
            if (rows.skip(1).anyMatch(row -> !row.contains(CENTRE_COLUMN_STARTS))) {
                throw new RehearsalException(
                        "The database holds appointments that no rehearsal has made: it is not"
                                + " touched.");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void importCampaign(String... options) {
        Path said = folder.resolve("import.txt");
        List<String> words = new ArrayList<>();
        words.add("import");
        words.add(folder.resolve("campaign").toString());
        words.add("--data=" + giliran.data());
        words.addAll(List.of(options));
        if (giliran.command(said, words.toArray(String[]::new)) != 0) {
            throw new RehearsalException("The campaign could not be loaded: " + read(said));
        }
    }

    private boolean isOffered() {
        return giliran.door().get("/api/v1/campaigns/" + offer.campaign()).status() == 200;
    }

    /** Sets the opening, so that there is time for those who come before it. */
    private Instant open(Duration importLasts) {
        Instant opensAt =
                Instant.now()
                        .plus(scenario.firstBefore())
                        .plus(importLasts)
                        .plus(NOTICED_WITHIN)
                        .truncatedTo(ChronoUnit.SECONDS);
        importCampaign("--opens=" + opensAt);
        return opensAt;
    }

    /** Kills what is to be killed, and starts it again; only what was started here. */
    private Thread startKiller(long beginsNanos, int openingAt) {
        return Thread.ofPlatform()
                .name("killer")
                .daemon()
                .start(
                        () -> {
                            try {
                                for (Duration at : scenario.killDatabaseAt()) {
                                    sleepUntil(at, beginsNanos, openingAt);
                                    progress.accept("       the database is killed");
                                    giliran.killPostmaster();
                                    kills.incrementAndGet();
                                }
                                for (Duration at : scenario.killServerAt()) {
                                    sleepUntil(at, beginsNanos, openingAt);
                                    synchronized (restarting) {
                                        progress.accept("       the server is killed");
                                        giliran.kill();
                                        giliran.serve("run", "--trust-proxy=" + TRUSTED);
                                        kills.incrementAndGet();
                                    }
                                }
                            } catch (InterruptedException e) {
                                // All is over.
                            }
                        });
    }

    /** Lets it kill nothing more; what it has killed, it starts again first. */
    private void end(Thread killer) throws InterruptedException {
        synchronized (restarting) {
            killer.interrupt();
        }
        killer.join();
    }

    private static void sleepUntil(Duration afterOpening, long beginsNanos, int openingAt)
            throws InterruptedException {
        long at = beginsNanos + afterOpening.plusMillis(openingAt).toNanos();
        Thread.sleep(Duration.ofNanos(Math.max(0, at - System.nanoTime())));
    }

    private long compare(Truth truth, GoneSaid goneSaid, Promises promises) {
        try (Stream<String> rows = Files.lines(audit(promises))) {
            return truth.compare(rows, goneSaid);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Has the ledger recounted, and every appointment written. */
    private Path audit(Promises promises) {
        Path csv = folder.resolve("appointments.csv");
        Path said = folder.resolve("audit.txt");
        try {
            Files.deleteIfExists(said);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        int code =
                giliran.command(said, "audit", "--data=" + giliran.data(), "--appointments=" + csv);
        if (!Files.exists(csv)) {
            throw new RehearsalException("The audit wrote no appointments: " + read(said));
        }
        if (code != 0) {
            promises.broken(Promises.Promise.AUDIT_CLEAN, read(said));
        }
        return csv;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
