package giliran.pages;

import giliran.reception.Exchange;
import giliran.reception.Problem;
import giliran.reception.Reception;
import giliran.reception.Sentences;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/** The pages that are made for who asks: what is published never comes here. */
public final class Pages {
    private final Reception reception;

    public Pages(Reception reception) {
        this.reception = reception;
    }

    /** Makes the handler of one event loop. */
    public Handler<HttpServerRequest> handler(Vertx vertx) {
        Router router = reception.router(vertx, Pages::problem);
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
        Reception.refuseOtherMethods(router);
        return router;
    }

    /** Everyone is led to the start page in the language that their browser asks for. */
    private static void start(RoutingContext context) {
        context.response().putHeader(HttpHeaders.VARY, "Accept-Language");
        redirect(context, "/" + Exchange.sentences(context).language() + "/");
    }

    private static void redirect(RoutingContext context, String path) {
        PageHeaders.put(context.response());
        context.response().setStatusCode(302).putHeader(HttpHeaders.LOCATION, path).end();
    }

    private static void problem(RoutingContext context, Problem problem) {
        Frame frame =
                new Frame(
                        Frame.texts(problem.sentences().language()),
                        problem.title(),
                        Frame.PUBLISHED,
                        "/");
        PageHeaders.put(context.response());
        context.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, "text/html; charset=utf-8")
                .end(Buffer.buffer(Html.render("problem", frame, problem)));
    }
}
