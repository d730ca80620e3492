package giliran.edge;

import io.netty.handler.codec.http.QueryStringDecoder;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.function.Supplier;

/**
 * The public door: published answers are written at once, all else goes to the rooms above. One
 * runs on each event loop, all on the same port.
 */
public final class EdgeVerticle extends VerticleBase {
    private static final CharSequence AS_OF = HttpHeaders.createOptimized("as-of");
    private static final CharSequence CACHE_CONTROL =
            HttpHeaders.createOptimized(
                    "public, max-age=1, stale-while-revalidate=5, stale-if-error=600");
    private static final String REGION_SUFFIX = "/availability";

    /** Limits on what a client may send and how long it may take. */
    private static final HttpServerOptions OPTIONS =
            new HttpServerOptions()
                    .setMaxInitialLineLength(4_096)
                    .setMaxHeaderSize(8_192)
                    .setIdleTimeout(60)
                    .setHttp2ClearTextEnabled(false)
                    .setTcpNoDelay(true);

    private final String host;
    private final int port;
    private final PublishedAnswers published;
    private final Supplier<Handler<HttpServerRequest>> rooms;

    /**
     * @param rooms makes the handler of everything that is not published, once an event loop
     */
    public EdgeVerticle(
            String host,
            int port,
            PublishedAnswers published,
            Supplier<Handler<HttpServerRequest>> rooms) {
        this.host = host;
        this.port = port;
        this.published = published;
        this.rooms = rooms;
    }

    @Override
    public Future<?> start() {
        Handler<HttpServerRequest> others = rooms.get();
        return vertx.createHttpServer(new HttpServerOptions(OPTIONS))
                .requestHandler(
                        request -> {
                            if (!isPublished(request)) {
                                others.handle(request);
                            }
                        })
                .listen(port, host);
    }

    private boolean isPublished(HttpServerRequest request) {
        boolean isHead = request.method().equals(HttpMethod.HEAD);
        if (!isHead && !request.method().equals(HttpMethod.GET)) {
            return false;
        }
        return published.answer(
                key(request),
                (answer, asOf) -> {
                    HttpServerResponse response = request.response();
                    response.putHeader(HttpHeaders.CONTENT_TYPE, answer.contentType())
                            .putHeader(HttpHeaders.CACHE_CONTROL, CACHE_CONTROL)
                            .putHeader(AS_OF, asOf);
                    if (isHead) {
                        response.putHeader(
                                        HttpHeaders.CONTENT_LENGTH,
                                        String.valueOf(answer.body().length()))
                                .end();
                    } else {
                        response.end(answer.body());
                    }
                });
    }

    /**
     * Only an answer for one region depends on the query, by its first {@code region}; all else in
     * a query is ignored. What cannot be decoded is no key of ours.
     */
    private static String key(HttpServerRequest request) {
        try {
            String path = String.valueOf(request.path());
            if (path.indexOf('%') >= 0) {
                path = new QueryStringDecoder(path).path();
            }
            return path.endsWith(REGION_SUFFIX)
                    ? path + "?region=" + request.getParam("region")
                    : path;
        } catch (IllegalArgumentException e) {
            return "";
        }
    }
}
