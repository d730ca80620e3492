/**
 * Policy: may this person do this now? One use case a class; the ledger does the counting.
 *
 * <p>Owns the tables {@code pass_epoch} and {@code revoked_pass}. Never decides whether there is a
 * place, and never refuses a request that the ledger has granted before: a replay comes first.
 */
@NullMarked
package giliran.booking;

import org.jspecify.annotations.NullMarked;
