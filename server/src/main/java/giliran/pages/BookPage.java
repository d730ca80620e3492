package giliran.pages;

import giliran.availability.FreePlaces.Free;
import giliran.booking.BookAppointment.Applicant;
import giliran.booking.HeldAppointment;
import giliran.booking.IdempotencyKey;
import giliran.booking.ReadPass;
import giliran.campaigns.Campaign;
import giliran.campaigns.Slot;
import giliran.people.MaskedDetails;
import giliran.reception.Appointments;
import giliran.reception.Campaigns;
import giliran.reception.Exchange;
import giliran.reception.Problem;
import giliran.reception.ProblemType;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Where a person looks once more at the place that they tapped, and books it or moves to it. The
 * page carries a key, so that sending it twice never books twice.
 */
public final class BookPage {
    /** What the person can do now. */
    public enum Next {
        /** Send the form, with its key: for the first time or again. */
        SEND,
        /** Take one of the nearest places, or look for another. */
        CHOOSE,
        /** Enter the details. */
        DETAILS,
        /** Look at the appointment that there is. */
        APPOINTMENT,
        /** Begin again with this place and a new key. */
        START_AGAIN,
        /** See other campaigns. */
        CAMPAIGNS
    }

    /**
     * The appointment that is being moved.
     *
     * @param version that it had on the page, and must still have
     * @param from empty if it could not be looked up just now
     */
    public record Moving(String token, int version, Optional<Place> from) {
        public String path() {
            return AppointmentPage.path(token);
        }
    }

    /** A place near one that could not be had, to be taken with one tap. */
    public record Alternative(Place place, int remaining, String key) {}

    /**
     * What the template asks for.
     *
     * @param place empty if no such place was found
     * @param person whom the place is for, if a pass says so
     * @param secondsToOpening 0 if it is open
     */
    public record View(
            Campaign campaign,
            Optional<Place> place,
            Optional<MaskedDetails> person,
            Optional<Moving> moving,
            String key,
            long secondsToOpening,
            List<Alternative> alternatives,
            Optional<Problem> problem) {
        /**
         * Where the form is sent.
         *
         * @param slot that it takes; named in the address too, for whoever calls that up again
         */
        public String action(Frame frame, String slot) {
            return moving.map(from -> frame.my(from.path() + "/move"))
                    .orElseGet(() -> frame.my(path(campaign, slot)));
        }

        /** How long the button has to wait, in seconds. */
        public long waitSeconds() {
            return problem.flatMap(Problem::toWait)
                    .map(Duration::toSeconds)
                    .orElse(secondsToOpening);
        }

        /** Whether the form asks again by itself, where there is a script. */
        public boolean repeats() {
            return problem.filter(told -> told.type() == ProblemType.OUTCOME_UNKNOWN).isPresent();
        }

        /** Whether an earlier try may have done what it should. */
        public boolean isInDoubt() {
            return problem.filter(Problem::isInDoubt).isPresent();
        }

        public Next next() {
            return problem.map(Problem::type).map(this::next).orElse(Next.SEND);
        }

        private Next next(ProblemType type) {
            return switch (type) {
                case NOT_OPEN, OVERLOADED, TOO_MANY, OUTCOME_UNKNOWN, BROKEN -> Next.SEND;
                case PLACE_GONE, ENDED, NOT_ELIGIBLE, UNKNOWN -> Next.CHOOSE;
                case INVALID_DETAILS -> moving.isPresent() ? Next.CHOOSE : Next.DETAILS;
                case PASS_INVALID, PROOF_NEEDED -> Next.DETAILS;
                case ALREADY_BOOKED, CHANGED -> Next.APPOINTMENT;
                case KEY_MISSING, KEY_REUSED, MALFORMED -> Next.START_AGAIN;
                case CLOSED -> Next.CAMPAIGNS;
            };
        }
    }

    private final PersonalPages pages;
    private final Campaigns campaigns;
    private final Appointments appointments;
    private final ReadPass readPass;
    private final Cookies cookies;
    private final JustGranted justGranted;
    private final InstantSource clock;

