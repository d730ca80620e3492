/**
 * Other systems: what they publish is read here.
 *
 * <p>SMART Scheduling Links are read as a {@link giliran.imports.CampaignSource}. Owns no tables;
 * never writes to the database, and fetches from this machine only.
 */
@NullMarked
package giliran.channels;

import org.jspecify.annotations.NullMarked;
