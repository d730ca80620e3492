/**
 * Other software that asks on behalf of people, such as a call centre's or a partner site's, and
 * the tokens by which it is known.
 *
 * <p>Owns the table {@code client}. Never decides what a client may do, and never keeps a token or
 * shows one twice.
 */
@NullMarked
package giliran.clients;

import org.jspecify.annotations.NullMarked;
