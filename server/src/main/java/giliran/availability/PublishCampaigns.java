package giliran.availability;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import giliran.campaigns.Campaign;
import giliran.campaigns.Catalogue;
import giliran.campaigns.Centre;
import giliran.campaigns.CentreId;
import giliran.campaigns.RegionId;
import giliran.campaigns.Slot;
import giliran.campaigns.SlotId;
import giliran.edge.Answer;
import giliran.edge.Json;
import giliran.edge.Piece;
import giliran.edge.PublishedAnswers;
import giliran.ledger.PlaceCount;
import giliran.ledger.PlaceCounts;
import giliran.ledger.PlaceId;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Renders what campaigns offer, and how many places are left, and publishes it. Only what has
 * changed is rendered: the counters that a commit has touched, or all when an import has changed
 * what is offered.
 */
public final class PublishCampaigns implements Runnable {
    /** The path of all campaigns, under which each is. */
    public static final String CAMPAIGNS = "/api/v1/campaigns";

    /**
     * Given for a campaign or a region that is not published; each chooses by the request's {@code
     * Accept-Language}.
     */
    public record Missing(Function<String, Answer> campaign, Function<String, Answer> region) {}

    /** Where a slot is shown. */
    private record Shown(RegionPage page, int index) {}

    /** An answer and what it was rendered from. */
    private record Small(JsonNode tree, Answer answer) {}

    private final Supplier<Catalogue> catalogue;
    private final PlaceCounts counts;
    private final PublishedAnswers published;
    private final Missing missing;
    private final Display display;
    private final InstantSource clock;

    private @Nullable Catalogue offered;
    private List<CampaignPage> campaigns = List.of();
    private Map<SlotId, Shown> shown = Map.of();
    private Map<String, Small> small = Map.of();
    private volatile FreePlaces free;

    /** When the counters were last read; it never goes back, even if the clock does. */
    private Instant asOf = Instant.EPOCH;

    public PublishCampaigns(
            Supplier<Catalogue> catalogue,
            PlaceCounts counts,
            PublishedAnswers published,
            Missing missing,
            Display display,
            InstantSource clock) {
        this.catalogue = catalogue;
        this.counts = counts;
        this.published = published;
        this.missing = missing;
        this.display = display;
        this.clock = clock;
        free = new FreePlaces(catalogue.get(), this::count);
    }

    /** The places that were free at the last publication. */
    public FreePlaces free() {
        return free;
    }

    /**
     * Reads the counters and publishes; for one thread at a time.
     *
     * @throws giliran.store.StoreException if they could not be read; what they were is published
     *     again, since it is shown as old then, and campaigns open and close all the same
     */
    @Override
    public void run() {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        try {
            takeOver(now);
        } finally {
            publish(now);
        }
    }

    private void takeOver(Instant now) {
        Catalogue current = catalogue.get();
        boolean isArranged = current.equals(offered);
        Map<PlaceId, PlaceCount> changed = isArranged ? counts.readTouched() : counts.readAll();
        if (isArranged) {
            // Should showing fail, all is arranged anew: nobody would tell of these again.
            offered = null;
            changed.forEach(this::show);
            offered = current;
        } else {
            arrange(current);
        }
        asOf = now.isAfter(asOf) ? now : asOf;
    }

    private PlaceCount count(Slot slot) {
        return counts.all().getOrDefault(new PlaceId(slot.centre(), slot.id()), PlaceCount.NONE);
    }

    private void show(PlaceId place, PlaceCount count) {
        Shown at = shown.get(place.slot());
        if (at == null) {
            return;
        }
        Slot slot = at.page().content().slots().get(at.index());
        // An import may have moved the slot since, and its place at the centre before still counts.
        if (slot.centre().equals(place.centre())) {
            boolean wasFree = at.page().remaining(at.index()) > 0;
            at.page().show(at.index(), count);
            display.show(slot, count);
            if (wasFree != count.remaining() > 0) {
                free.show(slot, !wasFree);
            }
        }
    }

    /** Arranges what is offered anew; a region in which nothing else is offered stays as it is. */
    private void arrange(Catalogue current) {
        Map<RegionPage.Content, RegionPage> before = new HashMap<>();
        campaigns.stream()
                .flatMap(campaign -> campaign.regions().stream())
                .forEach(page -> before.put(page.content(), page));
        campaigns =
                current.campaigns().stream()
                        .map(
                                campaign ->
                                        new CampaignPage(
                                                campaign,
                                                contents(current, campaign).stream()
                                                        .map(
                                                                content ->
                                                                        before.getOrDefault(
                                                                                content,
                                                                                new RegionPage(
                                                                                        content)))
                                                        .toList()))
                        .toList();
        shown = new HashMap<>();
        for (CampaignPage campaign : campaigns) {
            for (RegionPage page : campaign.regions()) {
                List<Slot> its = page.content().slots();
                for (int i = 0; i < its.size(); i++) {
                    Slot slot = its.get(i);
                    shown.put(slot.id(), new Shown(page, i));
                    page.show(i, count(slot));
                }
            }
        }
        free = new FreePlaces(current, this::count);
        display.arrange(current, this::count);
        offered = current;
    }

    private static List<RegionPage.Content> contents(Catalogue offered, Campaign campaign) {
        Map<CentreId, List<Slot>> slots =
                offered.slotsOf(campaign.id()).stream()
                        .collect(Collectors.groupingBy(Slot::centre));
        Map<RegionId, List<Centre>> centres =
                offered.centresOf(campaign.id()).stream()
                        .collect(Collectors.groupingBy(Centre::region));
        return offered.regionsOf(campaign.id()).stream()
                .map(
                        region -> {
                            List<Centre> its = centres.getOrDefault(region.id(), List.of());
                            return new RegionPage.Content(
                                    campaign,
                                    region,
                                    its,
                                    its.stream()
                                            .flatMap(
                                                    centre ->
                                                            slots
                                                                    .getOrDefault(
                                                                            centre.id(), List.of())
                                                                    .stream())
                                            .toList());
                        })
                .toList();
    }

    private void publish(Instant now) {
        Map<String, Answer> answers = new HashMap<>();
        Map<String, Function<String, Answer>> missed = new HashMap<>();
        missed.put(CAMPAIGNS + "/*", missing.campaign());
        missed.put(CAMPAIGNS + "/*/availability", missing.campaign());
        Map<String, Small> trees = new HashMap<>();
        ObjectNode list = Json.object();
        ArrayNode listed = list.putArray("campaigns");
        for (CampaignPage campaign : campaigns) {
            String path = CAMPAIGNS + "/" + campaign.campaign().id();
            listed.add(campaign.summary(now));
            trees.put(path, small(path, campaign.whole(now)));
            String regions = path + "/availability?region=";
            missed.put(regions + "*", missing.region());
            for (RegionPage page : campaign.regions()) {
                answers.put(regions + page.content().region().id(), page.answer(asOf));
            }
        }
        trees.put(CAMPAIGNS, small(CAMPAIGNS, list));
        trees.forEach((path, each) -> answers.put(path, each.answer()));
        small = trees;
        answers.putAll(display.answers(now, asOf));
        published.publish(new PublishedAnswers.Offer(answers, missed), asOf);
    }

    private Small small(String path, ObjectNode tree) {
        Small before = small.get(path);
        return before != null && before.tree().equals(tree)
                ? before
                : new Small(tree, Answer.json(List.of(Piece.of(Json.bytes(tree).getBytes()))));
    }
}
