package giliran.api;

import giliran.admission.Admission;
import giliran.availability.Times;
import giliran.booking.BookAppointment.Applicant;
import giliran.booking.IssuePass;
import giliran.campaigns.Campaign;
import giliran.edge.Json;
import giliran.reception.Campaigns;
import giliran.reception.Passes;
import io.vertx.ext.web.RoutingContext;
import java.time.temporal.ChronoUnit;

/** Passes at the open door. */
final class PassResource {
    private final Campaigns campaigns;
    private final Admission admission;
    private final Passes passes;

    PassResource(Campaigns campaigns, Admission admission, Passes passes) {
        this.campaigns = campaigns;
        this.admission = admission;
        this.passes = passes;
    }

    void issue(RoutingContext context) {
        campaigns.findOrRefuse(context).ifPresent(campaign -> issue(context, campaign));
    }

    private void issue(RoutingContext context, Campaign campaign) {
        BookingBody body = BookingBody.readPass(context);
        passes.issue(
                context,
                campaign,
                (Applicant.Typed) body.applicant(),
                () -> admission.isAdmitted(context, body.proof(), campaign.proofOfWork()),
                issued -> send(context, campaign, issued));
    }

    private static void send(
            RoutingContext context, Campaign campaign, IssuePass.Result.Issued issued) {
        Api.send(
                context,
                201,
                Json.object()
                        .put("id", issued.id().toString())
                        .put("pass", issued.pass())
                        .put(
                                "validFrom",
                                Times.text(
                                        issued.validFrom().truncatedTo(ChronoUnit.MILLIS),
                                        campaign))
                        .put("validUntil", Times.text(issued.validUntil(), campaign)));
    }
}
