package giliran.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import giliran.admission.Admission;
import giliran.api.Problem.Booked;
import giliran.api.ProblemType.Retry;
import giliran.availability.Addresses;
import giliran.availability.Times;
import giliran.booking.BookAppointment;
import giliran.booking.BookAppointment.Applicant;
import giliran.booking.BookingResult;
import giliran.booking.BookingResult.Granted;
import giliran.booking.BookingResult.Refused;
import giliran.booking.CancelAppointment;
import giliran.booking.HeldAppointment;
import giliran.booking.IdempotencyKey;
import giliran.booking.LookUpAppointment;
import giliran.booking.MoveAppointment;
import giliran.campaigns.Campaign;
import giliran.campaigns.Catalogue;
import giliran.campaigns.Centre;
import giliran.campaigns.Slot;
import giliran.campaigns.SlotId;
import giliran.edge.Json;
import giliran.edge.Readiness;
import giliran.ledger.Appointment;
import giliran.ledger.Reference;
import giliran.people.MaskedDetails;
import io.vertx.ext.web.RoutingContext;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** One person's appointment: book, look up, find, move, cancel. */
final class AppointmentResource {
    private static final String APPOINTMENTS = "/api/v1/appointments/";
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ISO_LOCAL_DATE.withResolverStyle(ResolverStyle.STRICT);

    /** What is done with appointments. */
    record UseCases(
            BookAppointment book,
            LookUpAppointment lookUp,
            MoveAppointment move,
            CancelAppointment cancel) {}

    private final Supplier<Catalogue> catalogue;
    private final Campaigns campaigns;
    private final Readiness readiness;
    private final Admission admission;
    private final UseCases useCases;
    private final RefusalAnswers refusals;
    private final Throttle throttle;
    private final BlockingCalls blockingCalls;

    AppointmentResource(
            Supplier<Catalogue> catalogue,
            Campaigns campaigns,
            Readiness readiness,
            Admission admission,
            UseCases useCases,
            RefusalAnswers refusals,
            Throttle throttle,
            BlockingCalls blockingCalls) {
        this.catalogue = catalogue;
        this.campaigns = campaigns;
        this.readiness = readiness;
        this.admission = admission;
        this.useCases = useCases;
        this.refusals = refusals;
        this.throttle = throttle;
        this.blockingCalls = blockingCalls;
    }

    void book(RoutingContext context) {
        Optional<Campaign> campaign = campaigns.findOrRefuse(context);
        if (campaign.isEmpty()) {
            return;
        }
        BookingBody request = BookingBody.readBooking(context);
        if (request.applicant() instanceof Applicant.WithPass pass) {
            Exchange.speak(context, () -> useCases.book().languageOf(pass).orElse(null));
        }
        Optional<IdempotencyKey> key = readKey(context);
        if (key.isEmpty()
                || throttle.refuses(context, request.applicant())
                || refusedForNow(context)) {
            return;
        }
        awaitResult(
                context,
                Deed.BOOKING,
                useCases.book()
                        .book(
                                campaign.get(),
                                request.slot(),
                                request.applicant(),
                                isAdmitted(context, campaign.get(), request),
                                key.get(),
                                Exchange.mailbox(context)),
                campaign,
                find(request.slot()),
                held -> {
                    context.response().putHeader("Location", APPOINTMENTS + held.token());
                    send(context, 201, held, appointment(held));
                });
    }

    /** A pass was let in when it was made; typed details have to be let in now. */
    private boolean isAdmitted(RoutingContext context, Campaign campaign, BookingBody request) {
        return switch (request.applicant()) {
            case Applicant.WithPass pass -> true;
            case Applicant.Typed typed ->
                    admission.isAdmitted(context, request.proof(), campaign.proofOfWork());
        };
    }

    void move(RoutingContext context) {
        String token = Exchange.pathPart(context, "token");
        Body body = Exchange.body(context);
        String slot = body.text("slot");
        body.finish();
        Optional<IdempotencyKey> key = readKey(context);
        if (key.isEmpty() || throttle.refuses(context, token) || refusedForNow(context)) {
            return;
        }
        OptionalInt ifVersion = Versions.ifMatch(context);
        Optional<Slot> to = find(slot);
        awaitResult(
                context,
                Deed.MOVING,
                blockingCalls.call(
                        () -> useCases.move().move(token, slot, key.get(), ifVersion).join()),
                to.map(s -> catalogue.get().getCampaign(s.campaign())),
                to,
                held -> send(context, 200, held, withPerson(held)));
    }

    void cancel(RoutingContext context) {
        Exchange.personal(context);
        Exchange.intend(context, Deed.CANCELLING);
        String token = Exchange.pathPart(context, "token");
        if (throttle.refuses(context, token) || refusedForNow(context)) {
            return;
        }
        OptionalInt ifVersion = Versions.ifMatch(context);
        awaitResult(
                context,
                Deed.CANCELLING,
                blockingCalls.call(() -> useCases.cancel().cancel(token, ifVersion).join()),
                Optional.empty(),
                Optional.empty(),
                held -> send(context, 200, held, withPerson(held)));
    }

    void get(RoutingContext context) {
        Exchange.personal(context);
        String token = Exchange.pathPart(context, "token");
        if (throttle.refuses(context, token)) {
            return;
        }
        awaitFound(
                context,
                () -> useCases.lookUp().byToken(token),
                () -> Problem.of(context, ProblemType.UNKNOWN, "appointment").retry(Retry.NEVER));
    }

