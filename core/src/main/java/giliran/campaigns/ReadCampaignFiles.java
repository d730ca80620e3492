package giliran.campaigns;

import giliran.campaigns.CampaignPlan.PlannedSlot;
import giliran.campaigns.Centre.Position;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

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
public final class ReadCampaignFiles {
    private static final String CAMPAIGN = "campaign.yaml";
    private static final List<String> KEYS =
            List.of(
                    "id",
                    "name",
                    "programme",
                    "product",
                    "opens",
                    "closes",
                    "minimumAge",
                    "regions",
                    "allowance",
                    "timeZone",
                    "proofOfWork",
                    "shift");
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
    private static final int OLDEST_MINIMUM_AGE = 130;
    private static final int LAST_DOSE = 9;
    private static final Duration LONGEST_SLOT = Duration.ofDays(31);

    /** A plan, or why there is none. */
    public sealed interface Result {
        /** The files are in order. */
        record Read(CampaignPlan plan) implements Result {}

        /** What is wrong, in the order of the files: the first 100, then that there are more. */
        record Faulty(List<FileProblem> problems) implements Result {
            public Faulty {
                problems = List.copyOf(problems);
            }
        }
    }

    /**
     * Reads the files; changes nothing.
     *
     * @param now when a campaign opens whose {@code opens} is not given, to the second; with {@code
     *     shift: whole-weeks-ahead} also the day that the first slot is moved past
     */
    public Result read(Path folder, Instant now) {
        return new Reading(folder).result(now);
    }

    /** One reading: what has been read so far, and what was wrong. */
    private static final class Reading {
        private final FileProblems problems = new FileProblems();
        private final CampaignYaml yaml;
        private final CsvFile centresFile;
        private final CsvFile slotsFile;

        private final Map<RegionId, Region> regions = new LinkedHashMap<>();
        private final Set<CentreId> centreIds = new HashSet<>();
        private final List<Centre> centres = new ArrayList<>();
        private final Set<SlotId> slotIds = new HashSet<>();
        private final List<PlannedSlot> slots = new ArrayList<>();
        private boolean allCentresKnown;

        Reading(Path folder) {
            yaml = CampaignYaml.read(folder, CAMPAIGN, KEYS, problems);
            centresFile = new CsvFile(folder, "centres.csv", CENTRE_COLUMNS, problems);
            slotsFile = new CsvFile(folder, "slots.csv", SLOT_COLUMNS, problems);
        }

        Result result(Instant now) {
            // Where a value was refused something stands in for it, so that the other values are
            // looked at too; no plan is made then.
            Optional<CampaignId> id = yaml.get("id").id().map(CampaignId::new);
            Optional<String> name = yaml.get("name").text(NAME_LENGTH);
            Optional<String> programme = yaml.get("programme").id();
            Optional<String> product = yaml.get("product").text(NAME_LENGTH);
            ZoneId zone = yaml.get("timeZone").zoneOr(ZoneOffset.UTC);
            Optional<Instant> opens = yaml.find("opens").flatMap(field -> field.time(zone));
            Optional<Instant> closes = yaml.find("closes").flatMap(field -> field.time(zone));
            int minimumAge = whole("minimumAge", OLDEST_MINIMUM_AGE);
            int allowance = whole("allowance", MOST_PLACES);
            boolean proofOfWork = proofOfWork();
            boolean isShifted = isShifted();

            allCentresKnown = centresFile.forEach(this::readCentre);
            Set<RegionId> eligible = eligibleRegions();
            CampaignId campaignId = id.orElseGet(() -> new CampaignId("unknown"));
            slotsFile.forEach(row -> readSlot(row, campaignId, product.orElse("unknown"), zone));
            if (problems.found() > 0) {
                return new Result.Faulty(problems.kept());
            }

            long weeks = isShifted ? weeksAhead(zone, now) : 0;
            List<PlannedSlot> ahead = slots.stream().map(slot -> moved(slot, weeks, zone)).toList();
            Instant opensAt =
                    opens.map(at -> moved(at, weeks, zone))
                            .orElseGet(() -> now.truncatedTo(ChronoUnit.SECONDS));
            Instant closesAt =
                    closes.map(at -> moved(at, weeks, zone)).orElseGet(() -> lastEnd(ahead));
            if (!opensAt.isBefore(closesAt)) {
                problems.add(
                        CAMPAIGN,
                        yaml.line("closes"),
                        "the campaign opens at %s and closes at %s; it must open before it closes"
                                .formatted(opensAt, closesAt));
                return new Result.Faulty(problems.kept());
            }
            Campaign campaign =
                    new Campaign(
                            campaignId,
                            name.orElseThrow(),
                            programme.orElseThrow(),
                            product.orElseThrow(),
                            opensAt,
                            closesAt,
                            new Eligibility(minimumAge, eligible),
                            allowance,
                            zone,
                            proofOfWork);
            return new Result.Read(
                    new CampaignPlan(campaign, List.copyOf(regions.values()), centres, ahead));
        }

