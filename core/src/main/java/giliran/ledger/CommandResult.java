package giliran.ledger;

/** What became of a command. */
public sealed interface CommandResult {
    /**
     * It is committed, durably.
     *
     * @param replayed whether it had been done before, by the same request; the appointment is as
     *     it stands now
     */
    record Done(Appointment appointment, boolean replayed) implements CommandResult {}

    /** It was not done; or, with {@link Refusal#OUTCOME_UNKNOWN}, nobody knows yet. */
    record Refused(Refusal refusal) implements CommandResult {}
}
