package giliran.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Clients against a server that answers, breaks off and pauses as it is told. */
@SuppressWarnings("StringConcatToTextBlock") // The lines of HTTP end otherwise.
final class LoadTest {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final long PAUSE_NANOS = Duration.ofMillis(300).toNanos();

    /** So many requests, counted as they are answered. */
    private static final class Requests implements Traffic {
        private static final byte[] GET =
                "GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

        private final int most;
        private int sent;
        private int answered;
        private int lost;

        Requests(int most) {
            this.most = most;
        }

        @Override
        public int next(ByteBuffer out) {
            if (sent == most) {
                return NOTHING;
            }
            out.put(GET);
            return sent++;
        }

        @Override
        public void answered(int number, Answer answer) {
            answered++;
        }

        @Override
        public void lost(int number) {
            lost++;
        }
    }

    @Test
    void sendsAllRequestsAndCountsAllAnswers() throws IOException {
        Requests requests = new Requests(1_000);
        try (ScriptedServer server = new ScriptedServer(LoadTest::created);
                Load load = new Load(server.address())) {
            Tally tally = load.closed(16, requests);
            load.run(Duration.ZERO, LONG);

            assertThat(requests.answered).isEqualTo(1_000);
            assertThat(tally.granted()).isEqualTo(1_000);
            assertThat(tally.grantedMicros().getTotalCount()).isEqualTo(1_000);
            assertThat(tally.others()).isEmpty();
            assertThat(tally.seconds()).isPositive();
            assertThat(server.connections()).isEqualTo(16);
        }
    }

    private static boolean created(int number, java.io.OutputStream out) throws IOException {
        ScriptedServer.write(out, ScriptedServer.CREATED);
        return true;
    }

    @Test
    void countsOtherAnswersByStatusAndProblem() throws IOException {
        String body = "{\"type\":\"https://x/problems/place-gone\"}";
        String gone =
                "HTTP/1.1 409 Conflict\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
        Requests requests = new Requests(30);
        try (ScriptedServer server =
                        new ScriptedServer(
                                (number, out) -> {
                                    ScriptedServer.write(
                                            out, number < 10 ? ScriptedServer.CREATED : gone);
                                    return true;
                                });
                Load load = new Load(server.address())) {
            Tally tally = load.closed(3, requests);
            load.run(Duration.ZERO, LONG);

            assertThat(tally.granted()).isEqualTo(10);
            assertThat(tally.others()).containsOnlyKeys("409 place-gone");
            assertThat(tally.others()).containsEntry("409 place-gone", 20L);
        }
    }

    @Test
    void readsAnswersThatComeByteByByte() throws IOException {
        Requests requests = new Requests(5);
        try (ScriptedServer server =
                        new ScriptedServer(
                                (number, out) -> {
                                    for (char c : ScriptedServer.CREATED.toCharArray()) {
                                        out.write(c);
                                        out.flush();
                                    }
                                    return true;
                                });
                Load load = new Load(server.address())) {
            Tally tally = load.closed(1, requests);
            load.run(Duration.ZERO, LONG);

            assertThat(tally.granted()).isEqualTo(5);
        }
    }

    @Test
    void countsWhatIsLostWithItsConnectionAndGoesOnWithAnother() throws IOException {
        Requests requests = new Requests(10);
        try (ScriptedServer server =
                        new ScriptedServer(
                                (number, out) -> {
                                    if (number == 3) {
                                        ScriptedServer.write(out, "HTTP/1.1 201 Cre");
                                        return false;
                                    }
                                    return created(number, out);
                                });
                Load load = new Load(server.address())) {
            Tally tally = load.closed(1, requests);
            load.run(Duration.ZERO, LONG);

            assertThat(requests.lost).isEqualTo(1);
            assertThat(tally.granted()).isEqualTo(9);
            assertThat(tally.others()).containsEntry("connection lost", 1L);
            assertThat(server.connections()).isEqualTo(2);
        }
    }

