package giliran.ledger;

/** How many places a slot has and how many of them are taken. */
public record PlaceCount(int capacity, int allowance, int held, int booked) {
    /** Of a place that is not known. */
    public static final PlaceCount NONE = new PlaceCount(0, 0, 0, 0);

    /** Places that could still be taken; never below 0. */
    public int remaining() {
        return Math.max(0, capacity + allowance - held - booked);
    }
}
