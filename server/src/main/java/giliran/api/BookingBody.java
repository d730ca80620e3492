package giliran.api;

import giliran.booking.BookAppointment.Applicant;
import giliran.people.RawDetails;
import giliran.reception.Exchange;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request for a place, or for a pass.
 *
 * @param slot any text; empty in a request for a pass
 * @param proof the solution of a proof of work, if one was sent
 */
record BookingBody(String slot, Applicant applicant, Optional<String> proof) {
    /** A slot, and either a pass or a person and a dose. */
    static BookingBody readBooking(RoutingContext context) {
        Body body = Body.of(context);
        String slot = body.text("slot");
        String pass = body.optionalText("pass");
        Applicant applicant = pass == null ? typed(context, body) : new Applicant.WithPass(pass);
        return finished(body, slot, applicant);
    }

    /** A person and a dose. */
    static BookingBody readPass(RoutingContext context) {
        Body body = Body.of(context);
        return finished(body, "", typed(context, body));
    }

    private static BookingBody finished(Body body, String slot, Applicant applicant) {
        @Nullable String proof = body.optionalText("proof");
        body.finish();
        return new BookingBody(slot, applicant, Optional.ofNullable(proof));
    }

    private static Applicant.Typed typed(RoutingContext context, Body body) {
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
        Exchange.speak(context, details::language);
        person.finish();
        return new Applicant.Typed(body.integer("dose"), details);
    }
}
