/**
 * The people who come all at once: who they are, and what each of them asks for.
 *
 * <p>Owns no tables. Never waits for one of them before it asks for another: how many ask at once,
 * and how fast, is said elsewhere.
 */
@NullMarked
package giliran.crowd;

import org.jspecify.annotations.NullMarked;
