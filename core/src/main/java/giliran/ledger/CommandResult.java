package giliran.ledger;

import java.util.Optional;

/** What became of a command. */
public sealed interface CommandResult {
    /**
     * It is committed, durably.
     *
     * @param isReplay whether it had been done before, by the same request; the appointment is as
     *     it stands now
     */
    record Done(Appointment appointment, boolean isReplay) implements CommandResult {}

    /**
     * It was not done; or, with {@link Refusal#OUTCOME_UNKNOWN}, nobody knows yet.
     *
     * @param standing the appointment as it stays: the one that was to be changed, or with {@link
     *     Refusal#ALREADY_BOOKED} the one that stands in the way
     */
    record Refused(Refusal refusal, Optional<Appointment> standing) implements CommandResult {
        Refused(Refusal refusal) {
            this(refusal, Optional.empty());
        }
    }
}
