package giliran.booking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class IdempotencyKeyTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "8e03978e-40d5-43e8-bc93-6894a57f9324",
                "\"8e03978e-40d5-43e8-bc93-6894a57f9324\"",
                "  8e03978e-40d5-43e8-bc93-6894a57f9324 ",
                "\t\"8e03978e-40d5-43e8-bc93-6894a57f9324\" "
            })
    void isTheSameQuotedAndBare(String header) {
        assertThat(IdempotencyKey.parse(header))
                .contains(new IdempotencyKey("8e03978e-40d5-43e8-bc93-6894a57f9324"));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {"\"a\\\"b\",a\"b", "\"a\\\\b\",a\\b", "\"a\\\\\\\"b\",a\\\"b", "a\\b,a\\b"})
    void undoesTheEscapesOfAQuotedKey(String header, String value) {
        assertThat(IdempotencyKey.parse(header)).contains(new IdempotencyKey(value));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "\"\"",
                "\" \"",
                "two words",
                "\"two words\"",
                "kekunci-é",
                "line\nbreak",
                "nul\u0000",
                "\u007f"
            })
    void isNotReadFromWhatIsNoKey(String header) {
        assertThat(IdempotencyKey.parse(header)).isEmpty();
    }

    @Test
    void hasAtMost255Characters() {
        assertThat(IdempotencyKey.parse("k".repeat(255))).isPresent();
        assertThat(IdempotencyKey.parse("\"" + "k".repeat(255) + "\"")).isPresent();
        assertThat(IdempotencyKey.parse("k".repeat(256))).isEmpty();
        assertThat(IdempotencyKey.parse("k".repeat(1_000_000))).isEmpty();
    }

    @Test
    void refusesToBeMadeOfWhatIsNoKey() {
        assertThatIllegalArgumentException().isThrownBy(() -> new IdempotencyKey(""));
        assertThatIllegalArgumentException().isThrownBy(() -> new IdempotencyKey("two words"));
    }
}
