package giliran.imports;

import static giliran.imports.Offers.CAMPAIGN;
import static giliran.imports.Offers.START;
import static org.assertj.core.api.Assertions.assertThat;

import giliran.campaigns.CampaignPlan.PlannedSlot;
import giliran.campaigns.CampaignPlan.Published;
import giliran.campaigns.Centre;
import giliran.campaigns.CentreId;
import giliran.campaigns.RegionId;
import giliran.campaigns.Slot;
import giliran.campaigns.SlotId;
import giliran.imports.ImportCampaign.Result;
import giliran.ledger.Appointment;
import giliran.ledger.Audit;
import giliran.ledger.Command;
import giliran.ledger.CommandResult;
import giliran.ledger.Ledger;
import giliran.ledger.PlaceCounts;
import giliran.ledger.PlaceId;
import giliran.ledger.Reference;
import giliran.people.PersonHandle;
import giliran.store.Database;
import giliran.store.TestDatabase;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/**
 * An import of 100,000 slots in the middle of bookings, moves and cancellations: not one of them
 * fails.
 */
final class ImportRaceTest {
    private static final InstantSource CLOCK = InstantSource.system();
    private static final int CENTRES = 500;
    private static final int SLOTS = 100_000;
    private static final int PEOPLE_AT_ONCE = 16;
    private static final long SEED = System.nanoTime();

    /** What one thread saw. */
    private record Seen(long bookings, long moves, long cancellations, long longestNanos) {}

    private static PlaceId place(int i) {
        return new PlaceId(
                new CentreId("C" + i % CENTRES), SlotId.of(CAMPAIGN, Integer.toString(i)));
    }

    private static CampaignSource offer(int capacity, long secondsLater) {
        Offer small = new Offers().offer();
        RegionId region = small.regions().getFirst().id();
        List<Centre> centres = new ArrayList<>();
        for (int i = 0; i < CENTRES; i++) {
            centres.add(
                    new Centre(
                            new CentreId("C" + i),
                            "Centre " + i,
                            region,
                            "",
                            "",
                            "",
                            Optional.empty(),
                            "",
                            ""));
        }
        return (now, sink) -> {
            for (int i = 0; i < SLOTS; i++) {
                PlaceId place = place(i);
                Slot slot =
                        new Slot(
                                place.slot(),
                                CAMPAIGN,
                                place.centre(),
                                START.plusSeconds(secondsLater),
                                START.plusSeconds(secondsLater + 3_600),
                                "AstraZeneca",
                                1);
                sink.accept(
                        new PlannedSlot(
                                slot, capacity, false, Published.named(Integer.toString(i))));
            }
            return new CampaignSource.Result.Read(
                    new Offer(
                            small.campaign(),
                            small.regions(),
                            centres,
                            Map.of(),
                            Map.of(),
                            List.of()));
        };
    }

