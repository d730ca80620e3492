package giliran.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.vertx.core.MultiMap;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrustedProxiesTest {
    private static final TrustedProxies PROXIES =
            new TrustedProxies(List.of("10.0.0.0/8", "192.0.2.7", "2001:db8:5::/48"));

    private static Network clientOf(String peer, MultiMap headers) {
        return PROXIES.clientOf(Optional.of(InetAddress.ofLiteral(peer)), headers);
    }

    private static Network network(String address) {
        return Networks.of(SocketAddress.inetSocketAddress(1, address));
    }

    private static MultiMap headers(String name, String... values) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        List.of(values).forEach(value -> headers.add(name, value));
        return headers;
    }

    @ParameterizedTest
    @CsvSource({
        "10.1.2.3, true",
        "10.255.255.255, true",
        "11.0.0.0, false",
        "192.0.2.7, true",
        "192.0.2.6, false",
        "2001:db8:5:ffff::1, true",
        "2001:db8:6::1, false",
        "::ffff:10.0.0.1, true"
    })
    void knowsAProxyByItsRange(String address, boolean isTrusted) {
        assertThat(PROXIES.contain(InetAddress.ofLiteral(address))).isEqualTo(isTrusted);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "10.1.2.3 | X-Forwarded-Proto | https | true",
                "10.1.2.3 | X-Forwarded-Proto | http | false",
                "10.1.2.3 | Forwarded | for=203.0.113.9;proto=https | true",
                "10.1.2.3 | Forwarded | for=203.0.113.9;proto=\"https\";by=10.0.0.1 | true",
                "10.1.2.3 | Forwarded | for=203.0.113.9, for=10.0.0.1;proto=https | false",
                "10.1.2.3 | Via | https | false",
                "11.0.0.1 | X-Forwarded-Proto | https | false"
            })
    void learnsOfHttpsFromItsProxiesOnly(String peer, String name, String value, boolean isHttps) {
        assertThat(PROXIES.sayHttps(Optional.of(InetAddress.ofLiteral(peer)), headers(name, value)))
                .isEqualTo(isHttps);
    }

    @Test
    void believesNobodyElse() {
        assertThat(clientOf("198.51.100.1", headers("X-Forwarded-For", "203.0.113.9")))
                .isEqualTo(network("198.51.100.1"));
        assertThat(clientOf("198.51.100.1", headers("Forwarded", "for=203.0.113.9")))
                .isEqualTo(network("198.51.100.1"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "203.0.113.9 | 203.0.113.9",
                "1.1.1.1, 203.0.113.9 | 203.0.113.9",
                "1.1.1.1, 203.0.113.9, 10.9.9.9 | 203.0.113.9",
                "203.0.113.9:4711 | 203.0.113.9",
                "[2001:db8:9::1]:443 | 2001:db8:9::2",
                "2001:db8:9::1 | 2001:db8:9::2",
                "10.1.1.1, 10.2.2.2 | 10.1.1.1",
                "1.1.1.1, unknown | 10.0.0.1",
                "1.1.1.1, not-an-address, 10.2.2.2 | 10.2.2.2",
                "1.1.1.1, 999.1.1.1 | 10.0.0.1",
                "1.1.1.1, 10 | 10.0.0.1",
                "1.1.1.1, [10.0.0.1] | 10.0.0.1",
                "'' | 10.0.0.1",
                "',,,' | 10.0.0.1"
            })
    void readsForwardedForFromTheEnd(String header, String client) {
        assertThat(clientOf("10.0.0.1", headers("X-Forwarded-For", header)))
                .isEqualTo(network(client));
    }

    @Test
    void readsSeveralLinesAsOne() {
        assertThat(
                        clientOf(
                                "10.0.0.1",
                                headers("X-Forwarded-For", "1.1.1.1", "203.0.113.9, 10.1.1.1")))
                .isEqualTo(network("203.0.113.9"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "for=203.0.113.9 | 203.0.113.9",
                "For=\"203.0.113.9:80\";proto=https | 203.0.113.9",
                "proto=https; for=\"[2001:db8:9::1]:4711\" | 2001:db8:9::1",
                "for=1.1.1.1, for=203.0.113.9, for=10.2.2.2;by=10.3.3.3 | 203.0.113.9",
                "for=1.1.1.1, for=_hidden | 10.0.0.1",
                "by=1.1.1.1 | 10.0.0.1"
            })
    void readsForwardedFromTheEnd(String header, String client) {
        assertThat(clientOf("10.0.0.1", headers("Forwarded", header))).isEqualTo(network(client));
    }

    @Test
    void looksAtForwardedOnlyWhereThereIsNoForwardedFor() {
        MultiMap both = headers("X-Forwarded-For", "203.0.113.9").add("Forwarded", "for=1.1.1.1");

        assertThat(clientOf("10.0.0.1", both)).isEqualTo(network("203.0.113.9"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "10",
                "10/8",
                "localhost",
                "10.0.0.0/33",
                "10.0.0.0/-1",
                "::/129",
                "10.0.0.0/x",
                "10/8/1"
            })
    void refusesWhatIsNoRange(String range) {
        assertThatIllegalArgumentException().isThrownBy(() -> new TrustedProxies(List.of(range)));
    }
}
