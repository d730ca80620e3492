/**
 * What people see in a browser: the published pages as finished bytes, the personal ones made for
 * who asks.
 *
 * <p>Owns no tables. Never decides anything about places or people, and never lets a page depend on
 * a script.
 */
@NullMarked
package giliran.pages;

import org.jspecify.annotations.NullMarked;
