package giliran.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers as they come: in one piece, in many, in chunks, one behind another, and broken. */
@SuppressWarnings("StringConcatToTextBlock") // The lines of HTTP end otherwise.
final class AnswerTest {
    private static final String WITH_LENGTH =
            "HTTP/1.1 409 Conflict\r\nDate: today\r\ncontent-length: 52\r\n\r\n"
                    + "{\"type\":\"https://giliran/problems/place-gone\",\"a\":1}";
    private static final String IN_CHUNKS =
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + "4\r\nWiki\r\nA;name=value\r\npedia in\r\n\r\n0\r\nTrailer: x\r\n\r\n";

    private final Answer answer = new Answer();

    AnswerTest() {
        answer.begin();
    }

    private int read(String text) {
        byte[] bytes = bytes(text);
        return answer.read(bytes, 0, bytes.length);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private String body() {
        return new String(answer.body(), StandardCharsets.US_ASCII);
    }

    @Test
    void readsABodyOfAKnownLength() {
        read(WITH_LENGTH);

        assertThat(answer.isWhole()).isTrue();
        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.body()).hasSize(52);
        assertThat(answer.isLast()).isFalse();
    }

    @Test
    void readsTheMomentThatAnAnswerNames() {
        read(WITH_LENGTH.replace("Date: today", "As-Of: 2021-05-02T04:47:23.912Z"));
        assertThat(answer.asOf()).contains(Instant.parse("2021-05-02T04:47:23.912Z"));

        answer.begin();
        read(WITH_LENGTH);
        assertThat(answer.asOf()).isEmpty();

        answer.begin();
        assertThatThrownBy(() -> read(WITH_LENGTH.replace("Date: today", "As-Of: noon")))
                .hasMessage("no moment where one has to be: noon");
    }

    @Test
    void readsABodyInChunksWithExtensionsAndTrailers() {
        read(IN_CHUNKS);

        assertThat(answer.isWhole()).isTrue();
        assertThat(body()).isEqualTo("Wikipedia in\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {WITH_LENGTH, IN_CHUNKS})
    void readsTheSameWhereverItIsSplit(String text) {
        byte[] bytes = bytes(text);
        read(text);
        String whole = body();
        for (int first = 0; first <= bytes.length; first++) {
            for (int second = first; second <= bytes.length; second++) {
                answer.begin();
                answer.read(bytes, 0, first);
                answer.read(bytes, first, second);
                assertThat(answer.isWhole()).isEqualTo(second == bytes.length);
                answer.read(bytes, second, bytes.length);

                assertThat(answer.isWhole()).isTrue();
                assertThat(body()).isEqualTo(whole);
            }
        }
    }

    @Test
    void stopsAtTheEndOfTheFirstOfSeveralAnswers() {
        int end = read(WITH_LENGTH + IN_CHUNKS);

        assertThat(end).isEqualTo(WITH_LENGTH.length());
        answer.begin();
        read(IN_CHUNKS);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(body()).isEqualTo("Wikipedia in\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 204 No Content\r\n\r\n",
                "HTTP/1.1 304 Not Modified\r\nContent-Length: 300\r\n\r\n",
                "HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n"
            })
    void readsAnAnswerWithoutABody(String text) {
        read(text);

        assertThat(answer.isWhole()).isTrue();
        assertThat(answer.body()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Connection: close", "connection:Close", "CONNECTION: keep, CLOSE"})
    void hearsThatTheConnectionIsClosedAfterIt(String header) {
        read("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n" + header + "\r\n\r\n");

        assertThat(answer.isLast()).isTrue();
    }

    @Test
    void findsTheProblemAndATextInTheBody() {
        String body =
                "{\"type\":\"https://x/problems/place-gone\",\"pass\":\"v1.abc\",\"booked\":\"no\"}";
        read("HTTP/1.1 409 Conflict\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);

        assertThat(answer.problem()).isEqualTo("place-gone");
        assertThat(answer.textAfter(bytes("\"pass\":\""))).isEqualTo(bytes("v1.abc"));
        assertThat(answer.textAfter(bytes("\"link\":\""))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.0 200 OK\r\n",
                "HTTP/2 200\r\n",
                "HTTP/1.1 100 Continue\r\n",
                "HTTP/1.1 abc\r\n",
                "SSH-2.0-server\r\n",
                "HTTP/1.1 200 OK\r\nDate: today\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"
            })
    void refusesWhatItDoesNotUnderstand(String text) {
        assertThatThrownBy(() -> read(text)).isInstanceOf(Answer.NotUnderstoodException.class);
    }

    @Test
    void refusesALineWithoutAnEnd() {
        read("HTTP/1.1 200 OK\r\n");
        assertThatThrownBy(
                        () -> {
                            for (int i = 0; i < 100; i++) {
                                read("x".repeat(1_000));
                            }
                        })
                .isInstanceOf(Answer.NotUnderstoodException.class);
    }
}
