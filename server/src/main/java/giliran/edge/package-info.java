/**
 * What everyone may read, as finished bytes, and the door it is served at.
 *
 * <p>Owns no tables. Never knows what an answer means: others render it and publish it here.
 */
@NullMarked
package giliran.edge;

import org.jspecify.annotations.NullMarked;
