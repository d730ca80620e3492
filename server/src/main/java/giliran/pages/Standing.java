package giliran.pages;

import giliran.campaigns.Campaign;
import java.time.Instant;

/** Where a campaign stands for somebody who wants a place now. */
public enum Standing {
    SCHEDULED("scheduled"),
    OPEN("open"),
    SOLD_OUT("soldOut"),
    PAUSED("paused"),
    CLOSED("closed");

    private final String text;

    Standing(String text) {
        this.text = text;
    }

    /**
     * Judges by time first.
     *
     * @param isPaused whether no place can be taken just now, though it is time
     */
    static Standing of(Campaign campaign, Instant now, boolean isPaused, boolean isSoldOut) {
        return switch (campaign.status(now)) {
            case SCHEDULED -> SCHEDULED;
            case CLOSED -> CLOSED;
            case OPEN -> isPaused ? PAUSED : isSoldOut ? SOLD_OUT : OPEN;
        };
    }

    /** How the keys of its texts begin. */
    public String text() {
        return text;
    }

    public boolean isOpen() {
        return this == OPEN;
    }
}
