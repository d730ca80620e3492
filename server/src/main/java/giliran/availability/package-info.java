/**
 * What is offered and how many places are left, as everyone may read it.
 *
 * <p>Owns no tables. Never decides whether there is a place: it shows what the ledger counted.
 */
@NullMarked
package giliran.availability;

import org.jspecify.annotations.NullMarked;
