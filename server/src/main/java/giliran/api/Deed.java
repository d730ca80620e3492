package giliran.api;

/** What a request would do with a place: its refusals are worded by it and say what is booked. */
enum Deed {
    BOOKING("booking", Problem.Booked.NO),
    CANCELLING("cancelling", Problem.Booked.UNKNOWN);

    final String text;

    /** What is known of the place when the request was refused, unless the refusal knows better. */
    final Problem.Booked bookedIfRefused;

    Deed(String text, Problem.Booked bookedIfRefused) {
        this.text = text;
        this.bookedIfRefused = bookedIfRefused;
    }
}
