package giliran.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import giliran.edge.Json;
import giliran.edge.Readiness;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;

/** Whether the process is alive, and whether it can take bookings now. */
final class HealthResource {
    private final Readiness readiness;

    HealthResource(Readiness readiness) {
        this.readiness = readiness;
    }

    void live(RoutingContext context) {
        send(context, 200, Json.object().put("status", "up"));
    }

    void ready(RoutingContext context) {
        readiness
                .obstacle()
                .ifPresentOrElse(
                        obstacle -> {
                            ObjectNode down = Json.object().put("status", "down");
                            down.putArray("waitingFor").add(obstacle);
                            send(context, 503, down);
                        },
                        () -> send(context, 200, Json.object().put("status", "up")));
    }

    private static void send(RoutingContext context, int status, ObjectNode body) {
        context.response().putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        Api.send(context, status, body);
    }
}
