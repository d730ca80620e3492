package giliran.rehearsal;

import giliran.subject.Door;

/** A place that a person was told to have, as the person knows it now. */
final class Commitment {
    private final String person;
    private final Door.Request booking;
    private final String reference;
    private final String token;
    private volatile String slot;
    private volatile boolean isLive = true;
    private volatile Door.Request lastMove;

    /**
     * @param person who was told, for a report
     * @param booking the request that was granted, with its key
     */
    Commitment(String person, Door.Request booking, String reference, String token, String slot) {
        this.person = person;
        this.booking = booking;
        this.reference = reference;
        this.token = token;
        this.slot = slot;
        lastMove = booking;
    }

    String person() {
        return person;
    }

    Door.Request booking() {
        return booking;
    }

    /** The sixteen digits alone. */
    String digits() {
        return reference.replace(" ", "");
    }

    String reference() {
        return reference;
    }

    String path() {
        return "/api/v1/appointments/" + token;
    }

    String token() {
        return token;
    }

    String slot() {
        return slot;
    }

    boolean isLive() {
        return isLive;
    }

    String state() {
        return isLive ? "booked" : "cancelled";
    }

    /** The last request that changed its place; the booking if none did. */
    Door.Request lastMove() {
        return lastMove;
    }

    void moved(String to, Door.Request by) {
        slot = to;
        lastMove = by;
    }

    void cancelled() {
        isLive = false;
    }

    /** Whether an answer tells of this appointment as it should be now. */
    boolean isToldBy(Door.Answer answer) {
        return answer.isDone()
                && answer.text("reference").equals(reference)
                && answer.text("token").equals(token)
                && answer.text("slot").equals(slot)
                && answer.text("status").equals(state());
    }

    @Override
    public String toString() {
        return person
                + ", key "
                + booking.key()
                + ": "
                + state()
                + ", reference "
                + reference
                + ", slot "
                + slot;
    }
}
