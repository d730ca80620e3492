package giliran.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;

/** Campaigns to be measured with, as the files that {@code ./giliran import} reads. */
final class CampaignFiles {
    private static final int DATES_OF_CENTRE = 4;
    private static final int FIRST_HOUR = 8;
    private static final ZoneId ZONE = ZoneId.of("Asia/Kuala_Lumpur");
    private static final int DAYS_AHEAD = 14;

    /**
     * Slots that are alike.
     *
     * @param region where they are, and nothing else is
     * @param centreDates how many days at centres, four at each
     * @param slotsOfDate how many slots has each, 1 to 12
     * @param capacity places in each slot, at most a million
     */
    record Offer(String region, int centreDates, int slotsOfDate, int capacity) {
        int slots() {
            return centreDates * slotsOfDate;
        }

        int places() {
            return Math.multiplyExact(slots(), capacity);
        }
    }

    private CampaignFiles() {}

    /**
     * Writes a campaign that is open at once, for everyone, without a proof of work.
     *
     * @param folder is made if need be
     * @param id also the name of its programme, so that campaigns do not share their people
     */
    static void write(Path folder, String id, List<Offer> offers) {
        StringBuilder centres =
                new StringBuilder(
                        "centre_id,name,region_id,region_name,district,address,postcode,latitude,longitude,phone,accessibility\n");
        StringBuilder slots =
                new StringBuilder("slot_id,centre_id,start,end,capacity,product,dose\n");
        offers.forEach(offer -> write(offer, id, centres, slots));
        try {
            Files.createDirectories(folder);
            Files.writeString(folder.resolve("centres.csv"), centres);
            Files.writeString(folder.resolve("slots.csv"), slots);
            Files.writeString(
                    folder.resolve("campaign.yaml"),
                    """
                    id: %1$s
                    name: Benchmark %1$s
                    programme: %1$s
                    product: AstraZeneca
                    minimumAge: 18
                    regions: all
                    allowance: 0
                    timeZone: %2$s
                    """
                            .formatted(id, ZONE));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Offer offer, String id, StringBuilder centres, StringBuilder slots) {
        LocalDate first = LocalDate.now(ZONE).plusDays(DAYS_AHEAD);
        for (int i = 0; i < offer.centreDates(); i++) {
            String centre = id + "-" + offer.region() + "-" + i / DATES_OF_CENTRE;
            if (i % DATES_OF_CENTRE == 0) {
                centres.append(
                        "%1$s,Centre %1$s,%2$s,%2$s,Petaling,Jalan 1,40200,3.055,101.541,,\n"
                                .formatted(centre, offer.region()));
            }
            LocalDate date = first.plusDays(i % DATES_OF_CENTRE);
            for (int hour = FIRST_HOUR; hour < FIRST_HOUR + offer.slotsOfDate(); hour++) {
                slots.append(
                        "%1$s-%2$s-%3$d,%1$s,%2$sT%3$02d:00,%2$sT%4$02d:00,%5$d,,1\n"
                                .formatted(centre, date, hour, hour + 1, offer.capacity()));
            }
        }
    }
}
