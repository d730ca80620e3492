package giliran.edge;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The proxies whose word is taken for where a request came from. Everybody else may write what they
 * like into those headers and is known by the address of the connection.
 */
public final class TrustedProxies {
    private static final String FORWARDED_FOR = "X-Forwarded-For";
    private static final String FORWARDED = "Forwarded";
    private static final String FORWARDED_PROTO = "X-Forwarded-Proto";

    /** The parameter {@code proto} (RFC 7239, 5.4) of what a browser asked the outermost proxy. */
    private static final Pattern HTTPS =
            Pattern.compile("^[^,]*\\bproto=\"?https\\b", Pattern.CASE_INSENSITIVE);

    /** The node of a {@code for} parameter (RFC 7239, 6), which has a port only in quotes. */
    private static final Pattern FOR =
            Pattern.compile("(?:^|;)\\s*for=(?:\"([^\"]*)\"|([^;\"]*))", Pattern.CASE_INSENSITIVE);

    private static final String IPV4 = "[0-9]{1,3}(?:\\.[0-9]{1,3}){3}";
    private static final String IPV6 = "[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*";

    /** An address alone, or with a port; IPv6 in brackets if it has one. */
    private static final Pattern NODE =
            Pattern.compile(
                    "\\[(%2$s)](?::[0-9]+)?|(%1$s)(?::[0-9]+)?|(%2$s)".formatted(IPV4, IPV6));

    /** A range of addresses that are alike in their first bits. */
    private record Range(InetAddress base, int bits) {
        boolean contains(InetAddress address) {
            byte[] ours = base.getAddress();
            byte[] theirs = address.getAddress();
            if (ours.length != theirs.length) {
                return false;
            }
            for (int bit = 0; bit < bits; bit++) {
                int mask = 0x80 >> bit % 8;
                if (((ours[bit / 8] ^ theirs[bit / 8]) & mask) != 0) {
                    return false;
                }
            }
            return true;
        }
    }

    private final List<Range> ranges;

    /**
     * Trusts some ranges of addresses.
     *
     * @param ranges such as {@code 10.0.0.0/8}, {@code 2001:db8::/32} or one address alone
     * @throws IllegalArgumentException if one of them is none
     */
    public TrustedProxies(List<String> ranges) {
        this.ranges = ranges.stream().map(TrustedProxies::range).toList();
    }

    private static Range range(String text) {
        String[] parts = text.split("/", 2);
        // Java would take 10 for 0.0.0.10.
        if (!parts[0].matches(IPV4 + "|" + IPV6)) {
            throw new IllegalArgumentException("no address: " + parts[0]);
        }
        InetAddress base = InetAddress.ofLiteral(parts[0]);
        int bitsMax = base.getAddress().length * Byte.SIZE;
        int bits = parts.length == 1 ? bitsMax : Integer.parseInt(parts[1]);
        if (bits < 0 || bits > bitsMax) {
            throw new IllegalArgumentException("a prefix has 0 to " + bitsMax + " bits");
        }
        return new Range(base, bits);
    }

    boolean contain(InetAddress address) {
        return ranges.stream().anyMatch(range -> range.contains(address));
    }

    /**
     * The network that a request comes from: that of the connection or, behind proxies of ours, the
     * last one that is not ours. {@code X-Forwarded-For} counts before {@code Forwarded}.
     */
    public Network clientOf(HttpServerRequest request) {
        return clientOf(Network.addressOf(request.remoteAddress()), request.headers());
    }

    /** Whether a proxy of ours says that the browser came to it by HTTPS. */
    public boolean sayHttps(HttpServerRequest request) {
        return sayHttps(Network.addressOf(request.remoteAddress()), request.headers());
    }

    boolean sayHttps(Optional<InetAddress> peer, MultiMap headers) {
        return peer.filter(this::contain).isPresent()
                && (headers.contains(FORWARDED_PROTO)
                        ? "https".equalsIgnoreCase(headers.get(FORWARDED_PROTO))
                        : headers.getAll(FORWARDED).stream()
                                .anyMatch(element -> HTTPS.matcher(element).find()));
    }

    Network clientOf(Optional<InetAddress> peer, MultiMap headers) {
        return Network.of(
                peer.filter(this::contain).flatMap(proxy -> forwarded(headers)).or(() -> peer));
    }

    /** Read from the end, where our own proxies wrote; what nobody can read ends the reading. */
    private Optional<InetAddress> forwarded(MultiMap headers) {
        Optional<InetAddress> last = Optional.empty();
        for (String node : nodes(headers)) {
            Optional<InetAddress> address = address(node);
            if (address.isEmpty()) {
                return last;
            }
            last = address;
            if (!contain(address.get())) {
                return last;
            }
        }
        return last;
    }

    /** From the last to the first. */
    private static List<String> nodes(MultiMap headers) {
        List<String> nodes = new ArrayList<>();
        List<String> lists = headers.getAll(FORWARDED_FOR);
        if (!lists.isEmpty()) {
            lists.forEach(list -> nodes.addAll(List.of(list.split(",", -1))));
        } else {
            for (String list : headers.getAll(FORWARDED)) {
                for (String element : list.split(",", -1)) {
                    Matcher node = FOR.matcher(element);
                    nodes.add(
                            !node.find()
                                    ? ""
                                    : node.group(1) == null ? node.group(2) : node.group(1));
                }
            }
        }
        Collections.reverse(nodes);
        return nodes;
    }

    private static Optional<InetAddress> address(String node) {
        Matcher matcher = NODE.matcher(node.strip());
        if (!matcher.matches()) {
            return Optional.empty();
        }
        try {
            for (int group = 1; group <= matcher.groupCount(); group++) {
                if (matcher.group(group) != null) {
                    return Optional.of(InetAddress.ofLiteral(matcher.group(group)));
                }
            }
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // Looked like an address, and is none.
        }
    }
}
