package giliran.availability;

import giliran.campaigns.Catalogue;
import giliran.campaigns.Slot;
import giliran.edge.Answer;
import giliran.ledger.PlaceCount;
import java.time.Instant;
import java.util.Map;
import java.util.function.Function;

/** Shows nothing besides. */
final class NoDisplay implements Display {
    @Override
    public void arrange(Catalogue offered, Function<Slot, PlaceCount> counts) {}

    @Override
    public void show(Slot slot, PlaceCount count) {}

    @Override
    public Map<String, Answer> answers(Instant now, Instant asOf) {
        return Map.of();
    }
}
