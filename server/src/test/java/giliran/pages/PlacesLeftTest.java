package giliran.pages;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlacesLeftTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "1, 1",
        "19, 19",
        "20, 20+",
        "49, 20+",
        "50, 50+",
        "99, 50+",
        "100, 100+",
        "199, 100+",
        "200, 200+",
        "999, 500+",
        "1000, 1000+",
        "2147483647, 2000000000+"
    })
    void tellsFewExactlyAndManyByARoundNumberThatIsNotAboveTheTrueOne(int remaining, String text) {
        assertThat(PlacesLeft.of(remaining, 0).text()).isEqualTo(text);
    }

    @Test
    void tellsWhatIsHeldFromWhatIsGoneOnlyWhereNoneIsLeft() {
        assertThat(PlacesLeft.of(0, 1).mayReturn()).isTrue();
        assertThat(PlacesLeft.of(0, 0).mayReturn()).isFalse();
        assertThat(PlacesLeft.of(1, 1).mayReturn()).isFalse();
    }
}
