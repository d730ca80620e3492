package giliran.pages;

import giliran.availability.Times;
import giliran.campaigns.Campaign;
import giliran.campaigns.Slot;
import giliran.edge.Piece;
import giliran.ledger.PlaceCount;
import giliran.pages.CentreBoard.Places;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The times that a centre offers on one day, and their places. */
public final class TimesOfDay {
    /** The same in every language, as in a timetable. */
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm");

    /**
     * A slot as its button shows it.
     *
     * @param dose as a digit in a circle; empty text where only one dose is given
     */
    public record Row(String slot, String time, String dose, PlacesLeft left) {}

    private final Campaign campaign;
    private final LocalDate date;
    private final int number;
    private final List<Slot> slots;
    private final boolean hasDoses;
    private final int[] remaining;
    private final int[] held;

    /** The slots before this one have begun. */
    private int first;

    /** Null until it is rendered, and again when it no longer shows the numbers. */
    private @Nullable Piece rows;

    /**
     * @param hasDoses whether the centre gives more than one dose, so that each has to be named
     */
    TimesOfDay(Campaign campaign, LocalDate date, int number, List<Slot> slots, boolean hasDoses) {
        this.campaign = campaign;
        this.hasDoses = hasDoses;
        this.date = date;
        this.number = number;
        this.slots = slots;
        remaining = new int[slots.size()];
        held = new int[slots.size()];
    }

    LocalDate date() {
        return date;
    }

    int number() {
        return number;
    }

    /** Returns whether what is shown is other than before. */
    boolean show(Slot slot, PlaceCount count) {
        int at = first;
        while (at < slots.size() && !slots.get(at).id().equals(slot.id())) {
            at++;
        }
        if (at == slots.size()) {
            return false;
        }
        PlacesLeft before = left(at);
        remaining[at] = count.remaining();
        held[at] = count.held();
        if (left(at).equals(before)) {
            return false;
        }
        rows = null;
        return true;
    }

    /** Returns whether what is shown is other than before. */
    boolean begin(Instant now) {
        int before = first;
        while (!isOver() && !slots.get(first).start().isAfter(now)) {
            first++;
        }
        if (first == before) {
            return false;
        }
        rows = null;
        return true;
    }

    /** Whether all slots have begun. */
    boolean isOver() {
        return first == slots.size();
    }

    Places places() {
        return new Places(sumFromFirst(remaining), sumFromFirst(held));
    }

    private int sumFromFirst(int[] places) {
        return Arrays.stream(places, first, places.length).sum();
    }

    PlacesLeft left() {
        return places().left();
    }

    private PlacesLeft left(int slot) {
        return PlacesLeft.of(remaining[slot], held[slot]);
    }

    Piece rows() {
        if (rows == null) {
            rows = Piece.of(Html.render("times", Map.of("day", number, "rows", view())));
        }
        return Objects.requireNonNull(rows);
    }

    private List<Row> view() {
        List<Row> view = new ArrayList<>(slots.size() - first);
        for (int i = first; i < slots.size(); i++) {
            Slot slot = slots.get(i);
            view.add(
                    new Row(
                            slot.id().toString(),
                            clock(slot.start()) + "–" + clock(slot.end()),
                            hasDoses ? Character.toString('①' + slot.dose() - 1) : "",
                            left(i)));
        }
        return view;
    }

    private String clock(Instant instant) {
        return CLOCK.format(Times.there(instant, campaign));
    }
}
