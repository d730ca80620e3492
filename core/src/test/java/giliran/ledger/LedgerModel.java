package giliran.ledger;

import giliran.people.PersonHandle;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What the ledger promises, in plain Java: one command after the other, and nothing ever fails. */
final class LedgerModel {
    private static final class Kept {
        final Command.Book book;
        boolean isCancelled;

        Kept(Command.Book book) {
            this.book = book;
        }

        String outcome(boolean replayed) {
            return done(
                    book.reference(),
                    book.place(),
                    isCancelled ? AppointmentState.CANCELLED : AppointmentState.BOOKED,
                    isCancelled ? 2 : 1,
                    replayed);
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
            case CommandResult.Refused(Refusal refusal) -> refusal.toString();
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
        return (int) all().filter(k -> !k.isCancelled && k.book.place().equals(place)).count();
    }

    /** How many bookings and cancellations were granted, replays not counted. */
    int granted() {
        return granted;
    }

    List<Command.Book> bookedBy(PersonHandle person) {
        return of(person).stream().map(k -> k.book).toList();
    }

    /** Every appointment as "reference state". */
    Stream<String> appointments() {
        return all().map(
                        k ->
                                k.book.reference().value()
                                        + (k.isCancelled ? " cancelled" : " booked"));
    }

    String apply(Command command) {
        return switch (command) {
            case Command.Book book -> book(book);
            case Command.Cancel cancel -> cancel(cancel);
        };
    }

    private String book(Command.Book book) {
        List<Kept> mine = of(book.person());
        Optional<Kept> bound = mine.stream().filter(k -> k.book.key().equals(book.key())).findAny();
        if (bound.isPresent()) {
            return bound.get().book.content().equals(book.content())
                    ? bound.get().outcome(true)
                    : Refusal.KEY_REUSED.toString();
        }
        if (book.unlessReplay().isPresent()) {
            return book.unlessReplay().get().toString();
        }
        if (mine.stream().anyMatch(k -> !k.isCancelled && k.book.dose() == book.dose())) {
            return Refusal.ALREADY_BOOKED.toString();
        }
        Integer capacity = capacities.get(book.place());
        if (capacity == null) {
            return Refusal.UNKNOWN.toString();
        }
        if (booked(book.place()) >= capacity) {
            return Refusal.PLACE_GONE.toString();
        }
        Kept booked = new Kept(book);
        mine.add(booked);
        granted++;
        return booked.outcome(false);
    }

    private String cancel(Command.Cancel cancel) {
        Optional<Kept> found =
                of(cancel.person()).stream()
                        .filter(k -> k.book.reference().equals(cancel.reference()))
                        .filter(k -> k.book.dose() == cancel.dose())
                        .findAny();
        if (found.isEmpty()) {
            return Refusal.UNKNOWN.toString();
        }
        if (found.get().isCancelled) {
            return found.get().outcome(true);
        }
        if (cancel.unlessReplay().isPresent()) {
            return cancel.unlessReplay().get().toString();
        }
        found.get().isCancelled = true;
        granted++;
        return found.get().outcome(false);
    }

    private List<Kept> of(PersonHandle person) {
        return kept.computeIfAbsent(person, p -> new ArrayList<>());
    }

    private Stream<Kept> all() {
        return kept.values().stream().flatMap(List::stream);
    }
}
