package giliran.crowd;

import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;

/**
 * Slots that are alike, to be measured with.
 *
 * @param region where they are, and nothing else is
 * @param centreDates how many days at centres, four at each
 * @param slotsOfDate how many slots has each, 1 to 12
 * @param capacity places in each slot, at most a million
 */
public record SlotsAlike(String region, int centreDates, int slotsOfDate, int capacity) {
    private static final int DATES_OF_CENTRE = 4;

    /** How many they are. */
    public int slots() {
        return centreDates * slotsOfDate;
    }

    /** How many places they have together. */
    public int places() {
        return Math.multiplyExact(slots(), capacity);
    }

    /** Writes the files of a campaign that has all of these. */
    public static void write(Path folder, String campaign, List<SlotsAlike> offered) {
        CampaignFiles files = new CampaignFiles(campaign, "Benchmark " + campaign);
        offered.forEach(alike -> alike.addTo(files));
        files.write(folder);
    }

    private void addTo(CampaignFiles files) {
        LocalDate first = CampaignFiles.firstDay();
        int[] places = new int[slotsOfDate];
        Arrays.fill(places, capacity);
        for (int i = 0; i < centreDates; i++) {
            files.add(
                    region + "-" + i / DATES_OF_CENTRE,
                    region,
                    first.plusDays(i % DATES_OF_CENTRE),
                    places);
        }
    }
}
