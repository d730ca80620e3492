package giliran.ledger;

import giliran.people.PersonHandle;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;

/** What the ledger promises, in plain Java: one command after the other, and nothing ever fails. */
final class LedgerModel {
    private static final Duration GRACE = Duration.ofSeconds(2);

    private static final class Kept {
        final Command.Book book;
        final Map<UUID, UUID> keys = new HashMap<>();
        PlaceId place;
        AppointmentState state;
        int version = 1;

        Kept(Command.Book book) {
            this.book = book;
            place = book.place();
            state = book.heldUntil().isPresent() ? AppointmentState.HELD : AppointmentState.BOOKED;
            keys.put(book.key().name(), book.key().content());
        }

        boolean isNamedBy(Command.Change change) {
            return book.reference().equals(change.reference()) && book.dose() == change.dose();
        }

        /** Whether it is held and its time has passed, so long ago at least. */
        boolean isOver(Duration since, Instant now) {
            return state == AppointmentState.HELD
                    && now.isAfter(book.heldUntil().orElseThrow().plus(since));
        }

        void become(AppointmentState other) {
            state = other;
            version++;
        }

        String outcome(boolean isReplay) {
            return done(book.reference(), place, state, version, isReplay);
        }
    }

    private final Map<PlaceId, Integer> capacities = new HashMap<>();
    private final Map<PersonHandle, List<Kept>> kept = new HashMap<>();
    private Instant now;
    private int granted;

    LedgerModel(Instant now) {
        this.now = now;
    }

    void setClock(Instant later) {
        now = later;
    }

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
        if (taken(place) > capacity) {
            return false;
        }
        capacities.put(place, capacity);
        return true;
    }

    int count(PlaceId place, AppointmentState state) {
        return (int) all().filter(k -> k.state == state && k.place.equals(place)).count();
    }

    private int taken(PlaceId place) {
        return count(place, AppointmentState.HELD) + count(place, AppointmentState.BOOKED);
    }

    /** How often something was granted that changed something, replays not counted. */
    int granted() {
        return granted;
    }

    List<Command.Book> bookedBy(PersonHandle person) {
        return of(person).stream().map(k -> k.book).toList();
    }

    /** Every appointment as "reference state in slot". */
    Stream<String> appointments() {
        return all().map(k -> k.book.reference().value() + " " + k.state + " in " + k.place.slot());
    }

    String apply(Command command) {
        return switch (command) {
            case Command.Book book -> book(book);
            case Command.Move move -> move(move);
            case Command.Confirm confirm -> confirm(confirm);
            case Command.Lapse lapse -> lapse(lapse);
            case Command.Cancel cancel -> cancel(cancel);
        };
    }

    /** Lapses all that is due. */
    void lapse() {
        all().filter(k -> k.isOver(GRACE, now))
                .forEach(
                        k -> {
                            k.become(AppointmentState.LAPSED);
                            granted++;
                        });
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
        if (mine.stream().anyMatch(k -> k.state.isLive() && k.book.dose() == book.dose())) {
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
        return taken(place) >= capacity
                ? Optional.of(Refusal.PLACE_GONE.toString())
                : Optional.empty();
    }

    private Optional<Kept> find(Command.Change change) {
        return of(change.person()).stream().filter(k -> k.isNamedBy(change)).findAny();
    }

    /** Policy's refusals here come after "changed" and not before "ended" in precedence. */
    private Optional<String> refused(Command.Change change, Kept found) {
        if (change.ifVersion().isPresent() && change.ifVersion().getAsInt() != found.version) {
            return Optional.of(Refusal.CHANGED.toString());
        }
        if (!(change instanceof Command.Cancel) && found.isOver(Duration.ZERO, now)) {
            return Optional.of(Refusal.ENDED.toString());
        }
        return change.unlessReplay().map(Refusal::toString);
    }

    private String move(Command.Move move) {
        return change(
                move,
                move.key(),
                appointment -> {
                    if (appointment.place.equals(move.to())) {
                        return Optional.empty();
                    }
                    Optional<String> full = full(move.to());
                    if (full.isEmpty()) {
                        appointment.place = move.to();
                        appointment.version++;
                        granted++;
                    }
                    return full;
                });
    }

    private String confirm(Command.Confirm confirm) {
        return change(
                confirm,
                confirm.key(),
                appointment -> {
                    if (appointment.state == AppointmentState.HELD) {
                        appointment.become(AppointmentState.BOOKED);
                        granted++;
                    }
                    return Optional.empty();
                });
    }

    /**
     * @param deed does it, or says why not
     */
    private String change(
            Command.Change change, Command.Key key, Function<Kept, Optional<String>> deed) {
        Optional<String> repeated = repeated(of(change.person()), key);
        if (repeated.isPresent()) {
            return repeated.get();
        }
        Optional<Kept> found = find(change);
        if (found.isEmpty()) {
            return Refusal.UNKNOWN.toString();
        }
        Kept appointment = found.get();
        if (!appointment.state.isLive()) {
            return Refusal.ENDED.toString();
        }
        return refused(change, appointment)
                .or(() -> deed.apply(appointment))
                .orElseGet(
                        () -> {
                            appointment.keys.put(key.name(), key.content());
                            return appointment.outcome(false);
                        });
    }

    private String lapse(Command.Lapse lapse) {
        Optional<Kept> found = find(lapse);
        if (found.isEmpty()) {
            return Refusal.UNKNOWN.toString();
        }
        Kept appointment = found.get();
        if (appointment.state == AppointmentState.LAPSED) {
            return appointment.outcome(true);
        }
        if (!appointment.isOver(GRACE, now)) {
            return Refusal.CHANGED.toString();
        }
        appointment.become(AppointmentState.LAPSED);
        granted++;
        return appointment.outcome(false);
    }

    private String cancel(Command.Cancel cancel) {
        Optional<Kept> found = find(cancel);
        if (found.isEmpty()) {
            return Refusal.UNKNOWN.toString();
        }
        Kept appointment = found.get();
        if (appointment.state == AppointmentState.CANCELLED) {
            return appointment.outcome(true);
        }
        if (appointment.state == AppointmentState.LAPSED) {
            return Refusal.ENDED.toString();
        }
        Optional<String> refused = refused(cancel, appointment);
        if (refused.isPresent()) {
            return refused.get();
        }
        appointment.become(AppointmentState.CANCELLED);
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