    void find(RoutingContext context) {
        Body body = Exchange.body(context);
        Optional<Reference> reference = Reference.parse(body.text("reference"));
        Optional<LocalDate> dateOfBirth = date(body.text("dateOfBirth"));
        body.finish();
        if (throttle.refusesToFind(context, reference)) {
            return;
        }
        awaitFound(
                context,
                () ->
                        reference.flatMap(
                                r -> dateOfBirth.flatMap(d -> useCases.lookUp().byBirthday(r, d))),
                () -> Problem.of(context, ProblemType.UNKNOWN, "find"));
    }

    private Optional<Slot> find(String slot) {
        return SlotId.parse(slot).flatMap(catalogue.get()::findSlot);
    }

    private static Optional<LocalDate> date(String text) {
        try {
            return Optional.of(LocalDate.parse(text, DATE));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    /** The request's key; empty if the answer has been given that there is none. */
    private static Optional<IdempotencyKey> readKey(RoutingContext context) {
        // Two keys are none: joined as RFC 9110 says, they have a form that no key has.
        String header = String.join(", ", context.request().headers().getAll("Idempotency-Key"));
        if (header.isBlank()) {
            Problem.of(context, ProblemType.KEY_MISSING).send();
            return Optional.empty();
        }
        Optional<IdempotencyKey> key = IdempotencyKey.parse(header);
        if (key.isEmpty()) {
            throw new Body.MalformedException("header:Idempotency-Key");
        }
        return key;
    }

    /**
     * Whether the answer has been given that this node must not write just now. While the database
     * is away the ledger answers: it alone knows whether an earlier request is in doubt.
     */
    private boolean refusedForNow(RoutingContext context) {
        if (readiness.obstacle().filter(Readiness.CLOCK::equals).isEmpty()) {
            return false;
        }
        RefusalAnswers.overloaded(context);
        return true;
    }

    private void awaitResult(
            RoutingContext context,
            Deed deed,
            CompletionStage<BookingResult> stage,
            Optional<Campaign> campaign,
            Optional<Slot> missed,
            Consumer<HeldAppointment> onGranted) {
        await(
                context,
                stage,
                result -> {
                    switch (result) {
                        case Granted granted -> onGranted.accept(granted.appointment());
                        case Refused refused -> {
                            refused.standing()
                                    .ifPresent(
                                            held ->
                                                    Exchange.speak(
                                                            context, held.person()::language));
                            refusals.send(context, deed, refused, campaign, missed);
                        }
                    }
                });
    }

    private void awaitFound(
            RoutingContext context,
            Callable<Optional<HeldAppointment>> lookUp,
            Supplier<Problem> notFound) {
        await(
                context,
                blockingCalls.call(lookUp),
                found ->
                        found.ifPresentOrElse(
                                held -> send(context, 200, held, withPerson(held)),
                                () -> notFound.get().send()));
    }

    /** Goes on with a result on the request's own event loop. */
    private static <T> void await(
            RoutingContext context, CompletionStage<T> stage, Consumer<T> onResult) {
        stage.whenCompleteAsync(
                (result, failure) -> {
                    if (context.response().closed()) {
                        return;
                    }
                    if (failure != null) {
                        fail(context, failure);
                        return;
                    }
                    try {
                        onResult.accept(result);
                    } catch (RuntimeException e) {
                        // Nobody else would hear of it, and the client would wait.
                        context.fail(e);
                    }
                },
                Exchange.mailbox(context));
    }

    private static void fail(RoutingContext context, Throwable failure) {
        if (BlockingCalls.isBusy(failure)) {
            RefusalAnswers.overloaded(context);
        } else {
            context.fail(failure);
        }
    }

    private static void send(
            RoutingContext context, int status, HeldAppointment held, ObjectNode body) {
        Versions.put(context, held);
        Exchange.send(context, status, body);
    }

    private ObjectNode withPerson(HeldAppointment held) {
        ObjectNode node = appointment(held);
        MaskedDetails person = held.person();
        ObjectNode masked =
                node.putObject("person")
                        .put("name", person.name())
                        .put("idType", person.idType().wireName())
                        .put("idNumber", person.idNumber())
                        .put("phone", person.phone())
                        .put("language", person.language());
        person.email().ifPresent(email -> masked.put("email", email));
        return node;
    }

    private ObjectNode appointment(HeldAppointment held) {
        Appointment appointment = held.appointment();
        Slot slot = catalogue.get().getSlot(appointment.place().slot());
        Campaign campaign = catalogue.get().getCampaign(slot.campaign());
        Centre centre = catalogue.get().getCentre(slot.centre());
        return Json.object()
                .put("reference", appointment.reference().toString())
                .put("status", appointment.state().toString())
                .put("booked", (appointment.state().isLive() ? Booked.YES : Booked.NO).text)
                .put("campaign", campaign.id().value())
                .put("centre", centre.id().value())
                .put("centreName", centre.name())
                .put("address", Addresses.line(centre))
                .put("slot", slot.id().toString())
                .put("start", Times.text(slot.start(), campaign))
                .put("end", Times.text(slot.end(), campaign))
                .put("dose", appointment.dose())
                .put("token", held.token());
    }
}
