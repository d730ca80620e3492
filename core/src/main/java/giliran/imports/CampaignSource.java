package giliran.imports;

import giliran.campaigns.CampaignPlan.PlannedSlot;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

/** Where a campaign is read from, any number of times. */
@FunctionalInterface
public interface CampaignSource {
    /**
     * Reads all of it; changes nothing.
     *
     * @param now what is ahead and what is not, where that matters
     * @param slots takes each slot that is in order, as soon as it is read; no two of one id
     * @return the rest; or the problems, and then what {@code slots} took is worth nothing
     */
    Result read(Instant now, Consumer<PlannedSlot> slots);

    /** An offer, or why there is none. */
    sealed interface Result {
        /** All is in order. */
        record Read(Offer offer) implements Result {}

        /** What is wrong, in the order of the files. */
        record Faulty(List<FileProblem> problems) implements Result {
            public Faulty {
                problems = List.copyOf(problems);
            }
        }
    }
}
