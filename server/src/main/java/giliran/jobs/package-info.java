/**
 * What is done again and again, beside all requests.
 *
 * <p>Owns no tables. Never answers a request.
 */
@NullMarked
package giliran.jobs;

import org.jspecify.annotations.NullMarked;
