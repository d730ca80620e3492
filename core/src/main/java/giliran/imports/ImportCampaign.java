package giliran.imports;

import giliran.campaigns.Campaign;
import giliran.campaigns.CampaignPlan;
import giliran.campaigns.CampaignPlan.PlannedSlot;
import giliran.campaigns.CampaignStore;
import giliran.campaigns.Eligibility;
import giliran.campaigns.RegionId;
import giliran.campaigns.StagedOfferStore;
import giliran.campaigns.StagedOfferStore.ChangedSlot;
import giliran.campaigns.StagedOfferStore.StagedSlots;
import giliran.ledger.WantedPlacesStore;
import giliran.ledger.WantedPlacesStore.Cut;
import giliran.ledger.WantedPlacesStore.Moved;
import giliran.store.Database;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;

/**
 * Imports a campaign with its centres and slots, whole or not at all, also beside a running server.
 *
 * <p>All is read into staging tables and compared there, while nobody waits. Then, in the same
 * transaction, what differs is written: first what no booking touches, last the counters, locked in
 * order; so bookings wait only for the end of it. What is there and not in the source stays.
 *
 * <p>Refused, all at once and by name: what the source has wrong; a slot with fewer places than are
 * taken in it; a slot at another centre in which someone has or had a place; a slot with another
 * dose in which someone has or had a place, or could be taking one now; another programme for a
 * campaign, since the claims of its people are counted in the one that it has.
 */
public final class ImportCampaign {
    /** How many are told by name. */
    private static final int TOLD_MAX = 100;

    private static final int EXAMPLES_MAX = 5;
    private static final int PROGRESS_EVERY = 25_000;

    /** Longer than any server needs to notice an import, clocks apart by a second. */
    private static final Duration NOTICED_WITHIN = Duration.ofSeconds(10);

    private final Database database;
    private final InstantSource clock;

    public ImportCampaign(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /** How long a statement may take at the most while bookings wait for it. */
    private static final Duration WHILE_BOOKINGS_WAIT = Duration.ofMinutes(1);

    /** What becomes of an import. */
    public sealed interface Result {
        /** All of it is in. */
        record Imported(ImportReport report) implements Result {}

        /** Nothing was changed, as was asked; the obstacles are what would refuse it. */
        record Previewed(ImportReport report, List<String> obstacles) implements Result {
            public Previewed {
                obstacles = List.copyOf(obstacles);
            }
        }

        /** The source is not in order; nothing was changed. */
        record Faulty(List<FileProblem> problems) implements Result {
            public Faulty {
                problems = List.copyOf(problems);
            }
        }

        /** What is there stands in the way; nothing was changed. */
        record Refused(List<String> obstacles) implements Result {
            public Refused {
                obstacles = List.copyOf(obstacles);
            }
        }

        /** Another import is being written; nothing was changed. */
        record Busy() implements Result {}
    }

    /**
     * Imports what a source says.
     *
     * @param progress is told, in words, how far it is
     * @throws giliran.store.CommitInDoubtException if the database broke off while it committed;
     *     the same import again changes only what is not there
     * @throws giliran.store.StoreException for any other failure: nothing was changed
     */
    public Result run(CampaignSource source, Consumer<String> progress) {
        return undone(() -> database.transactAtLength(tx -> write(tx, source, progress)));
    }

    /** Says what {@link #run} would do, and does nothing. Nobody waits for it. */
    public Result preview(CampaignSource source, Consumer<String> progress) {
        return undone(
                () ->
                        database.transactAtLength(
                                tx -> {
                                    Prepared prepared = prepare(tx, source, progress);
                                    throw new Undone(
                                            new Result.Previewed(
                                                    prepared.report(), prepared.obstacles()));
                                }));
    }

    /**
     * Sets up the first campaign of a database.
     *
     * @return false, with nothing done, if there is a campaign already
     */
    public boolean loadIfEmpty(CampaignPlan plan) {
        if (!database.read(CampaignStore::isEmpty)) {
            return false;
        }
        return run(sourceOf(plan), _ -> {}) instanceof Result.Imported;
    }

    /** A plan in memory, as a source. */
    public static CampaignSource sourceOf(CampaignPlan plan) {
        return (now, slots) -> {
            plan.slots().forEach(slots);
            return new CampaignSource.Result.Read(
                    new Offer(
                            CampaignDraft.of(plan.campaign()),
                            plan.regions(),
                            plan.centres(),
                            Map.of(),
                            Map.of(),
                            List.of()));
        };
    }

    /** Ends a transaction with nothing done. */
    private static final class Undone extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final transient Result result;

        Undone(Result result) {
            super(null, null, false, false);
            this.result = result;
        }
    }

