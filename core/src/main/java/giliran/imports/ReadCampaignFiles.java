package giliran.imports;

import giliran.campaigns.CampaignId;
import giliran.campaigns.CampaignPlan;
import giliran.campaigns.CampaignPlan.PlannedSlot;
import giliran.campaigns.CampaignPlan.Published;
import giliran.campaigns.Centre;
import giliran.campaigns.Centre.Position;
import giliran.campaigns.CentreId;
import giliran.campaigns.Region;
import giliran.campaigns.RegionId;
import giliran.campaigns.Slot;
import giliran.campaigns.SlotId;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Reads a campaign from a folder with {@code campaign.yaml}, {@code centres.csv} and {@code
 * slots.csv}.
 *
 * <p>Refused, all problems at once: a file that is missing, cannot be read or is not UTF-8; a
 * column or key that is missing, unknown or there twice; a row with too few or too many fields; an
 * id, text, number or time that is not in its form; a centre or slot that is there twice; a region
 * with two names; half a position; a slot at an unknown centre, that does not end after its start
 * or lasts more than 31 days; a time that the zone's clocks skip or show twice; eligible regions
 * without a centre; a campaign that does not open before it closes.
 */
public final class ReadCampaignFiles implements CampaignSource {
    private static final String CAMPAIGN = "campaign.yaml";
    private static final List<String> CENTRE_COLUMNS =
            List.of(
                    "centre_id",
                    "name",
                    "region_id",
                    "region_name",
                    "district",
                    "address",
                    "postcode",
                    "latitude",
                    "longitude",
                    "phone",
                    "accessibility");
    private static final List<String> SLOT_COLUMNS =
            List.of("slot_id", "centre_id", "start", "end", "capacity", "product", "dose");

    private static final int NAME_LENGTH = 200;
    private static final int TEXT_LENGTH = 300;
    private static final int MOST_PLACES = 1_000_000;
    private static final int LAST_DOSE = 9;

    private final Path folder;
    private final Optional<Path> campaignFile;
    private final Map<String, String> options;

    /** Reads a folder that holds all three files. */
    public ReadCampaignFiles(Path folder) {
        this(folder, Optional.of(folder.resolve(CAMPAIGN)), Map.of());
    }

    /**
     * Reads a folder with centres and slots.
     *
     * @param campaignFile the file of the settings, which may lie elsewhere, or be absent
     * @param options settings that go before those of the file, by the file's keys
     */
    public ReadCampaignFiles(
            Path folder, Optional<Path> campaignFile, Map<String, String> options) {
        this.folder = folder;
        this.campaignFile = campaignFile;
        this.options = Map.copyOf(options);
    }

    @Override
    public Result read(Instant now, Consumer<PlannedSlot> slots) {
        return new Reading(folder, campaignFile, options, now, slots).result();
    }

    /**
     * Reads all of it into memory, for a campaign that is set up at once.
     *
     * @param now when a campaign opens whose {@code opens} is not given, to the second; with {@code
     *     shift: whole-weeks-ahead} also the day that the first slot is moved past
     */
    public PlanResult readPlan(Instant now) {
        List<PlannedSlot> slots = new ArrayList<>();
        return switch (read(now, slots::add)) {
            case Result.Faulty(List<FileProblem> problems) -> new PlanResult.Faulty(problems);
            case Result.Read(Offer offer) ->
                    plan(offer, slots, now.truncatedTo(ChronoUnit.SECONDS));
        };
    }

    private static PlanResult plan(Offer offer, List<PlannedSlot> slots, Instant now) {
        CampaignDraft draft = offer.campaign();
        return draft.campaign(now, lastEnd(slots))
                .<PlanResult>map(
                        campaign ->
                                new PlanResult.Read(
                                        new CampaignPlan(
                                                campaign, offer.regions(), offer.centres(), slots)))
                .orElseGet(
                        () -> new PlanResult.Faulty(List.of(draft.neverOpen(now, lastEnd(slots)))));
    }

    private static Instant lastEnd(List<PlannedSlot> slots) {
        return slots.stream()
                .map(planned -> planned.slot().end())
                .max(Comparator.naturalOrder())
                .orElseThrow();
    }

    /** A plan, or why there is none. */
    public sealed interface PlanResult {
        /** The files are in order. */
        record Read(CampaignPlan plan) implements PlanResult {}

        /** What is wrong, in the order of the files: the first 100, then that there are more. */
        record Faulty(List<FileProblem> problems) implements PlanResult {
            public Faulty {
                problems = List.copyOf(problems);
            }
        }
    }

    /** One reading: what has been read so far, and what was wrong. */
    private static final class Reading {
        private final FileProblems problems = new FileProblems();
        private final Path folder;
        private final Instant now;
        private final Consumer<PlannedSlot> sink;
        private final CampaignSettings settings;

        private final Map<RegionId, Region> regions = new LinkedHashMap<>();
        private final Set<CentreId> centreIds = new HashSet<>();
        private final List<Centre> centres = new ArrayList<>();
        private final Set<SlotId> slotIds = new HashSet<>();
        private boolean allCentresKnown;
        private long weeks;

        Reading(
                Path folder,
                Optional<Path> campaignFile,
                Map<String, String> options,
                Instant now,
                Consumer<PlannedSlot> sink) {
            this.folder = folder;
            this.now = now;
            this.sink = sink;
            settings = CampaignSettings.read(campaignFile, options, problems);
        }

