package giliran.admission;

import static org.assertj.core.api.Assertions.assertThat;

import giliran.edge.Network;
import giliran.edge.Networks;
import giliran.ledger.Reference;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.net.SocketAddress;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RateLimitsTest {
    private static final SocketAddress HOME = address("192.0.2.1");

    private final AtomicLong nanoTime = new AtomicLong(Long.MAX_VALUE - 1_000_000_000L);
    private final RateLimits limits = new RateLimits(nanoTime::get, 42, new SimpleMeterRegistry());

    private static SocketAddress address(String literal) {
        return SocketAddress.inetSocketAddress(1_234, literal);
    }

    private Optional<RateLimits.Exceeded> tryFind(@Nullable SocketAddress from, long reference) {
        return limits.tryFind(Networks.of(from), Optional.of(new Reference(reference)));
    }

    /** Each with a reference of its own, or with none that can be read. */
    private void exhaust(@Nullable SocketAddress from) {
        for (int i = 0; i < 600; i++) {
            Optional<Reference> reference =
                    i % 2 == 0 ? Optional.empty() : Optional.of(new Reference(1_000_000L + i));
            assertThat(limits.tryFind(Networks.of(from), reference)).isEmpty();
        }
        assertThat(tryFind(from, 42)).isPresent();
    }

    @Test
    void allowsTenTriesForOneReferenceWhereverTheyComeFrom() {
        for (int i = 0; i < 10; i++) {
            assertThat(tryFind(address("192.0.2." + i), 7)).isEmpty();
        }

        RateLimits.Exceeded exceeded = tryFind(address("192.0.2.99"), 7).orElseThrow();

        assertThat(exceeded.policy()).isEqualTo("\"find-reference\";q=10;w=600");
        assertThat(exceeded.retryAfter().toSeconds()).isBetween(1L, 60L);
        assertThat(exceeded.rateLimit())
                .isEqualTo("\"find-reference\";r=0;t=" + exceeded.retryAfter().toSeconds());
        assertThat(tryFind(HOME, 8)).isEmpty();
    }

    @Test
    void allows600TriesFromOneAddress() {
        exhaust(HOME);

        RateLimits.Exceeded exceeded = tryFind(HOME, 43).orElseThrow();

        assertThat(exceeded.policy()).isEqualTo("\"find-address\";q=600;w=600");
        assertThat(exceeded.retryAfter().toSeconds()).isEqualTo(1);
        assertThat(tryFind(address("192.0.2.2"), 43)).isEmpty();
    }

    @Test
    void aTryThatTheAddressMayNotMakeDoesNotCountForTheReference() {
        exhaust(HOME);
        for (int i = 0; i < 20; i++) {
            limits.tryFind(Networks.of(HOME), Optional.of(new Reference(9)));
        }

        assertThat(tryFind(address("192.0.2.2"), 9)).isEmpty();
    }

    @Test
    void takesAllAddressesOfAn64ForOne() {
        exhaust(address("2001:db8:1:2::1"));

        assertThat(tryFind(address("2001:db8:1:2:ffff:ffff:ffff:ffff"), 1)).isPresent();
        assertThat(tryFind(address("2001:db8:1:3::1"), 1)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"2001:db8::1, 2001:e99::1", "2001:db8:0:100::1, 2001:db8:0:1f::1"})
    void tellsNetworksApartWhoseHashesAreEqual(String one, String other) {
        assertThat(hashOfPrefix(one)).isEqualTo(hashOfPrefix(other));

        exhaust(address(one));

        assertThat(tryFind(address(other), 1)).isEmpty();
    }

    private static int hashOfPrefix(String literal) {
        return Arrays.hashCode(Arrays.copyOf(InetAddress.ofLiteral(literal).getAddress(), 8));
    }

    @Test
    void readsAnAddressWithTheNameOfAnInterface() throws UnknownHostException {
        byte[] local = InetAddress.ofLiteral("fe80::1").getAddress();
        InetAddress scoped = Inet6Address.getByAddress("", local, 99);
        SocketAddress from = SocketAddress.inetSocketAddress(new InetSocketAddress(scoped, 1));
        assertThat(from.hostAddress()).contains("%99");

        exhaust(from);

        assertThat(tryFind(address("fe80::2"), 1)).isPresent();
    }

    @Test
    void takesAnIpv4AddressWrittenAsIpv6ForTheSame() {
        exhaust(HOME);

        assertThat(tryFind(address("::ffff:192.0.2.1"), 1)).isPresent();
    }

    @Test
    void countsThoseWithoutAnAddressTogether() {
        exhaust(null);

        assertThat(tryFind(SocketAddress.domainSocketAddress("/run/socket"), 1)).isPresent();
        assertThat(tryFind(HOME, 1)).isEmpty();
    }

    @Test
    void allows60000RequestsAMinuteFromOneAddress() {
        Network home = Networks.of(HOME);
        for (int i = 0; i < 60_000; i++) {
            assertThat(limits.tryRequest(home)).isEmpty();
        }

        RateLimits.Exceeded exceeded = limits.tryRequest(home).orElseThrow();

        assertThat(exceeded.policy()).isEqualTo("\"address\";q=60000;w=60");
        assertThat(limits.tryRequest(Networks.of(address("192.0.2.2")))).isEmpty();
    }

    @Test
    void doesNotLimitThisMachineItself() {
        for (String loopback : List.of("127.0.0.1", "::1")) {
            for (int i = 0; i < 130_000; i++) {
                assertThat(limits.tryRequest(Networks.of(address(loopback)))).isEmpty();
            }
        }
    }

    @Test
    void allows60RequestsAMinuteForOnePerson() {
        for (int i = 0; i < 60; i++) {
            assertThat(limits.tryFor("one")).isEmpty();
        }

        RateLimits.Exceeded exceeded = limits.tryFor("one").orElseThrow();

        assertThat(exceeded.policy()).isEqualTo("\"person\";q=60;w=60");
        assertThat(exceeded.rateLimit()).isEqualTo("\"person\";r=0;t=1");
        assertThat(limits.tryFor("other")).isEmpty();
    }

    @Test
    void givesATryBackEachSecond() {
        for (int i = 0; i < 61; i++) {
            limits.tryFor("one");
        }
        pass(Duration.ofMillis(999));
        assertThat(limits.tryFor("one")).isPresent();
        pass(Duration.ofMillis(1));
        assertThat(limits.tryFor("one")).isEmpty();
        assertThat(limits.tryFor("one")).isPresent();

        pass(Duration.ofHours(300));
        for (int i = 0; i < 60; i++) {
            assertThat(limits.tryFor("one")).isEmpty();
        }
        assertThat(limits.tryFor("one")).isPresent();
    }

    @Test
    void neverForgetsWhoTriesMostHoweverManyOthersCome() {
        for (int i = 0; i < 61; i++) {
            limits.tryFor("hammering");
        }
        for (int i = 0; i < 400_000; i++) {
            limits.tryFor("other " + i);
        }

        assertThat(limits.tryFor("hammering")).isPresent();
    }

    @Test
    void keepsTheLimitHoweverManyTryAtOnce() throws InterruptedException {
        AtomicInteger granted = new AtomicInteger();
        List<Thread> threads =
                Stream.generate(
                                () ->
                                        Thread.ofPlatform()
                                                .start(
                                                        () -> {
                                                            for (int i = 0; i < 1_000; i++) {
                                                                if (limits.tryFor("one")
                                                                        .isEmpty()) {
                                                                    granted.incrementAndGet();
                                                                }
                                                            }
                                                        }))
                        .limit(4)
                        .toList();
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(granted).hasValue(60);
    }

    private void pass(Duration time) {
        nanoTime.addAndGet(time.toNanos());
    }
}
