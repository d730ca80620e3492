package giliran.peers;

import giliran.campaigns.CampaignId;
import giliran.campaigns.RegionId;
import giliran.ledger.Command;
import giliran.ledger.PlaceId;
import giliran.ledger.Reference;
import giliran.people.PersonHandle;
import giliran.store.Database;
import giliran.store.EventIds;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * How many rows a second the database takes when nothing but set-based SQL is asked of it: invented
 * appointments, without a request, a person or a seal.
 */
public final class Ceiling {
    /** As long as the sealed details of a person are, about. */
    private static final int SEALED_BYTES = 300;

    private static final long REFERENCE_BOUND = 10_000_000_000_000_000L;

    private final Database database;
    private final InstantSource clock;
    private final List<PlaceId> places;
    private final EventIds eventIds = new EventIds();

    /**
     * @param campaign whose slots in the region are filled; they must have room for all of it
     */
    public Ceiling(Database database, CampaignId campaign, RegionId region, InstantSource clock) {
        this.database = database;
        this.clock = clock;
        places = database.read(handle -> PeerStore.placesOf(handle, campaign, region));
        if (places.isEmpty()) {
            throw new IllegalArgumentException("there is no such slot");
        }
    }

    /**
     * Writes for a while.
     *
     * @param batch appointments in one transaction
     * @param connections how many write at once
     * @return durable appointments a second
     */
    public double run(int batch, int connections, Duration warmUp, Duration counted) {
        long countFrom = System.nanoTime() + warmUp.toNanos();
        long end = countFrom + counted.toNanos();
        SplittableRandom random = new SplittableRandom();
        try (ExecutorService writers = Executors.newFixedThreadPool(connections)) {
            return IntStream.range(0, connections)
                    .mapToObj(i -> random.split())
                    .map(
                            own ->
                                    CompletableFuture.supplyAsync(
                                            () -> write(batch, countFrom, end, own), writers))
                    .toList()
                    .stream()
                    .mapToDouble(CompletableFuture::join)
                    .sum();
        }
    }

    /** What one connection wrote a second, counted in whole batches. */
    private double write(int batch, long countFrom, long end, SplittableRandom random) {
        while (System.nanoTime() < countFrom) {
            writeBatch(batch, random);
        }
        long begun = System.nanoTime();
        long written = 0;
        do {
            writeBatch(batch, random);
            written += batch;
        } while (System.nanoTime() < end);
        return written * 1e9 / (System.nanoTime() - begun);
    }

    private void writeBatch(int batch, SplittableRandom random) {
        List<Command.Book> books = Stream.generate(() -> invent(random)).limit(batch).toList();
        Map<PlaceId, Integer> taken = new HashMap<>();
        books.forEach(book -> taken.merge(book.place(), 1, Integer::sum));
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        database.transact(
                tx -> {
                    PeerStore.insertAll(tx, books, now);
                    List<Integer> free = PeerStore.lockAll(tx, taken.keySet());
                    PeerStore.addAll(tx, taken);
                    PeerStore.tellAll(tx, eventIds.next(now), books, now);
                    return free;
                });
    }

    private Command.Book invent(SplittableRandom random) {
        byte[] sealed = new byte[SEALED_BYTES];
        random.nextBytes(sealed);
        return new Command.Book(
                new PersonHandle(uuid(random)),
                1,
                places.get(random.nextInt(places.size())),
                new Reference(random.nextLong(REFERENCE_BOUND)),
                new Command.Key(uuid(random), uuid(random)),
                Optional.of(uuid(random)),
                sealed,
                Optional.empty());
    }

    private static UUID uuid(SplittableRandom random) {
        return new UUID(random.nextLong(), random.nextLong());
    }
}