        Result result() {
            allCentresKnown =
                    new CsvFile(folder, "centres.csv", CENTRE_COLUMNS, problems)
                            .forEach(this::readCentre);
            settings.readEligibleRegions(
                    allCentresKnown,
                    regions.keySet(),
                    "no centre in centres.csv is in that region");
            if (settings.isShifted()) {
                weeks = settings.weeksAhead(earliestStart(), now);
            }
            new CsvFile(folder, "slots.csv", SLOT_COLUMNS, problems).forEach(this::readSlot);
            if (problems.found() > 0) {
                return new Result.Faulty(problems.kept());
            }
            return new Result.Read(
                    new Offer(
                            settings.draft(weeks),
                            List.copyOf(regions.values()),
                            centres,
                            Map.of(),
                            Map.of(),
                            List.of()));
        }

        /** A look through all slots before they are read, for how far they are to be moved. */
        private Instant earliestStart() {
            Instant[] earliest = {Instant.MAX};
            FileProblems unheard = new FileProblems();
            new CsvFile(folder, "slots.csv", SLOT_COLUMNS, unheard)
                    .forEach(
                            row ->
                                    row.field("start")
                                            .time(settings.zone())
                                            .filter(start -> start.isBefore(earliest[0]))
                                            .ifPresent(start -> earliest[0] = start));
            return earliest[0];
        }

        private void readCentre(CsvFile.Row row) {
            long before = problems.found();
            Optional<CentreId> id = row.field("centre_id").id().map(CentreId::new);
            id.filter(given -> !centreIds.add(given))
                    .ifPresent(
                            _ -> row.field("centre_id").refuse("an earlier row has that centre"));
            Optional<String> name = row.field("name").text(NAME_LENGTH);
            Optional<Region> region = region(row);
            Optional<String> district = row.field("district").textOrNone(NAME_LENGTH);
            Optional<String> address = row.field("address").textOrNone(TEXT_LENGTH);
            Optional<String> postcode = row.field("postcode").textOrNone(NAME_LENGTH);
            Optional<Position> position = position(row);
            Optional<String> phone = row.field("phone").textOrNone(NAME_LENGTH);
            Optional<String> accessibility = row.field("accessibility").textOrNone(TEXT_LENGTH);
            if (problems.found() > before) {
                return;
            }
            centres.add(
                    new Centre(
                            id.orElseThrow(),
                            name.orElseThrow(),
                            region.orElseThrow().id(),
                            district.orElseThrow(),
                            address.orElseThrow(),
                            postcode.orElseThrow(),
                            position,
                            phone.orElseThrow(),
                            accessibility.orElseThrow()));
        }

        private Optional<Region> region(CsvFile.Row row) {
            Optional<RegionId> id = row.field("region_id").id().map(RegionId::new);
            Optional<String> name = row.field("region_name").text(NAME_LENGTH);
            if (id.isEmpty() || name.isEmpty()) {
                return Optional.empty();
            }
            Region region = new Region(id.get(), name.get());
            Region earlier = regions.putIfAbsent(region.id(), region);
            if (earlier != null && !earlier.equals(region)) {
                row.field("region_name")
                        .refuse(
                                "an earlier row calls region %s %s"
                                        .formatted(region.id(), FileField.shown(earlier.name())));
            }
            return Optional.of(region);
        }

        private static Optional<Position> position(CsvFile.Row row) {
            FileField latitude = row.field("latitude");
            FileField longitude = row.field("longitude");
            if (latitude.isEmpty() && longitude.isEmpty()) {
                return Optional.empty();
            }
            Optional<Double> north = latitude.degrees(90);
            Optional<Double> east = longitude.degrees(180);
            return north.flatMap(n -> east.map(e -> new Position(n, e)));
        }

        private void readSlot(CsvFile.Row row) {
            CampaignId campaign = settings.id();
            ZoneId zone = settings.zone();
            long before = problems.found();
            Optional<CentreId> centre = row.field("centre_id").id().map(CentreId::new);
            centre.filter(id -> allCentresKnown && !centreIds.contains(id))
                    .ifPresent(
                            _ -> row.field("centre_id").refuse("centres.csv has no such centre"));
            Optional<Instant> start = row.field("start").time(zone);
            Optional<Instant> end = row.field("end").time(zone);
            Optional<Integer> capacity = row.field("capacity").whole(0, MOST_PLACES);
            Optional<String> product =
                    row.field("product")
                            .textOrNone(NAME_LENGTH)
                            .map(own -> own.isEmpty() ? settings.product() : own);
            Optional<Integer> dose = row.field("dose").whole(1, LAST_DOSE);
            FileField slotId = row.field("slot_id");
            Optional<String> ownKey = slotId.isEmpty() ? Optional.empty() : slotId.id();
            if (start.isPresent() && end.isPresent()) {
                CampaignSettings.checkWindow(row.field("end"), start.get(), end.get());
            }
            if (problems.found() > before) {
                return;
            }
            String key =
                    ownKey.orElseGet(
                            () ->
                                    String.join(
                                            "|",
                                            centre.orElseThrow().value(),
                                            start.orElseThrow().toString(),
                                            product.orElseThrow(),
                                            dose.orElseThrow().toString()));
            SlotId id = SlotId.of(campaign, key);
            if (!slotIds.add(id)) {
                slotId.refuse(
                        slotId.isEmpty()
                                ? "an earlier row has that centre, start, product and dose"
                                : "an earlier row has that slot");
                return;
            }
            Slot slot =
                    new Slot(
                            id,
                            campaign,
                            centre.orElseThrow(),
                            start.orElseThrow(),
                            end.orElseThrow(),
                            product.orElseThrow(),
                            dose.orElseThrow());
            sink.accept(
                    settings.moved(
                            new PlannedSlot(
                                    slot, capacity.orElseThrow(), false, Published.named(key)),
                            weeks));
        }
    }
}
