package giliran.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import giliran.api.Problem.Booked;
import giliran.api.ProblemType.Retry;
import giliran.booking.BookAppointment;
import giliran.booking.BookingResult;
import giliran.booking.BookingResult.FieldProblem;
import giliran.booking.BookingResult.Refused;
import giliran.booking.CancelAppointment;
import giliran.booking.HeldAppointment;
import giliran.booking.IdempotencyKey;
import giliran.booking.LookUpAppointment;
import giliran.campaigns.Campaign;
import giliran.campaigns.Catalogue;
import giliran.campaigns.Centre;
import giliran.campaigns.Eligibility.Obstacle;
import giliran.campaigns.Slot;
import giliran.campaigns.SlotId;
import giliran.edge.Readiness;
import giliran.ledger.Appointment;
import giliran.ledger.Reference;
import giliran.people.MaskedDetails;
import giliran.people.RawDetails;
import io.vertx.core.Context;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** One person's appointment: book, look up, find, cancel. */
final class AppointmentResource {
    private static final String APPOINTMENTS = "/api/v1/appointments/";
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ISO_LOCAL_DATE.withResolverStyle(ResolverStyle.STRICT);

    /** How long to wait before repeating what the server had no time for. */
    private static final Duration BUSY_WAIT = Duration.ofSeconds(5);

    /** How long to wait before asking what became of a request in doubt. */
    private static final Duration DOUBT_WAIT = Duration.ofSeconds(2);

    private final Supplier<Catalogue> catalogue;
    private final Readiness readiness;
    private final BookAppointment bookAppointment;
    private final LookUpAppointment lookUpAppointment;
    private final CancelAppointment cancelAppointment;
    private final PublishCampaigns publishCampaigns;
    private final FindLimits findLimits;
    private final BlockingCalls blockingCalls;
    private final InstantSource clock;

    AppointmentResource(
            Supplier<Catalogue> catalogue,
            Readiness readiness,
            BookAppointment bookAppointment,
            LookUpAppointment lookUpAppointment,
            CancelAppointment cancelAppointment,
            PublishCampaigns publishCampaigns,
            FindLimits findLimits,
            BlockingCalls blockingCalls,
            InstantSource clock) {
        this.catalogue = catalogue;
        this.readiness = readiness;
        this.bookAppointment = bookAppointment;
        this.lookUpAppointment = lookUpAppointment;
        this.cancelAppointment = cancelAppointment;
        this.publishCampaigns = publishCampaigns;
        this.findLimits = findLimits;
        this.blockingCalls = blockingCalls;
        this.clock = clock;
    }

    void book(RoutingContext context) {
        Optional<Campaign> campaign = findCampaign(context);
        if (campaign.isEmpty()) {
            Problem.of(context, ProblemType.UNKNOWN, "campaign").retry(Retry.NEVER).send();
            return;
        }
        BookAppointment.Request request = readBooking(context);
        Optional<IdempotencyKey> key = readKey(context);
        if (key.isEmpty()) {
            return;
        }
        if (readiness.obstacle().isPresent()) {
            overloaded(context, Deed.BOOKING);
            return;
        }
        await(
                context,
                bookAppointment.book(campaign.get(), request, key.get()),
                context::fail,
                result -> {
                    switch (result) {
                        case BookingResult.Granted granted -> {
                            HeldAppointment held = granted.appointment();
                            context.response().putHeader("Location", APPOINTMENTS + held.token());
                            Exchange.send(context, 201, appointment(held));
                        }
                        case Refused refused ->
                                refuse(
                                        context,
                                        Deed.BOOKING,
                                        refused,
                                        SlotId.parse(request.slot())
                                                .flatMap(catalogue.get()::findSlot));
                    }
                });
    }

    private Optional<Campaign> findCampaign(RoutingContext context) {
        String id = Exchange.pathPart(context, "campaign");
        return catalogue.get().campaigns().stream()
                .filter(campaign -> campaign.id().value().equals(id))
                .findFirst();
    }

