package giliran.booking;

import giliran.booking.BookingResult.FieldProblem;
import giliran.booking.BookingResult.Refused;
import giliran.campaigns.Campaign;
import giliran.campaigns.Catalogue;
import giliran.campaigns.Eligibility.Obstacle;
import giliran.campaigns.RegionId;
import giliran.ledger.Refusal;
import giliran.people.CheckDetails;
import giliran.people.Keys;
import giliran.people.PersonDetails;
import giliran.people.RawDetails;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Lets a person in at the open door: checks the details once, also before the opening, and gives a
 * pass that holds them.
 *
 * <p>Never asks who has booked, and never touches the database. Refusals: {@link
 * Refusal#INVALID_DETAILS}, {@link Refusal#CLOSED}, {@link Refusal#PROOF_NEEDED}, {@link
 * Refusal#NOT_ELIGIBLE} (on every day of the campaign).
 */
public final class IssuePass {
    static final Duration GOOD_FOR = Duration.ofHours(24);

    private final Supplier<Catalogue> catalogue;
    private final EndedPasses endedPasses;
    private final PassSeal seal;
    private final InstantSource clock;
    private final CheckDetails checkDetails = new CheckDetails();

    public IssuePass(
            Supplier<Catalogue> catalogue,
            Keys keys,
            EndedPasses endedPasses,
            InstantSource clock) {
        this.catalogue = catalogue;
        this.endedPasses = endedPasses;
        this.clock = clock;
        seal = new PassSeal(keys);
    }

    public sealed interface Result {
        /**
         * Let in.
         *
         * @param id names the pass, so that it can be ended; tells nothing of the person
         * @param pass the secret itself
         */
        record Issued(UUID id, String pass, Instant validFrom, Instant validUntil)
                implements Result {
            /** Shows no secret. */
            @Override
            public String toString() {
                return "Issued[" + id + "]";
            }
        }

        record NotIssued(Refused refused) implements Result {}
    }

    /**
     * Never blocks.
     *
     * @param dose any number
     * @param isAdmitted whether the request has paid what the campaign asks for; asked only when
     *     the details are good, so that a slip of the pen is not paid for twice
     */
    public Result issue(Campaign campaign, int dose, RawDetails typed, BooleanSupplier isAdmitted) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        List<FieldProblem> problems =
                catalogue.get().slotsOf(campaign.id()).stream().anyMatch(s -> s.dose() == dose)
                        ? List.of()
                        : List.of(new FieldProblem("dose", "other-dose"));
        return switch (DetailsOfRequest.check(checkDetails, typed, campaign, now, problems)) {
            case DetailsOfRequest.Bad(List<FieldProblem> all) ->
                    new Result.NotIssued(Refused.of(all));
            case DetailsOfRequest.Good(PersonDetails details) ->
                    issue(campaign, dose, details, isAdmitted, now);
        };
    }

    private Result issue(
            Campaign campaign,
            int dose,
            PersonDetails details,
            BooleanSupplier isAdmitted,
            Instant now) {
        if (campaign.status(now) == Campaign.Status.CLOSED) {
            return new Result.NotIssued(Refused.of(Refusal.CLOSED));
        }
        if (!isAdmitted.getAsBoolean()) {
            return new Result.NotIssued(Refused.of(Refusal.PROOF_NEEDED));
        }
        Optional<Obstacle> obstacle = obstacleOnEveryDay(campaign, details);
        if (obstacle.isPresent()) {
            return new Result.NotIssued(Refused.of(Refusal.NOT_ELIGIBLE, obstacle));
        }
        Instant validFrom = now.isBefore(campaign.opensAt()) ? campaign.opensAt() : now;
        Pass pass =
                new Pass(
                        UUID.randomUUID(),
                        campaign.id(),
                        endedPasses.epochOf(campaign.id()),
                        dose,
                        validFrom,
                        validFrom.plus(GOOD_FOR),
                        details);
        return new Result.Issued(pass.id(), seal.write(pass), pass.validFrom(), pass.validUntil());
    }

    /** Slots may lie after the closing: whoever is old enough on the last day may have a pass. */
    private Optional<Obstacle> obstacleOnEveryDay(Campaign campaign, PersonDetails details) {
        Instant lastStart = catalogue.get().slotsOf(campaign.id()).getLast().start();
        return campaign.eligibility()
                .obstacle(
                        details.dateOfBirth(),
                        new RegionId(details.region()),
                        campaign.dayOf(
                                lastStart.isAfter(campaign.closesAt())
                                        ? lastStart
                                        : campaign.closesAt()));
    }
}
