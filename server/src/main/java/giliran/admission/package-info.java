/**
 * Who may go on: proofs of work, the credentials of other software, and how often one may guess.
 *
 * <p>Owns no tables. Never decides whether someone may book; it makes machines pay and guessing
 * slow, without locking people out.
 */
@NullMarked
package giliran.admission;

import org.jspecify.annotations.NullMarked;
