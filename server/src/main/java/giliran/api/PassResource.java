package giliran.api;

import giliran.admission.Admission;
import giliran.availability.Times;
import giliran.booking.BookAppointment.Applicant;
import giliran.booking.IssuePass;
import giliran.campaigns.Campaign;
import giliran.edge.Json;
import io.vertx.ext.web.RoutingContext;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** The open door: details in, a pass out. */
final class PassResource {
    private final Campaigns campaigns;
    private final IssuePass issuePass;
    private final Admission admission;
    private final Throttle throttle;
    private final RefusalAnswers refusals;

    PassResource(
            Campaigns campaigns,
            IssuePass issuePass,
            Admission admission,
            Throttle throttle,
            RefusalAnswers refusals) {
        this.campaigns = campaigns;
        this.issuePass = issuePass;
        this.admission = admission;
        this.throttle = throttle;
        this.refusals = refusals;
    }

    void issue(RoutingContext context) {
        Optional<Campaign> found = campaigns.findOrRefuse(context);
        if (found.isEmpty()) {
            return;
        }
        Campaign campaign = found.get();
        BookingBody body = BookingBody.readPass(context);
        if (throttle.refuses(context, body.applicant())) {
            return;
        }
        if (!admission.isAdmitted(context, body.proof(), campaign.proofOfWork())) {
            Problem.of(context, ProblemType.PROOF_NEEDED).send();
            return;
        }
        Applicant.Typed typed = (Applicant.Typed) body.applicant();
        switch (issuePass.issue(campaign, typed.dose(), typed.person())) {
            case IssuePass.Result.Issued issued ->
                    Exchange.send(
                            context,
                            201,
                            Json.object()
                                    .put("id", issued.id().toString())
                                    .put("pass", issued.pass())
                                    .put(
                                            "validFrom",
                                            Times.text(
                                                    issued.validFrom()
                                                            .truncatedTo(ChronoUnit.MILLIS),
                                                    campaign))
                                    .put("validUntil", Times.text(issued.validUntil(), campaign)));
            case IssuePass.Result.NotIssued refused ->
                    refusals.send(
                            context,
                            Deed.BOOKING,
                            refused.refused(),
                            Optional.of(campaign),
                            Optional.empty());
        }
    }
}
