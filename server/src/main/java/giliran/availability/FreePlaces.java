package giliran.availability;

import giliran.campaigns.CampaignId;
import giliran.campaigns.Catalogue;
import giliran.campaigns.CentreId;
import giliran.campaigns.RegionId;
import giliran.campaigns.Slot;
import giliran.campaigns.SlotId;
import giliran.ledger.PlaceCount;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Function;

/**
 * The slots that had places when they were last counted, arranged for whoever has just missed one.
 * Finding the nearest costs little however many are offered, and however many of them are full.
 *
 * <p>Showing is for one thread at a time; finding is for any.
 */
public final class FreePlaces {
    private static final int NEAREST_MAX = 3;

    /** A slot that had places. */
    public record Free(Slot slot, int remaining) {}

    private record AtCentre(CampaignId campaign, int dose, CentreId centre) {}

    private record InRegion(CampaignId campaign, int dose, RegionId region) {}

    private record InCampaign(CampaignId campaign, int dose) {}

    private final Catalogue catalogue;
    private final Function<Slot, PlaceCount> counts;
    private final Map<Record, Neighbourhood> neighbourhoods = new HashMap<>();

    /**
     * Arranges all slots of a catalogue.
     *
     * @param counts the counters as they were last read, also later
     */
    FreePlaces(Catalogue catalogue, Function<Slot, PlaceCount> counts) {
        this.catalogue = catalogue;
        this.counts = counts;
        Map<Record, List<Slot>> slots = new HashMap<>();
        catalogue.campaigns().stream()
                .flatMap(campaign -> catalogue.slotsOf(campaign.id()).stream())
                .forEach(
                        slot ->
                                neighbourhoodsOf(slot)
                                        .forEach(
                                                its ->
                                                        slots.computeIfAbsent(
                                                                        its, k -> new ArrayList<>())
                                                                .add(slot)));
        slots.forEach((its, list) -> neighbourhoods.put(its, new Neighbourhood(list, counts)));
    }

    private List<Record> neighbourhoodsOf(Slot slot) {
        List<Record> neighbourhoods = new ArrayList<>();
        neighbourhoods.add(new AtCentre(slot.campaign(), slot.dose(), slot.centre()));
        // An import may have brought the centre since the places were counted.
        catalogue
                .findCentre(slot.centre())
                .map(centre -> new InRegion(slot.campaign(), slot.dose(), centre.region()))
                .ifPresent(neighbourhoods::add);
        neighbourhoods.add(new InCampaign(slot.campaign(), slot.dose()));
        return neighbourhoods;
    }

    /** Takes over that a slot of the catalogue has places now, or has none any more. */
    void show(Slot slot, boolean isFree) {
        neighbourhoodsOf(slot)
                .forEach(
                        its -> {
                            Neighbourhood neighbourhood = neighbourhoods.get(its);
                            if (neighbourhood != null) {
                                neighbourhood.show(slot, isFree);
                            }
                        });
    }

    /**
     * Up to three slots of the same campaign and dose: first at the same centre, then in the same
     * region, then elsewhere, each nearest in time first.
     *
     * @param now slots that have begun are left out
     */
    public List<Free> nearest(Slot missed, Instant now) {
        Map<SlotId, Free> nearest = new LinkedHashMap<>();
        for (Record its : neighbourhoodsOf(missed)) {
            Neighbourhood neighbourhood = neighbourhoods.get(its);
            if (neighbourhood != null) {
                addNearest(nearest, neighbourhood, missed, now);
            }
        }
        return List.copyOf(nearest.values());
    }

    private void addNearest(
            Map<SlotId, Free> nearest, Neighbourhood neighbourhood, Slot missed, Instant now) {
        int after = neighbourhood.freeFrom(neighbourhood.firstFrom(missed.start()));
        int before = neighbourhood.freeBefore(neighbourhood.firstFrom(missed.start()));
        int begun = neighbourhood.firstFrom(now.plusNanos(1));
        while (nearest.size() < NEAREST_MAX && (before >= begun || after < neighbourhood.size())) {
            boolean isAfterNearer =
                    before < begun
                            || (after < neighbourhood.size()
                                    && away(neighbourhood.slot(after), missed)
                                                    .compareTo(
                                                            away(
                                                                    neighbourhood.slot(before),
                                                                    missed))
                                            <= 0);
            Slot slot = neighbourhood.slot(isAfterNearer ? after : before);
            if (isAfterNearer) {
                after = neighbourhood.freeFrom(after + 1);
            } else {
                before = neighbourhood.freeBefore(before);
            }
            int remaining = counts.apply(slot).remaining();
            if (remaining > 0 && !slot.equals(missed) && slot.start().isAfter(now)) {
                nearest.putIfAbsent(slot.id(), new Free(slot, remaining));
            }
        }
    }

    private static Duration away(Slot free, Slot missed) {
        return Duration.between(free.start(), missed.start()).abs();
    }

    /** Slots in order of time, and a bit for each that is set while it is free. */
    private static final class Neighbourhood {
        private final List<Slot> slots;
        private final AtomicLongArray free;

        Neighbourhood(List<Slot> slots, Function<Slot, PlaceCount> counts) {
            this.slots = slots;
            free = new AtomicLongArray((slots.size() + Long.SIZE - 1) / Long.SIZE);
            for (int i = 0; i < slots.size(); i++) {
                show(i, counts.apply(slots.get(i)).remaining() > 0);
            }
        }

        int size() {
            return slots.size();
        }

        Slot slot(int index) {
            return slots.get(index);
        }

        void show(Slot slot, boolean isFree) {
            int index = firstFrom(slot.start());
            while (!slots.get(index).id().equals(slot.id())) {
                index++;
            }
            show(index, isFree);
        }

        private void show(int index, boolean isFree) {
            long bit = 1L << index;
            int word = index / Long.SIZE;
            long bits = free.get(word);
            free.set(word, isFree ? bits | bit : bits & ~bit);
        }

        /** The first free slot from there on; the size if there is none. */
        int freeFrom(int from) {
            if (from >= size()) {
                return size();
            }
            int word = from / Long.SIZE;
            long bits = free.get(word) & (-1L << from);
            while (bits == 0) {
                word++;
                if (word == free.length()) {
                    return size();
                }
                bits = free.get(word);
            }
            return word * Long.SIZE + Long.numberOfTrailingZeros(bits);
        }

        /** The last free slot before; -1 if there is none. */
        int freeBefore(int to) {
            if (to == 0) {
                return -1;
            }
            int word = (to - 1) / Long.SIZE;
            long bits = free.get(word) & (-1L >>> -to);
            while (bits == 0) {
                word--;
                if (word < 0) {
                    return -1;
                }
                bits = free.get(word);
            }
            return word * Long.SIZE + Long.SIZE - 1 - Long.numberOfLeadingZeros(bits);
        }

        /** The index of the first slot that starts at that time or later. */
        int firstFrom(Instant start) {
            int low = 0;
            int high = slots.size();
            while (low < high) {
                int middle = (low + high) >>> 1;
                if (slots.get(middle).start().isBefore(start)) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            return low;
        }
    }
}
