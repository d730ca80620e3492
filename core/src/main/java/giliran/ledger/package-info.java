/**
 * The arithmetic of places: who holds which, never above capacity, never one person twice.
 *
 * <p>Owns the tables {@code place}, {@code appointment}, {@code ended_appointment}, {@code
 * bound_key}, {@code outbox}, {@code ledger_node} and {@code key_check}. Every change of places has
 * one shape (see {@link giliran.ledger.LedgerBatch}). Never asks whether a person may book: policy
 * decides that before, and hands over its refusal for the case that the request is not a replay.
 */
@NullMarked
package giliran.ledger;

import org.jspecify.annotations.NullMarked;
