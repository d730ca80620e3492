package giliran.ledger;

import static giliran.ledger.LedgerFixture.book;
import static giliran.ledger.LedgerFixture.cancel;
import static giliran.ledger.LedgerFixture.person;
import static org.assertj.core.api.Assertions.assertThat;

import giliran.ledger.CommandQueue.Batch;
import giliran.ledger.CommandQueue.Queued;
import giliran.people.PersonHandle;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A long random life of the queue beside a model that keeps one list and filters it. */
final class CommandQueueModelTest {
    private static final int STEPS = 50_000;
    private static final int MAX = 90;
    private static final int WRITERS = 3;
    private static final List<Integer> BATCHES = List.of(1, 7, 40, 100);
    private static final List<PlaceId> PLACES =
            IntStream.range(0, 6).mapToObj(i -> CommandQueueTest.place("slot " + i)).toList();
    private static final List<PersonHandle> PERSONS =
            IntStream.range(0, 200).mapToObj(i -> person()).toList();

    /** All that is unsettled, in order of arrival, and in whose hands. */
    private static final class Model {
        final List<Queued> unsettled = new ArrayList<>();
        final Set<Queued> givenUp = new HashSet<>();
        final Set<Queued> everTaken = new HashSet<>();
        final Set<Queued> withWriters = new HashSet<>();
        final List<Optional<PlaceId>> turns = new ArrayList<>();
        final Set<Optional<PlaceId>> served = new HashSet<>();

        int size() {
            return unsettled.size() - withWriters.size();
        }

        /** Each person's first, unless a writer has it. */
        List<Queued> inLines() {
            Set<PersonHandle> persons = new HashSet<>();
            return unsettled.stream()
                    .filter(queued -> persons.add(queued.command.person()))
                    .filter(queued -> !withWriters.contains(queued))
                    .toList();
        }

        List<Queued> line(Optional<PlaceId> place) {
            return inLines().stream()
                    .filter(queued -> queued.command.wanted().equals(place))
                    .toList();
        }

        /** Whom the queue may take out when it is full; empty if the newcomer has to go. */
        List<Queued> mayHaveToGo(Queued arriving) {
            Map<Optional<PlaceId>, List<Queued>> lines =
                    inLines().stream().collect(Collectors.groupingBy(q -> q.command.wanted()));
            int longest = lines.values().stream().mapToInt(List::size).max().orElse(0);
            return longest <= line(arriving.command.wanted()).size()
                    ? List.of()
                    : lines.values().stream()
                            .filter(line -> line.size() == longest)
                            .map(List::getLast)
                            .toList();
        }

        void arrive(Queued arriving) {
            unsettled.add(arriving);
            if (inLines().contains(arriving)) {
                giveTurn(arriving.command.wanted());
            }
        }

        void leave(Queued queued) {
            Set<Queued> before = new HashSet<>(inLines());
            unsettled.remove(queued);
            inLines().stream()
                    .filter(next -> !before.contains(next))
                    .forEach(next -> giveTurn(next.command.wanted()));
        }

        void giveTurn(Optional<PlaceId> place) {
            if (!turns.contains(place) && !served.contains(place)) {
                turns.add(place);
            }
        }

        List<Queued> take(int batchMax, Set<Optional<PlaceId>> lines) {
            List<Queued> batch = new ArrayList<>();
            while (batch.size() < batchMax && !turns.isEmpty()) {
                Optional<PlaceId> place = turns.removeFirst();
                served.add(place);
                lines.add(place);
                int end = Math.min(batchMax, batch.size() + CommandQueue.QUOTA);
                while (batch.size() < end && !line(place).isEmpty()) {
                    Queued first = line(place).getFirst();
                    if (givenUp.contains(first)) {
                        leave(first);
                    } else {
                        withWriters.add(first);
                        everTaken.add(first);
                        batch.add(first);
                    }
                }
                if (!line(place).isEmpty()) {
                    turns.add(place);
                }
            }
            turns.removeAll(lines);
            batch.sort(Comparator.comparingLong(queued -> queued.arrival));
            return batch;
        }

        void release(List<Queued> batch, Set<Optional<PlaceId>> lines) {
            served.removeAll(lines);
            for (Queued queued : batch) {
                withWriters.remove(queued);
                if (queued.answer.isDone()) {
                    leave(queued);
                } else {
                    giveTurn(queued.command.wanted());
                }
            }
            lines.stream().filter(place -> !line(place).isEmpty()).forEach(this::giveTurn);
        }
    }