    @Test
    void opensAnotherConnectionAfterAnAnswerThatIsTheLast() throws IOException {
        Requests requests = new Requests(3);
        try (ScriptedServer server =
                        new ScriptedServer(
                                (number, out) -> {
                                    ScriptedServer.write(
                                            out,
                                            "HTTP/1.1 201 Created\r\nConnection: close\r\n"
                                                    + "Content-Length: 0\r\n\r\n");
                                    return false;
                                });
                Load load = new Load(server.address())) {
            Tally tally = load.closed(1, requests);
            load.run(Duration.ZERO, LONG);

            assertThat(tally.granted()).isEqualTo(3);
            assertThat(tally.others()).isEmpty();
        }
    }

    @Test
    void countsNothingOfTheWarmUp() throws IOException {
        Requests requests = new Requests(100);
        try (ScriptedServer server = new ScriptedServer(LoadTest::created);
                Load load = new Load(server.address())) {
            Tally tally = load.closed(4, requests);
            load.run(LONG, LONG);

            assertThat(requests.answered).isEqualTo(100);
            assertThat(tally.all()).isZero();
        }
    }

    /** The pause is felt by all who were due in it, not by the one who was being answered. */
    @Test
    void letsAllWhoAreDueInAPauseFeelItInTheOpenFlow() throws IOException {
        Requests requests = new Requests(400);
        try (ScriptedServer server = new ScriptedServer(LoadTest::createdAfterAPause);
                Load load = new Load(server.address())) {
            Tally tally = load.open(1_000, 1, requests);
            load.run(Duration.ZERO, LONG);

            assertThat(tally.granted()).isEqualTo(400);
            // Due at 100 ms and before, and answered at 300 ms and after.
            assertThat(longerThan(tally, 200)).isGreaterThanOrEqualTo(100);
        }
    }

    @Test
    void letsOnlyTheOneWhoWaitsFeelAPauseInAClosedFlow() throws IOException {
        Requests requests = new Requests(400);
        try (ScriptedServer server = new ScriptedServer(LoadTest::createdAfterAPause);
                Load load = new Load(server.address())) {
            Tally tally = load.closed(1, requests);
            load.run(Duration.ZERO, LONG);

            assertThat(tally.granted()).isEqualTo(400);
            assertThat(tally.grantedMicros().getMaxValue()).isGreaterThanOrEqualTo(299_000);
            assertThat(tally.grantedMicros().getValueAtPercentile(50)).isLessThan(299_000);
        }
    }

    private static boolean createdAfterAPause(int number, java.io.OutputStream out)
            throws IOException {
        long until = System.nanoTime() + PAUSE_NANOS;
        while (number == 0 && System.nanoTime() < until) {
            LockSupport.parkNanos(until - System.nanoTime());
        }
        return created(number, out);
    }

    private static long longerThan(Tally tally, int millis) {
        return tally.grantedMicros()
                .getCountBetweenValues(millis * 1_000L, Duration.ofMinutes(2).toNanos() / 1_000);
    }

    @Test
    void sendsAnOpenFlowAtItsRate() throws IOException {
        Requests requests = new Requests(Integer.MAX_VALUE);
        try (ScriptedServer server = new ScriptedServer(LoadTest::created);
                Load load = new Load(server.address())) {
            Tally tally = load.open(200, 64, requests);
            load.run(Duration.ZERO, Duration.ofSeconds(1));

            // Also those that were due and could be sent only later.
            assertThat(tally.all()).isEqualTo(200);
        }
    }

    @Test
    void measuresWhatTheClientsThemselvesCanDo() {
        Ceiling ceiling = Ceiling.measure(8, Duration.ofMillis(50), Duration.ofMillis(200));

        assertThat(ceiling.perSecond()).isPositive();
        assertThat(ceiling.cpuMicros()).isPositive();
    }
}
