package giliran.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class QuantityTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0|0",
                "1|1",
                "300000|300,000",
                "185.185|185",
                "99.96|100",
                "9.734|9.73",
                "0.5|0.5",
                "0.02449|0.0245",
                "12.04|12"
            })
    void keepsThreeDigitsAndSeparatesThousands(double number, String text) {
        assertThat(Quantity.plain(number)).isEqualTo(text);
    }

    @Test
    void countsThings() {
        assertThat(Quantity.count(1, "node")).isEqualTo("1 node");
        assertThat(Quantity.count(1_000, "node")).isEqualTo("1,000 nodes");
    }
}
