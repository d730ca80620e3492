package giliran.ledger;

import giliran.ledger.LedgerStore.BoundKey;
import giliran.ledger.LedgerStore.Claim;
import giliran.ledger.LedgerStore.CountChange;
import giliran.ledger.LedgerStore.Event;
import giliran.ledger.LedgerStore.Row;
import giliran.people.PersonHandle;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The one shape of every change of places, for many commands in one transaction.
 *
 * <ol>
 *   <li>Insert the claims that are wanted, and lock those that are to be given up, each in the
 *       order of persons. Whoever wants the same claim waits here, and nowhere else.
 *   <li>In a new statement, which sees what was committed meanwhile, read all rows of the persons.
 *   <li>Lock the counters of all places concerned, in order.
 *   <li>Decide in order of arrival, from what (2) and (3) returned and nothing else.
 *   <li>Write: give back the claims of those who lost, move what was moved, end what was cancelled,
 *       bind keys, add to the counters, tell the outbox.
 * </ol>
 *
 * <p>Deciding in one statement with data-modifying CTEs does not work: after a wait for a lock its
 * reads are older than what it waits for.
 *
 * <p>Running a batch again after a commit in doubt is safe: what the first run committed is found
 * by its key in (2) and answered as a replay.
 */
final class LedgerBatch {
    /** The order of PostgreSQL's uuid, in which claims are locked as well. */
    private static final Comparator<Command> BY_CLAIM =
            Comparator.<Command, UUID>comparing(
                            command -> command.person().value(), LedgerBatch::compareUnsigned)
                    .thenComparingInt(Command::dose);

    private final Handle tx;
    private final List<? extends Command> commands;
    private final Instant now;

    private Set<Claim> taken = Set.of();
    private Set<Claim> locked = Set.of();
    private Map<PersonHandle, List<Row>> rows = Map.of();
    private Map<PersonHandle, List<BoundKey>> boundKeys = Map.of();
    private final Map<PlaceId, PlaceCount> counts = new HashMap<>();
    private final Map<PlaceId, CountChange> changes = new HashMap<>();
    private final Set<Claim> lost = new HashSet<>();
    private final List<Appointment> moved = new ArrayList<>();
    private final List<Appointment> ended = new ArrayList<>();
    private final List<BoundKey> bound = new ArrayList<>();
    private final List<Event> happened = new ArrayList<>();

    private LedgerBatch(Handle tx, List<? extends Command> commands, Instant now) {
        this.tx = tx;
        this.commands = commands;
        this.now = now;
    }

    /**
     * What becomes of a batch if its transaction commits.
     *
     * @param results of each command, in the same order; null for one that has to be tried again in
     *     another transaction, since its claim vanished between two statements
     * @param touched the places whose counters it changes
     */
    record Outcome(List<@Nullable CommandResult> results, Set<PlaceId> touched) {}

    /**
     * Runs the commands in a transaction of the caller's.
     *
     * @param commands in order of arrival; no two of one person
     * @param event the name of the outbox row, a UUIDv7
     */
    static Outcome run(Handle tx, List<? extends Command> commands, Instant now, UUID event) {
        return new LedgerBatch(tx, commands, now).run(event);
    }

    private Outcome run(UUID event) {
        takeClaims();
        readRows();
        lockPlaces();
        List<@Nullable CommandResult> results = new ArrayList<>(commands.size());
        for (Command command : commands) {
            results.add(
                    switch (command) {
                        case Command.Book book -> decide(book);
                        case Command.Move move -> decide(move);
                        case Command.Cancel cancel -> decide(cancel);
                    });
        }
        write(event);
        return new Outcome(results, changes.keySet());
    }

    private void takeClaims() {
        // Those whom policy refuses too: only the wait for a claim tells whether an earlier request
        // of theirs, whose commit is in doubt, may still come through. To find no row would not.
        List<Command.Book> wanted = of(Command.Book.class).stream().sorted(BY_CLAIM).toList();
        if (!wanted.isEmpty()) {
            taken = LedgerStore.insertClaims(tx, wanted, now);
        }
        List<Command.Change> wantedChanges = of(Command.Change.class);
        if (!wantedChanges.isEmpty()) {
            locked = LedgerStore.lockClaims(tx, wantedChanges);
        }
    }

    private static int compareUnsigned(UUID a, UUID b) {
        int byHigh = Long.compareUnsigned(a.getMostSignificantBits(), b.getMostSignificantBits());
        return byHigh != 0
                ? byHigh
                : Long.compareUnsigned(a.getLeastSignificantBits(), b.getLeastSignificantBits());
    }

