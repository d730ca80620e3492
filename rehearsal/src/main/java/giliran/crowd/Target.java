package giliran.crowd;

import com.fasterxml.jackson.databind.JsonNode;
import giliran.load.Load;
import giliran.load.Tally;
import giliran.subject.Door;
import giliran.subject.RehearsalException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** A running server that is measured, and people for it. */
public final class Target {
    private static final int PASS_CLIENTS = 64;
    private static final Duration AS_LONG_AS_IT_TAKES = Duration.ofHours(2);

    private final URI address;
    private final Door door;
    private final SplittableRandom random;

    /**
     * @param address scheme, host and port
     */
    public Target(URI address, SplittableRandom random) {
        this.address = address;
        this.random = random;
        door = new Door(address.toString());
    }

    /** Clients for it, none yet. */
    public Load load() {
        return new Load(new InetSocketAddress(address.getHost(), address.getPort()));
    }

    /** The ids of all slots of a campaign in a region, by centre, date and time. */
    public List<String> slotsOf(String campaign, String region) {
        List<String> ids = new ArrayList<>();
        offeredIn(campaign, region).forEach(slot -> ids.add(slot.path("id").asText()));
        if (ids.isEmpty()) {
            throw new RehearsalException(
                    "There is no campaign "
                            + campaign
                            + " with slots in the region "
                            + region
                            + " at "
                            + address
                            + ": write one with bench offer, and load it with import.");
        }
        return ids;
    }

    /** Whether there is anything in it by now. */
    public boolean offers(String campaign, String region) {
        return !offeredIn(campaign, region).isEmpty();
    }

    private List<JsonNode> offeredIn(String campaign, String region) {
        List<JsonNode> offered = new ArrayList<>();
        door.get("/api/v1/campaigns/" + campaign + "/availability?region=" + region)
                .body()
                .findValues("slots")
                .forEach(slots -> slots.forEach(offered::add));
        return offered;
    }

    /** New people, who type their details. */
    public Population people(int count) {
        return new Population(random.split(), count);
    }

    /** New people, each of whom has fetched a pass. */
    public Passes peopleWithPasses(String campaign, int count, Consumer<String> progress) {
        Passes passes = new Passes(count);
        try (Load load = load()) {
            Tally tally =
                    load.closed(
                            PASS_CLIENTS,
                            new FetchPasses(campaign, people(count), passes, progress));
            load.run(Duration.ZERO, AS_LONG_AS_IT_TAKES);
            if (passes.count() < count) {
                throw new RehearsalException(
                        "Only %d of %d people got a pass: %s."
                                .formatted(passes.count(), count, tally.others()));
            }
        }
        return passes;
    }

    /** Requests of theirs, each for a slot drawn by lot. */
    public BookPlaces booking(
            String campaign, List<String> slots, Applicants applicants, boolean isRepeated) {
        return new BookPlaces(campaign, slots, applicants, isRepeated, random.split());
    }

    /** Requests of theirs until all is sold. */
    public SellOut sellOut(
            String campaign, List<String> slots, Applicants applicants, Consumer<String> progress) {
        return new SellOut(campaign, slots, applicants, random.split(), progress);
    }
}
