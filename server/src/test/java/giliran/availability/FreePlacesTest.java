package giliran.availability;

import static org.assertj.core.api.Assertions.assertThat;

import giliran.campaigns.Slot;
import giliran.campaigns.TestCampaign;
import giliran.ledger.PlaceCount;
import giliran.ledger.PlaceId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class FreePlacesTest {
    private static final Instant NOW = Instant.parse("2021-05-02T04:00:00Z");
    private static final Instant MISSED = NOW.plus(Duration.ofDays(10));

    private final TestCampaign campaign =
            new TestCampaign("c").centre("here", "r1").centre("near", "r1").centre("far", "r2");
    private final Map<PlaceId, PlaceCount> counts = new HashMap<>();
    private final Slot missed = full("here", 0);

    private Slot free(String centre, int hoursAway) {
        return free(centre, hoursAway, 1);
    }

    private Slot free(String centre, int hoursAway, int dose) {
        return slot(centre, hoursAway, dose, new PlaceCount(5, 1, 2, 1));
    }

    private Slot full(String centre, int hoursAway) {
        return slot(centre, hoursAway, 1, new PlaceCount(5, 1, 2, 4));
    }

    private Slot slot(String centre, int hoursAway, int dose, PlaceCount count) {
        Slot slot = campaign.slot(centre, MISSED.plus(Duration.ofHours(hoursAway)), 5, dose);
        counts.put(new PlaceId(slot.centre(), slot.id()), count);
        return slot;
    }

    private List<Slot> nearest(Instant now, TestCampaign... others) {
        List<TestCampaign> all = new ArrayList<>(List.of(others));
        all.add(campaign);
        return freePlaces(all.toArray(TestCampaign[]::new)).nearest(missed, now).stream()
                .map(FreePlaces.Free::slot)
                .toList();
    }

    private FreePlaces freePlaces(TestCampaign... campaigns) {
        return new FreePlaces(TestCampaign.catalogueOf(campaigns), this::count);
    }

    private PlaceCount count(Slot slot) {
        return counts.getOrDefault(
                new PlaceId(slot.centre(), slot.id()), new PlaceCount(0, 0, 0, 0));
    }

    @Test
    void offersTheSameCentreThenItsRegionThenElsewhere() {
        Slot far = free("far", 0);
        Slot near = free("near", 1);
        Slot here = free("here", 48);

        assertThat(nearest(NOW)).containsExactly(here, near, far);
    }

    @Test
    void offersTheNearestInTimeFirstEarlierOrLater() {
        free("here", -9);
        Slot third = free("here", 5);
        Slot second = free("here", -3);
        Slot first = free("here", 2);
        free("here", 30);

        assertThat(nearest(NOW)).containsExactly(first, second, third);
    }

    @Test
    void offersTheLaterOfTwoThatAreEquallyNear() {
        Slot earlier = free("here", -2);
        Slot later = free("here", 2);

        assertThat(nearest(NOW)).containsExactly(later, earlier);
    }

    @Test
    void neverOffersTheMissedSlotItself() {
        counts.put(new PlaceId(missed.centre(), missed.id()), new PlaceCount(5, 0, 0, 0));

        assertThat(nearest(NOW)).isEmpty();
    }

    @Test
    void neverOffersWhatIsFull() {
        full("here", 1);
        Slot free = free("far", 1);

        assertThat(nearest(NOW)).containsExactly(free);
    }

    @Test
    void neverOffersWhatHasBegunNorWhatHasBegunSince() {
        free("here", -10 * 24);
        free("here", -11 * 24);
        Slot soon = free("here", -10 * 24 + 1);

        assertThat(nearest(NOW)).containsExactly(soon);
        assertThat(nearest(soon.start())).isEmpty();
    }

    @Test
    void neverOffersAnotherDoseOrCampaign() {
        free("here", 1, 2);
        TestCampaign other = new TestCampaign("other").centre("elsewhere", "r1");
        Slot others = other.slot("elsewhere", MISSED, 5);
        counts.put(new PlaceId(others.centre(), others.id()), new PlaceCount(5, 0, 0, 0));

        assertThat(nearest(NOW, other)).isEmpty();
    }

    @Test
    void neverOffersWhatHasNoCounter() {
        campaign.slot("here", MISSED.plusSeconds(60), 5);

        assertThat(nearest(NOW)).isEmpty();
    }

    @Test
    void saysHowManyPlacesAreLeft() {
        free("here", 1);

        assertThat(freePlaces(campaign).nearest(missed, NOW).getFirst().remaining()).isEqualTo(3);
    }

    @Test
    void offersWhatHasBecomeFreeAndNoLongerWhatIsFullNow() {
        Slot fillsUp = free("here", 1);
        Slot becomesFree = full("here", 2);
        FreePlaces free = freePlaces(campaign);

        counts.put(new PlaceId(fillsUp.centre(), fillsUp.id()), new PlaceCount(5, 0, 0, 5));
        free.show(fillsUp, false);
        counts.put(new PlaceId(becomesFree.centre(), becomesFree.id()), new PlaceCount(5, 0, 0, 4));
        free.show(becomesFree, true);

        assertThat(free.nearest(missed, NOW)).containsExactly(new FreePlaces.Free(becomesFree, 1));
    }

    /** Against sorting all there is. */
    @RepeatedTest(200)
    void offersWhatSortingWouldOffer(RepetitionInfo repetition) {
        long seed = 20210502L + repetition.getCurrentRepetition();
        SplittableRandom random = new SplittableRandom(seed);
        List<String> centres = List.of("here", "near", "far");
        List<Slot> free = new ArrayList<>();
        for (int i = random.nextInt(12); i > 0; i--) {
            // Odd hours apart, so that no two are equally near.
            int hours = 3 * i + (random.nextBoolean() ? 0 : -100);
            Slot slot = free(centres.get(random.nextInt(3)), hours);
            free.add(slot);
        }
        Comparator<Slot> byPlace =
                Comparator.comparingInt(slot -> centres.indexOf(slot.centre().value()));
        List<Slot> expected =
                free.stream()
                        .sorted(
                                byPlace.thenComparing(
                                        slot -> Duration.between(MISSED, slot.start()).abs()))
                        .limit(3)
                        .toList();

        assertThat(nearest(NOW)).as("seed %d", seed).isEqualTo(expected);
    }
}
