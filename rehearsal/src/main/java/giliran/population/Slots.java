package giliran.population;

import com.fasterxml.jackson.databind.JsonNode;
import giliran.crowd.Post;
import giliran.subject.Door;
import giliran.subject.RehearsalException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * The slots of a rehearsal's campaign, numbered region by region in the order in which the list
 * names them, and which of them people like.
 */
final class Slots {
    /** Nobody's slot. */
    static final int NONE = Character.MAX_VALUE;

    private static final byte[] REMAINING = "\"remaining\":".getBytes(StandardCharsets.US_ASCII);

    /** So often somebody who finds a full slot looks for another they would like as much. */
    private static final int TRIES = 6;

    private final List<String> regions;
    private final LocalDate firstDay;
    private final List<String> ids = new ArrayList<>();
    private final List<byte[]> idBytes = new ArrayList<>();
    private final List<Integer> capacities = new ArrayList<>();
    private final int[] firstOfRegion;

    /** By region: the weights of its slots, added up. */
    private final double[][] taste;

    private final Map<String, int[]> ofDay = new HashMap<>();

    private Slots(List<String> regions, LocalDate firstDay) {
        this.regions = regions;
        this.firstDay = firstDay;
        firstOfRegion = new int[regions.size() + 1];
        taste = new double[regions.size()][];
    }

    /** Asks the server for the campaign's slots, while none of them is taken. */
    static Slots of(Door door, Offer offer, Scenario scenario) {
        Slots slots = new Slots(offer.regions(), offer.days().getFirst().date());
        for (int region = 0; region < slots.regions.size(); region++) {
            JsonNode list = door.get(slots.listPath(offer.campaign(), region)).body();
            List<Double> weights = new ArrayList<>();
            for (JsonNode centre : list.path("centres")) {
                String name = centre.path("id").asText().substring(offer.campaign().length() + 1);
                for (JsonNode date : centre.path("dates")) {
                    slots.addDay(name, date, scenario, weights);
                }
            }
            slots.endRegion(region, weights);
        }
        if (slots.capacities.stream().mapToInt(Integer::intValue).sum() != offer.places()) {
            throw new RehearsalException(
                    "The server offers other places than were loaded: is anybody else there?");
        }
        if (slots.ids.size() >= NONE) {
            throw new RehearsalException("There are too many slots: " + slots.ids.size());
        }
        return slots;
    }

    private void addDay(String centre, JsonNode date, Scenario scenario, List<Double> weights) {
        LocalDate day = LocalDate.parse(date.path("date").asText());
        double popularity =
                scenario.centres().stream()
                        .filter(place -> place.centre().equals(centre))
                        .mapToDouble(Scenario.Place::popularity)
                        .findFirst()
                        .orElseThrow();
        int[] numbers = new int[date.path("slots").size()];
        int count = 0;
        for (JsonNode slot : date.path("slots")) {
            numbers[count++] = ids.size();
            ids.add(slot.path("id").asText());
            idBytes.add(Post.ascii(slot.path("id").asText()));
            capacities.add(slot.path("remaining").asInt());
            weights.add(
                    popularity
                            * Math.pow(
                                    2,
                                    -ChronoUnit.DAYS.between(firstDay, day)
                                            / scenario.nearDates()));
        }
        ofDay.put(centre + day, numbers);
    }

    private void endRegion(int region, List<Double> weights) {
        double most = weights.stream().mapToDouble(Double::doubleValue).max().orElse(1);
        double[] sums = new double[weights.size()];
        double sum = 0;
        for (int i = 0; i < sums.length; i++) {
            sum += weights.get(i) / most;
            sums[i] = sum;
        }
        taste[region] = sums;
        firstOfRegion[region + 1] = ids.size();
    }

    String listPath(String campaign, int region) {
        return "/api/v1/campaigns/" + campaign + "/availability?region=" + regions.get(region);
    }

    int count() {
        return ids.size();
    }

    String id(int slot) {
        return ids.get(slot);
    }

    byte[] idBytes(int slot) {
        return idBytes.get(slot);
    }

    int capacity(int slot) {
        return capacities.get(slot);
    }

    int first(int region) {
        return firstOfRegion[region];
    }

    int end(int region) {
        return firstOfRegion[region + 1];
    }

    /** The slots of a centre on a day. */
    int[] ofDay(String centre, LocalDate day) {
        return ofDay.getOrDefault(centre + day, new int[0]);
    }

    /**
     * Reads a region's list.
     *
     * @param remaining of all slots; those of the region are written
     */
    void readList(int region, byte[] json, int[] remaining) {
        int slot = first(region);
        for (int at = 0; at + REMAINING.length < json.length; at++) {
            if (json[at] == '"'
                    && json[at + 1] == 'r'
                    && Arrays.equals(
                            json, at, at + REMAINING.length, REMAINING, 0, REMAINING.length)) {
                at += REMAINING.length;
                int number = 0;
                for (; json[at] >= '0' && json[at] <= '9'; at++) {
                    number = 10 * number + json[at] - '0';
                }
                remaining[slot++] = number;
            }
        }
        if (slot != end(region)) {
            throw new RehearsalException("A list came that has another number of slots.");
        }
    }

    /** A slot of a region in which a place is free, by taste; {@link #NONE} if there is none. */
    int choose(int region, int[] remaining, SplittableRandom random) {
        double[] sums = taste[region];
        double all = sums[sums.length - 1];
        for (int i = 0; i < TRIES; i++) {
            int found = Arrays.binarySearch(sums, random.nextDouble() * all);
            int slot = first(region) + Math.min(sums.length - 1, found < 0 ? -found - 1 : found);
            if (remaining[slot] > 0) {
                return slot;
            }
        }
        double free = 0;
        for (int i = 0; i < sums.length; i++) {
            free += remaining[first(region) + i] > 0 ? weight(sums, i) : 0;
        }
        double lot = random.nextDouble() * free;
        int last = NONE;
        for (int i = 0; i < sums.length && lot >= 0; i++) {
            if (remaining[first(region) + i] > 0) {
                last = first(region) + i;
                lot -= weight(sums, i);
            }
        }
        return last;
    }

    private static double weight(double[] sums, int i) {
        return i == 0 ? sums[0] : sums[i] - sums[i - 1];
    }
}
