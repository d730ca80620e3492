package giliran.pages;

import giliran.admission.Admission;
import giliran.admission.WaitTickets;
import giliran.booking.ReadPass;
import giliran.campaigns.Catalogue;
import giliran.edge.TrustedProxies;
import giliran.reception.Appointments;
import giliran.reception.Campaigns;
import giliran.reception.Deed;
import giliran.reception.EventLoop;
import giliran.reception.Exchange;
import giliran.reception.OwnForms;
import giliran.reception.Passes;
import giliran.reception.Problem;
import giliran.reception.Reception;
import giliran.reception.Sentences;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The pages that are made for who asks: what is published never comes here. */
public final class Pages {
    private static final String CAMPAIGN = Frame.PERSONAL + ":language/c/:campaign";
    private static final String APPOINTMENT =
            Frame.PERSONAL + ":language" + AppointmentPage.PATH + ":token";
    private static final String FIND = Frame.PERSONAL + ":language/find";

    /**
     * What the template of a "no" asks for that has no form.
     *
     * @param isToBeSentAgain whether a form was sent that can be sent again after a while
     */
    public record Told(Problem problem, boolean isToBeSentAgain) {}

    private final Reception reception;
    private final DetailsPage details;
    private final BookPage book;
    private final AppointmentPage appointment;

    public Pages(
            Reception reception,
            Supplier<Catalogue> catalogue,
            Appointments appointments,
            Passes passes,
            ReadPass readPass,
            Admission admission,
            WaitTickets tickets,
            TrustedProxies proxies,
            InstantSource clock) {
        this.reception = reception;
        PersonalPages pages = new PersonalPages(catalogue);
        Campaigns campaigns = new Campaigns(catalogue);
        Cookies cookies = new Cookies(proxies);
        JustGranted justGranted = new JustGranted();
        details =
                new DetailsPage(
                        pages, campaigns, passes, readPass, admission, tickets, proxies, cookies,
                        clock);
        book = new BookPage(pages, campaigns, appointments, readPass, cookies, justGranted, clock);
        appointment = new AppointmentPage(pages, appointments, cookies, justGranted, clock);
    }

    /** Makes the handler of one event loop. */
    public Handler<HttpServerRequest> handler(EventLoop loop) {
        Router router = reception.router(loop, Pages::tell);
        for (String language : Sentences.languages()) {
            router.routeWithRegex("/(?:my/)?" + language + "(?:/.*)?")
                    .handler(
                            context -> {
                                Exchange.answerIn(context, language);
                                context.next();
                            });
            // The page itself, with the slash, is published.
            Reception.get(router, "/" + language)
                    .handler(context -> redirect(context, "/" + language + "/"));
        }
        Reception.get(router, "/").handler(Pages::start);
        router.route().handler(OwnForms::guard);
        mount(router);
        Reception.refuseOtherMethods(router);
        return router;
    }

    private void mount(Router router) {
        get(router, CAMPAIGN + "/details", details::show);
        post(router, CAMPAIGN + "/details", Optional.of(Deed.BOOKING), details::send);
        get(router, CAMPAIGN + "/ready", details::ready);
        post(router, CAMPAIGN + "/forget", Optional.empty(), details::forget);
        get(router, CAMPAIGN + "/check", book::check);
        post(router, CAMPAIGN + "/check", Optional.of(Deed.BOOKING), book::book);
        get(router, FIND, appointment::askToFind);
        post(router, FIND, Optional.empty(), appointment::find);
        get(router, APPOINTMENT, appointment::show);
        get(router, APPOINTMENT + "/calendar.ics", appointment::calendar);
        post(router, APPOINTMENT + "/choose", Optional.empty(), appointment::choosePlace);
        post(router, APPOINTMENT + "/stay", Optional.empty(), appointment::stay);
        post(router, APPOINTMENT + "/move", Optional.of(Deed.MOVING), book::move);
        get(router, APPOINTMENT + "/cancel", appointment::askToCancel);
        post(router, APPOINTMENT + "/cancel", Optional.of(Deed.CANCELLING), appointment::cancel);
    }

    private static void get(Router router, String path, Handler<RoutingContext> page) {
        Reception.get(router, path).handler(Pages::inOneOfOurLanguages).handler(page);
    }

    private static void post(
            Router router, String path, Optional<Deed> deed, Consumer<RoutingContext> page) {
        router.post(path).handler(Pages::inOneOfOurLanguages);
        Reception.post(
                router,
                path,
                PersonalPages.FORM,
                deed,
                context -> {
                    if (!PersonalPages.typed(context, "again").isEmpty()) {
                        Exchange.doubt(context);
                    }
                    page.accept(context);
                });
    }

    private static void inOneOfOurLanguages(RoutingContext context) {
        Exchange.personal(context);
        if (Sentences.languages().contains(Exchange.pathPart(context, "language"))) {
            context.next();
        } else {
            context.fail(404);
        }
    }

    /** Everyone is led to the start page in the language that their browser asks for. */
    private static void start(RoutingContext context) {
        context.response()
                .putHeader(HttpHeaders.VARY, "Accept-Language")
                // Caches answer the crowd that types the name of the service alone.
                .putHeader(HttpHeaders.CACHE_CONTROL, "public, max-age=60")
                // Of one request, and kept for many.
                .headers()
                .remove("X-Request-Id");
        redirect(context, "/" + Exchange.sentences(context).language() + "/");
    }

    private static void redirect(RoutingContext context, String path) {
        PageHeaders.put(context.response());
        context.response().setStatusCode(302).putHeader(HttpHeaders.LOCATION, path).end();
    }

    /** Says no on a page of its own. */
    static void tell(RoutingContext context, Problem problem) {
        Frame frame =
                new Frame(
                        Frame.texts(problem.sentences().language()),
                        problem.title(),
                        Frame.PUBLISHED,
                        "/");
        boolean isToBeSentAgain =
                context.request().method().equals(HttpMethod.POST) && problem.toWait().isPresent();
        PageHeaders.put(context.response());
        // The address may hold a secret, or what somebody took for one.
        Exchange.personal(context);
        context.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, "text/html; charset=utf-8")
                .end(
                        Buffer.buffer(
                                Html.render("problem", frame, new Told(problem, isToBeSentAgain))));
    }
}
