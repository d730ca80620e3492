package giliran.ledger;

import static giliran.ledger.LedgerFixture.person;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import giliran.people.PersonHandle;
import giliran.store.Database;
import giliran.store.FaultProxy;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When a node may say, without asking, that nothing of a person is in the ledger. */
final class NodeMemoryTest {
    private static LedgerFixture fixture;
    private static PlaceId place;

    @BeforeAll
    static void open() {
        fixture = new LedgerFixture();
        place = fixture.place(100);
    }

    @AfterAll
    static void auditAndClose() {
        assertThat(fixture.faults()).isEmpty();
        fixture.close();
    }

    @BeforeEach
    void leaveNobody() {
        fixture.execute("DELETE FROM ledger_node");
    }

    private static void await(String what, BooleanSupplier condition) {
        long giveUpAt = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waiting until %s", what).isLessThan(giveUpAt);
            LockSupport.parkNanos(1_000_000);
        }
    }

    private static void awaitProofs(NodeMemory memory) {
        PersonHandle nobody = person();
        await("it proves something", () -> memory.provesAbsent(nobody));
    }

    private static void awaitNoProofs(NodeMemory memory) {
        PersonHandle nobody = person();
        await("it proves nothing", () -> !memory.provesAbsent(nobody));
    }

    /** Books as a writer does, whose node has entered. */
    private static LedgerBatch.Outcome book(
            Database database, UUID node, PersonHandle person, PlaceId place) {
        return database.transact(
                tx ->
                        LedgerBatch.run(
                                tx,
                                List.of(LedgerFixture.book(person, place, "key")),
                                Set.of(),
                                Instant.now(),
                                node,
                                UUID.randomUUID()));
    }

    private static String appointmentOf(PersonHandle person) {
        return """
        INSERT INTO appointment (person, dose, reference, centre, slot, state, version,
            request_key, content, taken_at, changed_at, sealed)
        SELECT '%s', 1, %d, centre, slot, state, version,
            request_key, content, taken_at, changed_at, sealed
        FROM appointment
        LIMIT 1
        """
                .formatted(person.value(), LedgerFixture.reference().value());
    }

    private static long nodes() {
        return fixture.number("SELECT count(*) FROM ledger_node");
    }

    // Alone

    @Test
    void provesThatAStrangerIsNotThere() {
        try (NodeMemory memory = new NodeMemory(fixture.database())) {
            assertThat(memory.provesAbsent(person())).as("before it has looked").isFalse();
            awaitProofs(memory);
        }
    }

    @Test
    void knowsWhomItWasToldOfAtOnce() {
        PersonHandle person = person();
        try (NodeMemory memory = new NodeMemory(fixture.database())) {
            awaitProofs(memory);
            memory.add(List.of(person));
            assertThat(memory.provesAbsent(person)).isFalse();
            assertThat(memory.provesAbsent(person())).isTrue();
        }
    }

    @Test
    void knowsThePersonsOfAFormerRunLiveAndEnded() {
        Command.Book live = LedgerFixture.book(place);
        Command.Book ended = LedgerFixture.book(place);
        try (Ledger ledger = fixture.ledger()) {
            LedgerFixture.done(ledger, live);
            LedgerFixture.done(ledger, ended);
            LedgerFixture.done(ledger, LedgerFixture.cancel(ended));
        }
        try (NodeMemory memory = new NodeMemory(fixture.database())) {
            awaitProofs(memory);
            assertThat(memory.provesAbsent(live.person())).isFalse();
            assertThat(memory.provesAbsent(ended.person())).isFalse();
        }
    }

    @Test
    void leavesWhenItCloses() {
        try (NodeMemory memory = new NodeMemory(fixture.database())) {
            memory.enter();
            assertThat(nodes()).isEqualTo(1);
        }
        assertThat(nodes()).isZero();
    }

    // Others

    @Test
    void provesNothingBesideAnotherNodeAndAgainWhenThatHasLeft() {
        PersonHandle theirs = person();
        try (Database others = fixture.databaseOfAnotherNode();
                NodeMemory memory = new NodeMemory(fixture.database())) {
            awaitProofs(memory);
            try (NodeMemory another = new NodeMemory(others)) {
                book(others, another.enter(), theirs, place);
                assertThat(memory.provesAbsent(theirs)).isFalse();
                assertThat(memory.provesAbsent(person())).as("of anyone").isFalse();
                assertThat(another.provesAbsent(person())).as("nor the other").isFalse();
            }
            awaitProofs(memory);
            assertThat(memory.provesAbsent(theirs)).isFalse();
        }
    }

    @Test
    void letsAnotherWriteOnlyWhenItHasStoppedProving() {
        try (Database others = fixture.databaseOfAnotherNode();
                NodeMemory memory = new NodeMemory(fixture.database())) {
            awaitProofs(memory);
            long began = System.nanoTime();
            try (NodeMemory another = new NodeMemory(others)) {
                another.enter();
                assertThat(Duration.ofNanos(System.nanoTime() - began))
                        .isGreaterThanOrEqualTo(Duration.ofMillis(1_500));
                assertThat(memory.provesAbsent(person())).isFalse();
            }
        }
    }

    /** It did not look for longer than the other was there; nobody was silent for long. */
    @Test
    void noticesANodeThatCameWroteAndWentWhileItDidNotLook() {
        PersonHandle theirs = person();
        try (FaultProxy proxy = new FaultProxy(fixture.connection());
                Database slow = Database.open(proxy.connection(), 2, InstantSource.system());
                Database others = fixture.databaseOfAnotherNode();
                NodeMemory memory = new NodeMemory(slow)) {
            awaitProofs(memory);
            proxy.vanish();
            try (NodeMemory another = new NodeMemory(others)) {
                book(others, another.enter(), theirs, place);
            }
            assertThat(nodes()).as("still in").isEqualTo(1);
            proxy.comeBack();
            awaitProofs(memory);
            assertThat(memory.provesAbsent(theirs)).isFalse();
        }
    }

    @Test
    void provesNothingASecondAfterTheDatabaseHasGone() {
        try (FaultProxy proxy = new FaultProxy(fixture.connection());
                Database database = Database.open(proxy.connection(), 2, InstantSource.system());
                NodeMemory memory = new NodeMemory(database)) {
            awaitProofs(memory);
            proxy.vanish();
            long gone = System.nanoTime();
            awaitNoProofs(memory);
            assertThat(Duration.ofNanos(System.nanoTime() - gone))
                    .isLessThan(Duration.ofSeconds(5));
            proxy.comeBack();
            awaitProofs(memory);
        }
    }

    // Struck out

    private static void fallSilent(UUID node) {
        fixture.execute(
                "UPDATE ledger_node SET seen_at = now() - interval '11 s' WHERE id = '%s'"
                        .formatted(node));
    }

    @Test
    void strikesOutWhoHasBeenSilentForLongAndRefusesItsTransactions() {
        UUID silent = UUID.randomUUID();
        fixture.execute(
                "INSERT INTO ledger_node (id, seen_at) VALUES ('%s', now())".formatted(silent));
        PersonHandle person = person();
        try (NodeMemory memory = new NodeMemory(fixture.database())) {
            memory.enter();
            assertThat(memory.provesAbsent(person())).isFalse();
            fallSilent(silent);
            awaitProofs(memory);
            assertThat(nodes()).isEqualTo(1);
            assertThatThrownBy(() -> book(fixture.database(), silent, person, place))
                    .isInstanceOf(NodeMemory.StruckOutException.class);
        }
        assertThat(fixture.rowsOf(person)).isEmpty();
    }

    @Test
    void entersAgainUnderAnotherNameWhenItWasStruckOut() {
        try (NodeMemory memory = new NodeMemory(fixture.database())) {
            UUID first = memory.enter();
            awaitProofs(memory);
            fixture.execute("DELETE FROM ledger_node");
            await("it has entered again", () -> nodes() == 1);
            assertThat(memory.enter()).isNotEqualTo(first);
            awaitProofs(memory);
            assertThatThrownBy(() -> book(fixture.database(), first, person(), place))
                    .isInstanceOf(NodeMemory.StruckOutException.class);
        }
    }

    @Test
    void goesOnBookingAfterTheLedgerWasStruckOut() {
        int before = fixture.count(place).booked();
        try (Ledger ledger = fixture.ledger()) {
            LedgerFixture.done(ledger, LedgerFixture.book(place));
            for (int round = 0; round < 3; round++) {
                fixture.execute("DELETE FROM ledger_node");
                LedgerFixture.done(ledger, LedgerFixture.book(place));
            }
        }
        assertThat(fixture.count(place).booked()).isEqualTo(before + 4);
    }

    // What others have begun

    @Test
    void waitsForWhatADeadNodeHasBegunAndThenKnowsItsPersons() throws SQLException {
        try (Ledger ledger = fixture.ledger()) {
            LedgerFixture.done(ledger, LedgerFixture.book(place));
        }
        PersonHandle orphan = person();
        try (var transaction =
                        DriverManager.getConnection(
                                fixture.connection().jdbcUrl(),
                                fixture.connection().user(),
                                fixture.connection().password());
                var statement = transaction.createStatement()) {
            transaction.setAutoCommit(false);
            statement.execute(appointmentOf(orphan));
            try (NodeMemory memory = new NodeMemory(fixture.database())) {
                memory.enter();
                long entered = System.nanoTime();
                await("it has had time", () -> System.nanoTime() - entered > 1_000_000_000L);
                assertThat(memory.provesAbsent(person())).isFalse();
                transaction.commit();
                awaitProofs(memory);
                assertThat(memory.provesAbsent(orphan)).isFalse();
                // Made here without its place.
                fixture.execute(
                        "DELETE FROM appointment WHERE person = '%s'".formatted(orphan.value()));
            }
        }
    }

    @Test
    void countsTheNewestTransactionAmongThoseThatHaveBegun() {
        try (var _ = fixture.obstacleAt(place)) {
            long moment = fixture.database().read(NodeStore::getMoment);
            assertThat(hasAllEnded(moment)).isFalse();
        }
        long moment = fixture.database().read(NodeStore::getMoment);
        assertThat(hasAllEnded(moment)).isTrue();
    }

    private static boolean hasAllEnded(long moment) {
        return fixture.database().read(handle -> NodeStore.haveAllEnded(handle, moment));
    }
}
