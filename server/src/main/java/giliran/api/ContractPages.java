package giliran.api;

import giliran.reception.Exchange;
import giliran.reception.ProblemType;
import giliran.reception.Reception;
import giliran.reception.Sentences;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The contract, a page to browse it with, and what each problem type means. */
final class ContractPages {
    private static final String SWAGGER_UI = "/META-INF/resources/webjars/swagger-ui/5.31.0/";
    private static final String HOUR = "public, max-age=3600";

    /** The page's files and what they are; no others are served. */
    private static final Map<String, String> FILES =
            Map.of(
                    "swagger-ui.css", "text/css",
                    "swagger-ui-bundle.js", "text/javascript",
                    "favicon-32x32.png", "image/png");

    private static final String PAGE =
            """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>Giliran API</title>
            <link rel="icon" href="/docs/favicon-32x32.png">
            <link rel="stylesheet" href="/docs/swagger-ui.css">
            </head>
            <body>
            <div id="contract"></div>
            <script src="/docs/swagger-ui-bundle.js"></script>
            <script src="/docs/start.js"></script>
            </body>
            </html>
            """;

    private static final String START =
            """
            SwaggerUIBundle({ url: "/openapi.yaml", dom_id: "#contract", deepLinking: true });
            """;

    private final Map<String, Buffer> files =
            FILES.keySet().stream()
                    .collect(Collectors.toMap(name -> name, name -> read(SWAGGER_UI + name)));
    private final Buffer contract = read("/giliran/openapi.yaml");

    void mount(Router router) {
        // A path without a slash is also taken with one, so the one with it comes first.
        Reception.get(router, "/docs/").handler(ContractPages::page);
        Reception.get(router, "/docs").handler(context -> redirect(context, "/docs/"));
        Reception.get(router, "/docs/start.js")
                .handler(context -> send(context, "text/javascript", Buffer.buffer(START)));
        Reception.get(router, "/docs/:file").handler(this::file);
        Reception.get(router, "/openapi.yaml")
                .handler(context -> send(context, "application/yaml", contract));
        Reception.get(router, "/problems/:name").handler(ContractPages::explain);
    }

    private static void redirect(RoutingContext context, String path) {
        context.response().setStatusCode(302).putHeader(HttpHeaders.LOCATION, path).end();
    }

    private static void page(RoutingContext context) {
        context.response()
                .putHeader(
                        "Content-Security-Policy",
                        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline';"
                                + " img-src 'self' data:; connect-src 'self'; base-uri 'none';"
                                + " form-action 'none'; frame-ancestors 'none'");
        send(context, "text/html; charset=utf-8", Buffer.buffer(PAGE));
    }

    private void file(RoutingContext context) {
        String name = Exchange.pathPart(context, "file");
        Buffer file = files.get(name);
        if (file == null) {
            context.fail(404);
        } else {
            send(context, FILES.getOrDefault(name, ""), file);
        }
    }

    private static void explain(RoutingContext context) {
        Optional<ProblemType> type = ProblemType.find(Exchange.pathPart(context, "name"));
        if (type.isEmpty()) {
            context.fail(404);
            return;
        }
        Sentences sentences = Exchange.sentences(context);
        context.response()
                .putHeader(HttpHeaders.CONTENT_LANGUAGE, sentences.language())
                .putHeader(HttpHeaders.VARY, "Accept-Language");
        String text = type.get().text;
        send(
                context,
                "text/plain; charset=utf-8",
                Buffer.buffer(
                        sentences.say(text + ".title")
                                + "\n\n"
                                + sentences.say(text + ".about")
                                + "\n"));
    }

    private static void send(RoutingContext context, String type, Buffer body) {
        context.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, type)
                .putHeader(HttpHeaders.CACHE_CONTROL, HOUR)
                .putHeader("X-Content-Type-Options", "nosniff")
                .end(body);
    }

    private static Buffer read(String resource) {
        try (InputStream in = ContractPages.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("not in the jar: " + resource);
            }
            return Buffer.buffer(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