    BookPage(
            PersonalPages pages,
            Campaigns campaigns,
            Appointments appointments,
            ReadPass readPass,
            Cookies cookies,
            JustGranted justGranted,
            InstantSource clock) {
        this.pages = pages;
        this.campaigns = campaigns;
        this.appointments = appointments;
        this.readPass = readPass;
        this.cookies = cookies;
        this.justGranted = justGranted;
        this.clock = clock;
    }

    public static String path(Campaign campaign, String slot) {
        return CampaignView.path(campaign) + "/check?slot=" + slot;
    }

    /** The page of a place that was tapped; made from memory, unless an appointment is moved. */
    void check(RoutingContext context) {
        campaigns
                .findOrRefuse(context)
                .ifPresent(
                        campaign ->
                                cookies.findMoving(context)
                                        .ifPresentOrElse(
                                                token -> checkMove(context, campaign, token),
                                                () -> checkBooking(context, campaign)));
    }

    private void checkBooking(RoutingContext context, Campaign campaign) {
        Optional<Slot> slot = pages.findSlot(campaign, PersonalPages.field(context, "slot"));
        Optional<MaskedDetails> person = person(context, campaign);
        if (slot.isEmpty()) {
            Problem.of(context, ProblemType.UNKNOWN, "slot").send(context);
        } else if (person.isEmpty()) {
            String id = slot.get().id().toString();
            PersonalPages.go(
                    context, frame(context, campaign, "").my(DetailsPage.path(campaign, id)));
        } else {
            show(context, campaign, slot.get(), person, Optional.empty());
        }
    }

    private void checkMove(RoutingContext context, Campaign campaign, String token) {
        Optional<Slot> slot = pages.findSlot(campaign, PersonalPages.field(context, "slot"));
        if (slot.isEmpty()) {
            Problem.of(context, ProblemType.UNKNOWN, "slot").send(context);
            return;
        }
        // What cannot be moved any more keeps nobody from booking.
        Runnable bookInstead =
                () -> {
                    cookies.takeMoving(context);
                    checkBooking(context, campaign);
                };
        Exchange.answerProblemsWith(
                context,
                (asked, problem) -> {
                    if (problem.type() == ProblemType.UNKNOWN) {
                        bookInstead.run();
                    } else {
                        Pages.tell(asked, problem);
                    }
                });
        appointments.get(
                context,
                token,
                held -> {
                    Place from = pages.placeOf(held);
                    if (from.campaign().id().equals(campaign.id())
                            && held.appointment().state().isLive()) {
                        show(
                                context,
                                campaign,
                                slot.get(),
                                Optional.of(held.person()),
                                Optional.of(
                                        new Moving(
                                                token,
                                                held.appointment().version(),
                                                Optional.of(from))));
                    } else {
                        bookInstead.run();
                    }
                });
    }

    private void show(
            RoutingContext context,
            Campaign campaign,
            Slot slot,
            Optional<MaskedDetails> person,
            Optional<Moving> moving) {
        PersonalPages.show(
                context,
                "book",
                frame(context, campaign, slot.id().toString()),
                new View(
                        campaign,
                        Optional.of(pages.placeOf(slot)),
                        person,
                        moving,
                        newKey(),
                        PersonalPages.secondsTo(campaign.opensAt(), clock.instant()),
                        List.of(),
                        Optional.empty()));
    }

    private static String newKey() {
        return UUID.randomUUID().toString();
    }

    private static Frame frame(RoutingContext context, Campaign campaign, String slot) {
        return PersonalPages.frame(context, "book.title", path(campaign, slot));
    }

    /** Whom the pass in the cookie is for, if it is good. */
    private Optional<MaskedDetails> person(RoutingContext context, Campaign campaign) {
        return cookies.findPass(context, campaign)
                .flatMap(pass -> readPass.read(campaign, pass))
                .map(ReadPass.Shown::person);
    }

    /** Books, by the very way of the API. */
    void book(RoutingContext context) {
        campaigns.findOrRefuse(context).ifPresent(campaign -> book(context, campaign));
    }

