package giliran.admission;

import static org.assertj.core.api.Assertions.assertThat;

import giliran.admission.WaitTickets.Verdict;
import giliran.edge.Network;
import giliran.edge.Networks;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WaitTicketsTest {
    private static final Network HOME = network("192.0.2.1");
    private static final Network ELSEWHERE = network("192.0.2.2");
    private static final Duration TWENTY_SECONDS = Duration.ofSeconds(20);

    private final MovedClock clock = new MovedClock();
    private final WaitTickets tickets = tickets(1);

    private WaitTickets tickets(long seed) {
        return new WaitTickets(
                clock,
                new SplittableRandom(seed),
                new RateLimits(System::nanoTime, 42, new SimpleMeterRegistry()));
    }

    private static Network network(String literal) {
        return Networks.of(SocketAddress.inetSocketAddress(1_234, literal));
    }

    @Test
    void acceptsATicketOnceAfterTwentySecondsAndNotBefore() {
        String ticket = tickets.give(HOME);
        clock.move(TWENTY_SECONDS.minusMillis(1));
        assertThat(tickets.take(ticket, HOME)).isEqualTo(Verdict.TOO_EARLY);
        clock.move(Duration.ofMillis(1));
        assertThat(tickets.take(ticket, HOME)).isEqualTo(Verdict.ACCEPTED);
        assertThat(tickets.take(ticket, HOME)).isEqualTo(Verdict.REFUSED);
    }

    @Test
    void refusesATicketAtAnotherAddressAndLeavesItGoodAtItsOwn() {
        String ticket = tickets.give(HOME);
        clock.move(TWENTY_SECONDS);
        assertThat(tickets.take(ticket, ELSEWHERE)).isEqualTo(Verdict.REFUSED);
        assertThat(tickets.take(ticket, HOME)).isEqualTo(Verdict.ACCEPTED);
    }

    @Test
    void refusesATicketAfterTwoHours() {
        String inTime = tickets.give(HOME);
        String late = tickets.give(HOME);
        clock.move(Duration.ofHours(2).minusMillis(1));
        assertThat(tickets.take(inTime, HOME)).isEqualTo(Verdict.ACCEPTED);
        clock.move(Duration.ofMillis(1));
        assertThat(tickets.take(late, HOME)).isEqualTo(Verdict.REFUSED);
    }

    @Test
    void refusesATicketOfAnotherProcess() {
        String ticket = tickets(2).give(HOME);
        clock.move(TWENTY_SECONDS);
        assertThat(tickets.take(ticket, HOME)).isEqualTo(Verdict.REFUSED);
    }

    @Test
    void acceptsAHundredTicketsInTenMinutesOfOneAddress() {
        String early = tickets.give(HOME);
        for (int i = 0; i < 100; i++) {
            String ticket = tickets.give(HOME);
            clock.move(TWENTY_SECONDS);
            assertThat(tickets.take(ticket, HOME)).isEqualTo(Verdict.ACCEPTED);
        }
        String oneMore = tickets.give(HOME);
        String elsewhere = tickets.give(ELSEWHERE);
        clock.move(TWENTY_SECONDS);
        assertThat(tickets.take(oneMore, HOME)).isEqualTo(Verdict.TOO_MANY);
        assertThat(tickets.take(early, HOME)).isEqualTo(Verdict.TOO_MANY);
        assertThat(tickets.take(elsewhere, ELSEWHERE)).isEqualTo(Verdict.ACCEPTED);
    }

    @Test
    void usesNothingUpOfItsAddressForATicketThatIsSentAgainAndAgain() {
        String used = tickets.give(HOME);
        String other = tickets.give(HOME);
        clock.move(TWENTY_SECONDS);
        assertThat(tickets.take(used, HOME)).isEqualTo(Verdict.ACCEPTED);
        for (int i = 0; i < 200; i++) {
            assertThat(tickets.take(used, HOME)).isEqualTo(Verdict.REFUSED);
        }
        assertThat(tickets.take(other, HOME)).isEqualTo(Verdict.ACCEPTED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "💉",
                "\u0000",
                "AAAA",
                "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
            })
    void refusesGarbage(String garbage) {
        assertThat(tickets.take(garbage, HOME)).isEqualTo(Verdict.REFUSED);
    }
}
