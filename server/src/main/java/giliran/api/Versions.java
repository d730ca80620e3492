package giliran.api;

import giliran.booking.HeldAppointment;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An appointment's version as an entity tag, so that an old page never changes a new state. */
final class Versions {
    private static final Pattern TAG = Pattern.compile("\"([1-9][0-9]{0,8})\"");

    private Versions() {}

    static void put(RoutingContext context, HeldAppointment held) {
        context.response().putHeader(HttpHeaders.ETAG, "\"" + held.appointment().version() + "\"");
    }

    /**
     * The version that {@code If-Match} asks for; empty without the header or with {@code *}. A tag
     * that we never gave matches no version. Lists are not supported: an appointment has one state.
     */
    static OptionalInt ifMatch(RoutingContext context) {
        String header = context.request().getHeader(HttpHeaders.IF_MATCH);
        if (header == null || header.strip().equals("*")) {
            return OptionalInt.empty();
        }
        Matcher tag = TAG.matcher(header.strip());
        return OptionalInt.of(tag.matches() ? Integer.parseInt(tag.group(1)) : 0);
    }
}
