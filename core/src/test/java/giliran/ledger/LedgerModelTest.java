package giliran.ledger;

import static giliran.ledger.LedgerFixture.again;
import static giliran.ledger.LedgerFixture.await;
import static giliran.ledger.LedgerFixture.book;
import static giliran.ledger.LedgerFixture.reference;
import static giliran.ledger.LedgerFixture.unlessReplay;
import static giliran.ledger.LedgerFixture.withContent;
import static org.assertj.core.api.Assertions.assertThat;

import giliran.campaigns.SlotId;
import giliran.people.PersonHandle;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Random commands, sent in bursts without waiting for answers, are answered as a small model
 * answers them one after the other.
 *
 * <p>Between people the ledger keeps the order of arrival as long as nobody has two commands in the
 * burst: a second one is put off. So bursts are of two kinds. In one everybody appears at most
 * once, and the places are scarce. In the other everybody may appear many times, and there is room
 * for all, so that nobody's answers hang on anybody else's.
 *
 * <p>People and slots are new in every round, or soon every key would be bound.
 */
final class LedgerModelTest {
    private static final int COMMANDS = 100_000;
    private static final int COMMANDS_A_ROUND = 10_000;
    private static final int PEOPLE = 100;
    private static final int ROOM_FOR_ALL = 10_000;

    /** The ledger's clock; it stands still while a burst is on its way. */
    private static final AtomicReference<Instant> NOW =
            new AtomicReference<>(Instant.parse("2026-05-02T04:00:00Z"));

