/**
 * A simulated population over HTTP: the people of an opening, as many and as impatient as one
 * likes, and the measurements of what they were answered.
 *
 * <p>Owns no tables. Never imports core or server: it knows Giliran as everybody does, by its
 * contract.
 */
@NullMarked
package giliran.rehearsal;

import org.jspecify.annotations.NullMarked;
