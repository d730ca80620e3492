package giliran.clients;

import java.time.Instant;
import java.util.Optional;

/**
 * A client that was let in, and may have been shut out again.
 *
 * @param revokedAt from when on its token is worth nothing
 */
public record Client(ClientName name, Instant createdAt, Optional<Instant> revokedAt) {}
