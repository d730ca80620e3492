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
import giliran.pages.CentreBoard.Places;
import giliran.reception.Sentences;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
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

    private final Stale<CentreBoard> staleCentres = new Stale<>();
    private final Stale<Region> staleRegions = new Stale<>();
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

    /** Where all of its pages are. */
    List<String> addresses() {
        List<String> paths = new ArrayList<>(List.of(CampaignView.path(campaign)));
        regions.forEach(region -> paths.add(CampaignView.path(campaign, region)));
        centres().forEach(centre -> paths.add(centre.content().path()));
        return Sentences.languages().stream()
                .flatMap(
                        language ->
                                paths.stream()
                                        .map(path -> Frame.published(language, "", path).here()))
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
            PlacesLeft left =
                    centresByRegion.getOrDefault(region, List.of()).stream()
                            .map(CentreBoard::places)
                            .reduce(Places.NONE, Places::and)
                            .left();
            isSoldOut &= left.isGone();
            views.add(new CampaignView.RegionView(region, left));
        }
        Standing standing = Standing.of(campaign, now, isPaused, isSoldOut);
        return new CampaignView(
                campaign,
                standing,
                views,
                standing == Standing.PAUSED ? asOf.truncatedTo(ChronoUnit.MINUTES) : Instant.EPOCH);
    }

    /**
     * Renders what has changed.
     *
     * @param answers by path, to which what is rendered is put
     * @param within about how long it may take; what is left over comes the next time, and then all
     *     of it
     */
    void render(CampaignView now, Map<String, Answer> answers, Duration within) {
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
        // Half and half, so that neither kind ever waits for the other.
        staleRegions.renderEach(within.dividedBy(2), region -> put(region, answers));
        staleCentres.renderEach(within.dividedBy(2), centre -> put(centre, answers));
    }

    private static boolean isNoticeSame(CampaignView one, CampaignView other) {
        return one.standing() == other.standing() && one.asOf().equals(other.asOf());
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

    /** Whose pages show what is no longer so, those first that have waited for longest. */
    private static final class Stale<T> {
        private final Set<T> waiting = new LinkedHashSet<>();
        private int leftOver;

        void add(T one) {
            waiting.add(one);
        }

        void addAll(Collection<T> some) {
            waiting.addAll(some);
        }

        /**
         * Renders for about so long, at least one, and whatever it takes all that were left over
         * the last time: so nobody waits for longer than for the next publication but one.
         */
        void renderEach(Duration within, Consumer<T> rendering) {
            long began = System.nanoTime();
            Iterator<T> each = waiting.iterator();
            int rendered = 0;
            try {
                while (each.hasNext()) {
                    rendering.accept(each.next());
                    each.remove();
                    rendered++;
                    if (rendered >= leftOver && System.nanoTime() - began > within.toNanos()) {
                        break;
                    }
                }
            } finally {
                leftOver = waiting.size();
            }
        }
    }
}
