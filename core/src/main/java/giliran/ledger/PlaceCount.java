package giliran.ledger;

/** How many places a slot has and how many of them are taken. */
public record PlaceCount(int capacity, int allowance, int held, int booked) {
    /** Places that could still be taken; never below 0. */
    public int remaining() {
        return Math.max(0, capacity + allowance - held - booked);
    }
}
