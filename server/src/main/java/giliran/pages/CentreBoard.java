package giliran.pages;

import giliran.availability.Addresses;
import giliran.campaigns.Campaign;
import giliran.campaigns.Centre;
import giliran.campaigns.Region;
import giliran.campaigns.Slot;
import giliran.edge.Answer;
import giliran.edge.Piece;
import giliran.ledger.PlaceCount;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A centre in a campaign: its card in the page of its region, and a page of its own with all times.
 * The rows of a day's times hold no word of any language, so they are rendered once for all.
 */
public final class CentreBoard {
    /**
     * All that is shown but the counters.
     *
     * @param days on which anything is offered in the whole campaign, in order
     * @param slots in order of time
     */
    record Content(
            Campaign campaign,
            Region region,
            Centre centre,
            List<LocalDate> days,
            List<Slot> slots) {
        boolean hasDoses() {
            return slots.stream().mapToInt(Slot::dose).distinct().count() > 1;
        }

        String path() {
            return CampaignView.path(campaign, region) + "/" + centre.id();
        }
    }

    /** What the template of a centre's page and of its card asks for. */
    public record View(
            Campaign campaign, Region region, Centre centre, boolean hasDoses, List<DayView> days) {
        /** The address of its page, as the page of its region names it. */
        public String link() {
            return region.id() + "/" + centre.id();
        }

        public String address() {
            return Addresses.line(centre);
        }

        public boolean isAccessible() {
            return !centre.accessibility().isEmpty();
        }

        /** The address of a map of where it is; empty text if that is not known. */
        public String map() {
            return Addresses.map(centre);
        }
    }

    /** A day as a card shows it; the number names it in links and in the filter. */
    public record DayView(int number, LocalDate date, PlacesLeft left) {}

    /** Places in slots that have not begun. */
    record Places(int remaining, int held) {
        static final Places NONE = new Places(0, 0);

        Places and(Places more) {
            return new Places(remaining + more.remaining, held + more.held);
        }

        PlacesLeft left() {
            return PlacesLeft.of(remaining, held);
        }
    }

    private final Content content;
    private final TreeMap<LocalDate, TimesOfDay> days = new TreeMap<>();
    private final Map<String, List<Piece>> frames = new HashMap<>();
    private final Map<String, byte[]> cards = new HashMap<>();

    /** Null until they are counted, and again after a change. */
    private @Nullable Places places;

    CentreBoard(Content content) {
        this.content = content;
        Map<LocalDate, List<Slot>> slots = new TreeMap<>();
        for (Slot slot : content.slots()) {
            slots.computeIfAbsent(content.campaign().dayOf(slot.start()), day -> new ArrayList<>())
                    .add(slot);
        }
        slots.forEach(
                (date, its) ->
                        days.put(
                                date,
                                new TimesOfDay(
                                        content.campaign(),
                                        date,
                                        content.days().indexOf(date) + 1,
                                        its,
                                        content.hasDoses())));
    }

    Content content() {
        return content;
    }

    Places places() {
        Places counted = places;
        if (counted == null) {
            counted =
                    days.values().stream().map(TimesOfDay::places).reduce(Places.NONE, Places::and);
            places = counted;
        }
        return counted;
    }

    /** What has to be published again. */
    enum Change {
        NONE,
        TIMES,
        TIMES_AND_CARD
    }

    /** Takes a counter over. */
    Change show(Slot slot, PlaceCount count) {
        TimesOfDay day = days.get(content.campaign().dayOf(slot.start()));
        if (day == null) {
            return Change.NONE; // The day is over.
        }
        PlacesLeft before = day.left();
        places = null;
        boolean isChanged = day.show(slot, count);
        return changed(isChanged, !day.left().equals(before));
    }

    /** Takes over that slots have begun, in which no place can be taken any more. */
    Change begin(Instant now) {
        boolean isChanged = false;
        boolean isCardChanged = false;
        while (!days.isEmpty()) {
            TimesOfDay first = days.firstEntry().getValue();
            PlacesLeft before = first.left();
            if (first.begin(now)) {
                isChanged = true;
                places = null;
            }
            isCardChanged |= !first.left().equals(before);
            if (!first.isOver()) {
                break;
            }
            days.pollFirstEntry();
            isCardChanged = true;
        }
        return changed(isChanged, isCardChanged);
    }

    private Change changed(boolean isChanged, boolean isCardChanged) {
        if (isCardChanged) {
            cards.clear();
            return Change.TIMES_AND_CARD;
        }
        return isChanged ? Change.TIMES : Change.NONE;
    }

    /** Its card in the page of its region; the same bytes until it has changed. */
    byte[] card(String language) {
        return cards.computeIfAbsent(
                language, its -> Html.render("card", Frame.published(its, "", ""), view()));
    }

    private View view() {
        return new View(
                content.campaign(),
                content.region(),
                content.centre(),
                content.hasDoses(),
                days.values().stream()
                        .map(day -> new DayView(day.number(), day.date(), day.left()))
                        .toList());
    }

    /**
     * Its page.
     *
     * @param notice where the campaign stands, and the beginning and the end of the form of all
     *     times
     * @param captions of the days, by their numbers less one
     */
    Answer page(String language, List<Piece> notice, List<Piece> captions) {
        List<Piece> frame = frames.computeIfAbsent(language, this::renderFrame);
        List<Piece> all = new ArrayList<>(2 * days.size() + 5);
        all.addAll(List.of(frame.getFirst(), notice.getFirst(), frame.get(1), notice.get(1)));
        for (TimesOfDay day : days.values()) {
            all.add(captions.get(day.number() - 1));
            all.add(day.rows());
        }
        all.add(notice.getLast());
        all.add(frame.getLast());
        return Answer.page(language, PageHeaders.ALL, all);
    }

    private List<Piece> renderFrame(String language) {
        return Html.around(
                "centre",
                Frame.published(language, content.centre().name(), content.path()),
                view());
    }
}
