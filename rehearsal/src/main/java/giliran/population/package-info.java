/**
 * The people of a morning, each with a taste, a line and patience, and what became of them.
 *
 * <p>Owns no tables. Never keeps an object for a person who does nothing: three million of them fit
 * into a small process. Never believes the server: what people were told is kept here, and compared
 * with the ledger's audit afterwards.
 */
@NullMarked
package giliran.population;

import org.jspecify.annotations.NullMarked;
