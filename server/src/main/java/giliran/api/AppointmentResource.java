package giliran.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import giliran.admission.Admission;
import giliran.availability.Addresses;
import giliran.availability.Times;
import giliran.booking.HeldAppointment;
import giliran.booking.IdempotencyKey;
import giliran.campaigns.Campaign;
import giliran.campaigns.Catalogue;
import giliran.campaigns.Centre;
import giliran.campaigns.Slot;
import giliran.edge.Json;
import giliran.ledger.Appointment;
import giliran.people.MaskedDetails;
import giliran.reception.Appointments;
import giliran.reception.Campaigns;
import giliran.reception.Deed;
import giliran.reception.Exchange;
import giliran.reception.MalformedException;
import giliran.reception.Problem;
import giliran.reception.Problem.Booked;
import giliran.reception.ProblemType;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.function.Supplier;

/** One person's appointment: book, look up, find, move, cancel. */
final class AppointmentResource {
    private static final String APPOINTMENTS = "/api/v1/appointments/";

    private final Supplier<Catalogue> catalogue;
    private final Campaigns campaigns;
    private final Admission admission;
    private final Appointments appointments;

    AppointmentResource(
            Supplier<Catalogue> catalogue,
            Campaigns campaigns,
            Admission admission,
            Appointments appointments) {
        this.catalogue = catalogue;
        this.campaigns = campaigns;
        this.admission = admission;
        this.appointments = appointments;
    }

    void book(RoutingContext context) {
        Optional<Campaign> found = campaigns.findOrRefuse(context);
        if (found.isEmpty()) {
            return;
        }
        Campaign campaign = found.get();
        BookingBody request = BookingBody.readBooking(context);
        readKey(context)
                .ifPresent(
                        key ->
                                appointments.book(
                                        context,
                                        campaign,
                                        request.slot(),
                                        request.applicant(),
                                        () ->
                                                admission.isAdmitted(
                                                        context,
                                                        request.proof(),
                                                        campaign.proofOfWork()),
                                        key,
                                        held -> {
                                            context.response()
                                                    .putHeader(
                                                            "Location",
                                                            APPOINTMENTS + held.token());
                                            send(context, 201, held, appointment(held));
                                        }));
    }

    void move(RoutingContext context) {
        Body body = Body.of(context);
        String slot = body.text("slot");
        body.finish();
        readKey(context)
                .ifPresent(
                        key ->
                                appointments.move(
                                        context,
                                        token(context),
                                        slot,
                                        key,
                                        Versions.ifMatch(context),
                                        held -> send(context, held)));
    }

    void cancel(RoutingContext context) {
        Exchange.personal(context);
        Exchange.intend(context, Deed.CANCELLING);
        appointments.cancel(
                context, token(context), Versions.ifMatch(context), held -> send(context, held));
    }

    void get(RoutingContext context) {
        Exchange.personal(context);
        appointments.get(context, token(context), held -> send(context, held));
    }

    void find(RoutingContext context) {
        Body body = Body.of(context);
        String reference = body.text("reference");
        String dateOfBirth = body.text("dateOfBirth");
        body.finish();
        appointments.find(context, reference, dateOfBirth, held -> send(context, held));
    }

    private static String token(RoutingContext context) {
        return Exchange.pathPart(context, "token");
    }

    /** The request's key; empty if the answer has been given that there is none. */
    private static Optional<IdempotencyKey> readKey(RoutingContext context) {
        // Two keys are none: joined as RFC 9110 says, they have a form that no key has.
        String header = String.join(", ", context.request().headers().getAll("Idempotency-Key"));
        if (header.isBlank()) {
            Problem.of(context, ProblemType.KEY_MISSING).send(context);
            return Optional.empty();
        }
        Optional<IdempotencyKey> key = IdempotencyKey.parse(header);
        if (key.isEmpty()) {
            throw new MalformedException("header:Idempotency-Key");
        }
        return key;
    }

    private void send(RoutingContext context, HeldAppointment held) {
        send(context, 200, held, withPerson(held));
    }

    private static void send(
            RoutingContext context, int status, HeldAppointment held, ObjectNode body) {
        Versions.put(context, held);
        Api.send(context, status, body);
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
