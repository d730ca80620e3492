package giliran.ledger;

import java.util.UUID;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;

/** The SQL of those who write the ledger. Each statement is a transaction of its own. */
final class NodeStore {
    private static final int ROWS_AT_ONCE = 10_000;

    private NodeStore() {}

    /** Enters a node. */
    static void enter(Handle handle, UUID node) {
        handle.createUpdate(
                        """
                        INSERT INTO ledger_node (id, seen_at)
                        VALUES (:node, now())
                        ON CONFLICT (id) DO UPDATE SET seen_at = now()
                        """)
                .bind("node", node)
                .execute();
    }

    /**
     * Says that a node is still there.
     *
     * @return whether it has not been struck out
     */
    static boolean renew(Handle handle, UUID node) {
        return handle.createUpdate("UPDATE ledger_node SET seen_at = now() WHERE id = :node")
                        .bind("node", node)
                        .execute()
                > 0;
    }

    /** Strikes out who has been silent for so many seconds. */
    static void strikeOutSilent(Handle handle, long seconds) {
        handle.createUpdate(
                        """
                        DELETE FROM ledger_node
                        WHERE seen_at < now() - make_interval(secs => :seconds)
                        """)
                .bind("seconds", seconds)
                .execute();
    }

    /** Whether there are others than this node. */
    static boolean hasOthers(Handle handle, UUID node) {
        return handle.createQuery("SELECT EXISTS (SELECT FROM ledger_node WHERE id <> :node)")
                .bind("node", node)
                .mapTo(Boolean.class)
                .one();
    }

    static void leave(Handle handle, UUID node) {
        handle.createUpdate("DELETE FROM ledger_node WHERE id = :node")
                .bind("node", node)
                .execute();
    }

    /** A moment in the order of transactions: each that began to write earlier is below it. */
    static long getMoment(Handle handle) {
        return handle.createQuery("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
                .mapTo(Long.class)
                .one();
    }

    /** Whether every transaction that began to write before a moment has ended. */
    static boolean haveAllEnded(Handle handle, long moment) {
        return handle.createQuery(
                        "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint >= :moment")
                .bind("moment", moment)
                .mapTo(Boolean.class)
                .one();
    }

    /** Gives everyone of whom anything is in the ledger, some more than once. */
    static void forEachPerson(Handle tx, Consumer<UUID> each) {
        tx.createQuery(
                        """
                        SELECT person FROM appointment
                        UNION ALL
                        SELECT person FROM ended_appointment
                        """)
                .setFetchSize(ROWS_AT_ONCE)
                .mapTo(UUID.class)
                .forEach(each);
    }
}
