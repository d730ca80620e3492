/**
 * The Giliran that is tried: a process of its own, its folder, and the door at which everybody
 * knocks.
 *
 * <p>Owns no tables. Never looks behind the door: it knows commands and HTTP, as everybody does.
 */
@NullMarked
package giliran.subject;

import org.jspecify.annotations.NullMarked;
