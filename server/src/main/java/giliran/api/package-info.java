/**
 * The booking API over HTTP: the contract {@code openapi.yaml} made true, and what it says to
 * people in their own languages.
 *
 * <p>Owns no tables. Never decides anything about places or people.
 */
@NullMarked
package giliran.api;

import org.jspecify.annotations.NullMarked;
