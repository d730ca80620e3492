package giliran.edge;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many connections there may be, and how long a client may take over a request or an answer.
 * All doors of a process count together.
 */
public final class DoorLimits {
    /**
     * The limits, each stated in docs/limits.md.
     *
     * @param connectionsPerNetworkMax not for proxies that are trusted, nor for this machine itself
     * @param requestWithin from a request's first byte, or a connection's beginning, to its last
     * @param answerWithin from when an answer could be taken until all of it is
     */
    public record Limits(
            int connectionsMax,
            int connectionsPerNetworkMax,
            Duration requestWithin,
            Duration answerWithin) {
        /** What is open besides connections: jars, logs, the database's, and some to spare. */
        private static final long OTHER_FILES = 300;

        private static final int CONNECTIONS_MAX = 20_000;

        /**
         * The limits of a process that may have so many files open. One more connection than that
         * could not be taken, and so not be closed either: it would wait for ever.
         */
        public static Limits within(long filesMax) {
            return new Limits(
                    Math.clamp(filesMax - OTHER_FILES, 1, CONNECTIONS_MAX),
                    1_000,
                    Duration.ofSeconds(20),
                    Duration.ofSeconds(60));
        }
    }

    private final Limits limits;
    private final TrustedProxies proxies;
    private final AtomicInteger open = new AtomicInteger();
    private final ConcurrentMap<Network, Integer> openByNetwork = new ConcurrentHashMap<>();
    private final Counter tooMany;
    private final Counter tooManyOfNetwork;
    private final Counter slowRequests;
    private final Counter slowReaders;

    public DoorLimits(Limits limits, TrustedProxies proxies, MeterRegistry meters) {
        this.limits = limits;
        this.proxies = proxies;
        tooMany = cut(meters, "connections");
        tooManyOfNetwork = cut(meters, "connections-address");
        slowRequests = cut(meters, "slow-request");
        slowReaders = cut(meters, "slow-reader");
        Gauge.builder("giliran.connections", open, AtomicInteger::get)
                .description("Open connections")
                .register(meters);
    }

    private static Counter cut(MeterRegistry meters, String limit) {
        return Counter.builder("giliran.connections.cut")
                .description("Connections that were closed for a limit")
                .tag("limit", limit)
                .register(meters);
    }

    Limits limits() {
        return limits;
    }

    /**
     * Counts a new connection, until it is {@link #closed}.
     *
     * @param from empty if it has no address
     * @return whether it may stay
     */
    boolean opened(Optional<InetAddress> from) {
        int all = open.incrementAndGet();
        int ofNetwork =
                counted(from).map(its -> openByNetwork.merge(its, 1, Integer::sum)).orElse(0);
        if (all > limits.connectionsMax()) {
            tooMany.increment();
            return false;
        }
        if (ofNetwork > limits.connectionsPerNetworkMax()) {
            tooManyOfNetwork.increment();
            return false;
        }
        return true;
    }

    void closed(Optional<InetAddress> from) {
        open.decrementAndGet();
        counted(from)
                .ifPresent(
                        its ->
                                openByNetwork.computeIfPresent(
                                        its, (k, n) -> n == 1 ? null : n - 1));
    }

    private Optional<Network> counted(Optional<InetAddress> from) {
        return from.filter(address -> !isOurs(address)).map(Network::of);
    }

    private boolean isOurs(InetAddress address) {
        return address.isLoopbackAddress() || proxies.contain(address);
    }

    void noteSlowRequest() {
        slowRequests.increment();
    }

    void noteSlowReader() {
        slowReaders.increment();
    }
}
