package giliran.reception;

import giliran.campaigns.Campaign;
import giliran.campaigns.Catalogue;
import giliran.reception.ProblemType.Retry;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.function.Supplier;

/** Finds the campaign that a path names. */
public final class Campaigns {
    private final Supplier<Catalogue> catalogue;

    public Campaigns(Supplier<Catalogue> catalogue) {
        this.catalogue = catalogue;
    }

    /** Compares texts, so that no text in a path can be a wrong id. */
    public Optional<Campaign> find(RoutingContext context) {
        String id = Exchange.pathPart(context, "campaign");
        return catalogue.get().campaigns().stream()
                .filter(campaign -> campaign.id().value().equals(id))
                .findFirst();
    }

    /** The campaign; empty if the answer has been given that there is none. */
    public Optional<Campaign> findOrRefuse(RoutingContext context) {
        Optional<Campaign> campaign = find(context);
        if (campaign.isEmpty()) {
            Problem.of(context, ProblemType.UNKNOWN, "campaign").retry(Retry.NEVER).send(context);
        }
        return campaign;
    }
}
