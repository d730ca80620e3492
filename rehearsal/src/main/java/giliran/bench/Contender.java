package giliran.bench;

import giliran.crowd.Applicants;
import giliran.crowd.BookPlaces;
import giliran.crowd.SellOut;
import giliran.crowd.SlotsAlike;
import giliran.crowd.Target;
import giliran.load.Load;
import giliran.load.Tally;
import giliran.subject.RehearsalException;
import giliran.subject.TriedGiliran;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A server that is measured, with a database and a campaign of its own. */
final class Contender implements AutoCloseable {
    static final String CAMPAIGN = "bench";

    /** How many more people are invented than are expected to book. */
    private static final double MORE = 1.6;

    /** How many open-loop requests may be without an answer. */
    private static final int UNANSWERED_MAX = 4_096;

    private static final Duration AS_LONG_AS_IT_TAKES = Duration.ofHours(2);

    private final String name;
    private final TriedGiliran giliran;
    private final Target target;
    private final boolean isDirect;
    private final Consumer<String> progress;
    private final Map<SlotsAlike, Double> bestSoFar = new HashMap<>();
    private @Nullable Applicants whoComeAgain;

    /**
     * @param isDirect whether people type their details, instead of showing a pass
     */
    Contender(
            String name,
            TriedGiliran giliran,
            boolean isDirect,
            SplittableRandom random,
            Consumer<String> progress) {
        this.name = name;
        this.giliran = giliran;
        this.isDirect = isDirect;
        this.progress = progress;
        target = new Target(giliran.address(), random.split());
    }

    String name() {
        return name;
    }

    TriedGiliran giliran() {
        return giliran;
    }

