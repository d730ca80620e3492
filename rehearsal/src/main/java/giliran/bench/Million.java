package giliran.bench;

import giliran.crowd.SellOut;
import giliran.crowd.SlotsAlike;
import giliran.subject.Memory;
import giliran.subject.TriedGiliran;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** As many places as that, and more people: all are sold, and not one twice. */
final class Million implements AutoCloseable {
    private static final int CENTRE_DATES = 200;
    private static final int SLOTS_OF_DATE = 5;

    /**
     * What came of it.
     *
     * @param booked how often somebody was told to have a place
     * @param refused how often somebody was told that a place is gone
     * @param otherwise all other answers, and none
     * @param fullSlots slots in which, by the audit, exactly all places are booked
     * @param live appointments, by the audit
     * @param seconds from the first request to the last place
     */
    record Outcome(
            int places,
            int people,
            long booked,
            long refused,
            long otherwise,
            int slots,
            long fullSlots,
            long live,
            double seconds,
            Memory memory) {

        /** Whether exactly all is sold, by what people were told and by the audit. */
        boolean isExact() {
            return booked == places && live == places && fullSlots == slots && otherwise == 0;
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%,d people asked for %,d places: %,d were told to have one, %,d times one"
                            + " was gone, %,d other answers; %.1f s, %,.0f bookings a second. Audit:"
                            + " %,d live appointments, %,d of %,d slots exactly full. Server: %s.",
                    people,
                    places,
                    booked,
                    refused,
                    otherwise,
                    seconds,
                    booked / seconds,
                    live,
                    fullSlots,
                    slots,
                    memory);
        }
    }

    private final SlotsAlike offer;
    private final int people;
    private final int clients;
    private final Contender ours;
    private final Path folder;
    private final Consumer<String> progress;

    /**
     * @param placesOfSlot in each of 1,000 slots
     * @param flags for the server's Java, beyond the launcher's
     * @param people more than places, by more than ask at once
     */
    Million(
            Path home,
            Path jar,
            Path folder,
            int placesOfSlot,
            int people,
            int clients,
            List<String> flags,
            SplittableRandom random,
            Consumer<String> progress) {
        offer = new SlotsAlike("everywhere", CENTRE_DATES, SLOTS_OF_DATE, placesOfSlot);
        this.people = people;
        this.clients = clients;
        this.folder = folder;
        this.progress = progress;
        ours =
                new Contender(
                        LedgerBench.OURS,
                        new TriedGiliran(home, jar, folder.resolve("million/data"), flags),
                        false,
                        random,
                        progress);
    }

    /** Sells all and counts. */
    Outcome run() {
        progress.accept("Starting a server …");
        ours.start("run");
        ours.offer(List.of(offer));
        progress.accept(
                "%,d people fetch passes, and ask for %,d places …"
                        .formatted(people, offer.places()));
        SellOut sellOut = ours.sellOut(offer, people, clients);
        Memory memory = Memory.of(ours.giliran().process());
        progress.accept("Auditing …");
        Path csv = folder.resolve("appointments.csv");
        ours.command("audit", "--appointments=" + csv);
        Map<String, Long> booked = bookedBySlot(csv);
        return new Outcome(
                offer.places(),
                people,
                sellOut.booked(),
                sellOut.refused(),
                sellOut.otherwise(),
                offer.slots(),
                booked.values().stream().filter(count -> count == offer.capacity()).count(),
                booked.values().stream().mapToLong(Long::longValue).sum(),
                sellOut.seconds(),
                memory);
    }

    /** Counts the rows of {@code audit --appointments}. */
    private static Map<String, Long> bookedBySlot(Path csv) {
        try (Stream<String> lines = Files.lines(csv)) {
            return lines.skip(1)
                    .map(line -> line.split(",", -1))
                    .filter(cells -> cells[4].equals("booked"))
                    .collect(Collectors.groupingBy(cells -> cells[3], Collectors.counting()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        ours.close();
    }
}
