package giliran.imports;

import giliran.campaigns.CampaignId;
import giliran.campaigns.CampaignPlan.PlannedSlot;
import giliran.campaigns.Eligibility;
import giliran.campaigns.RegionId;
import giliran.campaigns.Slot;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A campaign's settings, from {@code campaign.yaml}, from options, or from both: an option goes
 * before the file.
 *
 * <p>Where a value was refused something stands in for it, so that all that depends on it is looked
 * at too; there is no draft then.
 */
public final class CampaignSettings {
    /** What can be set, by its name in the file. */
    public static final List<String> KEYS =
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

    private static final int NAME_LENGTH = 200;
    private static final int MOST_PLACES = 1_000_000;
    private static final int OLDEST_MINIMUM_AGE = 130;
    private static final Duration LONGEST_SLOT = Duration.ofDays(31);

    private final CampaignYaml yaml;
    private final CampaignId id;
    private final String name;
    private final String programme;
    private final String product;
    private final ZoneId zone;
    private final Optional<Instant> opens;
    private final Optional<Instant> closes;
    private final int minimumAge;
    private final int allowance;
    private final boolean proofOfWork;
    private final boolean isShifted;
    private Set<RegionId> eligible = Set.of();

    private CampaignSettings(CampaignYaml yaml) {
        this.yaml = yaml;
        id = new CampaignId(yaml.get("id").id().orElse("unknown"));
        name = yaml.get("name").text(NAME_LENGTH).orElse("unknown");
        programme = yaml.get("programme").id().orElse("unknown");
        product = yaml.get("product").text(NAME_LENGTH).orElse("unknown");
        zone = yaml.get("timeZone").zoneOr(ZoneOffset.UTC);
        opens = yaml.find("opens").flatMap(field -> field.time(zone));
        closes = yaml.find("closes").flatMap(field -> field.time(zone));
        minimumAge = whole("minimumAge", OLDEST_MINIMUM_AGE);
        allowance = whole("allowance", MOST_PLACES);
        Optional<FileField> wanted = yaml.find("proofOfWork");
        wanted.filter(field -> !List.of("passes", "none").contains(field.value()))
                .ifPresent(field -> field.refuse("it must be passes or none"));
        proofOfWork = wanted.filter(field -> field.value().equals("passes")).isPresent();
        Optional<FileField> shift = yaml.find("shift");
        shift.filter(field -> !field.value().equals("whole-weeks-ahead"))
                .ifPresent(field -> field.refuse("it must be whole-weeks-ahead or left out"));
        isShifted = shift.isPresent();
    }

    /**
     * Reads the settings as far as they can be read.
     *
     * @param options texts by the file's keys; the regions with commas between them
     */
    public static CampaignSettings read(
            Optional<Path> file, Map<String, String> options, FileProblems problems) {
        CampaignYaml yaml =
                file.map(path -> CampaignYaml.read(path, KEYS, problems))
                        .orElseGet(() -> CampaignYaml.none(KEYS, problems));
        options.forEach(
                (key, text) ->
                        yaml.override(
                                key,
                                key.equals("regions")
                                        ? List.of(text.split("\\s*,\\s*", -1))
                                        : List.of(text)));
        return new CampaignSettings(yaml);
    }

    private int whole(String key, int most) {
        return yaml.find(key).flatMap(field -> field.whole(0, most)).orElse(0);
    }

    public CampaignId id() {
        return id;
    }

    /** The vaccine of a slot that names none. */
    public String product() {
        return product;
    }

    public ZoneId zone() {
        return zone;
    }

    public boolean isShifted() {
        return isShifted;
    }

    /**
     * Reads where a person may live, once the centres are known. A region in which no centre lies
     * is more likely mistyped than meant.
     *
     * @param areAllKnown whether all centres could be read
     */
    public void readEligibleRegions(boolean areAllKnown, Set<RegionId> known, String ifUnknown) {
        List<FileField> listed = yaml.findAll("regions");
        if (listed.size() == 1
                && (listed.getFirst().isEmpty() || listed.getFirst().value().equals("all"))) {
            return;
        }
        Set<RegionId> regions = new HashSet<>();
        for (FileField field : listed) {
            Optional<RegionId> region = field.id().map(RegionId::new);
            region.filter(given -> areAllKnown && !known.contains(given))
                    .ifPresent(_ -> field.refuse(ifUnknown));
            region.ifPresent(regions::add);
        }
        eligible = regions;
    }

    /** Notes what is wrong with a slot's window. */
    public static void checkWindow(FileField endField, Instant start, Instant end) {
        if (!start.isBefore(end)) {
            endField.refuse("it must be after the start");
        } else if (Duration.between(start, end).compareTo(LONGEST_SLOT) > 0) {
            endField.refuse("it must be at most 31 days after the start");
        }
    }

    /** The fewest whole weeks, 0 or more, that take the first slot's day past today. */
    public long weeksAhead(Instant firstStart, Instant now) {
        if (firstStart.equals(Instant.MAX)) {
            return 0;
        }
        LocalDate firstDay = firstStart.atZone(zone).toLocalDate();
        LocalDate today = now.atZone(zone).toLocalDate();
        return firstDay.isAfter(today) ? 0 : ChronoUnit.WEEKS.between(firstDay, today) + 1;
    }

    private Instant moved(Instant instant, long weeks) {
        return weeks == 0 ? instant : instant.atZone(zone).plusWeeks(weeks).toInstant();
    }

    /** The slot that many weeks later. Keeps the id, which names what the publisher wrote. */
    public PlannedSlot moved(PlannedSlot planned, long weeks) {
        if (weeks == 0) {
            return planned;
        }
        Slot slot = planned.slot();
        Instant start = moved(slot.start(), weeks);
        Instant end = moved(slot.end(), weeks);
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
                planned.capacity(),
                planned.isBusy(),
                planned.published());
    }

    /** The settings, that many weeks later. */
    public CampaignDraft draft(long weeks) {
        return new CampaignDraft(
                id,
                name,
                programme,
                product,
                opens.map(at -> moved(at, weeks)),
                closes.map(at -> moved(at, weeks)),
                new Eligibility(minimumAge, eligible),
                allowance,
                zone,
                proofOfWork,
                yaml.name(),
                yaml.line("closes"));
    }
}
