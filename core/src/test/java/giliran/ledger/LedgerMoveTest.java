package giliran.ledger;

import static giliran.ledger.LedgerFixture.again;
import static giliran.ledger.LedgerFixture.await;
import static giliran.ledger.LedgerFixture.book;
import static giliran.ledger.LedgerFixture.cancel;
import static giliran.ledger.LedgerFixture.done;
import static giliran.ledger.LedgerFixture.move;
import static giliran.ledger.LedgerFixture.person;
import static giliran.ledger.LedgerFixture.reference;
import static giliran.ledger.LedgerFixture.refusal;
import static giliran.ledger.LedgerFixture.result;
import static org.assertj.core.api.Assertions.assertThat;

import giliran.campaigns.SlotId;
import giliran.store.Database;
import giliran.store.FaultProxy;
import giliran.store.FaultProxy.Fault;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the ledger makes of moves: one place before, one place after, and never two or none. */
final class LedgerMoveTest {
    private static final int THREADS = 32;

    private static LedgerFixture fixture;
    private static Ledger ledger;

    @BeforeAll
    static void open() {
        fixture = new LedgerFixture();
        ledger = fixture.ledger();
    }

    @AfterAll
    static void auditAndClose() {
        ledger.close();
        assertThat(fixture.faults()).isEmpty();
        fixture.close();
    }

    private PlaceId from;
    private PlaceId to;

    @BeforeEach
    void makePlaces() {
        from = fixture.place(1);
        to = fixture.place(1);
    }

    private Command.Book booked() {
        Command.Book book = book(person(), from, "booking key");
        done(ledger, book);
        return book;
    }

    private static Command.Move ifVersion(Command.Move move, int version) {
        return new Command.Move(
                move.person(),
                move.dose(),
                move.reference(),
                move.to(),
                move.key(),
                OptionalInt.of(version),
                move.unlessReplay());
    }

    private static Command.Move unlessReplay(Command.Move move, Refusal refusal) {
        return new Command.Move(
                move.person(),
                move.dose(),
                move.reference(),
                move.to(),
                move.key(),
                move.ifVersion(),
                Optional.of(refusal));
    }

    private static Command.Cancel ifVersion(Command.Cancel cancel, int version) {
        return new Command.Cancel(
                cancel.person(),
                cancel.dose(),
                cancel.reference(),
                OptionalInt.of(version),
                cancel.unlessReplay());
    }

    private static Appointment standing(Command command) {
        return switch (result(ledger, command)) {
            case CommandResult.Done done -> throw new AssertionError("done: " + done);
            case CommandResult.Refused refused -> refused.standing().orElseThrow();
        };
    }

    private static Appointment present(Command.Book booked) {
        return new LookUpByReference(fixture.database())
                .lookUp(booked.reference())
                .getFirst()
                .appointment();
    }

    private static void isOnlyIn(Command.Book booked, PlaceId place) {
        assertThat(fixture.rowsOf(booked.person()))
                .containsExactly("live: booked, " + booked.reference().value());
        assertThat(present(booked).place()).isEqualTo(place);
    }

    private static long timesTold(String event, Command.Book booked) {
        return fixture.number(
                """
                SELECT count(*)
                FROM outbox, unnest(events, appointments) AS told (event, reference)
                WHERE told.event = '%s' AND told.reference = %d
                """
                        .formatted(event, booked.reference().value()));
    }

    // Granted

    @Test
    void takesTheNewPlaceAndGivesTheOldOneBackInOneStep() {
        Command.Book book = booked();
        CommandResult.Done done = done(ledger, move(book, to, "move"));
        assertThat(done.isReplay()).isFalse();
        assertThat(done.appointment())
                .returns(book.person(), Appointment::person)
                .returns(1, Appointment::dose)
                .returns(book.reference(), Appointment::reference)
                .returns(to, Appointment::place)
                .returns(AppointmentState.BOOKED, Appointment::state)
                .returns(2, Appointment::version);
        assertThat(present(book)).isEqualTo(done.appointment());
        isOnlyIn(book, to);
        assertThat(fixture.count(from)).isEqualTo(new PlaceCount(1, 0, 0, 0));
        assertThat(fixture.count(to)).isEqualTo(new PlaceCount(1, 0, 0, 1));
        assertThat(timesTold("moved", book)).isEqualTo(1);
        done(ledger, book(from));
        assertThat(refusal(ledger, book(to))).isEqualTo(Refusal.PLACE_GONE);
    }

