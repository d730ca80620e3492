package giliran.pages;

import giliran.booking.HeldAppointment;
import giliran.campaigns.Campaign;
import giliran.campaigns.Catalogue;
import giliran.campaigns.Slot;
import giliran.campaigns.SlotId;
import giliran.reception.Exchange;
import giliran.reception.Problem;
import giliran.reception.ProblemForm;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/** What all pages share that are one person's: how they are read, written and led on from. */
final class PersonalPages {
    /** The form of our forms. */
    static final String FORM = "application/x-www-form-urlencoded";

    /** A script that sends a form says so, and goes on by itself. */
    private static final String BY_SCRIPT = "X-Giliran-Form";

    private static final int OK = 200;
    private static final int CREATED = 201;
    private static final int SEE_OTHER = 303;

    private final Supplier<Catalogue> catalogue;

    PersonalPages(Supplier<Catalogue> catalogue) {
        this.catalogue = catalogue;
    }

    Catalogue catalogue() {
        return catalogue.get();
    }

    /** The slot that a text names. */
    Optional<Slot> findSlot(String text) {
        return SlotId.parse(text).flatMap(catalogue()::findSlot);
    }

    /** The slot of a campaign that a text names. */
    Optional<Slot> findSlot(Campaign campaign, String text) {
        return findSlot(text).filter(slot -> slot.campaign().equals(campaign.id()));
    }

    /** Where and when an appointment is. */
    Place placeOf(HeldAppointment held) {
        return placeOf(catalogue().getSlot(held.appointment().place().slot()));
    }

    Place placeOf(Slot slot) {
        return new Place(
                catalogue().getCampaign(slot.campaign()),
                slot,
                catalogue().getCentre(slot.centre()));
    }

    /** A field of a form that was sent; empty text if it is absent. */
    static String typed(RoutingContext context, String name) {
        return Objects.requireNonNullElse(context.request().formAttributes().get(name), "");
    }

    /** A field of a form or of an address; empty text if it is absent. */
    static String field(RoutingContext context, String name) {
        return Objects.requireNonNullElse(context.request().getParam(name), "");
    }

    /**
     * A date that was typed in three fields, in the form that is checked; blank if nothing was
     * typed.
     */
    static String date(MultiMap typed) {
        String day = part(typed, "day");
        String month = part(typed, "month");
        String year = part(typed, "year");
        return day.isEmpty() && month.isEmpty() && year.isEmpty()
                ? ""
                : year + "-" + twoDigits(month) + "-" + twoDigits(day);
    }

    private static String part(MultiMap typed, String field) {
        return Objects.requireNonNullElse(typed.get(field), "").strip();
    }

    private static String twoDigits(String number) {
        return number.length() == 1 ? "0" + number : number;
    }

    /** Whole seconds to an instant, rounded up; 0 if it is past. */
    static long secondsTo(Instant instant, Instant now) {
        return Math.max(0, Math.ceilDiv(Duration.between(now, instant).toMillis(), 1_000L));
    }

    static Frame frame(RoutingContext context, String titleKey, String path) {
        String language = Exchange.sentences(context).language();
        return Frame.personal(language, Frame.texts(language).say(titleKey), path);
    }

    /** Writes a page that tells no problem. */
    static void show(RoutingContext context, String template, Frame frame, Object view) {
        context.response().setStatusCode(OK);
        write(context, template, frame, view);
    }

    /** From here on a "no" is told on this page, with all that was typed. */
    static void tellProblemsOn(
            RoutingContext context,
            String template,
            Frame frame,
            BiFunction<RoutingContext, Problem, Object> view) {
        ProblemForm form =
                (asked, problem) -> write(asked, template, frame, view.apply(asked, problem));
        Exchange.answerProblemsWith(context, form);
    }

    static void write(RoutingContext context, String template, Frame frame, Object view) {
        PageHeaders.put(context.response());
        context.response()
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .putHeader(HttpHeaders.CONTENT_LANGUAGE, frame.language())
                .putHeader(HttpHeaders.CONTENT_TYPE, "text/html; charset=utf-8");
        if (context.pathParam(AppointmentPage.TOKEN) != null) {
            // The address itself is a secret.
            context.response().putHeader("Referrer-Policy", "no-referrer");
        }
        context.response().end(Buffer.buffer(Html.render(template, frame, view)));
    }

    /** Leads on to another page, so that loading that one anew repeats nothing. */
    static void go(RoutingContext context, String address) {
        Exchange.personal(context);
        context.response()
                .setStatusCode(
                        context.request().headers().contains(BY_SCRIPT) ? CREATED : SEE_OTHER)
                .putHeader(HttpHeaders.LOCATION, address)
                .end();
    }
}
