package giliran.ledger;

import static giliran.ledger.LedgerFixture.book;
import static giliran.ledger.LedgerFixture.cancel;
import static giliran.ledger.LedgerFixture.done;
import static giliran.ledger.LedgerFixture.lapse;
import static giliran.ledger.LedgerFixture.move;
import static giliran.ledger.LedgerFixture.person;
import static giliran.ledger.LedgerFixture.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import giliran.store.Database;
import giliran.store.FaultProxy;
import giliran.store.StoreException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is refused without the database, and what is not, or no longer. */
final class FastNoTest {
    private static LedgerFixture fixture;

    @BeforeAll
    static void open() {
        fixture = new LedgerFixture();
    }

    @AfterAll
    static void auditAndClose() {
        assertThat(fixture.faults()).isEmpty();
        fixture.close();
    }

    private static Optional<Refusal> strangerAt(Ledger ledger, PlaceId place) {
        return ledger.refuseAtOnce(person(), place, Optional.empty());
    }

    private static Optional<Refusal> strangerAfterClosing(Ledger ledger, PlaceId place) {
        return ledger.refuseAtOnce(person(), place, Optional.of(Refusal.CLOSED));
    }

    private static void await(Supplier<Boolean> condition) {
        long giveUpAt = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.get()) {
            assertThat(System.nanoTime()).isLessThan(giveUpAt);
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** Reads the counters as the publication does, until strangers are refused. */
    private static void awaitGone(Ledger ledger, PlaceId place) {
        await(
                () -> {
                    ledger.counts().readAll();
                    return strangerAt(ledger, place).equals(Optional.of(Refusal.PLACE_GONE));
                });
    }

    @Test
    void saysGoneAndClosedWithoutTheDatabaseAndAsksItAgainASecondLater() {
        PlaceId place = fixture.place(0);
        try (FaultProxy proxy = new FaultProxy(fixture.connection());
                Database database = Database.open(proxy.connection(), 2, InstantSource.system());
                Ledger ledger =
                        new Ledger(database, InstantSource.system(), LedgerFixture.PATIENT)) {
            awaitGone(ledger, place);
            proxy.vanish();
            assertThat(strangerAt(ledger, place)).contains(Refusal.PLACE_GONE);
            assertThat(strangerAfterClosing(ledger, place)).contains(Refusal.CLOSED);
            assertThatThrownBy(() -> ledger.counts().readAll()).isInstanceOf(StoreException.class);
            await(
                    () ->
                            strangerAt(ledger, place).isEmpty()
                                    && strangerAfterClosing(ledger, place).isEmpty());
            assertThat(refusal(ledger, book(place))).isEqualTo(Refusal.OVERLOADED);
            proxy.comeBack();
            awaitGone(ledger, place);
        }
    }

    @Test
    void saysNothingAtOnceOfAPlaceThatIsFree() {
        PlaceId place = fixture.place(1);
        PlaceId gone = fixture.place(0);
        try (Ledger ledger = fixture.ledger()) {
            awaitGone(ledger, gone);
            assertThat(strangerAt(ledger, place)).isEmpty();
        }
    }

    @Test
    void saysNothingAtOnceOfAPlaceThatNobodyHasReadYet() {
        PlaceId gone = fixture.place(0);
        try (Ledger ledger = fixture.ledger()) {
            awaitGone(ledger, gone);
            assertThat(strangerAt(ledger, fixture.place(0))).isEmpty();
        }
    }

    @Test
    void opensAPlaceAtOnceThatACancellationGaveBack() {
        PlaceId place = fixture.place(1);
        Command.Book booked = book(place);
        try (Ledger ledger = fixture.ledger()) {
            done(ledger, booked);
            awaitGone(ledger, place);
            done(ledger, cancel(booked));
            isOpenAndCanBeHad(ledger, place);
        }
    }

    @Test
    void opensAPlaceAtOnceThatAMoveGaveBack() {
        PlaceId place = fixture.place(1);
        Command.Book booked = book(place);
        try (Ledger ledger = fixture.ledger()) {
            done(ledger, booked);
            awaitGone(ledger, place);
            done(ledger, move(booked, fixture.place(1), "move"));
            isOpenAndCanBeHad(ledger, place);
        }
    }

    @Test
    void opensAPlaceAtOnceThatAHoldGaveBackWhenItLapsed() {
        PlaceId place = fixture.place(1);
        Command.Book held = book(place).heldUntil(Instant.now().minusSeconds(60));
        try (Ledger ledger = fixture.ledger()) {
            done(ledger, held);
            awaitGone(ledger, place);
            done(ledger, lapse(held));
            isOpenAndCanBeHad(ledger, place);
        }
    }

    @Test
    void opensPlacesThatAnImportAddedWhenTheCountersAreReadNext() {
        PlaceId place = fixture.place(1);
        try (Ledger ledger = fixture.ledger()) {
            done(ledger, book(place));
            awaitGone(ledger, place);
            assertThat(fixture.importCapacity(place, 2)).isTrue();
            assertThat(ledger.counts().readAll()).containsKey(place);
            isOpenAndCanBeHad(ledger, place);
        }
    }

    /** Before the counters are read again, and after. */
    private static void isOpenAndCanBeHad(Ledger ledger, PlaceId place) {
        assertThat(strangerAt(ledger, place)).isEmpty();
        ledger.counts().readAll();
        assertThat(strangerAt(ledger, place)).isEmpty();
        done(ledger, book(place));
        awaitGone(ledger, place);
    }

    @Test
    void readsAgainOnlyWhatWasTouched() {
        PlaceId place = fixture.place(1);
        PlaceId other = fixture.place(1);
        try (Ledger ledger = fixture.ledger()) {
            ledger.counts().readAll();
            assertThat(ledger.counts().readTouched()).isEmpty();
            done(ledger, book(place));
            assertThat(ledger.counts().readTouched()).containsOnlyKeys(place);
            assertThat(ledger.counts().all().get(place)).isEqualTo(fixture.count(place));
            assertThat(ledger.counts().all().get(other)).isEqualTo(fixture.count(other));
            assertThat(ledger.counts().readTouched()).isEmpty();
            await(() -> strangerAt(ledger, place).equals(Optional.of(Refusal.PLACE_GONE)));
        }
    }

    @Test
    void findsInARoundOfReadingsWhatNobodyTold() {
        PlaceId first = fixture.place(5);
        PlaceId second = fixture.place(5);
        PlaceCounts counts = BookedUnseen.countsAlone(fixture.database());
        counts.readAll();
        BookedUnseen.add(fixture.database(), List.of(first), 1);
        assertThat(round(counts)).containsExactly(first);

        // As many in all at the centre as before.
        BookedUnseen.add(fixture.database(), List.of(first), -1);
        BookedUnseen.add(fixture.database(), List.of(second), 1);
        assertThat(round(counts)).containsExactlyInAnyOrder(first, second);
        assertThat(counts.all().get(second)).isEqualTo(fixture.count(second));
        assertThat(round(counts)).isEmpty();
        BookedUnseen.add(fixture.database(), List.of(second), -1);
    }

    private static Set<PlaceId> round(PlaceCounts counts) {
        Set<PlaceId> changed = new HashSet<>();
        for (int reading = 0; reading < 80; reading++) {
            changed.addAll(counts.readTouched().keySet());
        }
        return changed;
    }

    @Test
    void readsWhatWasTouchedTheNextTimeIfItCouldNotBeRead() {
        PlaceId place = fixture.place(1);
        try (FaultProxy proxy = new FaultProxy(fixture.connection());
                Database database = Database.open(proxy.connection(), 2, InstantSource.system())) {
            PlaceCounts counts = new PlaceCounts(database);
            counts.touch(List.of(place));
            proxy.vanish();
            assertThatThrownBy(counts::readTouched).isInstanceOf(StoreException.class);
            assertThatThrownBy(counts::readAll).isInstanceOf(StoreException.class);
            proxy.comeBack();
            assertThat(counts.readTouched()).containsKey(place);
        }
    }
}
