package giliran.availability;

import giliran.campaigns.Catalogue;
import giliran.campaigns.Slot;
import giliran.edge.Answer;
import giliran.ledger.PlaceCount;
import java.time.Instant;
import java.util.Map;
import java.util.function.Function;

/** Another form of what is published, kept in step with it; for one thread at a time. */
public interface Display {
    /** Takes over what is offered from now on, and the counters of all its slots. */
    void arrange(Catalogue offered, Function<Slot, PlaceCount> counts);

    /** Takes over the changed counter of a slot that is offered. */
    void show(Slot slot, PlaceCount count);

    /**
     * What is to be published, by path.
     *
     * @param asOf when the counters were last read; long before {@code now} while they cannot be
     */
    Map<String, Answer> answers(Instant now, Instant asOf);
}
