package giliran.ledger;

import giliran.store.Database;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Sets how many places slots have.
 *
 * <p>Refused, with nothing changed, if a place is unknown or has more taken than it would then
 * have: what is booked is never cut.
 */
public final class ChangeCapacity {
    private final Database database;

    public ChangeCapacity(Database database) {
        this.database = database;
    }

    public sealed interface Result {
        record Changed() implements Result {}

        /** A place that stands in the way; {@code taken} is 0 if it is unknown. */
        record Obstacle(PlaceId place, int taken) {}

        record Refused(List<Obstacle> obstacles) implements Result {}
    }

    /**
     * Changes all or none.
     *
     * @param capacities the new capacity of each place, 0 or more
     */
    public Result change(Map<PlaceId, Integer> capacities) {
        if (capacities.values().stream().anyMatch(capacity -> capacity < 0)) {
            throw new IllegalArgumentException("a capacity is 0 or more places");
        }
        return database.transact(
                tx -> {
                    Map<PlaceId, PlaceCount> counts =
                            LedgerStore.lockPlaces(tx, capacities.keySet());
                    List<Result.Obstacle> obstacles =
                            capacities.entrySet().stream()
                                    .filter(e -> !fits(counts.get(e.getKey()), e.getValue()))
                                    .map(e -> obstacle(e.getKey(), counts.get(e.getKey())))
                                    .toList();
                    if (!obstacles.isEmpty()) {
                        return new Result.Refused(obstacles);
                    }
                    LedgerStore.setCapacities(tx, capacities);
                    return new Result.Changed();
                });
    }

    private static boolean fits(@Nullable PlaceCount count, int capacity) {
        return count != null && count.held() + count.booked() <= capacity + count.allowance();
    }

    private static Result.Obstacle obstacle(PlaceId place, @Nullable PlaceCount count) {
        return new Result.Obstacle(place, count == null ? 0 : count.held() + count.booked());
    }
}
