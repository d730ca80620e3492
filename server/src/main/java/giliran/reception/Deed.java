package giliran.reception;

import giliran.reception.Problem.Booked;
import java.util.Locale;

/** What a request wanted to do, where refusals of it are said differently. */
public enum Deed {
    BOOKING(Booked.NO),
    MOVING(Booked.UNKNOWN),
    CANCELLING(Booked.UNKNOWN);

    public final String text = name().toLowerCase(Locale.ROOT);

    /** What a refusal says of the place where nothing is known of the appointment. */
    final Booked bookedIfRefused;

    Deed(Booked bookedIfRefused) {
        this.bookedIfRefused = bookedIfRefused;
    }
}
