package giliran.edge;

import io.netty.channel.Channel;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;
import java.net.InetAddress;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The public door: published answers are written at once, all else goes to the rooms above. One
 * runs on each event loop, all on the same port.
 */
public final class EdgeVerticle extends VerticleBase {
    /**
     * Longer than caches in front keep a connection, which is 60 s with most: so that they close
     * it, and never send a write on one that is just being closed.
     */
    private static final int IDLE_SECONDS = 75;

    /** Limits on what a client may send and how long it may take. */
    private static final HttpServerOptions OPTIONS =
            new HttpServerOptions()
                    .setMaxInitialLineLength(4_096)
                    .setMaxHeaderSize(8_192)
                    .setIdleTimeout(IDLE_SECONDS)
                    .setHttp2ClearTextEnabled(false)
                    .setTcpNoDelay(true)
                    .setStrictThreadMode(true);

    /** How often slow clients are looked for, within the time that a request may take. */
    private static final int SWEEPS_PER_REQUEST = 20;

    private final String host;
    private final int port;
    private final PublishedAnswers published;
    private final DoorLimits limits;
    private final Supplier<Handler<HttpServerRequest>> rooms;

    /**
     * @param rooms makes the handler of everything that is not published, once an event loop
     */
    public EdgeVerticle(
            String host,
            int port,
            PublishedAnswers published,
            DoorLimits limits,
            Supplier<Handler<HttpServerRequest>> rooms) {
        this.host = host;
        this.port = port;
        this.published = published;
        this.limits = limits;
        this.rooms = rooms;
    }

    @Override
    public Future<?> start() {
        Handler<HttpServerRequest> others = rooms.get();
        SlowClients slowClients = new SlowClients(limits, System::nanoTime);
        vertx.setPeriodic(
                limits.limits().requestWithin().toMillis() / SWEEPS_PER_REQUEST,
                sweep -> slowClients.sweep());
        return vertx.createHttpServer(new HttpServerOptions(OPTIONS))
                .connectionHandler(connection -> admit(connection, slowClients))
                .requestHandler(
                        request -> {
                            if (!isRead(request) || !published.answer(request)) {
                                request.response().putHeader(HttpHeaders.DATE, published.date());
                                others.handle(request);
                            }
                        })
                .listen(port, host);
    }

    private void admit(HttpConnection connection, SlowClients slowClients) {
        Optional<InetAddress> from = Network.addressOf(connection.remoteAddress());
        boolean isAdmitted = limits.opened(from);
        connection.closeHandler(closed -> limits.closed(from));
        if (isAdmitted) {
            Channel channel = ((ConnectionBase) connection).channel();
            slowClients.watch(channel);
            ShortWay.open(channel, published);
        } else {
            connection.close();
        }
    }

    private static boolean isRead(HttpServerRequest request) {
        HttpMethod method = request.method();
        return method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD);
    }
}
