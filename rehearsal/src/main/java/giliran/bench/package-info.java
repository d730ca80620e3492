/**
 * The benchmarks: how many a second, after how long, and against what else.
 *
 * <p>Owns no tables. Never runs a server of another kind than {@code run} does, and never counts
 * what was not confirmed.
 */
@NullMarked
package giliran.bench;

import org.jspecify.annotations.NullMarked;
