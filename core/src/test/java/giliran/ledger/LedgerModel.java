package giliran.ledger;

import giliran.people.PersonHandle;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/** What the ledger promises, in plain Java: one command after the other, and nothing ever fails. */
final class LedgerModel {
    private static final class Kept {
        final Command.Book book;
        final Map<UUID, UUID> keys = new HashMap<>();
        PlaceId place;
        int version = 1;
        boolean isCancelled;

        Kept(Command.Book book) {
            this.book = book;
            place = book.place();
            keys.put(book.key().name(), book.key().content());
        }

        boolean isNamedBy(Command.Change change) {
            return book.reference().equals(change.reference()) && book.dose() == change.dose();
        }

        String outcome(boolean isReplay) {
            return done(
                    book.reference(),
                    place,
                    isCancelled ? AppointmentState.CANCELLED : AppointmentState.BOOKED,
                    version,
                    isReplay);
        }
    }

    private final Map<PlaceId, Integer> capacities = new HashMap<>();
    private final Map<PersonHandle, List<Kept>> kept = new HashMap<>();
    private int granted;

    /** The words for a result of the ledger's in which this model says what it expects. */
    static String outcome(CommandResult result) {
        return switch (result) {
            case CommandResult.Done(Appointment a, boolean replayed) ->
                    done(a.reference(), a.place(), a.state(), a.version(), replayed);
            case CommandResult.Refused(Refusal refusal, Optional<Appointment> _) ->
                    refusal.toString();
        };
    }

    private static String done(
            Reference reference,
            PlaceId place,
            AppointmentState state,
            int version,
            boolean replayed) {
        return "%s of %s is %s, version %d%s"
                .formatted(reference, place.slot(), state, version, replayed ? ", again" : "");
    }

    boolean setCapacity(PlaceId place, int capacity) {
        if (booked(place) > capacity) {
            return false;
        }
        capacities.put(place, capacity);
        return true;
    }

    int booked(PlaceId place) {
        return (int) all().filter(k -> !k.isCancelled && k.place.equals(place)).count();
    }

    /** How many bookings, moves and cancellations were granted, replays not counted. */
    int granted() {
        return granted;
    }

    List<Command.Book> bookedBy(PersonHandle person) {
        return of(person).stream().map(k -> k.book).toList();
    }

    /** Every appointment as "reference state in slot". */
    Stream<String> appointments() {
        return all().map(
                        k ->
                                k.book.reference().value()
                                        + (k.isCancelled ? " cancelled" : " booked")
                                        + " in "
                                        + k.place.slot());
    }

    String apply(Command command) {
        return switch (command) {
            case Command.Book book -> book(book);
            case Command.Move move -> move(move);
            case Command.Cancel cancel -> cancel(cancel);
        };
    }

    private String book(Command.Book book) {
        List<Kept> mine = of(book.person());
        Optional<String> repeated = repeated(mine, book.key());
        if (repeated.isPresent()) {
            return repeated.get();
        }
        if (book.unlessReplay().isPresent()) {
            return book.unlessReplay().get().toString();
        }
        if (mine.stream().anyMatch(k -> !k.isCancelled && k.book.dose() == book.dose())) {
            return Refusal.ALREADY_BOOKED.toString();
        }
        Optional<String> full = full(book.place());
        if (full.isPresent()) {
            return full.get();
        }
        Kept booked = new Kept(book);
        mine.add(booked);
        granted++;
        return booked.outcome(false);
    }

    private static Optional<String> repeated(List<Kept> mine, Command.Key key) {
        return mine.stream()
                .filter(k -> k.keys.containsKey(key.name()))
                .findAny()
                .map(
                        k ->
                                key.content().equals(k.keys.get(key.name()))
                                        ? k.outcome(true)
                                        : Refusal.KEY_REUSED.toString());
    }

    private Optional<String> full(PlaceId place) {
        Integer capacity = capacities.get(place);
        if (capacity == null) {
            return Optional.of(Refusal.UNKNOWN.toString());
        }
        return booked(place) >= capacity
                ? Optional.of(Refusal.PLACE_GONE.toString())
                : Optional.empty();
    }

    private Optional<Kept> find(Command.Change change) {
        return of(change.person()).stream().filter(k -> k.isNamedBy(change)).findAny();
    }

    /** Policy's refusals here come after "changed" in precedence. */
    private static Optional<String> refused(Command.Change change, Kept found) {
        if (change.ifVersion().isPresent() && change.ifVersion().getAsInt() != found.version) {
            return Optional.of(Refusal.CHANGED.toString());
        }
        return change.unlessReplay().map(Refusal::toString);
    }

    private String move(Command.Move move) {
        Optional<String> repeated = repeated(of(move.person()), move.key());
        if (repeated.isPresent()) {
            return repeated.get();
        }
        Optional<Kept> found = find(move);
        if (found.isEmpty()) {
            return Refusal.UNKNOWN.toString();
        }
        Kept appointment = found.get();
        if (appointment.isCancelled) {
            return Refusal.ENDED.toString();
        }
        Optional<String> refused = refused(move, appointment);
        if (refused.isPresent()) {
            return refused.get();
        }
        if (!appointment.place.equals(move.to())) {
            Optional<String> full = full(move.to());
            if (full.isPresent()) {
                return full.get();
            }
            appointment.place = move.to();
            appointment.version++;
            granted++;
        }
        appointment.keys.put(move.key().name(), move.key().content());
        return appointment.outcome(false);
    }

    private String cancel(Command.Cancel cancel) {
        Optional<Kept> found = find(cancel);
        if (found.isEmpty()) {
            return Refusal.UNKNOWN.toString();
        }
        Kept appointment = found.get();
        if (appointment.isCancelled) {
            return appointment.outcome(true);
        }
        Optional<String> refused = refused(cancel, appointment);
        if (refused.isPresent()) {
            return refused.get();
        }
        appointment.isCancelled = true;
        appointment.version++;
        granted++;
        return appointment.outcome(false);
    }

    private List<Kept> of(PersonHandle person) {
        return kept.computeIfAbsent(person, p -> new ArrayList<>());
    }

    private Stream<Kept> all() {
        return kept.values().stream().flatMap(List::stream);
    }
}