    @Test
    void failsNoBookingAndNoCancellationWhileEverySlotIsChanged()
            throws InterruptedException, ExecutionException {
        System.out.println("ImportRaceTest: seed " + SEED);
        SplittableRandom random = new SplittableRandom(SEED);
        AtomicBoolean isOver = new AtomicBoolean();
        try (Database database = Database.open(TestDatabase.newDatabase(), 6, CLOCK);
                Ledger ledger = new Ledger(database, CLOCK, Ledger.Limits.DEFAULT);
                ExecutorService people = Executors.newFixedThreadPool(PEOPLE_AT_ONCE)) {
            ImportCampaign importCampaign = new ImportCampaign(database, CLOCK);
            long started = System.nanoTime();
            assertThat(importCampaign.run(offer(1_000, 0), _ -> {}))
                    .isInstanceOf(Result.Imported.class);
            long fresh = System.nanoTime() - started;

            List<Future<Seen>> crowd = new ArrayList<>();
            for (int i = 0; i < PEOPLE_AT_ONCE; i++) {
                SplittableRandom own = random.split();
                crowd.add(people.submit(() -> bookAndCancel(ledger, own, isOver)));
            }
            Result again;
            try {
                started = System.nanoTime();
                again = importCampaign.run(offer(1_002, 7_200), _ -> {});
            } finally {
                isOver.set(true);
            }
            long changed = System.nanoTime() - started;

            assertThat(again)
                    .isInstanceOfSatisfying(
                            Result.Imported.class,
                            done -> {
                                assertThat(done.report().slots().changed()).isEqualTo(SLOTS);
                                assertThat(done.report().capacity().up()).isEqualTo(SLOTS);
                            });
            long bookings = 0;
            long moves = 0;
            long cancellations = 0;
            long longest = 0;
            for (Future<Seen> person : crowd) {
                Seen seen = person.get();
                bookings += seen.bookings();
                moves += seen.moves();
                cancellations += seen.cancellations();
                longest = Math.max(longest, seen.longestNanos());
            }
            System.out.printf(
                    "ImportRaceTest: 100,000 new slots in %.1f s; 100,000 changed in %.1f s, beside"
                            + " %,d bookings, %,d moves and %,d cancellations, of which the longest took %.2f"
                            + " s%n",
                    fresh / 1e9, changed / 1e9, bookings, moves, cancellations, longest / 1e9);
            PlaceCounts counts = new PlaceCounts(database);
            counts.readAll();
            assertThat(counts.all().values())
                    .hasSize(SLOTS)
                    .allSatisfy(count -> assertThat(count.capacity()).isEqualTo(1_002));
            Audit.Report audit = new Audit(database).run(Optional.empty());
            assertThat(audit.faults()).isEmpty();
            assertThat(audit.live()).isEqualTo(bookings - cancellations);
            // So that the server that all tests share has little to write when it stops.
            database.transact(
                    tx ->
                            tx.execute(
                                    "TRUNCATE slot, place, appointment, ended_appointment, outbox"));
        }
    }

    private static Seen bookAndCancel(
            Ledger ledger, SplittableRandom random, AtomicBoolean isOver) {
        long bookings = 0;
        long moves = 0;
        long cancellations = 0;
        long longest = 0;
        while (!isOver.get()) {
            long asked = System.nanoTime();
            Appointment appointment = done(ledger, book(random));
            bookings++;
            longest = Math.max(longest, System.nanoTime() - asked);
            if (random.nextInt(4) == 0) {
                asked = System.nanoTime();
                done(
                        ledger,
                        new Command.Move(
                                appointment.person(),
                                1,
                                appointment.reference(),
                                place(random.nextInt(SLOTS)),
                                new Command.Key(uuid(random), uuid(random)),
                                OptionalInt.empty(),
                                Optional.empty()));
                moves++;
                longest = Math.max(longest, System.nanoTime() - asked);
            }
            if (random.nextInt(4) == 0) {
                asked = System.nanoTime();
                done(
                        ledger,
                        new Command.Cancel(
                                appointment.person(),
                                1,
                                appointment.reference(),
                                OptionalInt.empty(),
                                Optional.empty()));
                cancellations++;
                longest = Math.max(longest, System.nanoTime() - asked);
            }
        }
        return new Seen(bookings, moves, cancellations, longest);
    }

    private static Command.Book book(SplittableRandom random) {
        return new Command.Book(
                new PersonHandle(uuid(random)),
                1,
                place(random.nextInt(SLOTS)),
                new Reference(random.nextLong() >>> 12),
                new Command.Key(uuid(random), uuid(random)),
                Optional.empty(),
                new byte[300],
                Optional.empty());
    }

    private static UUID uuid(SplittableRandom random) {
        return new UUID(random.nextLong(), random.nextLong());
    }

    private static Appointment done(Ledger ledger, Command command) {
        return switch (ledger.submit(command).join()) {
            case CommandResult.Done done -> done.appointment();
            case CommandResult.Refused refused ->
                    throw new AssertionError(refused + " to " + command);
        };
    }
}