    private static Result undone(Supplier<Result> work) {
        try {
            return work.get();
        } catch (Undone e) {
            return e.result;
        }
    }

    /** An offer that is staged and compared; nothing is locked and nothing written. */
    private record Prepared(
            Campaign campaign,
            ImportReport report,
            List<String> obstacles,
            boolean isOfferChanged) {}

    private Result write(Handle tx, CampaignSource source, Consumer<String> progress) {
        Offer offer = stage(tx, source, progress);
        if (!StagedOfferStore.lockRevision(tx)) {
            throw new Undone(new Result.Busy());
        }
        Prepared prepared = compare(tx, offer, progress);
        if (!prepared.obstacles().isEmpty()) {
            throw new Undone(new Result.Refused(prepared.obstacles()));
        }
        progress.accept("Writing what differs …");
        Campaign campaign = prepared.campaign();
        StagedOfferStore.putCentres(tx);
        CampaignStore.put(tx, campaign);
        StagedOfferStore.putSlots(tx, campaign.id());
        WantedPlacesStore.insertNew(tx);
        // Bookings wait from here to the end. What was taken meanwhile is looked at again.
        Database.breakAfter(tx, WHILE_BOOKINGS_WAIT);
        WantedPlacesStore.lock(tx);
        List<String> obstacles = obstaclesOfPlaces(tx);
        if (!obstacles.isEmpty()) {
            throw new Undone(new Result.Refused(obstacles));
        }
        WantedPlacesStore.update(tx);
        if (prepared.isOfferChanged()) {
            StagedOfferStore.raiseRevision(tx);
        }
        return new Result.Imported(prepared.report());
    }

    private Prepared prepare(Handle tx, CampaignSource source, Consumer<String> progress) {
        return compare(tx, stage(tx, source, progress), progress);
    }

    private Offer stage(Handle tx, CampaignSource source, Consumer<String> progress) {
        StagedOfferStore.create(tx);
        CampaignSource.Result read;
        try (StagedSlots staged = new StagedSlots(tx)) {
            int[] slots = {0};
            Consumer<PlannedSlot> sink =
                    slot -> {
                        staged.add(slot);
                        if (++slots[0] % PROGRESS_EVERY == 0) {
                            progress.accept(String.format("Read %,d slots …", slots[0]));
                        }
                    };
            read = source.read(clock.instant(), sink);
            if (read instanceof CampaignSource.Result.Read) {
                staged.finish();
            }
        }
        return switch (read) {
            case CampaignSource.Result.Faulty(List<FileProblem> problems) ->
                    throw new Undone(new Result.Faulty(problems));
            case CampaignSource.Result.Read(Offer offer) -> {
                StagedOfferStore.stage(
                        tx,
                        offer.regions(),
                        offer.centres(),
                        offer.centreSources(),
                        offer.schedules());
                yield offer;
            }
        };
    }

    private Prepared compare(Handle tx, Offer offer, Consumer<String> progress) {
        progress.accept("Comparing with what is there …");
        CampaignDraft draft = offer.campaign();
        Optional<Campaign> before = CampaignStore.find(tx, draft.id());
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        Instant usualOpening = before.map(Campaign::opensAt).orElse(now);
        Instant usualClosing = StagedOfferStore.findLastEnd(tx, draft.id()).orElse(now);
        Campaign campaign =
                draft.campaign(usualOpening, usualClosing)
                        .orElseThrow(
                                () ->
                                        new Undone(
                                                new Result.Faulty(
                                                        List.of(
                                                                draft.neverOpen(
                                                                        usualOpening,
                                                                        usualClosing)))));
        int counters = WantedPlacesStore.want(tx, campaign.id(), campaign.allowance());
        ImportReport report =
                new ImportReport(
                        campaign,
                        before.isEmpty(),
                        before.map(was -> changes(was, campaign)).orElse(List.of()),
                        StagedOfferStore.compareRegions(tx),
                        StagedOfferStore.compareCentres(tx),
                        StagedOfferStore.compareSlots(tx),
                        StagedOfferStore.countPlaces(tx),
                        WantedPlacesStore.shift(tx),
                        counters,
                        WantedPlacesStore.countTouched(tx),
                        StagedOfferStore.firstNewSlots(tx, EXAMPLES_MAX),
                        StagedOfferStore.firstChangedSlots(tx, EXAMPLES_MAX),
                        offer.notices());
        List<String> obstacles = new ArrayList<>();
        before.filter(was -> !was.programme().equals(campaign.programme()))
                .ifPresent(
                        was ->
                                obstacles.add(
                                        "campaign %s: its programme is %s, in which its people are counted; it cannot become %s"
                                                .formatted(
                                                        was.id(),
                                                        was.programme(),
                                                        campaign.programme())));
        obstacles.addAll(obstaclesOfPlaces(tx));
        obstacles.addAll(obstaclesOfDoses(tx, before));
        boolean isOfferChanged =
                !before.equals(Optional.of(campaign))
                        || isChanged(report.regions())
                        || isChanged(report.centres())
                        || isChanged(report.slots())
                        || StagedOfferStore.schedulesDiffer(tx, campaign.id());
        return new Prepared(campaign, report, obstacles, isOfferChanged);
    }

