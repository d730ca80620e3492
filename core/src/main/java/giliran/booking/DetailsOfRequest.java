package giliran.booking;

import giliran.booking.BookingResult.FieldProblem;
import giliran.campaigns.Campaign;
import giliran.people.CheckDetails;
import giliran.people.DetailsProblem;
import giliran.people.PersonDetails;
import giliran.people.RawDetails;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The person of a request, checked together with what else is wrong with it. */
sealed interface DetailsOfRequest {
    record Good(PersonDetails details) implements DetailsOfRequest {}

    record Bad(List<FieldProblem> problems) implements DetailsOfRequest {}

    /**
     * Checks what was typed.
     *
     * @param others what is wrong besides; told together with the rest
     */
    static DetailsOfRequest check(
            CheckDetails checkDetails,
            RawDetails typed,
            Campaign campaign,
            Instant now,
            List<FieldProblem> others) {
        return switch (checkDetails.check(typed, campaign.dayOf(now))) {
            case CheckDetails.Result.Valid valid ->
                    others.isEmpty() ? new Good(valid.details()) : new Bad(others);
            case CheckDetails.Result.Invalid invalid ->
                    new Bad(
                            Stream.concat(
                                            others.stream(),
                                            invalid.problems().stream()
                                                    .map(DetailsOfRequest::fieldProblem))
                                    .toList());
        };
    }

    private static FieldProblem fieldProblem(DetailsProblem problem) {
        return new FieldProblem(
                "person." + problem.field(),
                problem.reason().name().toLowerCase(Locale.ROOT).replace('_', '-'));
    }
}
