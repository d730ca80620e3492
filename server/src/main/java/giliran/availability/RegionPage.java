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
import java.util.Arrays;
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

    /** As they were last shown, by slot. */
    private final PlaceCount[] counts;

    private long remainingInAll;

    /** Null until it is cut, and again when a number no longer fits. */
    private @Nullable Stencil stencil;

    /** Null until it is rendered, and again when a counter has changed. */
    private @Nullable Answer answer;

    RegionPage(Content content) {
        this.content = content;
        counts = new PlaceCount[content.slots().size()];
        Arrays.fill(counts, PlaceCount.NONE);
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
        return counts[index].remaining();
    }

    /**
     * Takes a counter over.
     *
     * @param index of the slot in the content's list
     */
    void show(int index, PlaceCount count) {
        PlaceCount before = counts[index];
        counts[index] = count;
        if (before.remaining() != count.remaining() || before.held() != count.held()) {
            remainingInAll += count.remaining() - before.remaining();
            answer = null;
            if (stencil != null) {
                fill(stencil, index);
            }
        }
    }

    private void fill(Stencil its, int index) {
        int number = index * SlotTexts.NUMBERS_PER_SLOT;
        PlaceCount count = counts[index];
        if (!its.fill(number, count.remaining()) || !its.fill(number + 1, count.held())) {
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
            Stencil cut = new Stencil(new SlotTexts(content).text(counts));
            stencil = cut;
            for (int i = 0; i < counts.length; i++) {
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