    @Test
    void keepsTheClaimOfWhoMoved() {
        Command.Book book = booked();
        done(ledger, move(book, to, "move"));
        assertThat(refusal(ledger, book(book.person(), from, "another booking")))
                .isEqualTo(Refusal.ALREADY_BOOKED);
        assertThat(fixture.count(from).booked()).isZero();
    }

    @Test
    void grantsAMoveToWhereItIsAndChangesNothing() {
        Command.Book book = booked();
        Appointment before = present(book);
        CommandResult.Done done = done(ledger, move(book, from, "stay"));
        assertThat(done).isEqualTo(new CommandResult.Done(before, false));
        assertThat(present(book)).isEqualTo(before);
        assertThat(fixture.count(from).booked()).isEqualTo(1);
        assertThat(timesTold("moved", book)).isZero();
        // The key is bound all the same: whoever was told yes is told yes again.
        done(ledger, move(book, to, "move on"));
        assertThat(done(ledger, move(book, from, "stay")))
                .isEqualTo(new CommandResult.Done(present(book), true));
    }

    @Test
    void movesThereAndBackAgainWithNewKeys() {
        Command.Book book = booked();
        done(ledger, move(book, to, "there"));
        assertThat(done(ledger, move(book, from, "back")).appointment().version()).isEqualTo(3);
        isOnlyIn(book, from);
        assertThat(fixture.count(to).booked()).isZero();
    }

    // Refused

    @Test
    void keepsTheOldPlaceWhenTheNewOneIsFull() {
        Command.Book book = booked();
        done(ledger, book(to));
        Appointment before = present(book);
        Command.Move move = move(book, to, "move");
        assertThat(refusal(ledger, move)).isEqualTo(Refusal.PLACE_GONE);
        assertThat(standing(move)).isEqualTo(before);
        isOnlyIn(book, from);
        assertThat(fixture.count(from).booked()).isEqualTo(1);
        assertThat(fixture.count(to).booked()).isEqualTo(1);
        assertThat(timesTold("moved", book)).isZero();
    }

    @Test
    void bindsNoKeyByARefusal() {
        Command.Book book = booked();
        Command.Book inTheWay = book(to);
        done(ledger, inTheWay);
        assertThat(refusal(ledger, move(book, to, "move"))).isEqualTo(Refusal.PLACE_GONE);
        done(ledger, cancel(inTheWay));
        assertThat(done(ledger, move(book, to, "move")).isReplay()).isFalse();
        isOnlyIn(book, to);
    }

    @Test
    void refusesAPlaceThatIsNotThereAndKeepsTheOldOne() {
        Command.Book book = booked();
        PlaceId nowhere = new PlaceId(from.centre(), new SlotId(LedgerFixture.uuid("no such")));
        assertThat(refusal(ledger, move(book, nowhere, "move"))).isEqualTo(Refusal.UNKNOWN);
        isOnlyIn(book, from);
    }

    @Test
    void refusesToMoveWhatIsNotThere() {
        Command.Book never = book(from);
        assertThat(refusal(ledger, move(never, to, "move"))).isEqualTo(Refusal.UNKNOWN);
        assertThat(fixture.count(to).booked()).isZero();
    }

    @Test
    void neverMovesAnotherAppointmentOfThePersonThanTheOneNamed() {
        Command.Book gone = booked();
        done(ledger, cancel(gone));
        Command.Book present = book(gone.person(), from, "booked again");
        done(ledger, present);
        assertThat(refusal(ledger, move(gone, to, "move"))).isEqualTo(Refusal.ENDED);
        isIn(present, from);
        Command.Move unknown =
                new Command.Move(
                        present.person(),
                        1,
                        reference(),
                        to,
                        new Command.Key(LedgerFixture.uuid("k"), LedgerFixture.uuid("c")),
                        OptionalInt.empty(),
                        Optional.empty());
        assertThat(refusal(ledger, unknown)).isEqualTo(Refusal.UNKNOWN);
        isIn(present, from);
    }

    private static void isIn(Command.Book booked, PlaceId place) {
        assertThat(present(booked))
                .returns(place, Appointment::place)
                .returns(AppointmentState.BOOKED, Appointment::state);
    }

    @Test
    void refusesToMoveACancelledAppointment() {
        Command.Book book = booked();
        done(ledger, cancel(book));
        assertThat(refusal(ledger, move(book, to, "move"))).isEqualTo(Refusal.ENDED);
        assertThat(standing(move(book, to, "move")).state()).isEqualTo(AppointmentState.CANCELLED);
        assertThat(fixture.count(to).booked()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"arrived", "done"})
    void refusesToMoveSomeoneWhoWasThere(String state) {
        Command.Book book = booked();
        fixture.execute(
                "UPDATE appointment SET state = '%s' WHERE person = '%s'"
                        .formatted(state, book.person().value()));
        assertThat(refusal(ledger, move(book, to, "move"))).isEqualTo(Refusal.ENDED);
        assertThat(fixture.count(from).booked()).isEqualTo(1);
        assertThat(fixture.count(to).booked()).isZero();
    }

