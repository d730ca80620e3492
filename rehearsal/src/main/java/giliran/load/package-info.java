/**
 * Thousands of HTTP clients on one thread, who wait for their answers or come at a fixed rate, and
 * the measurements of what they were answered.
 *
 * <p>Owns no tables. Never knows what it is that is asked for: requests are bytes, answers a status
 * and bytes.
 */
@NullMarked
package giliran.load;

import org.jspecify.annotations.NullMarked;
