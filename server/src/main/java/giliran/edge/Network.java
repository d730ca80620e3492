package giliran.edge;

import io.vertx.core.net.SocketAddress;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who is counted as one where addresses are counted: an IPv4 address, or the /64 of an IPv6 one,
 * since that is the least that a customer has.
 *
 * @param prefix empty for those who come through no network, such as a socket of this machine
 */
public record Network(ByteBuffer prefix) {
    private static final int IPV6_PREFIX_BYTES = 8;
    private static final byte IPV4_LOOPBACK = 127;
    private static final long IPV4_MARK = 0xFF00_0000_0000_0000L;
    private static final Network NONE = new Network(ByteBuffer.allocate(0));

    static Network of(InetAddress address) {
        byte[] bytes = address.getAddress();
        return new Network(
                ByteBuffer.wrap(
                        address instanceof Inet6Address
                                ? Arrays.copyOf(bytes, IPV6_PREFIX_BYTES)
                                : bytes));
    }

    static Network of(Optional<InetAddress> address) {
        return address.map(Network::of).orElse(NONE);
    }

    /** Another number for each other network. */
    public long number() {
        return switch (prefix.capacity()) {
            case 0 -> -1;
            case IPV6_PREFIX_BYTES -> prefix.getLong(0);
            // As no IPv6 address begins that has a network of its own.
            default -> IPV4_MARK | Integer.toUnsignedLong(prefix.getInt(0));
        };
    }

    /** In hexadecimal digits. */
    @Override
    public String toString() {
        byte[] bytes = new byte[prefix.capacity()];
        prefix.get(0, bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /** Whether it is this machine itself. */
    public boolean isThisMachine() {
        return prefix.capacity() == 0
                || (prefix.capacity() == IPV6_PREFIX_BYTES
                        ? prefix.getLong(0) == 0
                        : prefix.get(0) == IPV4_LOOPBACK);
    }

    /** The address at the other end of a connection; empty if it has none. */
    static Optional<InetAddress> addressOf(@Nullable SocketAddress from) {
        // The zone after % names an interface of ours and nothing of theirs.
        return Optional.ofNullable(from)
                .map(SocketAddress::hostAddress)
                .map(host -> InetAddress.ofLiteral(host.split("%", 2)[0]));
    }
}
