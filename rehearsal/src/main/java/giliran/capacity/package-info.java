/**
 * The capacity planner: from people, places and the way in which they come to machines, traffic and
 * money.
 *
 * <p>Owns no tables. Never measures anything: it reckons with what was measured elsewhere, and says
 * which of its figures are guesses.
 */
@NullMarked
package giliran.capacity;

import org.jspecify.annotations.NullMarked;
