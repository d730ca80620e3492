/**
 * Import: campaigns as others write them, read with every problem told at once, compared with what
 * is there, and applied whole or not at all.
 *
 * <p>Owns no tables: the offer is written by {@code campaigns}, the counters by {@code ledger},
 * each with its own SQL. Never decides about a person.
 */
@NullMarked
package giliran.imports;

import org.jspecify.annotations.NullMarked;