    // Policy and versions

    @ParameterizedTest
    @EnumSource(
            value = Refusal.class,
            names = {"NOT_OPEN", "CLOSED", "ENDED", "NOT_ELIGIBLE"})
    void refusesAsPolicySaysUnlessItIsAReplay(Refusal refusal) {
        Command.Book book = booked();
        Command.Move move = move(book, to, "move");
        assertThat(refusal(ledger, unlessReplay(move, refusal))).isEqualTo(refusal);
        isOnlyIn(book, from);
        done(ledger, move);
        assertThat(done(ledger, unlessReplay(move, refusal)).isReplay()).isTrue();
        isOnlyIn(book, to);
    }

    @Test
    void refusesAMoveOfWhatHasChangedMeanwhile() {
        Command.Book book = booked();
        done(ledger, move(book, to, "first"));
        Command.Move late = ifVersion(move(book, from, "late"), 1);
        assertThat(refusal(ledger, late)).isEqualTo(Refusal.CHANGED);
        assertThat(standing(late).version()).isEqualTo(2);
        isOnlyIn(book, to);
        assertThat(done(ledger, ifVersion(late, 2)).appointment().version()).isEqualTo(3);
        isOnlyIn(book, from);
    }

    @Test
    void refusesToCancelWhatHasChangedMeanwhile() {
        Command.Book book = booked();
        done(ledger, move(book, to, "move"));
        assertThat(refusal(ledger, ifVersion(cancel(book), 1))).isEqualTo(Refusal.CHANGED);
        isOnlyIn(book, to);
        done(ledger, ifVersion(cancel(book), 2));
        assertThat(fixture.count(to).booked()).isZero();
    }

    @Test
    void grantsAReplayWhateverVersionItNames() {
        Command.Book book = booked();
        Command.Move move = ifVersion(move(book, to, "move"), 1);
        done(ledger, move);
        assertThat(done(ledger, move).isReplay()).isTrue();
        Command.Cancel cancel = ifVersion(cancel(book), 2);
        done(ledger, cancel);
        assertThat(done(ledger, cancel).isReplay()).isTrue();
        assertThat(done(ledger, move).appointment().state()).isEqualTo(AppointmentState.CANCELLED);
    }

    @Test
    void saysTheFirstOfPolicysReasonAndTheVersion() {
        Command.Book book = booked();
        Command.Move stale = ifVersion(move(book, to, "move"), 9);
        assertThat(refusal(ledger, unlessReplay(stale, Refusal.CLOSED))).isEqualTo(Refusal.CLOSED);
        assertThat(refusal(ledger, unlessReplay(stale, Refusal.ENDED))).isEqualTo(Refusal.CHANGED);
    }

    // Keys

    @Test
    void answersARepeatedMoveWithTheAppointmentAsItStands() {
        Command.Book book = booked();
        CommandResult.Done first = done(ledger, move(book, to, "move"));
        assertThat(done(ledger, move(book, to, "move")))
                .isEqualTo(new CommandResult.Done(first.appointment(), true));
        assertThat(fixture.count(to).booked()).isEqualTo(1);
        assertThat(timesTold("moved", book)).isEqualTo(1);
    }

    @Test
    void neverMovesBackForALateRepeatOfAnOldMove() {
        Command.Book book = booked();
        PlaceId further = fixture.place(1);
        done(ledger, move(book, to, "first"));
        Appointment second = done(ledger, move(book, further, "second")).appointment();
        assertThat(done(ledger, move(book, to, "first")))
                .isEqualTo(new CommandResult.Done(second, true));
        isOnlyIn(book, further);
        assertThat(fixture.count(to).booked()).isZero();
    }

    @Test
    void answersARepeatedMoveAfterACancelWithThePresentStatus() {
        Command.Book book = booked();
        done(ledger, move(book, to, "move"));
        Appointment cancelled = done(ledger, cancel(book)).appointment();
        assertThat(cancelled.place()).isEqualTo(to);
        assertThat(done(ledger, move(book, to, "move")))
                .isEqualTo(new CommandResult.Done(cancelled, true));
        assertThat(fixture.count(to).booked()).isZero();
    }

