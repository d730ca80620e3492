/**
 * How every request is received, from a person's browser or from other software: named, counted and
 * logged, told when it comes too often, passed on to the house, and given its "no" in plain words
 * of the person's language.
 *
 * <p>Owns no tables. Never decides anything about places or people, and never knows the form in
 * which an answer is written.
 */
@NullMarked
package giliran.reception;

import org.jspecify.annotations.NullMarked;
