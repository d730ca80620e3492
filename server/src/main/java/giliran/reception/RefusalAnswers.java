package giliran.reception;

import giliran.availability.PublishCampaigns;
import giliran.availability.Times;
import giliran.booking.BookingResult.Refused;
import giliran.campaigns.Campaign;
import giliran.campaigns.Eligibility.Obstacle;
import giliran.campaigns.Slot;
import giliran.reception.Problem.Booked;
import giliran.reception.ProblemType.Retry;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.Optional;

/** The one place where a refusal becomes an answer. */
public final class RefusalAnswers {
    /** How long to wait before repeating what the server had no time for. */
    private static final Duration BUSY_WAIT = Duration.ofSeconds(5);

    /** How long to wait before asking what became of a request in doubt. */
    private static final Duration DOUBT_WAIT = Duration.ofSeconds(2);

    private final PublishCampaigns publishCampaigns;
    private final InstantSource clock;

    public RefusalAnswers(PublishCampaigns publishCampaigns, InstantSource clock) {
        this.publishCampaigns = publishCampaigns;
        this.clock = clock;
    }

    /**
     * Answers with a refusal.
     *
     * @param campaign what the request was about, as far as it is known
     * @param missed the slot that was wanted, if it is one
     */
    void send(
            RoutingContext context,
            Deed deed,
            Refused refused,
            Optional<Campaign> campaign,
            Optional<Slot> missed) {
        Problem problem =
                switch (refused.refusal()) {
                    case UNKNOWN -> unknown(context, deed, missed);
                    case INVALID_DETAILS ->
                            Problem.of(context, ProblemType.INVALID_DETAILS)
                                    .fields(refused.problems());
                    case PASS_INVALID -> Problem.of(context, ProblemType.PASS_INVALID);
                    case KEY_REUSED -> Problem.of(context, ProblemType.KEY_REUSED);
                    case NOT_OPEN ->
                            notOpen(
                                    Problem.of(context, ProblemType.NOT_OPEN),
                                    campaign.orElseThrow());
                    case CLOSED ->
                            closed(Problem.of(context, ProblemType.CLOSED), campaign.orElseThrow());
                    case PROOF_NEEDED -> Problem.of(context, ProblemType.PROOF_NEEDED);
                    case PASS_ENDED -> Problem.of(context, ProblemType.PASS_INVALID, "ended");
                    case CHANGED -> Problem.of(context, ProblemType.CHANGED);
                    case ENDED -> ended(Problem.of(context, ProblemType.ENDED), deed, missed);
                    case NOT_ELIGIBLE -> notEligible(context, refused.obstacle().orElseThrow());
                    // The pass that made the appointment is told which one it is; nobody else is.
                    case ALREADY_BOOKED ->
                            Problem.of(context, ProblemType.ALREADY_BOOKED)
                                    .standing(refused.standing());
                    case PLACE_GONE ->
                            withAlternatives(
                                    Problem.of(context, ProblemType.PLACE_GONE),
                                    missed.orElseThrow());
                    case OVERLOADED -> Problem.of(context, ProblemType.OVERLOADED).after(BUSY_WAIT);
                    case OUTCOME_UNKNOWN ->
                            Problem.of(context, ProblemType.OUTCOME_UNKNOWN).after(DOUBT_WAIT);
                };
        problem.booked(booked(deed, refused)).send(context);
    }

    private static Booked booked(Deed deed, Refused refused) {
        return switch (refused.refusal()) {
            case OUTCOME_UNKNOWN -> Booked.UNKNOWN;
            case UNKNOWN ->
                    deed == Deed.BOOKING
                            ? Booked.NO
                            : deed == Deed.CANCELLING ? Booked.NO : Booked.UNKNOWN;
            case INVALID_DETAILS,
                    PASS_INVALID,
                    KEY_REUSED,
                    NOT_OPEN,
                    CLOSED,
                    PROOF_NEEDED,
                    PASS_ENDED,
                    CHANGED,
                    ENDED,
                    NOT_ELIGIBLE,
                    ALREADY_BOOKED,
                    PLACE_GONE,
                    OVERLOADED ->
                    deed == Deed.BOOKING
                            ? Booked.NO
                            : refused.standing()
                                    .map(
                                            held ->
                                                    held.appointment().state().isLive()
                                                            ? Booked.YES
                                                            : Booked.NO)
                                    .orElse(deed.bookedIfRefused);
        };
    }

    private static Problem unknown(RoutingContext context, Deed deed, Optional<Slot> missed) {
        boolean isSlot =
                switch (deed) {
                    case BOOKING -> true;
                    case MOVING -> missed.isEmpty();
                    case CANCELLING -> false;
                };
        return isSlot
                ? Problem.of(context, ProblemType.UNKNOWN, "slot")
                : Problem.of(context, ProblemType.UNKNOWN, "appointment").retry(Retry.NEVER);
    }

    private Problem notOpen(Problem problem, Campaign campaign) {
        return problem.after(Duration.between(clock.instant(), campaign.opensAt()))
                .say("opensAt", said -> said.moment(Times.there(campaign.opensAt(), campaign)))
                .with("opensAt", Times.text(campaign.opensAt(), campaign));
    }

    private static Problem closed(Problem problem, Campaign campaign) {
        return problem.say(
                        "closesAt", said -> said.moment(Times.there(campaign.closesAt(), campaign)))
                .with("closesAt", Times.text(campaign.closesAt(), campaign));
    }

    private Problem ended(Problem problem, Deed deed, Optional<Slot> missed) {
        return switch (deed) {
            case BOOKING, MOVING -> withAlternatives(problem, missed.orElseThrow());
            case CANCELLING -> problem.retry(Retry.NEVER);
        };
    }

    private static Problem notEligible(RoutingContext context, Obstacle obstacle) {
        return switch (obstacle) {
            case Obstacle.TooYoung(int minimumAge, LocalDate eligibleFrom) ->
                    Problem.of(context, ProblemType.NOT_ELIGIBLE, "age")
                            .say("minimumAge", said -> String.valueOf(minimumAge))
                            .say("eligibleFrom", said -> said.day(eligibleFrom))
                            .with("reason", "age")
                            .with("minimumAge", minimumAge)
                            .with("eligibleFrom", eligibleFrom.toString());
            case Obstacle.OtherRegion other ->
                    Problem.of(context, ProblemType.NOT_ELIGIBLE, "region")
                            .retry(Retry.NEVER)
                            .with("reason", "region");
        };
    }

    private Problem withAlternatives(Problem problem, Slot missed) {
        return problem.missed(
                missed, () -> publishCampaigns.free().nearest(missed, clock.instant()));
    }

    static void overloaded(RoutingContext context) {
        Problem.of(context, ProblemType.OVERLOADED).after(BUSY_WAIT).send(context);
    }
}
