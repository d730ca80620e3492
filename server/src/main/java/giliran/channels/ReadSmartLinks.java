package giliran.channels;

import com.fasterxml.jackson.databind.JsonNode;
import giliran.campaigns.CampaignPlan.PlannedSlot;
import giliran.campaigns.CampaignPlan.Published;
import giliran.campaigns.Centre;
import giliran.campaigns.Centre.Position;
import giliran.campaigns.CentreId;
import giliran.campaigns.Region;
import giliran.campaigns.RegionId;
import giliran.campaigns.Slot;
import giliran.campaigns.SlotId;
import giliran.imports.CampaignSettings;
import giliran.imports.CampaignSource;
import giliran.imports.FileField;
import giliran.imports.FileProblem;
import giliran.imports.FileProblems;
import giliran.imports.Offer;
import java.nio.file.Path;
import java.text.Normalizer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.StreamSupport;

/**
 * Reads a campaign from a SMART Scheduling Links publication: its Locations are centres, its Slots
 * are slots, and its Schedules say where, for which dose and with what.
 *
 * <p>A free slot without a capacity has 1 place; a slot that is not free takes no more. An
 * extension of the Slot goes before that of its Schedule; without either the dose is 1 and the
 * product the campaign's. A centre is named after the campaign and its Location, since every
 * publisher has a Location 1. Resources of other kinds are nothing to us. All that is written is
 * kept with the centre, slot or schedule, so that it can be published again.
 *
 * <p>Refused, all problems at once: a line that is no JSON object, is cut off, too long or not
 * UTF-8; an id, reference, name, state, status or time that is missing or not in its form; a number
 * that is written as text; an unknown Location or Schedule; a slot that does not end after its
 * start; a resource that is there twice.
 */
public final class ReadSmartLinks implements CampaignSource {
    private static final int NAME_LENGTH = 200;
    private static final int TEXT_LENGTH = 300;
    private static final int LINK_LENGTH = 2_000;
    private static final int MOST_PLACES = 1_000_000;
    private static final int LAST_DOSE = 9;

    private final SmartPublication publication;
    private final Optional<Path> campaignFile;
    private final Map<String, String> options;

    /**
     * @param campaignFile the file of the campaign's settings, if there is one
     * @param options settings that go before those of the file, by the file's keys
     */
    public ReadSmartLinks(
            SmartPublication publication,
            Optional<Path> campaignFile,
            Map<String, String> options) {
        this.publication = publication;
        this.campaignFile = campaignFile;
        this.options = Map.copyOf(options);
    }

    @Override
    public Result read(Instant now, Consumer<PlannedSlot> slots) {
        return new Reading(now, slots).result();
    }

    /** A schedule as its slots need it. */
    private record Schedule(Optional<CentreId> centre, int dose, String product) {}

    private final class Reading {
        private final FileProblems problems = new FileProblems();
        private final CampaignSettings settings =
                CampaignSettings.read(campaignFile, options, problems);
        private final Instant now;
        private final Consumer<PlannedSlot> sink;

        private final Map<String, CentreId> locations = new HashMap<>();
        private final Map<RegionId, Region> regions = new LinkedHashMap<>();
        private final List<Centre> centres = new ArrayList<>();
        private final Map<CentreId, String> centreSources = new HashMap<>();
        private final Map<String, Schedule> schedules = new HashMap<>();
        private final Map<String, String> scheduleSources = new LinkedHashMap<>();
        private final Set<String> slots = new HashSet<>();
        private long weeks;

        Reading(Instant now, Consumer<PlannedSlot> sink) {
            this.now = now;
            this.sink = sink;
        }

        Result result() {
            for (FileProblem problem : publication.problems()) {
                problems.add(problem.file(), problem.line(), problem.reason());
            }
            forEach("Location", this::readLocation);
            settings.readEligibleRegions(
                    problems.found() == 0, regions.keySet(), "no Location is in that region");
            forEach("Schedule", this::readSchedule);
            if (settings.isShifted()) {
                weeks = settings.weeksAhead(earliestStart(), now);
            }
            forEach("Slot", this::readSlot);
            if (problems.found() == 0 && slots.isEmpty()) {
                problems.add(SmartManifest.USUAL_NAME, 0, "there is no Slot in the publication");
            }
            if (problems.found() > 0) {
                return new Result.Faulty(problems.kept());
            }
            return new Result.Read(
                    new Offer(
                            settings.draft(weeks),
                            List.copyOf(regions.values()),
                            centres,
                            centreSources,
                            scheduleSources,
                            publication.notices()));
        }