    @Test
    void answersAHundredThousandRandomCommandsAsTheModelDoes() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        try (LedgerFixture fixture = new LedgerFixture();
                Ledger ledger = new Ledger(fixture.database(), NOW::get, LedgerFixture.PATIENT)) {
            int granted = 0;
            for (int commands = 0; commands < COMMANDS; commands += COMMANDS_A_ROUND) {
                Round round = new Round(fixture, ledger, random, seed);
                round.run();
                granted += round.model.granted();
            }
            assertThat(fixture.number("SELECT sum(cardinality(events)) FROM outbox"))
                    .as("events told, seed %d", seed)
                    .isEqualTo(granted);
            assertThat(fixture.faults()).as("seed %d", seed).isEmpty();
        }
    }

    private static final class Round {
        private final LedgerFixture fixture;
        private final Ledger ledger;
        private final Random random;
        private final long seed;
        private final LapseHolds lapseHolds;
        private final LedgerModel model = new LedgerModel(NOW.get());
        private final List<PersonHandle> people =
                Stream.generate(LedgerFixture::person).limit(PEOPLE).toList();
        private final Map<PersonHandle, List<Command.Book>> sent = new HashMap<>();
        private final Map<PlaceId, Integer> doses = new HashMap<>();
        private final List<PlaceId> scarce = new ArrayList<>();
        private final List<PlaceId> roomy = new ArrayList<>();

        Round(LedgerFixture fixture, Ledger ledger, Random random, long seed) {
            this.fixture = fixture;
            this.ledger = ledger;
            lapseHolds = new LapseHolds(fixture.database(), ledger, NOW::get);
            this.random = random;
            this.seed = seed;
            for (int dose : List.of(1, 1, 1, 2, 2)) {
                scarce.add(place(dose, random.nextInt(15)));
            }
            for (int dose : List.of(1, 1, 2)) {
                roomy.add(place(dose, ROOM_FOR_ALL));
            }
            PlaceId nowhere =
                    new PlaceId(
                            scarce.getFirst().centre(), new SlotId(LedgerFixture.uuid("nowhere")));
            doses.put(nowhere, 1);
            scarce.add(nowhere);
            roomy.add(nowhere);
        }

        private PlaceId place(int dose, int capacity) {
            PlaceId place = fixture.placeForDose(dose, capacity);
            doses.put(place, dose);
            assertThat(model.setCapacity(place, capacity)).isTrue();
            return place;
        }

        void run() {
            for (int commands = 0; commands < COMMANDS_A_ROUND; ) {
                List<Command> burst = new ArrayList<>();
                List<String> expected = new ArrayList<>();
                List<PersonHandle> senders = senders();
                boolean isEachOnce = senders.stream().distinct().count() == senders.size();
                int size = Math.min(senders.size(), COMMANDS_A_ROUND - commands);
                for (PersonHandle sender : senders.subList(0, size)) {
                    Command command = command(sender, isEachOnce ? scarce : roomy);
                    burst.add(command);
                    expected.add(model.apply(command));
                }
                send(burst, expected);
                commands += size;
                if (random.nextInt(16) == 0) {
                    importACapacity();
                }
                letTimePass(
                        Duration.ofSeconds(random.nextInt(4))
                                .plus(random.nextInt(2), ChronoUnit.MICROS));
                if (random.nextInt(4) == 0) {
                    lapseHolds();
                }
            }
            compareWhatIsKept();
            // So that nothing of this round is left to lapse in the next.
            letTimePass(Duration.ofMinutes(1));
            lapseHolds();
            compareWhatIsKept();
        }

        private void letTimePass(Duration time) {
            model.setClock(NOW.updateAndGet(now -> now.plus(time)));
        }

        private void lapseHolds() {
            lapseHolds.run();
            model.lapse();
        }

        private List<PersonHandle> senders() {
            if (random.nextBoolean()) {
                List<PersonHandle> shuffled = new ArrayList<>(people);
                Collections.shuffle(shuffled, random);
                return shuffled.subList(0, 1 + random.nextInt(PEOPLE));
            }
            int few = PEOPLE / 5 + random.nextInt(PEOPLE);
            return random.ints(1 + random.nextInt(2 * PEOPLE), 0, Math.min(few, PEOPLE))
                    .mapToObj(people::get)
                    .toList();
        }

        private Command command(PersonHandle person, List<PlaceId> places) {
            List<Command.Book> before =
                    sent.getOrDefault(person, List.of()).stream()
                            .filter(book -> places.contains(book.place()))
                            .toList();
            int kind = random.nextInt(100);
            if (kind < 17) {
                return cancel(person);
            }
            if (kind < 32) {
                return move(person, places);
            }
            if (kind < 42) {
                return confirm(person);
            }
            if (kind < 46) {
                return LedgerFixture.lapse(oneOf(person));
            }
            if (before.isEmpty() || kind < 70) {
                Command.Book book = anywhere(person, places, "key " + random.nextInt());
                sent.computeIfAbsent(person, p -> new ArrayList<>()).add(book);
                return book;
            }
            Command.Book earlier = before.get(random.nextInt(before.size()));
            if (kind < 83) {
                return again(earlier);
            }
            if (kind < 90) {
                return withContent(earlier, "content " + random.nextInt());
            }
            Refusal refusal = random.nextBoolean() ? Refusal.CLOSED : Refusal.NOT_ELIGIBLE;
            return kind < 96
                    ? unlessReplay(again(earlier), refusal)
                    : unlessReplay(anywhere(person, places, "key " + random.nextInt()), refusal);
        }

        private Command.Book anywhere(PersonHandle person, List<PlaceId> places, String key) {
            PlaceId place = places.get(random.nextInt(places.size()));
            Command.Book book = book(person, doses.getOrDefault(place, 1), place, key);
            return random.nextBoolean()
                    ? book
                    : book.heldUntil(NOW.get().plusSeconds(random.nextInt(20)));
        }

        /** One of the last appointments of a person, or one that nobody ever had. */
        private Command.Book oneOf(PersonHandle person) {
            List<Command.Book> mine = model.bookedBy(person);
            return mine.isEmpty()
                    ? book(person, scarce.getFirst(), "never sent")
                    : mine.get(Math.max(0, mine.size() - 1 - random.nextInt(3)));
        }

        private Command.Confirm confirm(PersonHandle person) {
            Command.Book booked = oneOf(person);
            boolean isNew = random.nextInt(3) > 0;
            return new Command.Confirm(
                    person,
                    booked.dose(),
                    booked.reference(),
                    LedgerFixture.confirm(
                                    booked,
                                    isNew
                                            ? "confirm " + random.nextLong()
                                            : "move " + random.nextInt(5))
                            .key(),
                    ifVersion(),
                    random.nextInt(10) == 0 ? Optional.of(Refusal.NOT_ELIGIBLE) : Optional.empty());
        }

        private Command.Cancel cancel(PersonHandle person) {
            Command.Book booked = oneOf(person);
            return new Command.Cancel(
                    person,
                    booked.dose(),
                    random.nextInt(10) == 0 ? reference() : booked.reference(),
                    ifVersion(),
                    random.nextInt(10) == 0 ? Optional.of(Refusal.ENDED) : Optional.empty());
        }

        /** To a place of the same dose; with a key of its own, or one that was used before. */
        private Command.Move move(PersonHandle person, List<PlaceId> places) {
            Command.Book booked = oneOf(person);
            List<PlaceId> there =
                    places.stream().filter(p -> doses.getOrDefault(p, 1) == booked.dose()).toList();
            PlaceId to = there.get(random.nextInt(there.size()));
            String key = random.nextInt(3) == 0 ? "move " + random.nextInt(5) : "new";
            Command.Key name =
                    key.equals("new")
                            ? new Command.Key(
                                    LedgerFixture.uuid("key " + random.nextLong()),
                                    LedgerFixture.uuid("move to " + to.slot()))
                            : LedgerFixture.move(booked, to, key).key();
            return new Command.Move(
                    person,
                    booked.dose(),
                    booked.reference(),
                    to,
                    name,
                    ifVersion(),
                    random.nextInt(10) == 0 ? Optional.of(Refusal.NOT_ELIGIBLE) : Optional.empty());
        }

        private OptionalInt ifVersion() {
            return random.nextInt(5) == 0
                    ? OptionalInt.of(1 + random.nextInt(3))
                    : OptionalInt.empty();
        }

        private void send(List<Command> burst, List<String> expected) {
            List<CompletableFuture<CommandResult>> answers =
                    burst.stream().map(ledger::submit).toList();
            for (int i = 0; i < burst.size(); i++) {
                String outcome = LedgerModel.outcome(await(answers.get(i)));
                assertThat(outcome)
                        .as(
                                "seed %d, command %d of a burst of %d: %s",
                                seed, i, burst.size(), burst.get(i))
                        .isEqualTo(expected.get(i));
            }
        }

        private void importACapacity() {
            PlaceId place = scarce.get(random.nextInt(5));
            int capacity = random.nextInt(15);
            assertThat(fixture.importCapacity(place, capacity))
                    .as("seed %d, capacity %d of %s", seed, capacity, place)
                    .isEqualTo(model.setCapacity(place, capacity));
        }

        private void compareWhatIsKept() {
            List<PlaceId> places = doses.keySet().stream().filter(this::isSomewhere).toList();
            for (PlaceId place : places) {
                assertThat(fixture.count(place))
                        .as("counters of %s, seed %d", place, seed)
                        .returns(model.count(place, AppointmentState.HELD), PlaceCount::held)
                        .returns(model.count(place, AppointmentState.BOOKED), PlaceCount::booked);
            }
            String slots =
                    places.stream()
                            .map(place -> "'" + place.slot() + "'")
                            .collect(Collectors.joining(", "));
            assertThat(
                            fixture.query(
                                    """
                                    SELECT reference || ' ' || state || ' in ' || slot FROM appointment WHERE slot IN (%1$s)
                                    UNION ALL
                                    SELECT reference || ' ' || state || ' in ' || slot FROM ended_appointment WHERE slot IN (%1$s)
                                    """
                                            .formatted(slots)))
                    .as("appointments, seed %d", seed)
                    .containsExactlyInAnyOrderElementsOf(model.appointments().toList());
        }

        private boolean isSomewhere(PlaceId place) {
            return !place.equals(scarce.getLast());
        }
    }
}