    private record Writing(Batch batch, Set<Optional<PlaceId>> lines) {}

    private final CommandQueue queue = new CommandQueue(MAX);
    private final Model model = new Model();
    private final List<Writing> writers = new ArrayList<>();

    @Test
    void servesWhomTheModelServes() {
        live(new Random().nextLong());
    }

    /** In this life the newcomer was sent away for a line whose last may not go. */
    @Test
    void looksForALongestLineWhoseLastMayGo() {
        live(6139028518004094966L);
    }

    private void live(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int step = 0; step < STEPS; step++) {
            String now = "step " + step + " of seed " + seed;
            // By turns a time of filling and a time of emptying.
            int deed = random.nextInt(step / 500 % 2 == 0 ? 24 : 9);
            switch (deed) {
                case 0, 1 -> take(random, now);
                case 2, 3 -> release(random);
                case 4 -> giveUp(random);
                default -> offer(random, now);
            }
            assertThat(queue.size()).as(now).isEqualTo(model.size());
            PersonHandle person = PERSONS.get(random.nextInt(PERSONS.size()));
            List<Queued> its =
                    model.unsettled.stream()
                            .filter(queued -> queued.command.person().equals(person))
                            .toList();
            assertThat(queue.isKnown(person)).as(now).isEqualTo(!its.isEmpty());
            assertThat(queue.isBeingWritten(person))
                    .as(now)
                    .isEqualTo(!its.isEmpty() && model.everTaken.contains(its.getFirst()));
        }
        while (!writers.isEmpty() || queue.size() > 0) {
            if (queue.size() > 0) {
                take(random, "the end of seed " + seed);
            }
            release(random);
        }
        take(random, "the end of seed " + seed);
        writers.forEach(writing -> queue.release(writing.batch()));
        CommandQueueTest.assertNothingIsLeftIn(queue);
    }

    private void offer(SplittableRandom random, String now) {
        PersonHandle person = PERSONS.get(random.nextInt(PERSONS.size()));
        // The first slot is crowded.
        PlaceId place = PLACES.get(random.nextInt(PLACES.size()) * random.nextInt(2));
        Command.Book book = book(person, place, "key");
        Queued arriving = CommandQueueTest.queued(random.nextInt(8) == 0 ? cancel(book) : book);
        boolean isFull = model.size() >= MAX;
        Optional<Queued> gone = queue.offer(arriving);
        if (!isFull) {
            assertThat(gone).as(now).isEmpty();
        } else {
            assertThat(gone).as(now).isPresent();
            List<Queued> expected = model.mayHaveToGo(arriving);
            if (gone.get() == arriving) {
                assertThat(expected).as(now).allMatch(model.everTaken::contains);
                return;
            }
            assertThat(expected).as(now).contains(gone.get());
            assertThat(model.everTaken).as(now).doesNotContain(gone.get());
            model.leave(gone.get());
        }
        model.arrive(arriving);
    }

    private void take(SplittableRandom random, String now) {
        if (writers.size() < WRITERS) {
            int batchMax = BATCHES.get(random.nextInt(BATCHES.size()));
            Set<Optional<PlaceId>> lines = new LinkedHashSet<>();
            List<Queued> expected = model.take(batchMax, lines);
            Batch batch = CommandQueueTest.take(queue, batchMax);
            assertThat(batch.commands()).as(now).isEqualTo(expected);
            writers.add(new Writing(batch, lines));
        }
    }

    private void release(SplittableRandom random) {
        if (!writers.isEmpty()) {
            Writing writing = writers.remove(random.nextInt(writers.size()));
            writing.batch().commands().stream()
                    .filter(queued -> random.nextInt(10) > 0)
                    .forEach(CommandQueueTest::answer);
            queue.release(writing.batch());
            model.release(writing.batch().commands(), writing.lines());
        }
    }

    private void giveUp(SplittableRandom random) {
        if (!model.unsettled.isEmpty()) {
            Queued queued = model.unsettled.get(random.nextInt(model.unsettled.size()));
            if (queued.claim()) {
                CommandQueueTest.answer(queued);
                model.givenUp.add(queued);
            }
        }
    }
}