        private int whole(String key, int most) {
            return yaml.find(key).flatMap(field -> field.whole(0, most)).orElse(0);
        }

        private boolean proofOfWork() {
            Optional<FileField> wanted = yaml.find("proofOfWork");
            wanted.filter(field -> !List.of("passes", "none").contains(field.value()))
                    .ifPresent(field -> field.refuse("it must be passes or none"));
            return wanted.filter(field -> field.value().equals("passes")).isPresent();
        }

        private boolean isShifted() {
            Optional<FileField> shift = yaml.find("shift");
            shift.filter(field -> !field.value().equals("whole-weeks-ahead"))
                    .ifPresent(field -> field.refuse("it must be whole-weeks-ahead or left out"));
            return shift.isPresent();
        }

        /** A region in which no centre lies is more likely mistyped than meant. */
        private Set<RegionId> eligibleRegions() {
            List<FileField> listed = yaml.findAll("regions");
            if (listed.size() == 1
                    && (listed.getFirst().isEmpty() || listed.getFirst().value().equals("all"))) {
                return Set.of();
            }
            Set<RegionId> eligible = new HashSet<>();
            for (FileField field : listed) {
                Optional<RegionId> region = field.id().map(RegionId::new);
                region.filter(id -> allCentresKnown && !regions.containsKey(id))
                        .ifPresent(_ -> field.refuse("no centre in centres.csv is in that region"));
                region.ifPresent(eligible::add);
            }
            return eligible;
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

        private void readSlot(
                CsvFile.Row row, CampaignId campaign, String usualProduct, ZoneId zone) {
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
                            .map(own -> own.isEmpty() ? usualProduct : own);
            Optional<Integer> dose = row.field("dose").whole(1, LAST_DOSE);
            FileField slotId = row.field("slot_id");
            Optional<String> ownKey = slotId.isEmpty() ? Optional.empty() : slotId.id();
            if (start.isPresent() && end.isPresent()) {
                checkWindow(row.field("end"), start.get(), end.get());
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
            slots.add(new PlannedSlot(slot, capacity.orElseThrow()));
        }

        private static void checkWindow(FileField endField, Instant start, Instant end) {
            if (!start.isBefore(end)) {
                endField.refuse("it must be after the start");
            } else if (Duration.between(start, end).compareTo(LONGEST_SLOT) > 0) {
                endField.refuse("it must be at most 31 days after the start");
            }
        }

        /** The fewest whole weeks, 0 or more, that take the first slot's day past today. */
        private long weeksAhead(ZoneId zone, Instant now) {
            Instant first =
                    slots.stream()
                            .map(planned -> planned.slot().start())
                            .min(Comparator.naturalOrder())
                            .orElseThrow();
            LocalDate firstDay = first.atZone(zone).toLocalDate();
            LocalDate today = now.atZone(zone).toLocalDate();
            return firstDay.isAfter(today) ? 0 : ChronoUnit.WEEKS.between(firstDay, today) + 1;
        }

        private static Instant moved(Instant instant, long weeks, ZoneId zone) {
            return instant.atZone(zone).plusWeeks(weeks).toInstant();
        }

        /** Keeps the id, which names what the publisher wrote. */
        private static PlannedSlot moved(PlannedSlot planned, long weeks, ZoneId zone) {
            Slot slot = planned.slot();
            Instant start = moved(slot.start(), weeks, zone);
            Instant end = moved(slot.end(), weeks, zone);
            if (!start.isBefore(end)) {
                // The clocks skip the whole window in that week: it comes that much later.
                end = start.plus(Duration.between(slot.start(), slot.end()));
            }
            return new PlannedSlot(
                    new Slot(
                            slot.id(),
                            slot.campaign(),
                            slot.centre(),
                            start,
                            end,
                            slot.product(),
                            slot.dose()),
                    planned.capacity());
        }

        private static Instant lastEnd(List<PlannedSlot> slots) {
            return slots.stream()
                    .map(planned -> planned.slot().end())
                    .max(Comparator.naturalOrder())
                    .orElseThrow();
        }
    }
}
