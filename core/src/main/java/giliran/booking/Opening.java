package giliran.booking;

import giliran.campaigns.Campaign;
import giliran.campaigns.Slot;
import giliran.ledger.Refusal;
import java.time.Instant;
import java.util.Optional;

/** What time itself forbids. */
final class Opening {
    private Opening() {}

    /** Opening and closing bind whatever takes a place. */
    static Optional<Refusal> refusal(Campaign campaign, Instant now) {
        return switch (campaign.status(now)) {
            case SCHEDULED -> Optional.of(Refusal.NOT_OPEN);
            case CLOSED -> Optional.of(Refusal.CLOSED);
            case OPEN -> Optional.empty();
        };
    }

    /** A slot that has begun is past booking, moving and cancelling. */
    static Optional<Refusal> refusal(Slot slot, Instant now) {
        return slot.start().isAfter(now) ? Optional.empty() : Optional.of(Refusal.ENDED);
    }
}
