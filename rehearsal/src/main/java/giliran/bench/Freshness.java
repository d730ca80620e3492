package giliran.bench;

import giliran.crowd.Applicants;
import giliran.subject.Door;
import giliran.subject.RehearsalException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/**
 * After how long a booking is seen by readers, at the origin.
 *
 * @param micros from the answer to the booking until an answer to a reader shows it
 */
record Freshness(Histogram micros) {
    private static final Duration SEEN_WITHIN = Duration.ofSeconds(30);
    private static final Duration LOOKS_EVERY = Duration.ofMillis(2);

    double millisAt(double percentile) {
        return micros.getValueAtPercentile(percentile) / 1e3;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "seen after p50 %.0f, p99 %.0f, at most %.0f ms (%d bookings)",
                millisAt(50),
                millisAt(99),
                millisAt(100),
                micros.getTotalCount());
    }

    /** Whoever books a slot that nobody else asks for, and looks. */
    record Probe(Door door, String campaign, String region, String slot, Applicants people) {
        /** Books, looks until it is seen, and books again. */
        Freshness look(Duration time) {
            Histogram micros = new Histogram(SEEN_WITHIN.toNanos() / 1_000, 3);
            long end = System.nanoTime() + time.toNanos();
            for (int person = 0; System.nanoTime() < end; person++) {
                int before = remaining();
                book(person);
                long booked = System.nanoTime();
                while (remaining() == before) {
                    if (System.nanoTime() - booked > SEEN_WITHIN.toNanos()) {
                        throw new RehearsalException("A booking was not seen.");
                    }
                    rest();
                }
                micros.recordValue((System.nanoTime() - booked) / 1_000);
            }
            return new Freshness(micros);
        }

        private void book(int person) {
            String body =
                    "{\"slot\":\"%s\",%s}"
                            .formatted(
                                    slot,
                                    new String(people.members(person), StandardCharsets.US_ASCII));
            Door.Answer answer =
                    door.send(
                            new Door.Request(
                                    "POST",
                                    "/api/v1/campaigns/" + campaign + "/appointments",
                                    "probe-" + person,
                                    body));
            if (!answer.isDone()) {
                throw new RehearsalException("A probe was not booked: " + answer.summary());
            }
        }

        private int remaining() {
            return door.get("/api/v1/campaigns/" + campaign + "/availability?region=" + region)
                    .body()
                    .findPath("remaining")
                    .asInt();
        }

        private static void rest() {
            try {
                Thread.sleep(LOOKS_EVERY);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new RehearsalException("interrupted", e);
            }
        }
    }
}
