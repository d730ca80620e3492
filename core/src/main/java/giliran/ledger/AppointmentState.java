package giliran.ledger;

/** Where an appointment stands. The names in lower case are what tables and the API say. */
public enum AppointmentState {
    HELD,
    BOOKED,
    ARRIVED,
    DONE,
    CANCELLED,
    LAPSED,
    MISSED;

    private final String text = name().toLowerCase(java.util.Locale.ROOT);

    /** Whether the appointment keeps its person's claim to the dose, and its place. */
    public boolean isLive() {
        return switch (this) {
            case HELD, BOOKED, ARRIVED, DONE -> true;
            case CANCELLED, LAPSED, MISSED -> false;
        };
    }

    /** Whether its place counts as held, not as booked. */
    boolean isHeld() {
        return this == HELD;
    }

    static AppointmentState of(String text) {
        for (AppointmentState state : values()) {
            if (state.text.equals(text)) {
                return state;
            }
        }
        throw new IllegalArgumentException("not a state: " + text);
    }

    @Override
    public String toString() {
        return text;
    }
}
