package giliran.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.security.SecureRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ReferenceTest {
    private static final Reference REFERENCE = new Reference(12_3456_7890_1234L);

    @Test
    void readsWellInFourGroupsOfFour() {
        assertThat(REFERENCE).hasToString("0012 3456 7890 1234");
        assertThat(new Reference(0)).hasToString("0000 0000 0000 0000");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0012345678901234",
                "0012 3456 7890 1234",
                "0012-3456-7890-1234",
                "  0012  3456-78901234 ",
                "0-0-1-2-3-4-5-6-7-8-9-0-1-2-3-4"
            })
    void isReadWithAndWithoutWhatPeopleTypeBetween(String typed) {
        assertThat(Reference.parse(typed)).contains(REFERENCE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "001234567890123",
                "00123456789012345",
                "0012 3456 7890 123x",
                "+012345678901234",
                "0012.3456.7890.1234",
                "٠٠١٢٣٤٥٦٧٨٩٠١٢٣٤",
                "００１２３４５６７８９０１２３４",
                "0012\u00003456789012345"
            })
    void isNotReadFromAnythingElse(String typed) {
        assertThat(Reference.parse(typed)).isEmpty();
    }

    @Test
    void isNotReadFromAHugeText() {
        assertThat(Reference.parse("1".repeat(1_000_000))).isEmpty();
        assertThat(Reference.parse(" ".repeat(1_000_000))).isEmpty();
    }

    @Test
    void isReadBackFromItsOwnWords() {
        SecureRandom random = new SecureRandom();
        assertThat(Stream.generate(() -> Reference.random(random)).limit(10_000))
                .allSatisfy(r -> assertThat(Reference.parse(r.toString())).contains(r))
                .doesNotHaveDuplicates();
    }

    @Test
    void hasAtLeastFiftyRandomBits() {
        assertThat(Long.SIZE - Long.numberOfLeadingZeros(9_999_999_999_999_999L)).isGreaterThan(50);
        SecureRandom random = new SecureRandom();
        assertThat(Stream.generate(() -> Reference.random(random)).limit(1_000))
                .anyMatch(r -> r.value() < 5_000_000_000_000_000L)
                .anyMatch(r -> r.value() >= 5_000_000_000_000_000L);
    }

    @Test
    void refusesMoreOrFewerThanSixteenDigits() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Reference(-1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Reference(10_000_000_000_000_000L));
    }
}
