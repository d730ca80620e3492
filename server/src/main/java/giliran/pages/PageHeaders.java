package giliran.pages;

import io.vertx.core.http.HttpServerResponse;
import java.util.Map;

/** The headers that keep a page safe in a browser. Every page has them. */
final class PageHeaders {
    static final Map<String, String> ALL =
            Map.of(
                    // Nothing but our own files: no inline script, no inline style, no frame.
                    "Content-Security-Policy",
                    "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self';"
                            + " img-src 'self' data:; connect-src 'self'; form-action 'self';"
                            + " base-uri 'none'; frame-ancestors 'none'",
                    "X-Content-Type-Options",
                    "nosniff",
                    // With no-referrer, browsers would not say of a form where it comes from.
                    "Referrer-Policy",
                    "same-origin",
                    "Permissions-Policy",
                    "camera=(), geolocation=(), microphone=(), payment=(), usb=(),"
                            + " browsing-topics=()",
                    "Cross-Origin-Opener-Policy",
                    "same-origin",
                    "Cross-Origin-Resource-Policy",
                    "same-origin");

    private PageHeaders() {}

    static void put(HttpServerResponse response) {
        ALL.forEach(response::putHeader);
    }
}
