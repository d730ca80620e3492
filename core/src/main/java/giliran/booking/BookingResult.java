package giliran.booking;

import giliran.campaigns.Eligibility.Obstacle;
import giliran.ledger.Refusal;
import java.util.List;
import java.util.Optional;

/** What became of a request to take, move or give back a place. */
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
     * @param standing the appointment as it stays: the one that was to be changed; with {@link
     *     Refusal#ALREADY_BOOKED} the one in the way, if this request's own pass has made it
     * @param language the one that a good pass names; empty without one
     */
    record Refused(
            Refusal refusal,
            List<FieldProblem> problems,
            Optional<Obstacle> obstacle,
            Optional<HeldAppointment> standing,
            Optional<String> language)
            implements BookingResult {
        public Refused {
            problems = List.copyOf(problems);
            obstacle = obstacle.filter(o -> refusal == Refusal.NOT_ELIGIBLE);
        }

        static Refused of(Refusal refusal) {
            return of(refusal, Optional.empty());
        }

        static Refused of(List<FieldProblem> problems) {
            return new Refused(
                    Refusal.INVALID_DETAILS,
                    problems,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());
        }

        static Refused of(Refusal refusal, Optional<Obstacle> obstacle) {
            return new Refused(refusal, List.of(), obstacle, Optional.empty(), Optional.empty());
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
