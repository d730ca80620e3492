package giliran.pages;

import giliran.admission.Admission;
import giliran.admission.WaitTickets;
import giliran.admission.WaitTickets.Verdict;
import giliran.booking.BookAppointment.Applicant;
import giliran.booking.BookingResult.FieldProblem;
import giliran.booking.IssuePass;
import giliran.booking.ReadPass;
import giliran.campaigns.Campaign;
import giliran.campaigns.Region;
import giliran.edge.Network;
import giliran.edge.TrustedProxies;
import giliran.people.MaskedDetails;
import giliran.people.RawDetails;
import giliran.reception.Campaigns;
import giliran.reception.Passes;
import giliran.reception.Problem;
import giliran.reception.ProblemType;
import io.vertx.core.MultiMap;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where a person enters their details, which become a pass in a cookie: also before the opening.
 */
public final class DetailsPage {
    /** A date of birth is typed in three fields, of which the first is named by its error. */
    private static final String DATE_OF_BIRTH = "dateOfBirth";

    /**
     * What the template asks for.
     *
     * @param doses that the campaign offers; asked for only if there are several
     * @param typed the form as it was sent, to be shown again
     * @param slot a place that was chosen before; empty text if none was
     * @param ticket for a browser that does not work for it; empty text if nothing is asked for
     * @param verdict what became of the ticket, if it was tried
     */
    public record View(
            Campaign campaign,
            List<Region> regions,
            List<Integer> doses,
            MultiMap typed,
            String slot,
            String ticket,
            Optional<Verdict> verdict,
            Optional<Problem> problem) {
        public String value(String field) {
            return Objects.requireNonNullElse(typed.get(field), "");
        }

        public boolean has(String field, String value) {
            return typed.getAll(field).contains(value);
        }

        /** What is wrong with a field; empty text if nothing is. */
        public String error(String field) {
            return problem.flatMap(
                            told ->
                                    told.fields().stream()
                                            .filter(each -> name(each).equals(field))
                                            .map(told::say)
                                            .findFirst())
                    .orElse("");
        }

        /** The field's name on this page. */
        public static String name(FieldProblem problem) {
            return problem.field().replace("person.", "");
        }

        /** The id of the part of the form in which the field stands. */
        public static String part(FieldProblem problem) {
            return switch (name(problem)) {
                case DATE_OF_BIRTH -> "day";
                case "idType" -> "idType-nric";
                case "contactBy" -> "contactBy-sms";
                case "dose" -> "dose-first";
                default -> name(problem);
            };
        }
    }

    /** What the page for those who are ready before the opening asks for. */
    public record ReadyView(Campaign campaign, MaskedDetails person, long secondsToOpening) {}

    private final PersonalPages pages;
    private final Campaigns campaigns;
    private final Passes passes;
    private final ReadPass readPass;
    private final Admission admission;
    private final WaitTickets tickets;
    private final TrustedProxies proxies;
    private final Cookies cookies;
    private final InstantSource clock;

    DetailsPage(
            PersonalPages pages,
            Campaigns campaigns,
            Passes passes,
            ReadPass readPass,
            Admission admission,
            WaitTickets tickets,
            TrustedProxies proxies,
            Cookies cookies,
            InstantSource clock) {
        this.pages = pages;
        this.campaigns = campaigns;
        this.passes = passes;
        this.readPass = readPass;
        this.admission = admission;
        this.tickets = tickets;
        this.proxies = proxies;
        this.cookies = cookies;
        this.clock = clock;
    }

    /** The empty form. */
    void show(RoutingContext context) {
        campaigns
                .findOrRefuse(context)
                .ifPresent(
                        campaign ->
                                PersonalPages.show(
                                        context,
                                        "details",
                                        frame(context, campaign),
                                        view(
                                                context,
                                                campaign,
                                                MultiMap.caseInsensitiveMultiMap(),
                                                Optional.empty(),
                                                Optional.empty())));
    }

    /** Where the form begins, with the place that was chosen before it. */
    public static String path(Campaign campaign, String slot) {
        String path = CampaignView.path(campaign) + "/details";
        return slot.isEmpty() ? path : path + "?slot=" + slot;
    }

    private Frame frame(RoutingContext context, Campaign campaign) {
        return PersonalPages.frame(
                context, "details.title", path(campaign, slot(context, campaign)));
    }

    /** The place that was chosen before; empty text if that is none of the campaign's. */
    private String slot(RoutingContext context, Campaign campaign) {
        return pages.findSlot(campaign, PersonalPages.field(context, "slot"))
                .map(slot -> slot.id().toString())
                .orElse("");
    }

    /** The form as it was sent. */
    void send(RoutingContext context) {
        campaigns.findOrRefuse(context).ifPresent(campaign -> send(context, campaign));
    }

    private void send(RoutingContext context, Campaign campaign) {
        MultiMap typed = context.request().formAttributes();
        Frame frame = frame(context, campaign);
        Gate gate = new Gate(context, campaign, typed);
        PersonalPages.tellProblemsOn(
                context,
                "details",
                frame,
                (asked, problem) ->
                        view(asked, campaign, typed, gate.verdict, Optional.of(problem)));
        passes.issue(
                context,
                campaign,
                new Applicant.Typed(
                        dose(campaign, typed.get("dose")), details(typed, frame.language())),
                gate::isOpen,
                issued -> enter(context, campaign, frame, issued, typed.get("region")));
    }

    /** Where a campaign asks for work: that of the device, or else the person's waiting. */
    private final class Gate {
        private final RoutingContext context;
        private final Campaign campaign;
        private final MultiMap typed;
        private Optional<Verdict> verdict = Optional.empty();