    private static BookAppointment.Request readBooking(RoutingContext context) {
        Body body = Exchange.body(context);
        Body person = body.object("person");
        RawDetails details =
                new RawDetails(
                        person.optionalText("name"),
                        person.optionalText("idType"),
                        person.optionalText("idNumber"),
                        person.optionalText("dateOfBirth"),
                        person.optionalText("region"),
                        person.optionalText("address"),
                        person.optionalText("phone"),
                        person.optionalText("email"),
                        person.optionalText("language"),
                        person.optionalTexts("contactBy"));
        Exchange.speak(context, details.language());
        person.finish();
        BookAppointment.Request request =
                new BookAppointment.Request(body.text("slot"), body.integer("dose"), details);
        body.finish();
        return request;
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

    void get(RoutingContext context) {
        Exchange.personal(context);
        String token = Exchange.pathPart(context, "token");
        awaitBlocking(
                context,
                () -> lookUpAppointment.byToken(token),
                found ->
                        found.ifPresentOrElse(
                                held -> Exchange.send(context, 200, withPerson(held)),
                                () ->
                                        Problem.of(context, ProblemType.UNKNOWN, "appointment")
                                                .retry(Retry.NEVER)
                                                .send()));
    }

    void find(RoutingContext context) {
        Body body = Exchange.body(context);
        Optional<Reference> reference = Reference.parse(body.text("reference"));
        Optional<LocalDate> dateOfBirth = date(body.text("dateOfBirth"));
        body.finish();
        Optional<FindLimits.Exceeded> exceeded =
                findLimits.tryFind(context.request().remoteAddress(), reference);
        if (exceeded.isPresent()) {
            context.response()
                    .putHeader("RateLimit", exceeded.get().rateLimit())
                    .putHeader("RateLimit-Policy", exceeded.get().policy());
            Problem.of(context, ProblemType.TOO_MANY).after(exceeded.get().retryAfter()).send();
            return;
        }
        awaitBlocking(
                context,
                () ->
                        reference.flatMap(
                                r -> dateOfBirth.flatMap(d -> lookUpAppointment.byBirthday(r, d))),
                found ->
                        found.ifPresentOrElse(
                                held -> Exchange.send(context, 200, withPerson(held)),
                                () -> Problem.of(context, ProblemType.UNKNOWN, "find").send()));
    }

    private static Optional<LocalDate> date(String text) {
        try {
            return Optional.of(LocalDate.parse(text, DATE));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    void cancel(RoutingContext context) {
        Exchange.personal(context);
        Exchange.intend(context, Deed.CANCELLING);
        String token = Exchange.pathPart(context, "token");
        if (readiness.obstacle().isPresent()) {
            overloaded(context, Deed.CANCELLING);
            return;
        }
        await(
                context,
                blockingCalls.call(() -> cancelAppointment.cancel(token).join()),
                failure -> {
                    if (BlockingCalls.isBusy(failure)) {
                        overloaded(context, Deed.CANCELLING);
                    } else {
                        context.fail(failure);
                    }
                },
                result -> {
                    switch (result) {
                        case BookingResult.Granted granted ->
                                Exchange.send(context, 200, withPerson(granted.appointment()));
                        case Refused refused ->
                                refuse(context, Deed.CANCELLING, refused, Optional.empty());
                    }
                });
    }

    /** The one place where a refusal becomes an answer. */
    private void refuse(RoutingContext context, Deed deed, Refused refused, Optional<Slot> missed) {
        Optional<Campaign> campaign =
                missed.map(slot -> catalogue.get().getCampaign(slot.campaign()));
        switch (refused.refusal()) {
            case UNKNOWN ->
                    (deed == Deed.BOOKING
                                    ? Problem.of(context, ProblemType.UNKNOWN, "slot")
                                    : Problem.of(context, ProblemType.UNKNOWN, "appointment")
                                            .retry(Retry.NEVER))
                            .booked(Booked.NO)
                            .send();
            case INVALID_DETAILS ->
                    withFields(Problem.of(context, ProblemType.INVALID_DETAILS), refused).send();
            case KEY_REUSED -> Problem.of(context, ProblemType.KEY_REUSED).send();
            case NOT_OPEN -> notOpen(context, campaign.orElseThrow());
            case CLOSED -> closed(context, campaign.orElseThrow());
            case ENDED -> {
                Problem problem = Problem.of(context, ProblemType.ENDED, deed.text);
                switch (deed) {
                    case BOOKING -> withAlternatives(problem, missed.orElseThrow()).send();
                    case CANCELLING -> problem.retry(Retry.NEVER).booked(Booked.YES).send();
                }
            }
            case NOT_ELIGIBLE -> notEligible(context, refused.obstacle().orElseThrow());
            case ALREADY_BOOKED -> Problem.of(context, ProblemType.ALREADY_BOOKED).send();
            case PLACE_GONE ->
                    withAlternatives(
                                    Problem.of(context, ProblemType.PLACE_GONE),
                                    missed.orElseThrow())
                            .send();
            case OVERLOADED -> overloaded(context, deed);
            case OUTCOME_UNKNOWN ->
                    Problem.of(context, ProblemType.OUTCOME_UNKNOWN, deed.text)
                            .booked(Booked.UNKNOWN)
                            .after(DOUBT_WAIT)
                            .send();
        }
    }

    private void notOpen(RoutingContext context, Campaign campaign) {
        Problem.of(context, ProblemType.NOT_OPEN)
                .after(Duration.between(clock.instant(), campaign.opensAt()))
                .say("opensAt", said -> said.moment(Times.there(campaign.opensAt(), campaign)))
                .with("opensAt", Times.text(campaign.opensAt(), campaign))
                .send();
    }

    private static void closed(RoutingContext context, Campaign campaign) {
        Problem.of(context, ProblemType.CLOSED)
                .say("closesAt", said -> said.moment(Times.there(campaign.closesAt(), campaign)))
                .with("closesAt", Times.text(campaign.closesAt(), campaign))
                .send();
    }

    private static void notEligible(RoutingContext context, Obstacle obstacle) {
        switch (obstacle) {
            case Obstacle.TooYoung(int minimumAge, LocalDate eligibleFrom) -> {
                Problem problem =
                        Problem.of(context, ProblemType.NOT_ELIGIBLE, "age")
                                .say("minimumAge", said -> String.valueOf(minimumAge))
                                .say("eligibleFrom", said -> said.day(eligibleFrom))
                                .with("reason", "age");
                problem.members()
                        .put("minimumAge", minimumAge)
                        .put("eligibleFrom", eligibleFrom.toString());
                problem.send();
            }
            case Obstacle.OtherRegion other ->
                    Problem.of(context, ProblemType.NOT_ELIGIBLE, "region")
                            .retry(Retry.NEVER)
                            .with("reason", "region")
                            .send();
        }
    }

    private static Problem withFields(Problem problem, Refused refused) {
        ArrayNode fields = problem.members().putArray("fields");
        for (FieldProblem field : refused.problems()) {
            fields.addObject()
                    .put("field", field.field())
                    .put("reason", field.reason())
                    .put("detail", problem.sentences().say("field." + field.reason()));
        }
        return problem;
    }

    private Problem withAlternatives(Problem problem, Slot missed) {
        ArrayNode alternatives = problem.members().putArray("alternatives");
        Campaign campaign = catalogue.get().getCampaign(missed.campaign());
        for (FreePlaces.Free free : publishCampaigns.free().nearest(missed, clock.instant())) {
            Slot slot = free.slot();
            alternatives
                    .addObject()
                    .put("slot", slot.id().toString())
                    .put("centre", slot.centre().value())
                    .put("centreName", catalogue.get().getCentre(slot.centre()).name())
                    .put("start", Times.text(slot.start(), campaign))
                    .put("end", Times.text(slot.end(), campaign))
                    .put("remaining", free.remaining());
        }
        return problem;
    }

    private static void overloaded(RoutingContext context, Deed deed) {
        Problem.of(context, ProblemType.OVERLOADED, deed.text).after(BUSY_WAIT).send();
    }

    private ObjectNode withPerson(HeldAppointment held) {
        ObjectNode node = appointment(held);
        MaskedDetails person = held.person();
        ObjectNode masked =
                node.putObject("person")
                        .put("name", person.name())
                        .put("idType", person.idType().wireName())
                        .put("idNumber", person.idNumber())
                        .put("phone", person.phone());
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
                .put("address", PublishCampaigns.address(centre))
                .put("slot", slot.id().toString())
                .put("start", Times.text(slot.start(), campaign))
                .put("end", Times.text(slot.end(), campaign))
                .put("dose", appointment.dose())
                .put("token", held.token());
    }

    private <T> void awaitBlocking(RoutingContext context, Callable<T> call, Consumer<T> answer) {
        await(
                context,
                blockingCalls.call(call),
                failure -> {
                    if (BlockingCalls.isBusy(failure)) {
                        Problem.of(context, ProblemType.OVERLOADED).after(BUSY_WAIT).send();
                    } else {
                        context.fail(failure);
                    }
                },
                answer);
    }

    /** Goes on with a result on the request's own event loop. */
    private static <T> void await(
            RoutingContext context,
            CompletionStage<T> stage,
            Consumer<Throwable> onFailure,
            Consumer<T> onResult) {
        Context loop = context.vertx().getOrCreateContext();
        stage.whenComplete(
                (result, failure) ->
                        loop.runOnContext(
                                done -> {
                                    if (context.response().closed()) {
                                        return;
                                    }
                                    if (failure != null) {
                                        onFailure.accept(failure);
                                        return;
                                    }
                                    try {
                                        onResult.accept(result);
                                    } catch (RuntimeException e) {
                                        // Nobody else would hear of it, and the client would wait.
                                        context.fail(e);
                                    }
                                }));
    }
}
