package giliran.availability;

import static java.nio.charset.StandardCharsets.UTF_8;

import giliran.campaigns.Campaign;
import giliran.campaigns.Centre;
import giliran.campaigns.Region;
import giliran.campaigns.Slot;
import giliran.edge.Answer;
import giliran.edge.Json;
import giliran.edge.Piece;
import giliran.edge.Stencil;
import giliran.ledger.PlaceCount;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a campaign offers in one region, written once: when a counter changes, its numbers alone are
 * written again.
 */
final class RegionPage {
    /**
     * All that is shown but the counters.
     *
     * @param slots by centre, in the order of the centres, and there in order of time
     */
    record Content(Campaign campaign, Region region, List<Centre> centres, List<Slot> slots) {}

    private final Content content;
    private final int[] remaining;
    private final int[] held;

    /** The most that either number of a slot can be, as was known when it was last shown. */
    private final int[] most;

    private long remainingInAll;

    /** Null until it is cut, and again when a number no longer fits. */
    private @Nullable Stencil stencil;

    /** Null until it is rendered, and again when a counter has changed. */
    private @Nullable Answer answer;

    RegionPage(Content content) {
        this.content = content;
        int slots = content.slots().size();
        remaining = new int[slots];
        held = new int[slots];
        most = new int[slots];
    }

    Content content() {
        return content;
    }

    /** Places that are left in the whole region. */
    long remaining() {
        return remainingInAll;
    }

    /** Places that are left in one slot, as they are shown. */
    int remaining(int index) {
        return remaining[index];
    }

    /**
     * Takes a counter over.
     *
     * @param index of the slot in the content's list
     */
    void show(int index, PlaceCount count) {
        most[index] = Math.max(count.capacity() + count.allowance(), count.held());
        if (remaining[index] != count.remaining() || held[index] != count.held()) {
            remainingInAll += count.remaining() - remaining[index];
            remaining[index] = count.remaining();
            held[index] = count.held();
            answer = null;
            if (stencil != null) {
                fill(stencil, index);
            }
        }
    }

    private void fill(Stencil its, int index) {
        int number = index * SlotTexts.NUMBERS_PER_SLOT;
        if (its.fits(number, remaining[index]) && its.fits(number + 1, held[index])) {
            its.fill(number, remaining[index]);
            its.fill(number + 1, held[index]);
        } else {
            stencil = null;
        }
    }

    /**
     * What is shown now; rendered only if a counter has changed.
     *
     * @param now when the counters were read
     */
    Answer answer(Instant now) {
        if (answer == null) {
            answer = Answer.json(List.of(head(now), stencil().piece()));
        }
        return Objects.requireNonNull(answer);
    }

    private Stencil stencil() {
        if (stencil == null) {
            Stencil cut = new Stencil(new SlotTexts(content).text(most));
            stencil = cut;
            for (int i = 0; i < most.length; i++) {
                fill(cut, i);
            }
        }
        return Objects.requireNonNull(stencil);
    }

    private Piece head(Instant changedAt) {
        String object =
                Json.object()
                        .put("campaign", content.campaign().id().value())
                        .put("region", content.region().id().value())
                        .put("changedAt", changedAt.toString())
                        .toString();
        return Piece.of((SlotTexts.opened(object) + "\"centres\":[").getBytes(UTF_8));
    }
}
