package giliran.reception;

import java.util.Locale;
import java.util.Optional;

/** The stable types of problem documents, as in {@code openapi.yaml}, with their usual status. */
public enum ProblemType {
    MALFORMED(400, Retry.OTHER),
    KEY_MISSING(400, Retry.OTHER),
    NOT_OPEN(403, Retry.AFTER),
    CLOSED(403, Retry.NEVER),
    NOT_ELIGIBLE(403, Retry.OTHER),
    PROOF_NEEDED(403, Retry.OTHER),
    PASS_INVALID(403, Retry.OTHER),
    UNKNOWN(404, Retry.OTHER),
    PLACE_GONE(409, Retry.OTHER),
    ALREADY_BOOKED(409, Retry.NEVER),
    ENDED(410, Retry.OTHER),
    CHANGED(412, Retry.OTHER),
    INVALID_DETAILS(422, Retry.OTHER),
    KEY_REUSED(422, Retry.OTHER),
    TOO_MANY(429, Retry.AFTER),
    BROKEN(500, Retry.SAME),
    OVERLOADED(503, Retry.AFTER),
    OUTCOME_UNKNOWN(503, Retry.SAME);

    /** Whether trying again can help. */
    public enum Retry {
        NEVER,
        SAME,
        AFTER,
        OTHER;

        public final String text = name().toLowerCase(Locale.ROOT);
    }

    public final int status;
    public final Retry retry;
    public final String text = name().toLowerCase(Locale.ROOT).replace('_', '-');

    ProblemType(int status, Retry retry) {
        this.status = status;
        this.retry = retry;
    }

    /** The type of exactly this text. */
    public static Optional<ProblemType> find(String text) {
        for (ProblemType type : values()) {
            if (type.text.equals(text)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }
}
