package giliran.clients;

import giliran.store.Database;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/**
 * Lets other software in, such as a call centre's or a partner site's.
 *
 * <p>Refused: a name that a client has or ever had, so that a name in old records stays the one
 * client's.
 */
public final class AddClient {
    private final Database database;
    private final InstantSource clock;
    private final RandomGenerator random;

    /** What became of it. */
    public sealed interface Result {
        /** It is in; the token is told this once. */
        record Added(ClientToken token) implements Result {}

        record NameTaken() implements Result {}
    }

    /**
     * @param random a secure one in all but tests
     */
    public AddClient(Database database, InstantSource clock, RandomGenerator random) {
        this.database = database;
        this.clock = clock;
        this.random = random;
    }

    /**
     * Adds a client with a token of its own, which is good at running servers within a second.
     *
     * @throws giliran.store.StoreException if the database could not keep it; in doubt the name is
     *     taken, by a token that nobody has
     */
    public Result add(ClientName name) {
        ClientToken token = ClientToken.random(random);
        boolean isAdded =
                database.transact(
                        tx -> ClientStore.insert(tx, name, token.hash(), clock.instant()));
        return isAdded ? new Result.Added(token) : new Result.NameTaken();
    }
}