        private void forEach(String type, Consumer<SmartResource> action) {
            forEach(type, problems, action);
        }

        private void forEach(String type, FileProblems told, Consumer<SmartResource> action) {
            for (SmartManifest.Part part : publication.parts(type)) {
                new NdjsonFile(part, told)
                        .forEach(
                                resource -> {
                                    if (resource.type().equals(type)) {
                                        action.accept(resource);
                                    }
                                });
            }
        }

        /** A look through all slots before they are read, for how far they are to be moved. */
        private Instant earliestStart() {
            Instant[] earliest = {Instant.MAX};
            forEach(
                    "Slot",
                    new FileProblems(),
                    slot ->
                            slot.field("start")
                                    .time(settings.zone())
                                    .filter(start -> start.isBefore(earliest[0]))
                                    .ifPresent(start -> earliest[0] = start));
            return earliest[0];
        }

        private void readLocation(SmartResource location) {
            long before = problems.found();
            Optional<String> id = location.field("id").id();
            Optional<String> name = location.field("name").text(NAME_LENGTH);
            JsonNode address = location.json().path("address");
            Optional<String> state =
                    location.field("address.state", address.path("state")).text(NAME_LENGTH);
            Optional<String> district =
                    location.field("address.district", address.path("district"))
                            .textOrNone(NAME_LENGTH);
            Optional<String> line = addressLine(location, address);
            Optional<String> postcode =
                    location.field("address.postalCode", address.path("postalCode"))
                            .textOrNone(NAME_LENGTH);
            Optional<Position> position = position(location);
            Optional<String> phone =
                    location.field("telecom.value", phone(location)).textOrNone(NAME_LENGTH);
            Optional<CentreId> centre = id.flatMap(given -> centreId(location, given));
            id.filter(locations::containsKey)
                    .ifPresent(_ -> location.field("id").refuse("an earlier Location has that id"));
            // A Location with faults is known all the same: its slots are looked at for their own.
            centre.ifPresent(given -> locations.putIfAbsent(id.orElseThrow(), given));
            if (problems.found() > before) {
                return;
            }
            Region region = region(state.orElseThrow());
            centres.add(
                    new Centre(
                            centre.orElseThrow(),
                            name.orElseThrow(),
                            region.id(),
                            district.orElseThrow(),
                            line.orElseThrow(),
                            postcode.orElseThrow(),
                            position,
                            phone.orElseThrow(),
                            ""));
            centreSources.put(centre.orElseThrow(), location.text());
        }

        private Optional<CentreId> centreId(SmartResource location, String id) {
            String centre = settings.id() + "-" + id;
            if (centre.length() > 64) {
                location.refuse(
                        "id is %s; with the campaign's id before it, it may be 64 characters long"
                                .formatted(id));
                return Optional.empty();
            }
            return Optional.of(new CentreId(centre));
        }

        private static Optional<String> addressLine(SmartResource location, JsonNode address) {
            List<String> parts = new ArrayList<>();
            address.path("line").forEach(line -> parts.add(line.asText("")));
            parts.add(address.path("city").asText(""));
            parts.removeIf(String::isBlank);
            return location.field(
                            "address.line", location.json().textNode(String.join(", ", parts)))
                    .textOrNone(TEXT_LENGTH);
        }

        private static JsonNode phone(SmartResource location) {
            return StreamSupport.stream(location.json().path("telecom").spliterator(), false)
                    .filter(telecom -> telecom.path("system").asText("").equals("phone"))
                    .findFirst()
                    .map(telecom -> telecom.path("value"))
                    .orElseGet(() -> location.json().textNode(""));
        }

        private static Optional<Position> position(SmartResource location) {
            JsonNode position = location.json().path("position");
            if (position.isMissingNode()) {
                return Optional.empty();
            }
            JsonNode latitude = position.path("latitude");
            JsonNode longitude = position.path("longitude");
            if (!latitude.isNumber()
                    || !longitude.isNumber()
                    || Math.abs(latitude.doubleValue()) > 90
                    || Math.abs(longitude.doubleValue()) > 180) {
                location.refuse("position must have latitude and longitude, in degrees");
                return Optional.empty();
            }
            return Optional.of(new Position(latitude.doubleValue(), longitude.doubleValue()));
        }

        private Region region(String state) {
            String plain =
                    Normalizer.normalize(state, Normalizer.Form.NFD)
                            .toLowerCase(Locale.ROOT)
                            .replaceAll("\\p{M}", "")
                            .replaceAll("[^a-z0-9]+", "-")
                            .replaceAll("^-|-$", "");
            String id = plain.isEmpty() ? "region-" + Integer.toHexString(state.hashCode()) : plain;
            RegionId region = new RegionId(id.substring(0, Math.min(64, id.length())));
            return regions.computeIfAbsent(region, given -> new Region(given, state));
        }

