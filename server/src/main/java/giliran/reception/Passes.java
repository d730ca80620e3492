package giliran.reception;

import giliran.booking.BookAppointment.Applicant;
import giliran.booking.IssuePass;
import giliran.campaigns.Campaign;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** The open door: details in, a pass out, whatever form the request came in. */
public final class Passes {
    private final IssuePass issuePass;
    private final Throttle throttle;
    private final RefusalAnswers refusals;

    public Passes(IssuePass issuePass, Throttle throttle, RefusalAnswers refusals) {
        this.issuePass = issuePass;
        this.throttle = throttle;
        this.refusals = refusals;
    }

    /**
     * Checks the details and hands a pass on; answers the request itself when it is refused.
     *
     * @param isAdmitted whether the request has paid what the campaign asks for; asked once at most
     */
    public void issue(
            RoutingContext context,
            Campaign campaign,
            Applicant.Typed typed,
            BooleanSupplier isAdmitted,
            Consumer<IssuePass.Result.Issued> onIssued) {
        Exchange.intend(context, Deed.BOOKING);
        if (throttle.refuses(context, typed)) {
            return;
        }
        switch (issuePass.issue(campaign, typed.dose(), typed.person(), isAdmitted)) {
            case IssuePass.Result.Issued issued -> onIssued.accept(issued);
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
