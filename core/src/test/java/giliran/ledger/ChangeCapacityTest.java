package giliran.ledger;

import static giliran.ledger.LedgerFixture.book;
import static giliran.ledger.LedgerFixture.done;
import static giliran.ledger.LedgerFixture.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import giliran.campaigns.SlotId;
import giliran.ledger.ChangeCapacity.Result;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class ChangeCapacityTest {
    private static LedgerFixture fixture;
    private static Ledger ledger;
    private static ChangeCapacity changeCapacity;

    @BeforeAll
    static void open() {
        fixture = new LedgerFixture();
        ledger = fixture.ledger();
        changeCapacity = new ChangeCapacity(fixture.database());
    }

    @AfterAll
    static void auditAndClose() {
        ledger.close();
        assertThat(fixture.faults()).isEmpty();
        fixture.close();
    }

    private static PlaceId placeWith(int booked, int capacity) {
        PlaceId place = fixture.place(capacity);
        for (int i = 0; i < booked; i++) {
            done(ledger, book(place));
        }
        return place;
    }

    @Test
    void sellsThePlacesThatWereAdded() {
        PlaceId place = placeWith(1, 1);
        assertThat(refusal(ledger, book(place))).isEqualTo(Refusal.PLACE_GONE);
        assertThat(changeCapacity.change(Map.of(place, 2))).isEqualTo(new Result.Changed());
        done(ledger, book(place));
        assertThat(refusal(ledger, book(place))).isEqualTo(Refusal.PLACE_GONE);
    }

    @Test
    void cutsDownToWhatIsTakenAndNoFurther() {
        PlaceId place = placeWith(2, 5);
        assertThat(changeCapacity.change(Map.of(place, 1)))
                .isEqualTo(new Result.Refused(List.of(new Result.Obstacle(place, 2))));
        assertThat(fixture.count(place)).isEqualTo(new PlaceCount(5, 0, 0, 2));
        assertThat(changeCapacity.change(Map.of(place, 2))).isEqualTo(new Result.Changed());
        assertThat(fixture.count(place)).isEqualTo(new PlaceCount(2, 0, 0, 2));
        assertThat(refusal(ledger, book(place))).isEqualTo(Refusal.PLACE_GONE);
    }

    @Test
    void countsTheAllowanceAsRoomForWhatIsTaken() {
        PlaceId place = placeWith(2, 2);
        fixture.execute("UPDATE place SET allowance = 1 WHERE slot = '%s'".formatted(place.slot()));
        assertThat(changeCapacity.change(Map.of(place, 1))).isEqualTo(new Result.Changed());
        assertThat(changeCapacity.change(Map.of(place, 0))).isInstanceOf(Result.Refused.class);
    }

    @Test
    void changesNothingAtAllIfOnePlaceStandsInTheWay() {
        PlaceId free = placeWith(0, 5);
        PlaceId taken = placeWith(2, 5);
        PlaceId nowhere = new PlaceId(free.centre(), new SlotId(LedgerFixture.uuid("nowhere")));
        assertThat(changeCapacity.change(Map.of(free, 9, taken, 1, nowhere, 3)))
                .isInstanceOfSatisfying(
                        Result.Refused.class,
                        refused ->
                                assertThat(refused.obstacles())
                                        .containsExactlyInAnyOrder(
                                                new Result.Obstacle(taken, 2),
                                                new Result.Obstacle(nowhere, 0)));
        assertThat(fixture.count(free).capacity()).isEqualTo(5);
        assertThat(fixture.count(taken).capacity()).isEqualTo(5);
    }

    @Test
    void refusesACapacityBelowZero() {
        PlaceId place = placeWith(0, 1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> changeCapacity.change(Map.of(place, -1)));
    }
}
