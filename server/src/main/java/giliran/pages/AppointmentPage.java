package giliran.pages;

import static java.nio.charset.StandardCharsets.UTF_8;

import giliran.booking.HeldAppointment;
import giliran.campaigns.Slot;
import giliran.reception.Appointments;
import giliran.reception.Exchange;
import giliran.reception.Problem;
import giliran.reception.ProblemType.Retry;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/** One person's appointment, for whoever has its link: to see, keep, move and cancel. */
public final class AppointmentPage {
    /** How the paths of all pages begin whose address is a secret. */
    static final String PATH = "/a/";

    /** The part of the path that is the secret. */
    static final String TOKEN = "token";

    private static final String FIND = "/find";

    /**
     * What the templates ask for.
     *
     * @param isChangeable whether it can still be moved or cancelled
     */
    public record View(HeldAppointment held, Place place, QrCode qr, boolean isChangeable) {
        public String path() {
            return AppointmentPage.path(held);
        }

        /** How the keys of its state's texts begin. */
        public String state() {
            return "state." + held.appointment().state();
        }
    }

    /**
     * What the template of cancelling asks for.
     *
     * @param place empty after a "no"
     */
    public record CancelView(
            String token, int version, Optional<Place> place, Optional<Problem> problem) {
        public String path() {
            return AppointmentPage.path(token);
        }

        /** Whether an earlier try may have cancelled it. */
        public boolean isInDoubt() {
            return problem.filter(Problem::isInDoubt).isPresent();
        }

        /** Whether the same can be tried again. */
        public boolean isOpen() {
            return problem.filter(told -> told.retry() != Retry.SAME && told.retry() != Retry.AFTER)
                    .isEmpty();
        }
    }

    /** What the template of looking up asks for. */
    public record FindView(MultiMap typed, Optional<Problem> problem) {
        public String value(String field) {
            return Objects.requireNonNullElse(typed.get(field), "");
        }
    }

    private final PersonalPages pages;
    private final Appointments appointments;
    private final Cookies cookies;
    private final JustGranted justGranted;
    private final InstantSource clock;

    AppointmentPage(
            PersonalPages pages,
            Appointments appointments,
            Cookies cookies,
            JustGranted justGranted,
            InstantSource clock) {
        this.pages = pages;
        this.appointments = appointments;
        this.cookies = cookies;
        this.justGranted = justGranted;
        this.clock = clock;
    }

    public static String path(HeldAppointment held) {
        return path(held.token());
    }

    static String path(String token) {
        return PATH + token;
    }

    static String token(RoutingContext context) {
        return Exchange.pathPart(context, TOKEN);
    }

    private static Frame frame(RoutingContext context, String titleKey, String end) {
        return PersonalPages.frame(context, titleKey, path(token(context)) + end);
    }

    void show(RoutingContext context) {
        justGranted
                .take(token(context))
                .ifPresentOrElse(
                        held -> show(context, held),
                        () ->
                                appointments.get(
                                        context, token(context), held -> show(context, held)));
    }

    private void show(RoutingContext context, HeldAppointment held) {
        Place place = pages.placeOf(held);
        PersonalPages.show(
                context,
                "appointment",
                frame(context, "appointment.title", ""),
                new View(
                        held,
                        place,
                        QrCode.of(held.appointment().reference().toString().replace(" ", "")),
                        isChangeable(held, place.slot())));
    }

    private boolean isChangeable(HeldAppointment held, Slot slot) {
        return held.appointment().state().isLive() && slot.start().isAfter(clock.instant());
    }

    void calendar(RoutingContext context) {
        appointments.get(
                context,
                token(context),
                held -> {
                    Place place = pages.placeOf(held);
                    PageHeaders.put(context.response());
                    Exchange.personal(context);
                    context.response()
                            .putHeader(HttpHeaders.CONTENT_TYPE, "text/calendar; charset=utf-8")
                            .putHeader(
                                    HttpHeaders.CONTENT_DISPOSITION,
                                    "attachment; filename=\"giliran.ics\"")
                            .end(
                                    Buffer.buffer(
                                            CalendarFile.of(
                                                            frame(context, "appointment.title", ""),
                                                            held.appointment(),
                                                            place.slot(),
                                                            place.centre())
                                                    .getBytes(UTF_8)));
                });
    }

    // ---- moving

    /** Remembers what is moved, and leads to the list. */
    void choosePlace(RoutingContext context) {
        appointments.get(
                context,
                token(context),
                held -> {
                    cookies.giveMoving(context, held.token());
                    PersonalPages.go(
                            context,
                            pages.placeOf(held).list(frame(context, "appointment.title", "")));
                });
    }

    /** Leaves the appointment where it is. */
    void stay(RoutingContext context) {
        cookies.takeMoving(context);
        PersonalPages.go(context, frame(context, "appointment.title", "").my(path(token(context))));
    }

    // ---- cancelling

    void askToCancel(RoutingContext context) {
        appointments.get(
                context,
                token(context),
                held ->
                        PersonalPages.show(
                                context,
                                "cancel",
                                frame(context, "cancel.title", "/cancel"),
                                new CancelView(
                                        held.token(),
                                        held.appointment().version(),
                                        Optional.of(pages.placeOf(held)),
                                        Optional.empty())));
    }

    void cancel(RoutingContext context) {
        Frame frame = frame(context, "cancel.title", "/cancel");
        PersonalPages.tellProblemsOn(
                context,
                "cancel",
                frame,
                (asked, problem) ->
                        new CancelView(
                                token(asked),
                                version(asked).orElse(0),
                                Optional.empty(),
                                Optional.of(problem)));
        appointments.cancel(
                context,
                token(context),
                version(context),
                held -> {
                    justGranted.put(held);
                    PersonalPages.go(context, frame.my(path(held)));
                });
    }

    /** The version that the page showed; one that we never wrote matches none. */
    static OptionalInt version(RoutingContext context) {
        String typed = PersonalPages.typed(context, "version");
        return OptionalInt.of(typed.matches("[1-9][0-9]{0,8}") ? Integer.parseInt(typed) : 0);
    }

    // ---- looking up

    void askToFind(RoutingContext context) {
        PersonalPages.show(
                context,
                "find",
                PersonalPages.frame(context, "find.title", FIND),
                new FindView(MultiMap.caseInsensitiveMultiMap(), Optional.empty()));
    }

    void find(RoutingContext context) {
        MultiMap typed = context.request().formAttributes();
        Frame frame = PersonalPages.frame(context, "find.title", FIND);
        PersonalPages.tellProblemsOn(
                context,
                "find",
                frame,
                (asked, problem) -> new FindView(typed, Optional.of(problem)));
        appointments.find(
                context,
                PersonalPages.typed(context, "reference"),
                PersonalPages.date(typed),
                held -> {
                    justGranted.put(held);
                    PersonalPages.go(context, frame.my(path(held)));
                });
    }
}
