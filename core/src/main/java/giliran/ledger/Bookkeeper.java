package giliran.ledger;

import giliran.people.PersonHandle;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Whoever does commands and keeps what came of them: the {@link Ledger}, or what it is measured
 * against.
 */
public interface Bookkeeper extends AutoCloseable {
    /**
     * What transactions took so far.
     *
     * @param batches transactions that were committed
     * @param commands in them, refused ones included
     * @param commitNanos of their COMMITs, fsync included
     */
    record Effort(long batches, long commands, long commitNanos) {}

    /**
     * Asks for a command to be done.
     *
     * @return its result, complete when it is durable; it completes exceptionally with a {@link
     *     giliran.store.StoreException} if this command alone could not be written, and then
     *     nothing was done. It is completed on a thread of the bookkeeper's: whoever continues from
     *     it must not block.
     */
    CompletableFuture<CommandResult> submit(Command command);

    /**
     * The refusal that a booking is certain to get, told without asking the database: policy's, or
     * that the place is gone. Only if nothing of the person is in the ledger or on its way there;
     * else the request may repeat one that was granted, which comes first.
     *
     * @param policy why policy refuses, if it does
     */
    Optional<Refusal> refuseAtOnce(PersonHandle person, PlaceId place, Optional<Refusal> policy);

    /** The counters of all places, in which those are marked that it changed. */
    PlaceCounts counts();

    /** How many commands wait to be taken. */
    int waiting();

    /** What its transactions took so far. */
    Effort effort();

    @Override
    void close();
}