    @Test
    void answersARepeatedBookingAfterAMoveWithTheNewPlace() {
        Command.Book book = booked();
        Appointment moved = done(ledger, move(book, to, "move")).appointment();
        assertThat(done(ledger, again(book))).isEqualTo(new CommandResult.Done(moved, true));
        assertThat(fixture.count(from).booked()).isZero();
    }

    @Test
    void refusesAKeyThatHasMovedToAnotherPlace() {
        Command.Book book = booked();
        PlaceId other = fixture.place(1);
        done(ledger, move(book, to, "move"));
        assertThat(refusal(ledger, move(book, other, "move"))).isEqualTo(Refusal.KEY_REUSED);
        isOnlyIn(book, to);
    }

    @Test
    void refusesAMoveWithTheKeyOfTheBooking() {
        Command.Book book = booked();
        assertThat(refusal(ledger, move(book, to, "booking key"))).isEqualTo(Refusal.KEY_REUSED);
        isOnlyIn(book, from);
    }

    @Test
    void refusesABookingWithTheKeyOfAMove() {
        Command.Book book = booked();
        done(ledger, move(book, to, "move"));
        assertThat(refusal(ledger, book(book.person(), from, "move")))
                .isEqualTo(Refusal.KEY_REUSED);
        done(ledger, cancel(book));
        assertThat(refusal(ledger, book(book.person(), from, "move")))
                .isEqualTo(Refusal.KEY_REUSED);
        assertThat(fixture.rowsOf(book.person()))
                .containsExactly("ended: cancelled, " + book.reference().value());
        assertThat(fixture.count(from).booked()).isZero();
    }

    // Several at once

    @Test
    void refusesTwoWhoWantToSwapTheirLastPlacesAtOnce() {
        Command.Book one = booked();
        Command.Book other = book(to);
        done(ledger, other);
        List<CompletableFuture<CommandResult>> answers =
                fixture.submitTogether(
                        ledger, List.of(move(one, to, "swap"), move(other, from, "swap")));
        // The first finds the other's place taken; the second then finds it taken still.
        assertThat(answers)
                .allSatisfy(answer -> assertThat(refusal(answer)).isEqualTo(Refusal.PLACE_GONE));
        isOnlyIn(one, from);
        isOnlyIn(other, to);
    }

    @Test
    void givesAPlaceThatIsLeftToTheNextInTheSameBatch() {
        Command.Book one = booked();
        Command.Book waiting = book(from);
        List<CompletableFuture<CommandResult>> answers =
                fixture.submitTogether(ledger, List.of(move(one, to, "leave"), waiting));
        done(answers.getFirst());
        done(answers.getLast());
        isOnlyIn(one, to);
        isOnlyIn(waiting, from);
    }

    @Test
    void letsTwoNodesMoveTheSameAppointmentWithOneKeyOnce() {
        Command.Book book = booked();
        try (Database database = fixture.databaseOfAnotherNode();
                Ledger otherNode =
                        new Ledger(database, InstantSource.system(), LedgerFixture.PATIENT)) {
            List<CompletableFuture<CommandResult>> answers;
            try (var _ = fixture.obstacleAt(to)) {
                answers =
                        List.of(
                                ledger.submit(move(book, to, "move")),
                                otherNode.submit(move(book, to, "move")));
                fixture.awaitTransactionsThatWait(2);
            }
            assertThat(answers)
                    .extracting(answer -> done(answer).isReplay())
                    .containsExactlyInAnyOrder(true, false);
        }
        isOnlyIn(book, to);
        assertThat(timesTold("moved", book)).isEqualTo(1);
    }

    @Test
    void keepsEveryoneAtExactlyOnePlaceWhileAllMoveCancelAndBook() throws Exception {
        // Room for two more than there are people.
        List<PlaceId> places = List.of(fixture.place(12), fixture.place(12), fixture.place(10));
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        List<SplittableRandom> randoms = Stream.generate(random::split).limit(THREADS).toList();
        List<Command.Book> last = new ArrayList<>();
        int moves = 0;
        try (Database database = fixture.databaseOfAnotherNode();
                Ledger otherNode =
                        new Ledger(database, InstantSource.system(), LedgerFixture.PATIENT);
                var threads = Executors.newFixedThreadPool(THREADS)) {
            CountDownLatch ready = new CountDownLatch(THREADS);
            List<Future<Walk>> running = new ArrayList<>();
            for (SplittableRandom its : randoms) {
                Walk walk = new Walk(List.of(ledger, otherNode), places, its);
                running.add(
                        threads.submit(
                                () -> {
                                    ready.countDown();
                                    ready.await();
                                    walk.run();
                                    return walk;
                                }));
            }
            for (Future<Walk> one : running) {
                Walk walk = one.get();
                last.add(walk.booked);
                moves += walk.moves;
            }
        }
        assertThat(moves).as("moves, seed %d", seed).isGreaterThan(THREADS);
        for (Command.Book booked : last) {
            assertThat(fixture.rowsOf(booked.person()))
                    .as("seed %d", seed)
                    .filteredOn(row -> row.startsWith("live"))
                    .containsExactly("live: booked, " + booked.reference().value());
        }
        assertThat(places.stream().mapToInt(place -> fixture.count(place).booked()).sum())
                .as("seed %d", seed)
                .isEqualTo(THREADS);
        assertThat(fixture.faults()).as("seed %d", seed).isEmpty();
    }

