package giliran.booking;

import giliran.campaigns.Campaign;
import giliran.people.Keys;
import giliran.people.MaskedDetails;
import java.time.InstantSource;
import java.util.Optional;

/** Shows whoever carries a pass whom it is for. Never touches the database. */
public final class ReadPass {
    private final EndedPasses endedPasses;
    private final InstantSource clock;
    private final PassSeal seal;

    public ReadPass(Keys keys, EndedPasses endedPasses, InstantSource clock) {
        this.endedPasses = endedPasses;
        this.clock = clock;
        seal = new PassSeal(keys);
    }

    /** What a pass that is good says of its person. */
    public record Shown(MaskedDetails person, int dose) {}

    /**
     * Reads a pass for a campaign; empty if it is none, is another campaign's, or is good no more.
     *
     * @param text as it was sent, any text
     */
    public Optional<Shown> read(Campaign campaign, String text) {
        return seal.open(text)
                .filter(pass -> pass.campaign().equals(campaign.id()))
                .filter(pass -> !endedPasses.isEnded(pass, campaign, clock.instant()))
                .map(pass -> new Shown(MaskedDetails.of(pass.person()), pass.dose()));
    }
}
