/**
 * What a rehearsal came to: everything that its report draws and its JSON file holds.
 *
 * <p>Owns no tables. Never measures, judges or draws: it is written above and read above.
 */
@NullMarked
package giliran.outcome;

import org.jspecify.annotations.NullMarked;
