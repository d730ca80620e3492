/**
 * The database: connections, transactions, migrations, and a PostgreSQL of our own where none is
 * given.
 *
 * <p>Owns no tables; each migration belongs to the room that it is named after. Never knows what a
 * row means, and imports no other room.
 */
@NullMarked
package giliran.store;

import org.jspecify.annotations.NullMarked;
