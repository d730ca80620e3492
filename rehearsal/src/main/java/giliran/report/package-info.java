/**
 * The report that people look at: one HTML page of a rehearsal, its charts drawn in it.
 *
 * <p>Owns no tables. Never measures or judges anything: it shows what an outcome holds, and loads
 * nothing from anywhere.
 */
@NullMarked
package giliran.report;

import org.jspecify.annotations.NullMarked;
