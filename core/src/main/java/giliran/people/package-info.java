/**
 * Who a person is: what they typed, checked and normalised; the keyed hash by which they are known;
 * and the keys that seal their details.
 *
 * <p>This room owns no tables: others store the handles and sealed bodies that it makes. It never
 * keeps anything about a person in memory, never writes a person's details to a log, a {@code
 * toString} or an exception, and never decides whether a person may book.
 */
@NullMarked
package giliran.people;

import org.jspecify.annotations.NullMarked;
