package giliran.ledger;

import static giliran.ledger.LedgerFixture.book;
import static giliran.ledger.LedgerFixture.cancel;
import static giliran.ledger.LedgerFixture.person;
import static org.assertj.core.api.Assertions.assertThat;

import giliran.campaigns.CampaignId;
import giliran.campaigns.CentreId;
import giliran.campaigns.SlotId;
import giliran.ledger.CommandQueue.Batch;
import giliran.ledger.CommandQueue.Queued;
import giliran.people.PersonHandle;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who is served when: by turns among lines, and by arrival within one. */
final class CommandQueueTest {
    private static final PlaceId CROWDED = place("crowded");
    private static final PlaceId QUIET = place("quiet");
    private static final int QUOTA = CommandQueue.QUOTA;
    private static final int MANY = 10 * QUOTA;

    private CommandQueue queue = new CommandQueue(MANY);

    static PlaceId place(String slot) {
        return new PlaceId(new CentreId("hall"), SlotId.of(new CampaignId("round"), slot));
    }

    static Queued queued(Command command) {
        return new Queued(command, System.nanoTime());
    }

    static Batch take(CommandQueue queue, int batchMax) {
        try {
            return queue.take(batchMax, Duration.ZERO);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    static void answer(Queued queued) {
        queued.answer.complete(new CommandResult.Refused(Refusal.PLACE_GONE));
    }

    /** Nothing is left of anyone, nor of a line. */
    static void assertNothingIsLeftIn(CommandQueue queue) {
        assertThat(queue.size()).isZero();
        assertThat(queue)
                .extracting("lines", "ofPersons", "turns", "byLength")
                .allSatisfy(
                        part ->
                                assertThat(
                                                part instanceof Map<?, ?> map
                                                        ? map.values()
                                                        : (Collection<?>) part)
                                        .isEmpty());
    }

    /** Whatever a test leaves can be served to the end, and then nothing is left. */
    @AfterEach
    void serveAll() {
        while (queue.size() > 0) {
            settle(take(MANY));
        }
        settle(take(MANY));
        assertNothingIsLeftIn(queue);
    }

    private Queued arrive(Command command) {
        Queued arriving = queued(command);
        assertThat(queue.offer(arriving)).isEmpty();
        return arriving;
    }

    private List<Queued> arrive(int many, PlaceId place) {
        return IntStream.range(0, many).mapToObj(i -> arrive(book(place))).toList();
    }

    private Batch take(int batchMax) {
        return take(queue, batchMax);
    }

    private void settle(Batch batch) {
        batch.commands().forEach(CommandQueueTest::answer);
        queue.release(batch);
    }

    private static void giveUp(Queued queued) {
        assertThat(queued.claim()).isTrue();
        answer(queued);
    }

    // Turns

    @Test
    void servesALineInOrderOfArrival() {
        List<Queued> line = arrive(3 * QUOTA, CROWDED);
        for (int taken = 0; taken < line.size(); taken += 20) {
            Batch batch = take(20);
            assertThat(batch.commands())
                    .isEqualTo(line.subList(taken, Math.min(taken + 20, line.size())));
            settle(batch);
        }
    }

    @Test
    void letsACrowdInOneLineDelayAnotherByAtMostOneQuota() {
        List<Queued> crowd = arrive(MANY - 1, CROWDED);
        Queued quiet = arrive(book(QUIET));
        Batch batch = take(QUOTA + 1);
        assertThat(batch.commands().subList(0, QUOTA)).isEqualTo(crowd.subList(0, QUOTA));
        assertThat(batch.commands().getLast()).isSameAs(quiet);
        settle(batch);
    }

    @Test
    void givesEachLineItsTurnAlsoWhenABatchHasRoomForOneOnly() {
        List<Queued> crowd = arrive(QUOTA, CROWDED);
        Queued quiet = arrive(book(QUIET));
        Batch first = take(1);
        settle(first);
        Batch second = take(1);
        settle(second);
        Batch third = take(1);
        settle(third);
        assertThat(first.commands()).containsExactly(crowd.get(0));
        assertThat(second.commands()).containsExactly(quiet);
        assertThat(third.commands()).containsExactly(crowd.get(1));
    }

    @Test
    void fillsABatchFromOneLineIfNobodyElseWaits() {
        List<Queued> crowd = arrive(3 * QUOTA, CROWDED);
        Batch batch = take(MANY);
        assertThat(batch.commands()).isEqualTo(crowd);
        settle(batch);
    }

    @Test
    void handsABatchOverInOrderOfArrivalWhateverTheTurns() {
        arrive(QUOTA + 1, CROWDED);
        arrive(QUOTA, QUIET);
        arrive(1, CROWDED);
        Batch batch = take(MANY);
        assertThat(batch.commands())
                .isSortedAccordingTo((a, b) -> Long.compare(a.arrival, b.arrival));
        assertThat(batch.commands()).hasSize(2 * QUOTA + 2);
        settle(batch);
    }

    @Test
    void letsOneWriterAtATimeServeALine() {
        List<Queued> crowd = arrive(2, CROWDED);
        Queued quiet = arrive(book(QUIET));
        Batch first = take(1);
        Batch second = take(MANY);
        assertThat(first.commands()).containsExactly(crowd.get(0));
        assertThat(second.commands()).containsExactly(quiet);
        assertThat(take(MANY).lines()).isEmpty();
        settle(second);
        assertThat(take(MANY).lines()).isEmpty();
        settle(first);
        Batch third = take(MANY);
        assertThat(third.commands()).containsExactly(crowd.get(1));
        settle(third);
    }

    @Test
    void putsThoseWhoNameNoSlotInALineOfTheirOwn() {
        arrive(MANY - 1, CROWDED);
        Queued cancel = arrive(cancel(book(CROWDED)));
        Batch batch = take(QUOTA + 1);
        assertThat(batch.commands()).contains(cancel);
        settle(batch);
    }

    // One person

    @Test
    void takesAtMostOneOfAPersonUntilItIsSettled() {
        PersonHandle person = person();
        Queued first = arrive(book(person, CROWDED, "first"));
        Queued second = arrive(book(person, QUIET, "second"));
        Batch batch = take(MANY);
        assertThat(batch.commands()).containsExactly(first);
        assertThat(queue.isBeingWritten(person)).isTrue();
        assertThat(take(MANY).lines()).isEmpty();
        settle(batch);
        assertThat(queue.isBeingWritten(person)).isFalse();
        assertThat(queue.isKnown(person)).isTrue();
        Batch next = take(MANY);
        assertThat(next.commands()).containsExactly(second);
        settle(next);
        assertThat(queue.isKnown(person)).isFalse();
    }

    @Test
    void linesUpAPersonsNextWhereItWouldHaveStood() {
        PersonHandle person = person();
        arrive(book(person, QUIET, "first"));
        Queued before = arrive(book(CROWDED));
        Queued second = arrive(book(person, CROWDED, "second"));
        Queued after = arrive(book(CROWDED));
        Batch first = take(1);
        settle(first);
        Batch rest = take(MANY);
        assertThat(rest.commands()).containsExactly(before, second, after);
        settle(rest);
    }

    @Test
    void refusesWhoHasTooManyUnsettled() {
        queue = new CommandQueue(2 * CommandQueue.OF_ONE_PERSON_MAX);
        PersonHandle person = person();
        for (int i = 0; i < CommandQueue.OF_ONE_PERSON_MAX; i++) {
            arrive(book(person, CROWDED, "key " + i));
        }
        Queued tooMany = queued(book(person, QUIET, "too many"));
        assertThat(queue.offer(tooMany)).containsSame(tooMany);
        arrive(book(QUIET));
    }

    // Full

    @Test
    void takesTheLastOfTheLongestLineOutForSomeoneElsewhere() {
        List<Queued> crowd = arrive(MANY, CROWDED);
        Queued arriving = queued(book(QUIET));
        assertThat(queue.offer(arriving)).containsSame(crowd.getLast());
        assertThat(queue.size()).isEqualTo(MANY);
        assertThat(queue.isKnown(crowd.getLast().command.person())).isFalse();
        Batch batch = take(QUOTA + 1);
        assertThat(batch.commands()).contains(arriving);
        settle(batch);
    }

    @Test
    void refusesANewcomerToTheLongestLine() {
        arrive(MANY, CROWDED);
        Queued arriving = queued(book(CROWDED));
        assertThat(queue.offer(arriving)).containsSame(arriving);
        assertThat(queue.size()).isEqualTo(MANY);
        assertThat(queue.isKnown(arriving.command.person())).isFalse();
    }

    @Test
    void refusesANewcomerWhereAllLinesAreAsLong() {
        queue = new CommandQueue(2);
        arrive(1, CROWDED);
        arrive(1, QUIET);
        Queued arriving = queued(book(QUIET));
        assertThat(queue.offer(arriving)).containsSame(arriving);
    }

    /** The longest is not who was the longest once. */
    @Test
    void knowsTheLongestLineAlsoAfterAnotherWasServed() {
        List<Queued> long1 = arrive(QUOTA + 2, CROWDED);
        List<Queued> long2 = arrive(QUOTA + 1, QUIET);
        Batch batch = take(QUOTA);
        assertThat(batch.commands()).isEqualTo(long1.subList(0, QUOTA));
        for (int i = queue.size(); i < MANY; i++) {
            arrive(book(place("elsewhere " + i)));
        }
        assertThat(queue.offer(queued(book(place("new"))))).containsSame(long2.getLast());
        settle(batch);
    }

    @Test
    void neverTakesOutWhatAWriterHadAndPutBack() {
        queue = new CommandQueue(1);
        Queued first = arrive(book(CROWDED));
        queue.release(take(1));
        Queued arriving = queued(book(QUIET));
        assertThat(queue.offer(arriving)).containsSame(arriving);
        Batch batch = take(1);
        assertThat(batch.commands()).containsExactly(first);
        settle(batch);
    }

    @Test
    void letsThePersonsNextInWhenTheirFirstHasToGo() {
        queue = new CommandQueue(3);
        PersonHandle person = person();
        arrive(book(CROWDED));
        Queued first = arrive(book(person, CROWDED, "first"));
        Queued second = arrive(book(person, QUIET, "second"));
        Queued arriving = queued(book(place("third")));
        assertThat(queue.offer(arriving)).containsSame(first);
        Batch batch = take(3);
        assertThat(batch.commands()).hasSize(3).contains(second, arriving);
        settle(batch);
    }

    // Given up and put back

    @Test
    void skipsWhatWasGivenUpAndLetsThePersonsNextIn() {
        PersonHandle person = person();
        Queued first = arrive(book(person, CROWDED, "first"));
        Queued second = arrive(book(person, CROWDED, "second"));
        Queued other = arrive(book(CROWDED));
        giveUp(first);
        assertThat(queue.size()).as("until a writer comes by").isEqualTo(3);
        Batch batch = take(MANY);
        assertThat(batch.commands()).containsExactly(second, other);
        assertThat(queue.size()).isZero();
        settle(batch);
    }

    @Test
    void takesNothingFromWhoHasGivenUpAltogether() {
        arrive(3, CROWDED).forEach(CommandQueueTest::giveUp);
        Batch batch = take(MANY);
        assertThat(batch.commands()).isEmpty();
        assertThat(queue.size()).isZero();
        queue.release(batch);
    }

    @Test
    void keepsThePlaceOfWhatHasNoAnswerYet() {
        List<Queued> line = arrive(4, CROWDED);
        Batch batch = take(2);
        answer(line.get(1));
        queue.release(batch);
        assertThat(queue.size()).isEqualTo(3);
        assertThat(queue.isBeingWritten(line.get(0).command.person())).isTrue();
        Batch again = take(MANY);
        assertThat(again.commands()).containsExactly(line.get(0), line.get(2), line.get(3));
        settle(again);
    }

    @Test
    void keepsWhatWasPutBackFromBeingGivenUp() {
        Queued first = arrive(book(CROWDED));
        queue.release(take(1));
        assertThat(first.claim()).isFalse();
        assertThat(queue.offer(queued(first.command))).isEqualTo(Optional.empty());
    }

    @Test
    void countsOnlyThoseWhoWait() {
        arrive(5, CROWDED);
        assertThat(queue.size()).isEqualTo(5);
        Batch batch = take(2);
        assertThat(queue.size()).isEqualTo(3);
        settle(batch);
        assertThat(queue.size()).isEqualTo(3);
    }
}