    /** One person's restless day: books, moves, and now and then cancels and books again. */
    private static final class Walk implements Runnable {
        private final List<Ledger> nodes;
        private final List<PlaceId> places;
        private final SplittableRandom random;
        private Command.Book booked = book(person(), fixture.place(0), "none");
        private PlaceId at = booked.place();
        private int moves;
        private int keys;

        Walk(List<Ledger> nodes, List<PlaceId> places, SplittableRandom random) {
            this.nodes = nodes;
            this.places = places;
            this.random = random;
        }

        private CommandResult ask(Command command) {
            return await(nodes.get(random.nextInt(nodes.size())).submit(command));
        }

        private String key() {
            return "key " + keys++;
        }

        @Override
        public void run() {
            bookSomewhere();
            for (int i = 0; i < 40; i++) {
                if (random.nextInt(6) == 0) {
                    assertThat(ask(cancel(booked))).isInstanceOf(CommandResult.Done.class);
                    bookSomewhere();
                } else {
                    moveOn();
                }
            }
        }

        private void bookSomewhere() {
            while (true) {
                Command.Book wanted =
                        book(booked.person(), places.get(random.nextInt(places.size())), key());
                if (ask(wanted) instanceof CommandResult.Done done) {
                    booked = wanted;
                    at = done.appointment().place();
                    return;
                }
            }
        }

        private void moveOn() {
            Command.Move move = move(booked, places.get(random.nextInt(places.size())), key());
            switch (ask(move)) {
                case CommandResult.Done done -> {
                    assertThat(done.appointment().place()).isEqualTo(move.to());
                    moves += at.equals(move.to()) ? 0 : 1;
                    at = move.to();
                }
                case CommandResult.Refused refused -> {
                    assertThat(refused.refusal()).isEqualTo(Refusal.PLACE_GONE);
                    assertThat(refused.standing().orElseThrow().place()).isEqualTo(at);
                }
            }
        }
    }

    // In doubt

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"CUT_BEFORE_COMMIT", "CUT_BEFORE_ANSWER"})
    void movesExactlyOnceWhenTheCommitOfAMoveIsCut(Fault fault) {
        Command.Book book = booked();
        try (FaultProxy proxy = new FaultProxy(fixture.connection());
                Database database = Database.open(proxy.connection(), 2, InstantSource.system());
                Ledger behind =
                        new Ledger(database, InstantSource.system(), LedgerFixture.PATIENT)) {
            proxy.atNextCommit(fault);
            CommandResult.Done done = done(behind, move(book, to, "move"));
            assertThat(done.appointment())
                    .returns(to, Appointment::place)
                    .returns(2, Appointment::version);
            assertThat(proxy.faultsDone()).isEqualTo(1);
        }
        hasMovedOnce(book);
    }

    @Test
    void waitsForAMoveThatStillLivesAfterItsConnectionWasCut() {
        Command.Book book = booked();
        try (FaultProxy proxy = new FaultProxy(fixture.connection());
                Database database = Database.open(proxy.connection(), 2, InstantSource.system());
                Ledger behind =
                        new Ledger(database, InstantSource.system(), LedgerFixture.PATIENT)) {
            proxy.atNextCommit(Fault.CUT_AND_COMMIT_LATER);
            CompletableFuture<CommandResult> answer = behind.submit(move(book, to, "move"));
            fixture.awaitTransactionsThatWait(1);
            assertThat(answer).isNotDone();
            proxy.releaseCommit();
            assertThat(done(answer).isReplay()).isTrue();
        }
        hasMovedOnce(book);
    }

    private void hasMovedOnce(Command.Book book) {
        isOnlyIn(book, to);
        assertThat(present(book).version()).isEqualTo(2);
        assertThat(fixture.count(from).booked()).isZero();
        assertThat(fixture.count(to).booked()).isEqualTo(1);
        assertThat(timesTold("moved", book)).isEqualTo(1);
        assertThat(done(ledger, move(book, to, "move")).isReplay()).isTrue();
    }
}
