package giliran.booking;

import giliran.campaigns.Eligibility.Obstacle;
import giliran.ledger.Refusal;
import java.util.List;
import java.util.Optional;

/** What became of a request to take, or give back, a place. */
public sealed interface BookingResult {
    /**
     * It is done, durably.
     *
     * @param isReplay whether it had been done before, by the same request
     */
    record Granted(HeldAppointment appointment, boolean isReplay) implements BookingResult {}

    /**
     * It was not done; or, with {@link Refusal#OUTCOME_UNKNOWN}, nobody knows yet.
     *
     * @param problems with {@link Refusal#INVALID_DETAILS}: all that is wrong; otherwise empty
     * @param obstacle with {@link Refusal#NOT_ELIGIBLE}: why; otherwise empty
     */
    record Refused(Refusal refusal, List<FieldProblem> problems, Optional<Obstacle> obstacle)
            implements BookingResult {
        public Refused {
            problems = List.copyOf(problems);
        }

        static Refused of(Refusal refusal) {
            return new Refused(refusal, List.of(), Optional.empty());
        }

        static Refused of(List<FieldProblem> problems) {
            return new Refused(Refusal.INVALID_DETAILS, problems, Optional.empty());
        }
    }

    /**
     * What is wrong with one field of a request.
     *
     * @param field where it stands in the request, such as {@code person.phone}
     * @param reason a stable name in lower case with hyphens, such as {@code not-a-phone}
     */
    record FieldProblem(String field, String reason) {}
}