    private static boolean isChanged(StagedOfferStore.Tally tally) {
        return tally.unchanged() < tally.total();
    }

    private static List<String> obstaclesOfPlaces(Handle tx) {
        List<String> obstacles = new ArrayList<>();
        for (Cut cut : WantedPlacesStore.cuts(tx, TOLD_MAX)) {
            obstacles.add(
                    "slot %s: capacity %d%s is wanted and %d are taken"
                            .formatted(
                                    cut.key(),
                                    cut.capacity(),
                                    cut.allowance() == 0
                                            ? ""
                                            : " with an allowance of " + cut.allowance(),
                                    cut.taken()));
        }
        for (Moved moved : WantedPlacesStore.moved(tx, TOLD_MAX)) {
            obstacles.add(
                    "slot %s: it is at %s, where %d places are taken and %d were; it cannot move to %s"
                            .formatted(
                                    moved.key(),
                                    moved.from(),
                                    moved.taken(),
                                    moved.ended(),
                                    moved.to()));
        }
        return obstacles;
    }

    /**
     * A server that has not noticed the import yet would go on booking the old dose, and the
     * counter cannot tell: so a dose changes only while nobody can book.
     */
    private List<String> obstaclesOfDoses(Handle tx, Optional<Campaign> before) {
        List<ChangedSlot> changed = StagedOfferStore.slotsWithAnotherDose(tx, TOLD_MAX);
        Instant now = clock.instant();
        boolean isOpen =
                before.filter(was -> was.opensAt().isBefore(now.plus(NOTICED_WITHIN)))
                        .filter(was -> was.closesAt().isAfter(now.minus(NOTICED_WITHIN)))
                        .isPresent();
        List<String> obstacles = new ArrayList<>();
        for (ChangedSlot slot : changed) {
            long appointments = WantedPlacesStore.countEver(tx, List.of(slot.before().id()));
            if (appointments > 0) {
                obstacles.add(
                        "slot %s: it is for dose %d and %d appointments are or were in it; it cannot become dose %d"
                                .formatted(
                                        slot.key(),
                                        slot.before().dose(),
                                        appointments,
                                        slot.after().dose()));
            } else if (isOpen) {
                obstacles.add(
                        "slot %s: it is for dose %d and can be booked now; it cannot become dose %d while the campaign is open"
                                .formatted(slot.key(), slot.before().dose(), slot.after().dose()));
            }
        }
        return obstacles;
    }

    private static List<String> changes(Campaign was, Campaign is) {
        List<String> changes = new ArrayList<>();
        change(changes, "name", was.name(), is.name());
        change(changes, "programme", was.programme(), is.programme());
        change(changes, "product", was.product(), is.product());
        change(changes, "opens", was.opensAt(), is.opensAt());
        change(changes, "closes", was.closesAt(), is.closesAt());
        change(
                changes,
                "minimum age",
                was.eligibility().minimumAge(),
                is.eligibility().minimumAge());
        change(changes, "regions", regions(was.eligibility()), regions(is.eligibility()));
        change(changes, "allowance", was.allowance(), is.allowance());
        change(changes, "time zone", was.timeZone(), is.timeZone());
        change(changes, "proof of work", was.proofOfWork(), is.proofOfWork());
        return changes;
    }

    private static void change(List<String> changes, String what, Object was, Object is) {
        if (!was.equals(is)) {
            changes.add(what + ": " + was + " → " + is);
        }
    }

    private static String regions(Eligibility eligibility) {
        return eligibility.regions().isEmpty()
                ? "all"
                : String.join(
                        ", ",
                        eligibility.regions().stream().map(RegionId::value).sorted().toList());
    }
}
