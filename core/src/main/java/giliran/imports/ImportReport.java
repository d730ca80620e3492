package giliran.imports;

import giliran.campaigns.Campaign;
import giliran.campaigns.StagedOfferStore.ChangedSlot;
import giliran.campaigns.StagedOfferStore.Tally;
import giliran.ledger.WantedPlacesStore.Shift;
import java.util.List;

/**
 * How an offer differs from what was there: what an import did, or would do.
 *
 * @param campaignChanges each setting that differs, in words; empty for a new campaign
 * @param places the capacities of the slots that were read, in all
 * @param touched live appointments in slots whose time, product or centre's description changes
 * @param newSlots the first new slots by name
 * @param changedSlots the first changed slots
 * @param notices what was left out and why
 */
public record ImportReport(
        Campaign campaign,
        boolean isNew,
        List<String> campaignChanges,
        Tally regions,
        Tally centres,
        Tally slots,
        long places,
        Shift capacity,
        int counters,
        long touched,
        List<String> newSlots,
        List<ChangedSlot> changedSlots,
        List<String> notices) {
    public ImportReport {
        campaignChanges = List.copyOf(campaignChanges);
        newSlots = List.copyOf(newSlots);
        changedSlots = List.copyOf(changedSlots);
        notices = List.copyOf(notices);
    }
}
