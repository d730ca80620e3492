package giliran.availability;

import static java.nio.charset.StandardCharsets.UTF_8;

import giliran.campaigns.Campaign;
import giliran.campaigns.Centre;
import giliran.campaigns.Region;
import giliran.campaigns.Slot;
import giliran.edge.Answer;
import giliran.edge.Json;
import giliran.edge.Piece;
import giliran.ledger.PlaceCount;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a campaign offers in one region, in pieces of some slots each: when a counter changes, its
 * piece alone is rendered and compressed again.
 */
final class RegionPage {
    /**
     * All that is shown but the counters.
     *
     * @param slots by centre, in the order of the centres, and there in order of time
     */
    record Content(Campaign campaign, Region region, List<Centre> centres, List<Slot> slots) {}

    private final Content content;
    private final int slotsPerPiece;
    private final List<SlotPiece> pieces;
    private long remaining;

    /** Null until it is rendered, and again when a counter has changed. */
    private @Nullable Answer answer;

    /**
     * @param slotsPerPiece few make a change cheap, many make the answer small
     */
    RegionPage(Content content, int slotsPerPiece) {
        this.content = content;
        this.slotsPerPiece = slotsPerPiece;
        pieces = new SlotTexts(content).pieces(slotsPerPiece);
    }

    Content content() {
        return content;
    }

    /** Places that are left in the whole region. */
    long remaining() {
        return remaining;
    }

    /** Places that are left in one slot, as they are shown. */
    int remaining(int index) {
        return pieces.get(index / slotsPerPiece).remaining(index % slotsPerPiece);
    }

    /**
     * Takes a counter over.
     *
     * @param index of the slot in the content's list
     */
    void show(int index, PlaceCount count) {
        int before = remaining(index);
        if (pieces.get(index / slotsPerPiece)
                .show(index % slotsPerPiece, count.remaining(), count.held())) {
            remaining += count.remaining() - before;
            answer = null;
        }
    }

    /**
     * What is shown now; rendered only if a counter has changed.
     *
     * @param now when the counters were read
     */
    Answer answer(Instant now) {
        if (answer == null) {
            answer = render(now);
        }
        return Objects.requireNonNull(answer);
    }

    private Answer render(Instant changedAt) {
        List<Piece> all = new ArrayList<>(pieces.size() + 1);
        all.add(head(changedAt));
        pieces.forEach(piece -> all.add(piece.render()));
        return Answer.json(all);
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
