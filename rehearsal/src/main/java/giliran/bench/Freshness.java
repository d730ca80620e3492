package giliran.bench;

import giliran.crowd.Applicants;
import giliran.subject.Door;
import giliran.subject.RehearsalException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.HdrHistogram.Histogram;

/**
 * After how long a booking is seen by readers, at the origin.
 *
 * @param micros from the answer to the booking until an answer to a reader shows it
 */
record Freshness(Histogram micros) {
    private static final Duration SEEN_WITHIN = Duration.ofSeconds(30);
    private static final Duration LOOKS_EVERY = Duration.ofMillis(5);

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

    /** Lets them all book and look, each on a thread of its own. */
    static Freshness look(List<Probe> probes, Duration time) {
        Histogram micros = new Histogram(SEEN_WITHIN.toNanos() / 1_000, 3);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Histogram>> looking = new ArrayList<>();
            for (Probe probe : probes) {
                looking.add(threads.submit(() -> probe.look(time)));
            }
            for (Future<Histogram> each : looking) {
                micros.add(each.get());
            }
        } catch (ExecutionException e) {
            throw new RehearsalException("A probe failed: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RehearsalException("interrupted", e);
        }
        return new Freshness(micros);
    }

    /** Whoever books a slot that nobody else asks for, and looks. */
    static final class Probe {
        private final Door door;
        private final String campaign;
        private final String region;
        private final String slot;
        private final Applicants people;
        private int nextPerson;

        Probe(Door door, String campaign, String region, String slot, Applicants people) {
            this.door = door;
            this.campaign = campaign;
            this.region = region;
            this.slot = slot;
            this.people = people;
        }

        /** Books, looks until it is seen, and books again. */
        private Histogram look(Duration time) {
            Histogram micros = new Histogram(SEEN_WITHIN.toNanos() / 1_000, 3);
            long end = System.nanoTime() + time.toNanos();
            while (System.nanoTime() < end) {
                int before = remaining();
                book(nextPerson++);
                long booked = System.nanoTime();
                while (remaining() == before) {
                    if (System.nanoTime() - booked > SEEN_WITHIN.toNanos()) {
                        throw new RehearsalException("A booking was not seen.");
                    }
                    rest();
                }
                micros.recordValue((System.nanoTime() - booked) / 1_000);
            }
            return micros;
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
                                    region + "-" + person,
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
