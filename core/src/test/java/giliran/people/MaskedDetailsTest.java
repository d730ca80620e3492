package giliran.people;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class MaskedDetailsTest {
    @Test
    void showsEnoughToKnowOneselfBy() {
        assertThat(MaskedDetails.of(Typed.byAisyah().details()))
                .isEqualTo(
                        new MaskedDetails(
                                "A••• b••• A•••",
                                IdType.NRIC,
                                "•••78",
                                "•••789",
                                "ms",
                                Optional.of("a•••@e•••.my")));
    }

    @Test
    void showsTheSameForNamesOfAnyLength() {
        assertThat(MaskedDetails.of(Typed.byAisyah().with("name", "A").details()).name())
                .isEqualTo(
                        MaskedDetails.of(Typed.byAisyah().with("name", "A".repeat(120)).details())
                                .name());
    }

    @Test
    void showsAtMostThreeWordsOfAName() {
        assertThat(MaskedDetails.of(Typed.byAisyah().with("name", "A B C D E").details()).name())
                .isEqualTo("A••• B••• C•••");
    }

    @Test
    void keepsALetterOutsideTheBasicPlaneWhole() {
        assertThat(
                        MaskedDetails.of(
                                        Typed.byAisyah()
                                                .with("name", "\uD842\uDFB7\u7530")
                                                .details())
                                .name())
                .isEqualTo("\uD842\uDFB7•••");
    }

    @Test
    void showsNoEmailWhereThereIsNone() {
        assertThat(MaskedDetails.of(Typed.byAisyah().without("email").details()).email()).isEmpty();
    }
}
