package giliran.population;

import giliran.outcome.Outcome.RealPoint;
import giliran.subject.RehearsalException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The record of a real day: what was left at each centre-date, once a minute. Every place less is a
 * booking, at some moment of that minute; the few steps upwards are left out.
 */
final class RealDay {
    private final List<String> centreDates;
    private final long[] atMillis;
    private final int[][] left;
    private final int[] bookingMinute;
    private final int[] bookingColumn;

    private RealDay(List<String> centreDates, long[] atMillis, int[][] left) {
        this.centreDates = centreDates;
        this.atMillis = atMillis;
        this.left = left;
        int[] minutes = new int[total(left[0]) * 2];
        int[] columns = new int[minutes.length];
        int bookings = 0;
        for (int row = 1; row < left.length; row++) {
            for (int column = 0; column < centreDates.size(); column++) {
                for (int n = left[row - 1][column] - left[row][column]; n > 0; n--) {
                    minutes[bookings] = row;
                    columns[bookings] = column;
                    bookings++;
                }
            }
        }
        bookingMinute = Arrays.copyOf(minutes, bookings);
        bookingColumn = Arrays.copyOf(columns, bookings);
    }

    /**
     * Reads a file like {@code balances-by-minute.csv}: a time, then what is left at each
     * centre-date, which are named in the first line by the centre's number and the date.
     */
    static RealDay read(Path file) {
        try {
            List<String> lines = Files.readAllLines(file);
            String[] head = lines.getFirst().split(",(?=\")", -1);
            List<String> centreDates = new ArrayList<>();
            for (int i = 1; i < head.length; i++) {
                centreDates.add(head[i].replace("\"", ""));
            }
            long[] at = new long[lines.size() - 1];
            int[][] left = new int[lines.size() - 1][];
            LocalDateTime first = null;
            for (int row = 0; row < left.length; row++) {
                String[] cells = lines.get(row + 1).split(",", -1);
                LocalDateTime time = LocalDateTime.parse(cells[0]);
                first = first == null ? time : first;
                at[row] = Duration.between(first, time).toMillis();
                left[row] =
                        Arrays.stream(cells, 1, cells.length).mapToInt(Integer::parseInt).toArray();
                if (left[row].length != centreDates.size()) {
                    throw new RehearsalException(
                            "Line %d of %s has another number of cells than its first."
                                    .formatted(row + 2, file));
                }
            }
            return new RealDay(centreDates, at, left);
        } catch (IOException e) {
            throw new RehearsalException("The record " + file + " cannot be read", e);
        }
    }

    private static int total(int[] counts) {
        return Arrays.stream(counts).sum();
    }

    /** The number of the centre, from 0, of a centre-date. */
    int centre(int column) {
        return Integer.parseInt(centreDates.get(column).split(",", -1)[0]) - 1;
    }

    /** The date of a centre-date. */
    String date(int column) {
        return centreDates.get(column).split(",", -1)[1];
    }

    int columns() {
        return centreDates.size();
    }

    /** How many places there were at the beginning. */
    int places(int column) {
        return left[0][column];
    }

    int bookings() {
        return bookingMinute.length;
    }

    /** The centre-date that a booking was for. */
    int columnOf(int booking) {
        return bookingColumn[booking];
    }

    /**
     * When a booking was made, in milliseconds since the first line.
     *
     * @param share of its minute, 0 to 1
     */
    long millisOf(int booking, double share) {
        int row = bookingMinute[booking];
        return atMillis[row - 1] + (long) (share * (atMillis[row] - atMillis[row - 1]));
    }

    /** The record on a rehearsal's clock and at its scale. */
    List<RealPoint> points(double scale, double speed) {
        List<RealPoint> points = new ArrayList<>();
        for (int row = 1; row < left.length; row++) {
            double seconds = (atMillis[row] - atMillis[row - 1]) / 1e3 / speed;
            int booked = Math.max(0, total(left[row - 1]) - total(left[row]));
            points.add(
                    new RealPoint(
                            atMillis[row] / 1e3 / speed,
                            scale * booked / seconds,
                            scale * total(left[row])));
        }
        return points;
    }
}
