package giliran.pages;

import giliran.campaigns.Campaign;
import giliran.campaigns.Catalogue;
import giliran.campaigns.Centre;
import giliran.campaigns.CentreId;
import giliran.campaigns.Region;
import giliran.campaigns.Slot;
import giliran.edge.Answer;
import giliran.edge.Piece;
import giliran.ledger.PlaceCount;
import giliran.reception.Sentences;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The pages of one campaign: its own, those of its regions, and those of its centres. */
public final class CampaignBoard {
    /** What the template of a region's page asks for. */
    public record RegionPage(Campaign campaign, Region region, List<Caption> days) {}

    /** A day, with the number that names it in links and in the filter. */
    public record Caption(int day, LocalDate date) {}

    /** Few make a change cheap, many make a page light: cards are much alike. */
    private static final int CARDS_PER_PIECE = 8;

    private final Campaign campaign;
    private final List<LocalDate> days;
    private final List<Region> regions;
    private final Map<CentreId, CentreBoard> centres = new HashMap<>();
    private final Map<Region, List<CentreBoard>> centresByRegion;

    private final Map<String, List<Piece>> captions;
    private final Map<Region, Map<String, List<Piece>>> regionFrames = new HashMap<>();

    /** The pieces of a region's cards, found by the very bytes that they were made from. */
    private final Map<Region, Map<List<byte[]>, Piece>> cardsOfRegions = new HashMap<>();

    private Map<String, List<Piece>> notices = Map.of();

    private final Set<CentreBoard> staleCentres = new LinkedHashSet<>();
    private final Set<Region> staleRegions = new LinkedHashSet<>();
    private @Nullable CampaignView view;
    private LocalDate today = LocalDate.MIN;

    /**
     * @param before boards of which one with the same content is taken over
     */
    CampaignBoard(
            Campaign campaign,
            Catalogue offered,
            Map<CentreBoard.Content, CentreBoard> before,
            Function<Slot, PlaceCount> counts) {
        this.campaign = campaign;
        List<Slot> slots = offered.slotsOf(campaign.id());
        days = slots.stream().map(slot -> campaign.dayOf(slot.start())).distinct().toList();
        regions = offered.regionsOf(campaign.id());
        Map<CentreId, List<Slot>> byCentre =
                slots.stream().collect(Collectors.groupingBy(Slot::centre));
        for (Centre centre : offered.centresOf(campaign.id())) {
            CentreBoard.Content content =
                    new CentreBoard.Content(
                            campaign,
                            offered.findRegion(centre.region()).orElseThrow(),
                            centre,
                            days,
                            Objects.requireNonNull(byCentre.get(centre.id())));
            CentreBoard known = before.get(content);
            CentreBoard board = known == null ? new CentreBoard(content) : known;
            content.slots().forEach(slot -> board.show(slot, counts.apply(slot)));
            centres.put(centre.id(), board);
        }
        centresByRegion =
                offered.centresOf(campaign.id()).stream()
                        .map(centre -> Objects.requireNonNull(centres.get(centre.id())))
                        .collect(Collectors.groupingBy(board -> board.content().region()));
        captions = inEveryLanguage(this::captions);
    }

    private List<Piece> captions(Frame frame) {
        return numbered().map(day -> Piece.of(Html.render("day", frame, day))).toList();
    }

    private Stream<Caption> numbered() {
        return IntStream.range(0, days.size()).mapToObj(i -> new Caption(i + 1, days.get(i)));
    }

    /** The days that can be chosen from. */
    private List<Caption> choice() {
        return numbered()
                .filter(day -> !day.date().isBefore(today))
                .takeWhile(day -> day.day() <= Stylesheet.DAYS_MAX)
                .toList();
    }

    Iterable<CentreBoard> centres() {
        return centres.values();
    }

    /** Takes a counter over. */
    void show(Slot slot, PlaceCount count) {
        CentreBoard centre = centres.get(slot.centre());
        if (centre != null) {
            note(centre, centre.show(slot, count));
        }
    }

    private void note(CentreBoard centre, CentreBoard.Change change) {
        switch (change) {
            case NONE -> {}
            case TIMES -> staleCentres.add(centre);
            case TIMES_AND_CARD -> {
                staleCentres.add(centre);
                staleRegions.add(centre.content().region());
            }
        }
    }