    /**
     * Starts it, on data of its own.
     *
     * @param words the command that serves
     */
    void start(String... words) {
        try {
            Files.createDirectories(giliran.data().getParent());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        giliran.serve(words);
    }

    /** Imports a campaign of all these when it is ready, and waits until it serves it. */
    void offer(List<SlotsAlike> offers) {
        Path files = giliran.data().resolveSibling("campaign");
        SlotsAlike.write(files, CAMPAIGN, offers);
        giliran.awaitReady();
        command("import", files.toString());
        giliran.await(
                "the campaign",
                () -> offers.stream().allMatch(offer -> target.offers(CAMPAIGN, offer.region())));
    }

    /**
     * Runs a command on its data, beside it.
     *
     * @return what it said
     */
    String command(String... words) {
        Path said = giliran.data().resolveSibling("command.txt");
        try {
            Files.deleteIfExists(said);
            String[] all = Arrays.copyOf(words, words.length + 1);
            all[words.length] = "--data=" + giliran.data();
            int code = giliran.command(said, all);
            String text = Files.readString(said);
            if (code != 0) {
                throw new RehearsalException(
                        String.join(" ", words) + " ended with " + code + ": " + text);
            }
            return text;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Clients ask for places, wait and ask again, each time as somebody else. */
    Figures book(
            SlotsAlike offer,
            int clients,
            Duration warmUp,
            Duration counted,
            double leastExpectedPerSecond) {
        double expected = bestSoFar.getOrDefault(offer, leastExpectedPerSecond);
        Applicants applicants = applicants(expected, warmUp.plus(counted));
        try (Load load = target.load()) {
            Tally tally = load.closed(clients, asking(offer, offer.slots(), applicants, false));
            if (!load.run(warmUp, counted)) {
                progress.accept(
                        String.format(
                                Locale.ROOT,
                                "  (the people ran out; the next was counted for %.1f s)",
                                tally.seconds()));
            }
            Figures figures = Figures.ofBookings(tally);
            bestSoFar.put(offer, Math.max(expected, figures.perSecond()));
            return figures;
        }
    }

    /**
     * Sells all places of an offer to new people, and to more of them than there are places.
     *
     * @return what they were told
     */
    SellOut sellOut(SlotsAlike offer, int people, int clients) {
        SellOut sellOut =
                target.sellOut(
                        CAMPAIGN,
                        target.slotsOf(CAMPAIGN, offer.region()),
                        applicants(people),
                        progress);
        try (Load load = target.load()) {
            load.closed(clients, sellOut);
            load.run(Duration.ZERO, AS_LONG_AS_IT_TAKES);
        }
        return sellOut;
    }

    /** Clients ask for places that are gone. */
    Figures refuse(
            SlotsAlike offer, int clients, int comeAgain, Duration warmUp, Duration counted) {
        try (Load load = target.load()) {
            Tally tally =
                    load.closed(
                            clients, asking(offer, offer.slots(), whoComeAgain(comeAgain), true));
            load.run(warmUp, counted);
            return Figures.ofRefusals(tally);
        }
    }

    /**
     * People come for places at a fixed rate, and perhaps others at another for the first
     * centre-date of an offer that is sold out.
     *
     * @param floodPerSecond 0 for none
     */
    Figures comeFor(
            SlotsAlike offer,
            double perSecond,
            SlotsAlike soldOut,
            double floodPerSecond,
            int comeAgain,
            Duration warmUp,
            Duration counted) {
        Applicants applicants = applicants(perSecond, warmUp.plus(counted));
        try (Load load = target.load()) {
            Tally tally =
                    load.open(
                            perSecond,
                            UNANSWERED_MAX,
                            asking(offer, offer.slots(), applicants, false));
            if (floodPerSecond > 0) {
                load.open(
                        floodPerSecond,
                        UNANSWERED_MAX,
                        asking(soldOut, soldOut.slotsOfDate(), whoComeAgain(comeAgain), true));
            }
            load.run(warmUp, counted);
            return Figures.ofBookings(tally);
        }
    }

    /**
     * Invents people who come for places at a fixed rate.
     *
     * @return lets them come, and says what they were answered
     */
    Supplier<Figures> comingFor(
            List<SlotsAlike> offers, double perSecond, Duration warmUp, Duration counted) {
        List<String> slots =
                offers.stream()
                        .flatMap(offer -> target.slotsOf(CAMPAIGN, offer.region()).stream())
                        .toList();
        Applicants applicants = applicants(perSecond, warmUp.plus(counted));
        return () -> {
            try (Load load = target.load()) {
                Tally tally =
                        load.open(
                                perSecond,
                                UNANSWERED_MAX,
                                target.booking(CAMPAIGN, slots, applicants, false));
                load.run(warmUp, counted);
                return Figures.ofBookings(tally);
            }
        };
    }

    /** Books the only slot of an offer again and again, and sees when readers are told. */
    Freshness.Probe probe(SlotsAlike offer) {
        return new Freshness.Probe(
                giliran.door(),
                CAMPAIGN,
                offer.region(),
                target.slotsOf(CAMPAIGN, offer.region()).getFirst(),
                target.people(offer.capacity()));
    }

    /**
     * Requests for places.
     *
     * @param slots only the first so many
     */
    private BookPlaces asking(
            SlotsAlike offer, int slots, Applicants applicants, boolean isRepeated) {
        return target.booking(
                CAMPAIGN,
                target.slotsOf(CAMPAIGN, offer.region()).subList(0, slots),
                applicants,
                isRepeated);
    }

    private Applicants whoComeAgain(int people) {
        if (whoComeAgain == null) {
            whoComeAgain = applicants(people);
        }
        return whoComeAgain;
    }

    private Applicants applicants(double perSecond, Duration time) {
        return applicants((int) (MORE * perSecond * time.toMillis() / 1_000));
    }

    private Applicants applicants(int people) {
        return isDirect
                ? target.people(people)
                : target.peopleWithPasses(CAMPAIGN, people, progress);
    }

    /** Stops it and its database. */
    @Override
    public void close() {
        giliran.close();
    }
}
