package giliran.ledger;

/**
 * Why a request was not granted, in order of precedence: of several reasons the first is told. A
 * replay of something granted comes before all of them.
 */
public enum Refusal {
    /** There is no such campaign, slot or appointment. */
    UNKNOWN,
    /** What was typed about the person, or the slot chosen, cannot be right. */
    INVALID_DETAILS,
    /** The pass is not one of ours, or it is for something else. */
    PASS_INVALID,
    /** The key is bound to a request with other content. */
    KEY_REUSED,
    /** The campaign, or the pass, is not open yet. */
    NOT_OPEN,
    /** The campaign has closed. */
    CLOSED,
    /** The campaign asks for a proof of work, or a client's credential, that was not sent. */
    PROOF_NEEDED,
    /** The pass was good and is no more. */
    PASS_ENDED,
    /** The appointment has changed since it was last seen. */
    CHANGED,
    /** The slot has begun, or the appointment is past changing. */
    ENDED,
    /** The person is too young on that day, or lives elsewhere. */
    NOT_ELIGIBLE,
    /** The person has a live appointment for this dose. */
    ALREADY_BOOKED,
    /** All places of the slot are taken. */
    PLACE_GONE,
    /** The ledger did not get to it in time: nothing was done. */
    OVERLOADED,
    /** The ledger does not know yet whether it was done. */
    OUTCOME_UNKNOWN
}