        private void readSchedule(SmartResource schedule) {
            Optional<String> id = schedule.field("id").id();
            id.filter(schedules::containsKey)
                    .ifPresent(_ -> schedule.field("id").refuse("an earlier Schedule has that id"));
            Optional<String> location = firstLocation(schedule);
            Optional<CentreId> centre =
                    location.flatMap(given -> Optional.ofNullable(locations.get(given)));
            if (location.isPresent() && centre.isEmpty()) {
                schedule.refuse("actor names Location/" + location.get() + ", which is not there");
            }
            int dose = schedule.whole("vaccine-dose", 1, LAST_DOSE).orElse(1);
            String product = product(schedule).orElse(settings.product());
            id.ifPresent(
                    given -> {
                        schedules.putIfAbsent(given, new Schedule(centre, dose, product));
                        scheduleSources.putIfAbsent(given, schedule.text());
                    });
        }

        /** Of several places at which a schedule is kept, the first is its centre. */
        private static Optional<String> firstLocation(SmartResource schedule) {
            for (JsonNode actor : schedule.json().path("actor")) {
                String reference = actor.path("reference").asText("");
                if (reference.startsWith("Location/") || reference.contains("/Location/")) {
                    return schedule.reference("actor", actor.path("reference"), "Location");
                }
            }
            JsonNode first = schedule.json().path("actor").path(0).path("reference");
            return schedule.reference("actor", first, "Location");
        }

        private static Optional<String> product(SmartResource resource) {
            JsonNode coding = resource.extension("vaccine-product", "valueCoding");
            if (coding.isMissingNode()) {
                return Optional.empty();
            }
            JsonNode name = coding.has("display") ? coding.path("display") : coding.path("code");
            return resource.field("vaccine-product", name).text(NAME_LENGTH);
        }

        private void readSlot(SmartResource slot) {
            long before = problems.found();
            Optional<String> id = slot.field("id").id();
            id.filter(given -> !slots.add(given))
                    .ifPresent(_ -> slot.field("id").refuse("an earlier Slot has that id"));
            Optional<Schedule> schedule =
                    slot.reference(
                                    "schedule",
                                    slot.json().path("schedule").path("reference"),
                                    "Schedule")
                            .flatMap(given -> schedule(slot, given));
            Optional<String> status = slot.field("status").text(NAME_LENGTH);
            FileField endField = slot.field("end");
            Optional<Instant> start = slot.field("start").time(settings.zone());
            Optional<Instant> end = endField.time(settings.zone());
            if (start.isPresent() && end.isPresent()) {
                CampaignSettings.checkWindow(endField, start.get(), end.get());
            }
            int capacity = slot.whole("slot-capacity", 0, MOST_PLACES).orElse(1);
            Optional<Integer> dose = slot.whole("vaccine-dose", 1, LAST_DOSE);
            Optional<String> product = product(slot);
            Optional<String> phone =
                    slot.field("booking-phone", slot.extension("booking-phone", "valueString"))
                            .textOrNone(NAME_LENGTH);
            Optional<String> link =
                    slot.field("booking-deep-link", slot.extension("booking-deep-link", "valueUrl"))
                            .textOrNone(LINK_LENGTH);
            if (problems.found() > before || schedule.flatMap(Schedule::centre).isEmpty()) {
                return;
            }
            boolean isFree = status.orElseThrow().equals("free");
            String key = id.orElseThrow();
            PlannedSlot planned =
                    new PlannedSlot(
                            new Slot(
                                    SlotId.of(settings.id(), key),
                                    settings.id(),
                                    schedule.orElseThrow().centre().orElseThrow(),
                                    start.orElseThrow(),
                                    end.orElseThrow(),
                                    product.orElse(schedule.orElseThrow().product()),
                                    dose.orElse(schedule.orElseThrow().dose())),
                            isFree ? capacity : 0,
                            !isFree,
                            new Published(
                                    key, phone.orElseThrow(), link.orElseThrow(), slot.text()));
            sink.accept(settings.moved(planned, weeks));
        }

        private Optional<Schedule> schedule(SmartResource slot, String id) {
            if (!schedules.containsKey(id)) {
                slot.refuse("schedule names Schedule/" + id + ", which is not there");
                return Optional.empty();
            }
            return Optional.of(Objects.requireNonNull(schedules.get(id)));
        }
    }
}
