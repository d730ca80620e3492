package giliran.ledger;

import static java.util.Objects.requireNonNull;

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
import java.util.function.Function;
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
 *   <li>In a new statement, which sees what was committed meanwhile, read all rows of the persons;
 *       not of those of whom it is proved that there are none.
 *   <li>Lock the counters of all places concerned, in order.
 *   <li>Decide in order of arrival, from what (2) and (3) returned and nothing else.
 *   <li>Write: give back the claims of those who lost, move and confirm, end what was cancelled or
 *       has lapsed, bind keys, add to the counters, tell the outbox.
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
    private final Set<PersonHandle> absent;
    private final Instant now;

    private Set<Claim> taken = Set.of();
    private Set<Claim> locked = Set.of();
    private Map<PersonHandle, List<Row>> rows = Map.of();
    private Map<PersonHandle, List<BoundKey>> boundKeys = Map.of();
    private final Map<PlaceId, PlaceCount> counts = new HashMap<>();
    private final Map<PlaceId, CountChange> changes = new HashMap<>();
    private final Set<Claim> lost = new HashSet<>();
    private final List<Appointment> changed = new ArrayList<>();
    private final List<Appointment> ended = new ArrayList<>();
    private final List<BoundKey> bound = new ArrayList<>();
    private final List<Event> happened = new ArrayList<>();

    private LedgerBatch(
            Handle tx, List<? extends Command> commands, Set<PersonHandle> absent, Instant now) {
        this.tx = tx;
        this.commands = commands;
        this.absent = absent;
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
     * @param absent persons of whom nothing is in the ledger, as {@link NodeMemory} proves: their
     *     claims are taken without a look at what is there, and all fails if that was wrong
     * @param node who does it, and has entered
     * @param event the name of the outbox row, a UUIDv7
     * @throws NodeMemory.StruckOutException if others believe the node dead
     */
    static Outcome run(
            Handle tx,
            List<? extends Command> commands,
            Set<PersonHandle> absent,
            Instant now,
            UUID node,
            UUID event) {
        return new LedgerBatch(tx, commands, absent, now).run(node, event);
    }

    private Outcome run(UUID node, UUID event) {
        takeClaims();
        readRows();
        lockPlaces();
        List<@Nullable CommandResult> results = new ArrayList<>(commands.size());
        for (Command command : commands) {
            results.add(
                    switch (command) {
                        case Command.Book book -> decide(book);
                        case Command.Move move ->
                                decide(move, move.key(), found -> move(found, move.to()));
                        case Command.Confirm confirm ->
                                decide(confirm, confirm.key(), this::confirm);
                        case Command.Lapse lapse -> decide(lapse);
                        case Command.Cancel cancel -> decide(cancel);
                    });
        }
        write(node, event);
        return new Outcome(results, changes.keySet());
    }

    private void takeClaims() {
        // Those whom policy refuses too: only the wait for a claim tells whether an earlier request
        // of theirs, whose commit is in doubt, may still come through. To find no row would not.
        List<Command.Book> wanted = of(Command.Book.class).stream().sorted(BY_CLAIM).toList();
        if (!wanted.isEmpty()) {
            taken = insertClaims(wanted);
        }
        List<Command.Change> wantedChanges = of(Command.Change.class);
        if (!wantedChanges.isEmpty()) {
            locked = LedgerStore.lockClaims(tx, wantedChanges);
        }
    }

    private Set<Claim> insertClaims(List<Command.Book> wanted) {
        Map<Boolean, List<Command.Book>> byProof =
                wanted.stream()
                        .collect(Collectors.partitioningBy(b -> absent.contains(b.person())));
        List<Command.Book> sure = requireNonNull(byProof.get(true));
        List<Command.Book> others = requireNonNull(byProof.get(false));
        Set<Claim> claims = new HashSet<>();
        if (!sure.isEmpty()) {
            LedgerStore.insertClaims(tx, sure, now);
            sure.forEach(book -> claims.add(claimOf(book)));
        }
        if (!others.isEmpty()) {
            claims.addAll(LedgerStore.insertFreeClaims(tx, others, now));
        }
        return claims;
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
        List<PersonHandle> persons =
                commands.stream()
                        .map(Command::person)
                        .filter(person -> !absent.contains(person))
                        .toList();
        if (persons.isEmpty()) {
            return;
        }
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
                case Command.Change change -> {
                    find(change).ifPresent(found -> concerned.add(found.place()));
                    if (change instanceof Command.Move move) {
                        concerned.add(move.to());
                    }
                }
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
        Appointment taken =
                new Appointment(
                        book.person(),
                        book.dose(),
                        book.reference(),
                        book.place(),
                        book.state(),
                        book.heldUntil(),
                        1,
                        book.pass(),
                        now,
                        now);
        count(taken, 1);
        happened.add(new Event(taken.state().toString(), taken));
        return new CommandResult.Done(taken, false);
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

    /** A change with a key of its own, which is bound if it is granted. */
    private @Nullable CommandResult decide(
            Command.Change change, Command.Key key, Function<Appointment, CommandResult> grant) {
        Optional<CommandResult> repeated = repeated(change, key, rowsOf(change));
        if (repeated.isPresent()) {
            return repeated.get();
        }
        Optional<Appointment> found = find(change);
        if (found.isEmpty()) {
            return new CommandResult.Refused(Refusal.UNKNOWN);
        }
        Appointment appointment = found.get();
        return switch (appointment.state()) {
            case CANCELLED, LAPSED, MISSED, ARRIVED, DONE -> refused(Refusal.ENDED, appointment);
            case HELD, BOOKED -> {
                if (!locked.contains(claimOf(change))) {
                    yield null;
                }
                Optional<Refusal> refusal = refusal(change, appointment);
                if (refusal.isPresent()) {
                    yield refused(refusal.get(), appointment);
                }
                CommandResult result = grant.apply(appointment);
                if (result instanceof CommandResult.Done) {
                    bound.add(
                            new BoundKey(change.person(), key, change.dose(), change.reference()));
                }
                yield result;
            }
        };
    }

    private CommandResult move(Appointment appointment, PlaceId to) {
        if (appointment.place().equals(to)) {
            return new CommandResult.Done(appointment, false);
        }
        return full(to).map(refusal -> refused(refusal, appointment))
                .orElseGet(() -> change(appointment, appointment.movedTo(to, now), "moved"));
    }

    private CommandResult confirm(Appointment appointment) {
        return appointment.state().isHeld()
                ? change(appointment, appointment.confirmedAt(now), "booked")
                : new CommandResult.Done(appointment, false);
    }

    private CommandResult change(Appointment before, Appointment after, String event) {
        count(before, -1);
        count(after, 1);
        changed.add(after);
        happened.add(new Event(event, after));
        return new CommandResult.Done(after, false);
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
                        .orElseGet(() -> end(appointment, AppointmentState.CANCELLED));
            }
        };
    }

    private @Nullable CommandResult decide(Command.Lapse lapse) {
        Optional<Appointment> found = find(lapse);
        if (found.isEmpty()) {
            return new CommandResult.Refused(Refusal.UNKNOWN);
        }
        Appointment appointment = found.get();
        return switch (appointment.state()) {
            case LAPSED -> new CommandResult.Done(appointment, true);
            case BOOKED, ARRIVED, DONE, CANCELLED, MISSED -> refused(Refusal.CHANGED, appointment);
            case HELD -> {
                if (!locked.contains(claimOf(lapse))) {
                    yield null;
                }
                yield appointment.isOverdue(now.minus(Command.Lapse.GRACE))
                        ? end(appointment, AppointmentState.LAPSED)
                        : refused(Refusal.CHANGED, appointment);
            }
        };
    }

    private static CommandResult refused(Refusal refusal, Appointment asItStays) {
        return new CommandResult.Refused(refusal, Optional.of(asItStays));
    }

    /**
     * Policy's refusal, that the appointment has changed, or that it was held and is no more to be
     * had: the one that comes first.
     */
    private Optional<Refusal> refusal(Command.Change change, Appointment appointment) {
        boolean hasChanged =
                change.ifVersion().isPresent()
                        && change.ifVersion().getAsInt() != appointment.version();
        boolean isTooLate = !(change instanceof Command.Cancel) && appointment.isOverdue(now);
        return Stream.of(
                        change.unlessReplay(),
                        hasChanged ? Optional.of(Refusal.CHANGED) : Optional.<Refusal>empty(),
                        isTooLate ? Optional.of(Refusal.ENDED) : Optional.<Refusal>empty())
                .flatMap(Optional::stream)
                .min(Comparator.naturalOrder());
    }

    private CommandResult end(Appointment appointment, AppointmentState as) {
        Appointment gone = appointment.endedAs(as, now);
        count(appointment, -1);
        ended.add(gone);
        happened.add(new Event(as.toString(), gone));
        return new CommandResult.Done(gone, false);
    }

    /** Adds places like that of this appointment, held or booked, to its counters. */
    private void count(Appointment appointment, int places) {
        CountChange change =
                appointment.state().isHeld()
                        ? new CountChange(places, 0)
                        : new CountChange(0, places);
        counts.computeIfPresent(
                appointment.place(),
                (id, count) ->
                        new PlaceCount(
                                count.capacity(),
                                count.allowance(),
                                count.held() + change.held(),
                                count.booked() + change.booked()));
        changes.merge(
                appointment.place(),
                change,
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

    private void write(UUID node, UUID event) {
        if (!lost.isEmpty()) {
            LedgerStore.deleteClaims(tx, lost);
        }
        if (!changed.isEmpty()) {
            LedgerStore.change(tx, changed, now);
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
            LedgerStore.tell(tx, event, node, happened, now);
        }
    }
}
