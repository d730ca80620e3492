/**
 * What is offered: campaigns, centres and slots, who is eligible, and the files they come from.
 *
 * <p>Owns the tables {@code campaign}, {@code region}, {@code centre}, {@code slot}, {@code
 * schedule} and {@code catalogue_revision}. Never counts places: capacity belongs to the ledger.
 */
@NullMarked
package giliran.campaigns;

import org.jspecify.annotations.NullMarked;
