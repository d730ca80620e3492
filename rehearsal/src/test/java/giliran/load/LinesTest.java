package giliran.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Lines of people, against a server that answers, is silent, breaks off or is away. */
final class LinesTest {
    private static final Duration SHORT = Duration.ofMillis(200);
    private static final Duration LONG = Duration.ofMinutes(1);

    /** Hears everything, and sends each request in the manner that it is told. */
    private static final class Heard implements Asker {
        private static final byte[] GET =
                "GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

        private final Manner manner;
        private final List<Integer> answered = new ArrayList<>();
        private final List<NoAnswer> unanswered = new ArrayList<>();

        Heard(Manner manner) {
            this.manner = manner;
        }

        @Override
        public Manner write(int number, ByteBuffer out) {
            out.put(GET);
            return manner;
        }

        @Override
        public void answered(int number, Answer answer) {
            answered.add(number);
        }

        @Override
        public void unanswered(int number, NoAnswer why) {
            unanswered.add(why);
        }

        int all() {
            return answered.size() + unanswered.size();
        }
    }

    private static void ask(Lines lines, Heard heard, int requests) {
        for (int number = 0; number < requests; number++) {
            lines.ask(number);
        }
        while (heard.all() < requests) {
            lines.turn(1);
        }
        assertThat(lines.underWay()).isZero();
    }

    private static boolean created(int number, java.io.OutputStream out) throws IOException {
        ScriptedServer.write(out, ScriptedServer.CREATED);
        return true;
    }

    @Test
    void answersEverybodyInTurnThoughTheyAreMoreThanTheLines() throws IOException {
        Heard heard = new Heard(Asker.Manner.WHOLE);
        try (ScriptedServer server = new ScriptedServer(LinesTest::created);
                Lines lines = new Lines(server.address(), 3, LONG, heard)) {
            ask(lines, heard, 5_000);

            assertThat(heard.answered).hasSize(5_000).doesNotHaveDuplicates();
            assertThat(server.connections()).isEqualTo(3);
            assertThat(lines.requests()).isEqualTo(5_000);
        }
    }

    @Test
    void letsWhoeverAsksFirstGoBeforeAllWhoWait() throws IOException {
        Heard heard = new Heard(Asker.Manner.WHOLE);
        try (ScriptedServer server = new ScriptedServer(LinesTest::created);
                Lines lines = new Lines(server.address(), 1, LONG, heard)) {
            int people = 3_000;
            for (int number = 0; number < people; number++) {
                lines.ask(number);
            }
            lines.askFirst(people);
            lines.askFirst(people + 1);
            while (heard.all() < people + 2) {
                lines.turn(1);
            }

            assertThat(heard.answered).startsWith(0, people + 1, people, 1, 2).hasSize(people + 2);
            assertThat(heard.answered).doesNotHaveDuplicates();
        }
    }

    @Test
    void givesUpAfterTheTimeThatPeopleWait() throws IOException {
        Heard heard = new Heard(Asker.Manner.WHOLE);
        try (ScriptedServer server =
                        new ScriptedServer(
                                (number, out) -> number % 2 == 0 ? created(number, out) : true);
                Lines lines = new Lines(server.address(), 1, SHORT, heard)) {
            ask(lines, heard, 4);

            assertThat(heard.answered).containsExactly(0, 2);
            assertThat(heard.unanswered)
                    .containsExactly(Asker.NoAnswer.TIMED_OUT, Asker.NoAnswer.TIMED_OUT);
        }
    }

    @Test
    void tellsOfAServerThatBreaksOff() throws IOException {
        Heard heard = new Heard(Asker.Manner.WHOLE);
        try (ScriptedServer server =
                        new ScriptedServer((number, out) -> number == 0 && created(number, out));
                Lines lines = new Lines(server.address(), 1, LONG, heard)) {
            ask(lines, heard, 2);

            assertThat(heard.answered).containsExactly(0);
            assertThat(heard.unanswered).containsExactly(Asker.NoAnswer.BROKEN);
        }
    }

    @Test
    void tellsOfAServerThatIsAway() throws IOException {
        Heard heard = new Heard(Asker.Manner.WHOLE);
        InetSocketAddress nowhere;
        try (ScriptedServer server = new ScriptedServer(LinesTest::created)) {
            nowhere = server.address();
        }
        try (Lines lines = new Lines(nowhere, 2, LONG, heard)) {
            ask(lines, heard, 10);

            assertThat(heard.unanswered).hasSize(10).containsOnly(Asker.NoAnswer.BROKEN);
        }
    }

    @Test
    void cutsALineWhenTheRequestHasBeenSent() throws IOException {
        Heard heard = new Heard(Asker.Manner.CUT);
        try (ScriptedServer server = new ScriptedServer(LinesTest::created);
                Lines lines = new Lines(server.address(), 2, LONG, heard)) {
            ask(lines, heard, 20);

            assertThat(heard.unanswered).hasSize(20).containsOnly(Asker.NoAnswer.CUT);
        }
    }

    @Test
    void sendsARequestInTwoPartsThatAreOneRequest() throws IOException {
        Heard heard = new Heard(Asker.Manner.IN_TWO);
        try (ScriptedServer server = new ScriptedServer(LinesTest::created);
                Lines lines = new Lines(server.address(), 2, LONG, heard)) {
            ask(lines, heard, 2);

            assertThat(heard.answered).containsExactlyInAnyOrder(0, 1);
        }
    }
}