    /** The campaign as it is shown at an instant. */
    CampaignView view(Instant now, Instant asOf, boolean isPaused) {
        centres.values().forEach(centre -> note(centre, centre.begin(now)));
        if (!campaign.dayOf(now).equals(today)) {
            today = campaign.dayOf(now);
            regionFrames.clear();
            staleRegions.addAll(regions);
        }
        List<CampaignView.RegionView> views = new ArrayList<>();
        boolean isSoldOut = true;
        for (Region region : regions) {
            int remaining =
                    centresByRegion.getOrDefault(region, List.of()).stream()
                            .mapToInt(CentreBoard::remaining)
                            .sum();
            isSoldOut &= remaining == 0;
            views.add(new CampaignView.RegionView(region, PlacesLeft.of(remaining, 0)));
        }
        Standing standing = Standing.of(campaign, now, isPaused, isSoldOut);
        return new CampaignView(
                campaign, standing, views, standing == Standing.PAUSED ? asOf : Instant.EPOCH);
    }

    /**
     * Renders what has changed.
     *
     * @param answers by path, to which what is rendered is put
     * @param mayGoOn asked before each page; what is left over is rendered the next time
     */
    void render(CampaignView now, Map<String, Answer> answers, BooleanSupplier mayGoOn) {
        if (!now.equals(view)) {
            if (view == null || !isNoticeSame(view, now)) {
                notices = inEveryLanguage(frame -> Html.around("notice", frame, now));
                staleCentres.addAll(centres.values());
                staleRegions.addAll(regions);
            }
            view = now;
            for (String language : Sentences.languages()) {
                Frame frame = Frame.published(language, campaign.name(), now.path());
                answers.put(frame.here(), Html.page("campaign", frame, now));
            }
        }
        renderEach(staleRegions, mayGoOn, region -> put(region, answers));
        renderEach(staleCentres, mayGoOn, centre -> put(centre, answers));
    }

    private static boolean isNoticeSame(CampaignView one, CampaignView other) {
        return one.standing() == other.standing() && one.asOf().equals(other.asOf());
    }

    private static <T> void renderEach(
            Set<T> stale, BooleanSupplier mayGoOn, Consumer<T> rendering) {
        Iterator<T> each = stale.iterator();
        while (each.hasNext() && mayGoOn.getAsBoolean()) {
            rendering.accept(each.next());
            each.remove();
        }
    }

    private void put(Region region, Map<String, Answer> answers) {
        String path = CampaignView.path(campaign, region);
        Map<String, List<Piece>> frames =
                regionFrames.computeIfAbsent(
                        region,
                        its ->
                                inEveryLanguage(
                                        frame ->
                                                Html.around(
                                                        "region",
                                                        frame.of(region.name(), path),
                                                        new RegionPage(
                                                                campaign, region, choice()))));
        Map<List<byte[]>, Piece> cards = cardsOfRegions.getOrDefault(region, new HashMap<>());
        Map<List<byte[]>, Piece> stillShown = new HashMap<>();
        for (String language : Sentences.languages()) {
            List<Piece> frame = of(frames, language);
            List<Piece> all = new ArrayList<>();
            all.add(frame.getFirst());
            all.add(of(notices, language).getFirst());
            all.add(frame.get(1));
            List<CentreBoard> its = of(centresByRegion, region);
            for (int from = 0; from < its.size(); from += CARDS_PER_PIECE) {
                List<byte[]> some =
                        its.subList(from, Math.min(from + CARDS_PER_PIECE, its.size())).stream()
                                .map(centre -> centre.card(language))
                                .toList();
                Piece piece = cards.computeIfAbsent(some, CampaignBoard::join);
                all.add(piece);
                stillShown.put(some, piece);
            }
            all.add(frame.getLast());
            answers.put(
                    Frame.published(language, "", path).here(),
                    Answer.page(language, PageHeaders.ALL, all));
        }
        cardsOfRegions.put(region, stillShown);
    }

    private static Piece join(List<byte[]> cards) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        cards.forEach(joined::writeBytes);
        return Piece.of(joined.toByteArray());
    }

    private void put(CentreBoard centre, Map<String, Answer> answers) {
        for (String language : Sentences.languages()) {
            answers.put(
                    Frame.published(language, "", centre.content().path()).here(),
                    centre.page(language, of(notices, language), of(captions, language)));
        }
    }

    private static <T> Map<String, T> inEveryLanguage(Function<Frame, T> rendering) {
        Map<String, T> rendered = new HashMap<>();
        for (String language : Sentences.languages()) {
            rendered.put(language, rendering.apply(Frame.published(language, "", "")));
        }
        return rendered;
    }

    private static <K, V> V of(Map<K, V> map, K key) {
        return Objects.requireNonNull(map.get(key));
    }
}
