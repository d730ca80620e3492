package giliran.ledger;

import giliran.campaigns.CentreId;
import giliran.campaigns.SlotId;

/** A slot at its centre: what a counter counts. Counters are kept, and locked, by centre. */
public record PlaceId(CentreId centre, SlotId slot) {}
