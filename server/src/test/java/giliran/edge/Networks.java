package giliran.edge;

import io.vertx.core.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** Makes networks for tests of the rooms above. */
public final class Networks {
    private Networks() {}

    public static Network of(@Nullable SocketAddress from) {
        return Network.of(Network.addressOf(from));
    }
}