        Gate(RoutingContext context, Campaign campaign, MultiMap typed) {
            this.context = context;
            this.campaign = campaign;
            this.typed = typed;
        }

        boolean isOpen() {
            if (admission.isAdmitted(
                    context, Optional.ofNullable(typed.get("proof")), campaign.proofOfWork())) {
                return true;
            }
            verdict = Optional.of(tickets.take(value(typed, "ticket"), network(context)));
            return verdict.filter(Verdict.ACCEPTED::equals).isPresent();
        }
    }

    private Network network(RoutingContext context) {
        return proxies.clientOf(context.request());
    }

    private static String value(MultiMap typed, String field) {
        return Objects.requireNonNullElse(typed.get(field), "");
    }

    /** A dose that is no number is none that a campaign has. */
    private int dose(Campaign campaign, @Nullable String typed) {
        List<Integer> doses = pages.catalogue().dosesOf(campaign.id());
        if (doses.size() == 1) {
            return doses.getFirst();
        }
        return typed != null && typed.matches("[1-9]") ? Integer.parseInt(typed) : 0;
    }

    private static RawDetails details(MultiMap typed, String language) {
        return new RawDetails(
                typed.get("name"),
                typed.get("idType"),
                typed.get("idNumber"),
                PersonalPages.date(typed),
                typed.get("region"),
                null,
                typed.get("phone"),
                typed.get("email"),
                language,
                typed.getAll("contactBy"));
    }

    /** Keeps the pass and leads on: to the place that was chosen, or to where one is. */
    private void enter(
            RoutingContext context,
            Campaign campaign,
            Frame frame,
            IssuePass.Result.Issued issued,
            @Nullable String region) {
        // Whoever was about to move another appointment is so no longer.
        cookies.takeMoving(context);
        cookies.givePass(
                context,
                campaign,
                issued.pass(),
                Duration.between(clock.instant(), issued.validUntil()));
        String slot = slot(context, campaign);
        if (!slot.isEmpty()) {
            PersonalPages.go(context, frame.my(BookPage.path(campaign, slot)));
        } else if (campaign.status(clock.instant()) == Campaign.Status.SCHEDULED) {
            PersonalPages.go(context, frame.my(CampaignView.path(campaign) + "/ready"));
        } else {
            PersonalPages.go(context, frame.href(list(campaign, region)));
        }
    }

    /** The list of the person's own region, if the campaign has one there. */
    private String list(Campaign campaign, @Nullable String region) {
        return pages.catalogue().regionsOf(campaign.id()).stream()
                .filter(each -> each.id().value().equals(region))
                .findFirst()
                .map(each -> CampaignView.path(campaign, each))
                .orElseGet(() -> CampaignView.path(campaign));
    }

    /** Says that all is ready, and how long there is to wait. */
    void ready(RoutingContext context) {
        campaigns.findOrRefuse(context).ifPresent(campaign -> ready(context, campaign));
    }

    private void ready(RoutingContext context, Campaign campaign) {
        Optional<ReadPass.Shown> pass =
                cookies.findPass(context, campaign).flatMap(text -> readPass.read(campaign, text));
        Frame frame =
                PersonalPages.frame(context, "ready.title", CampaignView.path(campaign) + "/ready");
        if (pass.isEmpty()) {
            PersonalPages.go(context, frame.my(path(campaign, "")));
            return;
        }
        PersonalPages.show(
                context,
                "ready",
                frame,
                new ReadyView(
                        campaign,
                        pass.get().person(),
                        PersonalPages.secondsTo(campaign.opensAt(), clock.instant())));
    }

    /** Throws the pass away, on a device that others use too. */
    void forget(RoutingContext context) {
        campaigns
                .findOrRefuse(context)
                .ifPresent(
                        campaign -> {
                            cookies.takePass(context, campaign);
                            cookies.takeMoving(context);
                            Frame frame = frame(context, campaign);
                            PersonalPages.go(context, frame.my(frame.path()));
                        });
    }

    private View view(
            RoutingContext context,
            Campaign campaign,
            MultiMap typed,
            Optional<Verdict> verdict,
            Optional<Problem> problem) {
        return new View(
                campaign,
                regions(campaign),
                pages.catalogue().dosesOf(campaign.id()),
                typed,
                slot(context, campaign),
                campaign.proofOfWork() ? ticket(context, typed, verdict, problem) : "",
                verdict,
                problem);
    }

    /** One that may still be accepted is kept: its time runs. */
    private String ticket(
            RoutingContext context,
            MultiMap typed,
            Optional<Verdict> verdict,
            Optional<Problem> problem) {
        boolean isTried =
                problem.filter(told -> told.type() == ProblemType.PROOF_NEEDED).isPresent();
        boolean isKept =
                isTried
                        ? verdict.filter(
                                        said ->
                                                said == Verdict.TOO_EARLY
                                                        || said == Verdict.TOO_MANY)
                                .isPresent()
                        : problem.isPresent();
        String kept = value(typed, "ticket");
        return isKept && !kept.isEmpty() ? kept : tickets.give(network(context));
    }

    /** Where people may live: the regions of the campaign, and those that it is for. */
    private List<Region> regions(Campaign campaign) {
        List<Region> offered = pages.catalogue().regionsOf(campaign.id());
        return Stream.concat(
                        offered.stream(),
                        campaign.eligibility().regions().stream()
                                .map(pages.catalogue()::findRegion)
                                .flatMap(Optional::stream)
                                .filter(region -> !offered.contains(region)))
                .toList();
    }
}
