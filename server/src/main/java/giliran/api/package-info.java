/**
 * The booking API over HTTP: the contract {@code openapi.yaml} made true, and what it says to
 * people in their own languages. Owns no tables; decides nothing about places.
 */
@NullMarked
package giliran.api;

import org.jspecify.annotations.NullMarked;
