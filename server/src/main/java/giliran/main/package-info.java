/**
 * The composition root: the commands, and how the rooms are put together.
 *
 * <p>Imports all rooms and is imported by none. Owns no tables. Never decides anything about
 * appointments.
 */
@NullMarked
package giliran.main;

import org.jspecify.annotations.NullMarked;
