package giliran.crowd;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.HashSet;
import java.util.Set;

/**
 * A campaign for people that there are not, as the files that {@code ./giliran import} reads: open
 * at once, for everyone, without a proof of work.
 */
public final class CampaignFiles {
    private static final ZoneId ZONE = ZoneId.of("Asia/Kuala_Lumpur");
    private static final int DAYS_AHEAD = 14;
    private static final int FIRST_HOUR = 8;

    private final String id;
    private final String name;
    private final Set<String> written = new HashSet<>();
    private final StringBuilder centres =
            new StringBuilder(
                    "centre_id,name,region_id,region_name,district,address,postcode,latitude,longitude,phone,accessibility\n");
    private final StringBuilder slots =
            new StringBuilder("slot_id,centre_id,start,end,capacity,product,dose\n");

    /**
     * @param id also the name of its programme, so that campaigns do not share their people
     */
    public CampaignFiles(String id, String name) {
        this.id = id;
        this.name = name;
    }

    /** The first day on which it has places. */
    public static LocalDate firstDay() {
        return LocalDate.now(ZONE).plusDays(DAYS_AHEAD);
    }

    /**
     * Adds a day at a centre.
     *
     * @param centre the end of its id, which begins with the campaign's
     * @param places of each hour, from eight o'clock on
     */
    public void add(String centre, String region, LocalDate date, int... places) {
        String centreId = id + "-" + centre;
        if (written.add(centreId)) {
            centres.append(
                    "%1$s,Centre %1$s,%2$s,%2$s,Nowhere,Jalan 1,00000,3.1,101.6,,\n"
                            .formatted(centreId, region));
        }
        for (int i = 0; i < places.length; i++) {
            int hour = FIRST_HOUR + i;
            slots.append(
                    "%1$s-%2$s-%3$02d,%1$s,%2$sT%3$02d:00,%2$sT%4$02d:00,%5$d,,1\n"
                            .formatted(centreId, date, hour, hour + 1, places[i]));
        }
    }

    /**
     * Writes {@code campaign.yaml}, {@code centres.csv} and {@code slots.csv}.
     *
     * @param folder is made if need be
     */
    public void write(Path folder) {
        try {
            Files.createDirectories(folder);
            Files.writeString(folder.resolve("centres.csv"), centres);
            Files.writeString(folder.resolve("slots.csv"), slots);
            Files.writeString(
                    folder.resolve("campaign.yaml"),
                    """
                    id: %1$s
                    name: "%2$s"
                    programme: %1$s
                    product: AstraZeneca
                    minimumAge: 18
                    regions: all
                    allowance: 0
                    timeZone: %3$s
                    """
                            .formatted(id, name, ZONE));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
