import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes a sample's {@code slots.csv} from its {@code source.json}: {@code java
 * samples/MakeSample.java}, at the root of the repository.
 *
 * <p>The source has the places left a centre and day, as a number or as text. A day becomes eight
 * windows of one hour from 09:00; they share its places evenly, the first ones taking the rest.
 */
final class MakeSample {
    private static final Path FOLDER = Path.of("samples/malaysia-2021-05-02");

    /** An assumption: the source numbers its centres and does not name them. */
    private static final Map<String, String> CENTRES =
            Map.of("1", "WTCKL", "2", "UM", "3", "UKM", "4", "IDCC");

    private static final Pattern DAY =
            Pattern.compile(
                    "\\{\"location\":\"(\\d)\",\"balance\":\"?(\\d+)\"?,\"date\":\"([0-9-]{10})\"}");
    private static final int FIRST_HOUR = 9;
    private static final int WINDOWS = 8;

    private MakeSample() {}

    public static void main(String[] args) throws IOException {
        List<String> rows = new ArrayList<>();
        rows.add("slot_id,centre_id,start,end,capacity,product,dose");
        int days = 0;
        int places = 0;
        Matcher day = DAY.matcher(Files.readString(FOLDER.resolve("source.json")));
        while (day.find()) {
            int balance = Integer.parseInt(day.group(2));
            addDay(rows, CENTRES.get(day.group(1)), day.group(3), balance);
            days++;
            places += balance;
        }
        Files.writeString(FOLDER.resolve("slots.csv"), String.join("\n", rows) + "\n");
        IO.println(days + " centre-dates, " + (rows.size() - 1) + " slots, " + places + " places");
    }

    private static void addDay(List<String> rows, String centre, String date, int balance) {
        for (int i = 0; i < WINDOWS; i++) {
            int hour = FIRST_HOUR + i;
            int capacity = balance / WINDOWS + (i < balance % WINDOWS ? 1 : 0);
            rows.add(
                    "%s-%s-%02d,%s,%sT%02d:00,%sT%02d:00,%d,,1"
                            .formatted(
                                    centre, date, hour, centre, date, hour, date, hour + 1,
                                    capacity));
        }
    }
}