    private <C extends Command> List<C> of(Class<C> kind) {
        return commands.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    private void readRows() {
        List<PersonHandle> persons = commands.stream().map(Command::person).toList();
        rows =
                LedgerStore.rowsOf(tx, persons).stream()
                        .collect(Collectors.groupingBy(row -> row.appointment().person()));
        boundKeys =
                LedgerStore.boundKeysOf(tx, persons).stream()
                        .collect(Collectors.groupingBy(BoundKey::person));
    }

    private void lockPlaces() {
        Set<PlaceId> concerned = new HashSet<>();
        for (Command command : commands) {
            switch (command) {
                case Command.Book book -> {
                    if (taken.contains(claimOf(book))) {
                        concerned.add(book.place());
                    }
                }
                case Command.Move move -> {
                    concerned.add(move.to());
                    find(move).ifPresent(found -> concerned.add(found.place()));
                }
                case Command.Cancel cancel ->
                        find(cancel).ifPresent(found -> concerned.add(found.place()));
            }
        }
        if (!concerned.isEmpty()) {
            counts.putAll(LedgerStore.lockPlaces(tx, concerned));
        }
    }

    private @Nullable CommandResult decide(Command.Book book) {
        boolean isMine = taken.contains(claimOf(book));
        CommandResult result = decideBooking(book, isMine);
        if (isMine && !(result instanceof CommandResult.Done done && !done.isReplay())) {
            lost.add(claimOf(book));
        }
        return result;
    }

    private @Nullable CommandResult decideBooking(Command.Book book, boolean isMine) {
        List<Row> others =
                rowsOf(book).stream()
                        .filter(row -> !(isMine && isClaimedBy(book, row.appointment())))
                        .toList();
        Optional<CommandResult> repeated = repeated(book, book.key(), others);
        if (repeated.isPresent()) {
            return repeated.get();
        }
        if (book.unlessReplay().isPresent()) {
            return new CommandResult.Refused(book.unlessReplay().get());
        }
        if (!isMine) {
            Optional<Appointment> standing =
                    others.stream()
                            .map(Row::appointment)
                            .filter(appointment -> isClaimedBy(book, appointment))
                            .findFirst();
            return standing.isPresent()
                    ? new CommandResult.Refused(Refusal.ALREADY_BOOKED, standing)
                    : null;
        }
        Optional<Refusal> full = full(book.place());
        if (full.isPresent()) {
            return new CommandResult.Refused(full.get());
        }
        count(book.place(), 0, 1);
        Appointment booked =
                new Appointment(
                        book.person(),
                        book.dose(),
                        book.reference(),
                        book.place(),
                        AppointmentState.BOOKED,
                        1,
                        book.pass(),
                        now,
                        now);
        happened.add(new Event("booked", booked));
        return new CommandResult.Done(booked, false);
    }

    /** The answer to a key that is bound: what it bound, as it stands now, or a refusal. */
    private Optional<CommandResult> repeated(Command command, Command.Key key, List<Row> others) {
        for (Row row : others) {
            if (row.key().name().equals(key.name())) {
                return Optional.of(answer(row.key(), key, row.appointment()));
            }
        }
        for (BoundKey each : boundKeys.getOrDefault(command.person(), List.of())) {
            if (each.key().name().equals(key.name())) {
                return others.stream()
                        .map(Row::appointment)
                        .filter(
                                a ->
                                        a.dose() == each.dose()
                                                && a.reference().equals(each.reference()))
                        .findFirst()
                        .map(appointment -> answer(each.key(), key, appointment));
            }
        }
        return Optional.empty();
    }

    private static CommandResult answer(Command.Key bound, Command.Key key, Appointment now) {
        return bound.content().equals(key.content())
                ? new CommandResult.Done(now, true)
                : new CommandResult.Refused(Refusal.KEY_REUSED);
    }

    private static boolean isClaimedBy(Command.Book book, Appointment appointment) {
        return appointment.state().isLive() && appointment.dose() == book.dose();
    }

    /** Why nothing can be taken there, if so. */
    private Optional<Refusal> full(PlaceId place) {
        PlaceCount count = counts.get(place);
        if (count == null) {
            return Optional.of(Refusal.UNKNOWN);
        }
        return count.remaining() == 0 ? Optional.of(Refusal.PLACE_GONE) : Optional.empty();
    }

    private @Nullable CommandResult decide(Command.Move move) {
        Optional<CommandResult> repeated = repeated(move, move.key(), rowsOf(move));
        if (repeated.isPresent()) {
            return repeated.get();
        }
        Optional<Appointment> found = find(move);
        if (found.isEmpty()) {
            return new CommandResult.Refused(Refusal.UNKNOWN);
        }
        Appointment appointment = found.get();
        return switch (appointment.state()) {
            case CANCELLED, LAPSED, MISSED, ARRIVED, DONE -> refused(Refusal.ENDED, appointment);
            case HELD, BOOKED -> {
                if (!locked.contains(claimOf(move))) {
                    yield null;
                }
                Optional<Refusal> refusal = refusal(move, appointment);
                if (refusal.isPresent()) {
                    yield refused(refusal.get(), appointment);
                }
                boolean isThere = appointment.place().equals(move.to());
                Optional<Refusal> full = isThere ? Optional.empty() : full(move.to());
                if (full.isPresent()) {
                    yield refused(full.get(), appointment);
                }
                bound.add(new BoundKey(move.person(), move.key(), move.dose(), move.reference()));
                yield new CommandResult.Done(
                        isThere ? appointment : move(appointment, move.to()), false);
            }
        };
    }

    private Appointment move(Appointment appointment, PlaceId to) {
        takeOff(appointment);
        boolean isHeld = appointment.state().isHeld();
        count(to, isHeld ? 1 : 0, isHeld ? 0 : 1);
        Appointment there = appointment.movedTo(to, now);
        moved.add(there);
        happened.add(new Event("moved", there));
        return there;
    }

    private @Nullable CommandResult decide(Command.Cancel cancel) {
        Optional<Appointment> found = find(cancel);
        if (found.isEmpty()) {
            return new CommandResult.Refused(Refusal.UNKNOWN);
        }
        Appointment appointment = found.get();
        return switch (appointment.state()) {
            case CANCELLED -> new CommandResult.Done(appointment, true);
            case LAPSED, MISSED, ARRIVED, DONE -> refused(Refusal.ENDED, appointment);
            case HELD, BOOKED -> {
                if (!locked.contains(claimOf(cancel))) {
                    yield null;
                }
                yield refusal(cancel, appointment)
                        .map(refusal -> refused(refusal, appointment))
                        .orElseGet(() -> new CommandResult.Done(end(appointment), false));
            }
        };
    }

    private static CommandResult refused(Refusal refusal, Appointment asItStays) {
        return new CommandResult.Refused(refusal, Optional.of(asItStays));
    }

    /** Policy's refusal, or that the appointment has changed: the one that comes first. */
    private static Optional<Refusal> refusal(Command.Change change, Appointment appointment) {
        boolean hasChanged =
                change.ifVersion().isPresent()
                        && change.ifVersion().getAsInt() != appointment.version();
        return Stream.concat(
                        change.unlessReplay().stream(),
                        hasChanged ? Stream.of(Refusal.CHANGED) : Stream.empty())
                .min(Comparator.naturalOrder());
    }

    private Appointment end(Appointment appointment) {
        takeOff(appointment);
        Appointment cancelled = appointment.cancelledAt(now);
        ended.add(cancelled);
        happened.add(new Event("cancelled", cancelled));
        return cancelled;
    }

    private void takeOff(Appointment appointment) {
        boolean isHeld = appointment.state().isHeld();
        count(appointment.place(), isHeld ? -1 : 0, isHeld ? 0 : -1);
    }

    private void count(PlaceId place, int held, int booked) {
        counts.computeIfPresent(
                place,
                (id, count) ->
                        new PlaceCount(
                                count.capacity(),
                                count.allowance(),
                                count.held() + held,
                                count.booked() + booked));
        changes.merge(
                place,
                new CountChange(held, booked),
                (a, b) -> new CountChange(a.held() + b.held(), a.booked() + b.booked()));
    }

    private Optional<Appointment> find(Command.Change change) {
        return rowsOf(change).stream()
                .map(Row::appointment)
                .filter(
                        appointment ->
                                appointment.dose() == change.dose()
                                        && appointment.reference().equals(change.reference()))
                .findFirst();
    }

    private List<Row> rowsOf(Command command) {
        return rows.getOrDefault(command.person(), List.of());
    }

    private static Claim claimOf(Command command) {
        return new Claim(command.person(), command.dose());
    }

    private void write(UUID event) {
        if (!lost.isEmpty()) {
            LedgerStore.deleteClaims(tx, lost);
        }
        if (!moved.isEmpty()) {
            LedgerStore.move(tx, moved, now);
        }
        if (!bound.isEmpty()) {
            LedgerStore.bindKeys(tx, bound, now);
        }
        if (!ended.isEmpty()) {
            LedgerStore.end(tx, ended, now);
        }
        if (!changes.isEmpty()) {
            LedgerStore.addToPlaces(tx, changes);
        }
        if (!happened.isEmpty()) {
            LedgerStore.tell(tx, event, happened, now);
        }
    }
}
