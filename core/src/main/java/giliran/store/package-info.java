/** The database: connections, transactions, migrations. */
@NullMarked
package giliran.store;

import org.jspecify.annotations.NullMarked;
