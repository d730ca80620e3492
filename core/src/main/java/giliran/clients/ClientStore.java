package giliran.clients;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The SQL of clients. */
final class ClientStore {
    private ClientStore() {}

    /** Whether the client was inserted: false if there is or was one of that name. */
    static boolean insert(Handle tx, ClientName name, byte[] tokenHash, Instant now) {
        return tx.createUpdate(
                                """
                                INSERT INTO client (name, token_hash, created_at)
                                VALUES (:name, :tokenHash, :now)
                                ON CONFLICT (name) DO NOTHING
                                """)
                        .bind("name", name.value())
                        .bind("tokenHash", tokenHash)
                        .bind("now", now.atOffset(ZoneOffset.UTC))
                        .execute()
                == 1;
    }

    /** Whether a client was revoked: false if none of that name was live. */
    static boolean revoke(Handle tx, ClientName name, Instant now) {
        return tx.createUpdate(
                                """
                                UPDATE client
                                SET revoked_at = :now
                                WHERE name = :name
                                    AND revoked_at IS NULL
                                """)
                        .bind("name", name.value())
                        .bind("now", now.atOffset(ZoneOffset.UTC))
                        .execute()
                == 1;
    }

    /** The hashes of the tokens that are good, by their clients. */
    static Map<ClientName, byte[]> getTokenHashes(Handle handle) {
        return handle.createQuery(
                        """
                        SELECT name, token_hash
                        FROM client
                        WHERE revoked_at IS NULL
                        """)
                .reduceRows(
                        new HashMap<>(),
                        (hashes, row) -> {
                            hashes.put(
                                    new ClientName(row.getColumn("name", String.class)),
                                    row.getColumn("token_hash", byte[].class));
                            return hashes;
                        });
    }

    static List<Client> getAll(Handle handle) {
        return handle.createQuery(
                        """
                        SELECT name, created_at, revoked_at
                        FROM client
                        ORDER BY name
                        """)
                .map((rs, context) -> client(rs))
                .list();
    }

    private static Client client(ResultSet rs) throws SQLException {
        return new Client(
                new ClientName(rs.getString("name")),
                rs.getObject("created_at", OffsetDateTime.class).toInstant(),
                Optional.ofNullable(rs.getObject("revoked_at", OffsetDateTime.class))
                        .map(OffsetDateTime::toInstant));
    }
}
