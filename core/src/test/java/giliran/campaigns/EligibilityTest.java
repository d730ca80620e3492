package giliran.campaigns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import giliran.campaigns.Eligibility.Obstacle.OtherRegion;
import giliran.campaigns.Eligibility.Obstacle.TooYoung;
import java.time.LocalDate;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Who may book: age on the slot's day, then region. */
final class EligibilityTest {
    private static final RegionId SELANGOR = new RegionId("selangor");
    private static final RegionId SABAH = new RegionId("sabah");
    private static final Eligibility ADULTS = new Eligibility(18, Set.of());
    private static final LocalDate BORN = LocalDate.parse("2003-05-16");

    @Test
    void refusesSomeoneOnTheDayBeforeTheBirthday() {
        assertThat(ADULTS.obstacle(BORN, SELANGOR, LocalDate.parse("2021-05-15")))
                .contains(new TooYoung(18, LocalDate.parse("2021-05-16")));
    }

    @Test
    void letsSomeoneInOnTheBirthdayItself() {
        assertThat(ADULTS.obstacle(BORN, SELANGOR, LocalDate.parse("2021-05-16"))).isEmpty();
    }

    @Test
    void letsSomeoneBornOn29FebruaryInOn1MarchOfACommonYear() {
        LocalDate born = LocalDate.parse("2004-02-29");

        assertThat(ADULTS.obstacle(born, SELANGOR, LocalDate.parse("2022-02-28")))
                .contains(new TooYoung(18, LocalDate.parse("2022-03-01")));
        assertThat(ADULTS.obstacle(born, SELANGOR, LocalDate.parse("2022-03-01"))).isEmpty();
    }

    @Test
    void letsSomeoneBornOn29FebruaryInOn29FebruaryOfALeapYear() {
        LocalDate born = LocalDate.parse("2004-02-29");
        Eligibility sixties = new Eligibility(60, Set.of());

        assertThat(sixties.obstacle(born, SELANGOR, LocalDate.parse("2064-02-28")))
                .contains(new TooYoung(60, LocalDate.parse("2064-02-29")));
        assertThat(sixties.obstacle(born, SELANGOR, LocalDate.parse("2064-02-29"))).isEmpty();
    }

    @Test
    void letsTheNewbornInWhereThereIsNoMinimumAge() {
        assertThat(new Eligibility(0, Set.of()).obstacle(BORN, SELANGOR, BORN)).isEmpty();
    }

    @Test
    void refusesSomeoneFromAnotherRegionIfRegionsAreListed() {
        Eligibility selangor = new Eligibility(18, Set.of(SELANGOR));
        LocalDate day = LocalDate.parse("2021-05-16");

        assertThat(selangor.obstacle(BORN, SELANGOR, day)).isEmpty();
        assertThat(selangor.obstacle(BORN, SABAH, day)).contains(new OtherRegion(Set.of(SELANGOR)));
        assertThat(ADULTS.obstacle(BORN, SABAH, day)).isEmpty();
    }

    @Test
    void namesTheAgeBeforeTheRegion() {
        Eligibility selangor = new Eligibility(18, Set.of(SELANGOR));

        assertThat(selangor.obstacle(BORN, SABAH, LocalDate.parse("2021-05-15")))
                .contains(new TooYoung(18, LocalDate.parse("2021-05-16")));
    }

    @Test
    void hasAMinimumAgeThatSomeoneCanReach() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Eligibility(-1, Set.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> new Eligibility(131, Set.of()));
    }
}
