package giliran.peers;

import giliran.ledger.Appointment;
import giliran.ledger.AppointmentState;
import giliran.ledger.Bookkeeper;
import giliran.ledger.Command;
import giliran.ledger.CommandResult;
import giliran.ledger.PlaceCounts;
import giliran.ledger.PlaceId;
import giliran.ledger.Refusal;
import giliran.people.PersonHandle;
import giliran.store.CommitInDoubtException;
import giliran.store.DataFolder;
import giliran.store.Database;
import giliran.store.DatabaseAwayException;
import giliran.store.EventIds;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Handle;

/**
 * One transaction a request, as most systems book: insert the row, add 1 to the counter, commit.
 *
 * <p>Threads and connections of its own wait for the locks. It books and nothing else.
 */
public final class OneByOne implements Bookkeeper {
    /** The slot has no place left: what was written in the transaction is undone. */
    private static final class FullException extends RuntimeException {
        private static final long serialVersionUID = 1;

        FullException() {
            super("full", null, false, false);
        }
    }

    private final Database database;
    private final InstantSource clock;
    private final PlaceCounts counts;
    private final EventIds eventIds = new EventIds();
    private final ThreadPoolExecutor workers;

    /**
     * @param connections how many transactions at once, 1 or more
     */
    public OneByOne(DataFolder.Connection connection, int connections, InstantSource clock) {
        this.clock = clock;
        database = Database.open(connection, connections, clock);
        counts = new PlaceCounts(database);
        workers =
                new ThreadPoolExecutor(
                        connections,
                        connections,
                        1,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(),
                        Thread.ofPlatform().name("one-by-one-", 0).factory());
    }

    @Override
    public CompletableFuture<CommandResult> submit(Command command) {
        return CompletableFuture.supplyAsync(() -> decide(command), workers);
    }

    /** Knows nothing before it has asked. */
    @Override
    public Optional<Refusal> refuseAtOnce(
            PersonHandle person, PlaceId place, Optional<Refusal> policy) {
        return Optional.empty();
    }

    private CommandResult decide(Command command) {
        if (!(command instanceof Command.Book book)) {
            throw new UnsupportedOperationException("it books and nothing else");
        }
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        try {
            CommandResult result = database.transact(tx -> book(tx, book, now));
            counts.touch(List.of(book.place()));
            return result;
        } catch (FullException e) {
            return refused(Refusal.PLACE_GONE);
        } catch (DatabaseAwayException e) {
            return refused(Refusal.OVERLOADED);
        } catch (CommitInDoubtException e) {
            return refused(Refusal.OUTCOME_UNKNOWN);
        }
    }

    private CommandResult book(Handle tx, Command.Book book, Instant now) {
        if (book.unlessReplay().isPresent()) {
            return repeated(tx, book).orElse(refused(book.unlessReplay().get()));
        }
        if (!PeerStore.insert(tx, book, now)) {
            return repeated(tx, book).orElse(refused(Refusal.ALREADY_BOOKED));
        }
        PeerStore.tellAll(tx, eventIds.next(now), List.of(book), now);
        if (!PeerStore.addOne(tx, book.place())) {
            throw new FullException();
        }
        return new CommandResult.Done(booked(book, now), false);
    }

    private static Optional<CommandResult> repeated(Handle tx, Command.Book book) {
        return PeerStore.findTakenAt(tx, book)
                .map(takenAt -> new CommandResult.Done(booked(book, takenAt), true));
    }

    private static Appointment booked(Command.Book book, Instant takenAt) {
        return new Appointment(
                book.person(),
                book.dose(),
                book.reference(),
                book.place(),
                AppointmentState.BOOKED,
                Optional.empty(),
                1,
                book.pass(),
                takenAt,
                takenAt);
    }

    private static CommandResult refused(Refusal refusal) {
        return new CommandResult.Refused(refusal, Optional.empty());
    }

    @Override
    public PlaceCounts counts() {
        return counts;
    }

    @Override
    public int waiting() {
        return workers.getQueue().size();
    }

    /** As many transactions as commands; how long they took is for those who ask to see. */
    @Override
    public Effort effort() {
        long done = workers.getCompletedTaskCount();
        return new Effort(done, done, 0);
    }

    @Override
    public void close() {
        workers.close();
        database.close();
    }
}
