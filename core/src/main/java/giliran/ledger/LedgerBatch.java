package giliran.ledger;

import giliran.ledger.LedgerStore.Claim;
import giliran.ledger.LedgerStore.CountChange;
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
 *   <li>Write: give back the claims of those who lost, end what was cancelled, add to the counters,
 *       tell the outbox.
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
    private final Map<PlaceId, PlaceCount> counts = new HashMap<>();
    private final Map<PlaceId, CountChange> changes = new HashMap<>();
    private final Set<Claim> lost = new HashSet<>();
    private final List<Appointment> ended = new ArrayList<>();
    private final List<Appointment> happened = new ArrayList<>();

    private LedgerBatch(Handle tx, List<? extends Command> commands, Instant now) {
        this.tx = tx;
        this.commands = commands;
        this.now = now;
    }

    /**
     * Runs the commands in a transaction of the caller's.
     *
     * @param commands in order of arrival; no two of one person
     * @param event the name of the outbox row, a UUIDv7
     * @return what becomes of each command if the transaction commits, in the same order; null for
     *     one that has to be tried again in another transaction, since its claim vanished between
     *     two statements
     */
    static List<@Nullable CommandResult> run(
            Handle tx, List<? extends Command> commands, Instant now, UUID event) {
        return new LedgerBatch(tx, commands, now).run(event);
    }

    private List<@Nullable CommandResult> run(UUID event) {
        takeClaims();
        readRows();
        lockPlaces();
        List<@Nullable CommandResult> results = new ArrayList<>(commands.size());
        for (Command command : commands) {
            results.add(
                    switch (command) {
                        case Command.Book book -> decide(book);
                        case Command.Cancel cancel -> decide(cancel);
                    });
        }
        write(event);
        return results;
    }

    private void takeClaims() {
        List<Command.Book> wanted =
                of(Command.Book.class).stream()
                        .filter(book -> book.unlessReplay().isEmpty())
                        .sorted(BY_CLAIM)
                        .toList();
        if (!wanted.isEmpty()) {
            taken = LedgerStore.insertClaims(tx, wanted, now);
        }
        List<Command.Cancel> cancels = of(Command.Cancel.class);
        if (!cancels.isEmpty()) {
            locked = LedgerStore.lockClaims(tx, cancels);
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
        rows =
                LedgerStore.rowsOf(tx, commands.stream().map(Command::person).toList()).stream()
                        .collect(Collectors.groupingBy(row -> row.appointment().person()));
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
        if (isMine && !(result instanceof CommandResult.Done done && !done.replayed())) {
            lost.add(claimOf(book));
        }
        return result;
    }

    private @Nullable CommandResult decideBooking(Command.Book book, boolean isMine) {
        List<Row> others =
                rowsOf(book).stream()
                        .filter(row -> !(isMine && isClaimedBy(book, row.appointment())))
                        .toList();
        for (Row row : others) {
            if (row.key().equals(book.key())) {
                return row.content().equals(book.content())
                        ? new CommandResult.Done(row.appointment(), true)
                        : new CommandResult.Refused(Refusal.KEY_REUSED);
            }
        }
        if (book.unlessReplay().isPresent()) {
            return new CommandResult.Refused(book.unlessReplay().get());
        }
        if (!isMine) {
            boolean hasLive =
                    others.stream()
                            .anyMatch(
                                    row ->
                                            row.appointment().dose() == book.dose()
                                                    && row.appointment().state().isLive());
            return hasLive ? new CommandResult.Refused(Refusal.ALREADY_BOOKED) : null;
        }
        PlaceCount count = counts.get(book.place());
        if (count == null) {
            return new CommandResult.Refused(Refusal.UNKNOWN);
        }
        if (count.remaining() == 0) {
            return new CommandResult.Refused(Refusal.PLACE_GONE);
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
                        now,
                        now);
        happened.add(booked);
        return new CommandResult.Done(booked, false);
    }

    private static boolean isClaimedBy(Command.Book book, Appointment appointment) {
        return appointment.state().isLive() && appointment.dose() == book.dose();
    }

    private @Nullable CommandResult decide(Command.Cancel cancel) {
        Optional<Appointment> found = find(cancel);
        if (found.isEmpty()) {
            return new CommandResult.Refused(Refusal.UNKNOWN);
        }
        Appointment appointment = found.get();
        if (appointment.state().isLive() && !locked.contains(claimOf(cancel))) {
            return null;
        }
        return switch (appointment.state()) {
            case CANCELLED -> new CommandResult.Done(appointment, true);
            case ARRIVED, DONE, LAPSED, MISSED -> new CommandResult.Refused(Refusal.ENDED);
            case HELD, BOOKED ->
                    cancel.unlessReplay()
                            .<CommandResult>map(CommandResult.Refused::new)
                            .orElseGet(() -> new CommandResult.Done(end(appointment), false));
        };
    }

    private Appointment end(Appointment appointment) {
        boolean isHeld = appointment.state().isHeld();
        count(appointment.place(), isHeld ? -1 : 0, isHeld ? 0 : -1);
        Appointment cancelled = appointment.cancelledAt(now);
        ended.add(cancelled);
        happened.add(cancelled);
        return cancelled;
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

    private Optional<Appointment> find(Command.Cancel cancel) {
        return rowsOf(cancel).stream()
                .map(Row::appointment)
                .filter(
                        appointment ->
                                appointment.dose() == cancel.dose()
                                        && appointment.reference().equals(cancel.reference()))
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