    private void book(RoutingContext context, Campaign campaign) {
        String slot = PersonalPages.typed(context, "slot");
        tellProblems(context, campaign, slot, () -> person(context, campaign), Optional.empty());
        Optional<String> pass = cookies.findPass(context, campaign);
        if (pass.isEmpty()) {
            Problem.of(context, ProblemType.PASS_INVALID, "none").send(context);
            return;
        }
        readKey(context)
                .ifPresent(
                        key ->
                                appointments.book(
                                        context,
                                        campaign,
                                        slot,
                                        new Applicant.WithPass(pass.get()),
                                        () -> false,
                                        key,
                                        held -> go(context, held)));
    }

    /** Moves the appointment whose secret stands in the path. */
    void move(RoutingContext context) {
        String token = AppointmentPage.token(context);
        OptionalInt version = AppointmentPage.version(context);
        String slot = PersonalPages.typed(context, "slot");
        keepForm(context, slot, new Moving(token, version.orElse(0), Optional.empty()));
        // Looked up first, so that a "no" can be told beside what there is.
        appointments.get(
                context,
                token,
                held -> {
                    Place from = pages.placeOf(held);
                    tellProblems(
                            context,
                            from.campaign(),
                            slot,
                            () -> Optional.of(held.person()),
                            Optional.of(new Moving(token, version.orElse(0), Optional.of(from))));
                    readKey(context)
                            .ifPresent(
                                    key ->
                                            appointments.move(
                                                    context,
                                                    token,
                                                    slot,
                                                    key,
                                                    version,
                                                    moved -> {
                                                        cookies.takeMoving(context);
                                                        go(context, moved);
                                                    }));
                });
    }

    /** While the appointment cannot be looked up, the form stays, so that its key is not lost. */
    private void keepForm(RoutingContext context, String slotText, Moving moving) {
        Optional<Slot> slot = pages.findSlot(slotText);
        if (slot.isEmpty()) {
            return;
        }
        Campaign campaign = pages.placeOf(slot.get()).campaign();
        Exchange.answerProblemsWith(
                context,
                (asked, problem) -> {
                    View view =
                            view(
                                    asked,
                                    campaign,
                                    slot,
                                    Optional.empty(),
                                    Optional.of(moving),
                                    problem);
                    if (view.next() == Next.SEND) {
                        PersonalPages.write(asked, "book", frame(asked, campaign, slot), view);
                    } else {
                        Pages.tell(asked, problem);
                    }
                });
    }

    private void go(RoutingContext context, HeldAppointment held) {
        justGranted.put(held);
        String language = Exchange.sentences(context).language();
        PersonalPages.go(context, Frame.personal(language, "", "").my(AppointmentPage.path(held)));
    }

    /** The request's key; empty if the answer has been given that there is none. */
    private static Optional<IdempotencyKey> readKey(RoutingContext context) {
        Optional<IdempotencyKey> key = IdempotencyKey.parse(PersonalPages.typed(context, "key"));
        if (key.isEmpty()) {
            Problem.of(context, ProblemType.KEY_MISSING).send(context);
        }
        return key;
    }

    private void tellProblems(
            RoutingContext context,
            Campaign campaign,
            String slotText,
            Supplier<Optional<MaskedDetails>> person,
            Optional<Moving> moving) {
        Optional<Slot> slot = pages.findSlot(campaign, slotText);
        PersonalPages.tellProblemsOn(
                context,
                "book",
                frame(context, campaign, slot),
                (asked, problem) -> view(asked, campaign, slot, person.get(), moving, problem));
    }

    private static Frame frame(RoutingContext context, Campaign campaign, Optional<Slot> slot) {
        return PersonalPages.frame(
                context,
                "book.title",
                slot.map(its -> path(campaign, its.id().toString()))
                        .orElseGet(() -> CampaignView.path(campaign) + "/details"));
    }

    private View view(
            RoutingContext context,
            Campaign campaign,
            Optional<Slot> slot,
            Optional<MaskedDetails> person,
            Optional<Moving> moving,
            Problem problem) {
        return new View(
                campaign,
                slot.map(pages::placeOf),
                person,
                moving,
                PersonalPages.typed(context, "key"),
                0,
                problem.alternatives().orElse(List.of()).stream().map(this::alternative).toList(),
                Optional.of(problem));
    }

    private Alternative alternative(Free free) {
        return new Alternative(pages.placeOf(free.slot()), free.remaining(), newKey());
    }
}
