/**
 * What others do with the same rows, for the benchmarks only: what the ledger is measured against.
 *
 * <p>Owns no tables: it writes the ledger's. Never used by {@code run}.
 */
@NullMarked
package giliran.peers;

import org.jspecify.annotations.NullMarked;
