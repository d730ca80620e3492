package giliran.ledger;

import static giliran.store.Columns.bytes;
import static giliran.store.Columns.ints;
import static giliran.store.Columns.longs;
import static giliran.store.Columns.optionalTimes;
import static giliran.store.Columns.optionalUuids;
import static giliran.store.Columns.texts;
import static giliran.store.Columns.uuids;

import giliran.campaigns.CentreId;
import giliran.campaigns.SlotId;
import giliran.people.PersonHandle;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.SqlStatement;

/** The ledger's SQL. Each statement handles any number of rows, and its text is constant. */
final class LedgerStore {
    private LedgerStore() {}

    /** A row of the ledger with the key that booked it. */
    record Row(Appointment appointment, Command.Key key) {}

    /** A key that was bound by changing the appointment with that dose and reference. */
    record BoundKey(PersonHandle person, Command.Key key, int dose, Reference reference) {}

    /** The claim of a person to a dose. */
    record Claim(PersonHandle person, int dose) {}

    /** What happened to an appointment, which is as it was left. */
    record Event(String what, Appointment appointment) {}

    /** By how much a slot's counters change. */
    record CountChange(int held, int booked) {}

    private static final String ROW =
            "person, dose, reference, centre, slot, state, held_until, version, request_key, content, pass, taken_at, changed_at";

    private static final String INSERT_CLAIMS =
            """
            INSERT INTO appointment (person, dose, reference, centre, slot, state, held_until, version, request_key, content, pass, taken_at, changed_at, sealed)
            SELECT person, dose, reference, centre, slot, CASE WHEN held_until IS NULL THEN 'booked' ELSE 'held' END, held_until, 1, request_key, content, pass, :now, :now, sealed
            FROM unnest(:persons, :doses, :references, :centres, :slots, :untils, :keys, :contents, :passes, :sealed)
                AS wanted (person, dose, reference, centre, slot, held_until, request_key, content, pass, sealed)
            """;

    private static final String INSERT_FREE_CLAIMS =
            INSERT_CLAIMS
                    + """
                    ON CONFLICT (person, dose) DO NOTHING
                    RETURNING person, dose
                    """;

    /**
     * Takes the claims that are free. The commands come sorted by claim, so that two transactions
     * wait for each other in one direction only.
     *
     * @return the claims that were free
     */
    static Set<Claim> insertFreeClaims(Handle tx, List<Command.Book> books, Instant now) {
        return bindClaims(tx.createQuery(INSERT_FREE_CLAIMS), books, now)
                .map((rs, context) -> claim(rs))
                .set();
    }

    /** Takes claims of which it is known that they are free; if one is not, all fails. */
    static void insertClaims(Handle tx, List<Command.Book> books, Instant now) {
        bindClaims(tx.createUpdate(INSERT_CLAIMS), books, now).execute();
    }

    private static <S extends SqlStatement<S>> S bindClaims(
            S statement, List<Command.Book> books, Instant now) {
        return statement
                .bind("now", at(now))
                .bind("persons", uuids(books, b -> b.person().value()))
                .bind("doses", ints(books, Command.Book::dose))
                .bind("references", longs(books, b -> b.reference().value()))
                .bind("centres", texts(books, b -> b.place().centre().value()))
                .bind("slots", uuids(books, b -> b.place().slot().value()))
                .bind("untils", optionalTimes(books, Command.Book::heldUntil))
                .bind("keys", uuids(books, b -> b.key().name()))
                .bind("contents", uuids(books, b -> b.key().content()))
                .bind("passes", optionalUuids(books, Command.Book::pass))
                .bind("sealed", bytes(books, Command.Book::sealed));
    }

    /**
     * Locks the claims of these commands, in order.
     *
     * @return the claims that are there, and locked
     */
    static Set<Claim> lockClaims(Handle tx, List<Command.Change> changes) {
        return tx.createQuery(
                        """
                        SELECT person, dose
                        FROM appointment
                        JOIN unnest(:persons, :doses) AS wanted (person, dose) USING (person, dose)
                        ORDER BY person, dose
                        FOR UPDATE OF appointment
                        """)
                .bind("persons", uuids(changes, c -> c.person().value()))
                .bind("doses", ints(changes, Command::dose))
                .map((rs, context) -> claim(rs))
                .set();
    }

    /** All that the ledger has of these persons, live and ended, of every dose. */
    static List<Row> rowsOf(Handle handle, Collection<PersonHandle> persons) {
        return handle.createQuery(
                        """
                        SELECT %1$s
                        FROM appointment
                        WHERE person = ANY (:persons)
                        UNION ALL
                        SELECT %1$s
                        FROM ended_appointment
                        WHERE person = ANY (:persons)
                        """
                                .formatted(ROW))
                .bind("persons", uuids(persons, PersonHandle::value))
                .map((rs, context) -> row(rs))
                .list();
    }

    /** The keys that these persons bound by changing an appointment. */
    static List<BoundKey> boundKeysOf(Handle handle, Collection<PersonHandle> persons) {
        return handle.createQuery(
                        """
                        SELECT person, request_key, content, dose, reference
                        FROM bound_key
                        WHERE person = ANY (:persons)
                        """)
                .bind("persons", uuids(persons, PersonHandle::value))
                .map(
                        (rs, context) ->
                                new BoundKey(
                                        new PersonHandle(rs.getObject("person", UUID.class)),
                                        key(rs),
                                        rs.getInt("dose"),
                                        new Reference(rs.getLong("reference"))))
                .list();
    }

    /** Binds keys to what was just done. */
    static void bindKeys(Handle tx, Collection<BoundKey> keys, Instant now) {
        tx.createUpdate(
                        """
                        INSERT INTO bound_key (person, request_key, content, dose, reference, bound_at)
                        SELECT person, request_key, content, dose, reference, :now
                        FROM unnest(:persons, :keys, :contents, :doses, :references)
                            AS bound (person, request_key, content, dose, reference)
                        """)
                .bind("now", at(now))
                .bind("persons", uuids(keys, k -> k.person().value()))
                .bind("keys", uuids(keys, k -> k.key().name()))
                .bind("contents", uuids(keys, k -> k.key().content()))
                .bind("doses", ints(keys, BoundKey::dose))
                .bind("references", longs(keys, k -> k.reference().value()))
                .execute();
    }

    /**
     * Forgets the keys that were bound before an instant.
     *
     * @return how many
     */
    static int deleteBoundKeys(Handle tx, Instant before) {
        return tx.createUpdate("DELETE FROM bound_key WHERE bound_at < :before")
                .bind("before", at(before))
                .execute();
    }

    /** Writes where live appointments, locked before, are now, and whether they are still held. */
    static void change(Handle tx, Collection<Appointment> changed, Instant now) {
        bindPlaces(
                        tx.createUpdate(
                                """
                                UPDATE appointment
                                SET centre = changed.centre,
                                    slot = changed.slot,
                                    state = changed.state,
                                    held_until = CASE WHEN changed.state = 'held' THEN held_until END,
                                    version = version + 1,
                                    changed_at = :now
                                FROM unnest(:persons, :doses, :centres, :slots, :states) AS changed (person, dose, centre, slot, state)
                                WHERE appointment.person = changed.person
                                    AND appointment.dose = changed.dose
                                """),
                        changed.stream().map(Appointment::place).toList())
                .bind("now", at(now))
                .bind("persons", uuids(changed, a -> a.person().value()))
                .bind("doses", ints(changed, Appointment::dose))
                .bind("states", texts(changed, a -> a.state().toString()))
                .execute();
    }

    /** Locks the counters of these places, in order; a place that is not there is left out. */
    static Map<PlaceId, PlaceCount> lockPlaces(Handle tx, Collection<PlaceId> places) {
        return counts(
                bindPlaces(
                        tx.createQuery(
                                """
                                SELECT centre, slot, capacity, allowance, held, booked
                                FROM place
                                JOIN unnest(:centres, :slots) AS wanted (centre, slot) USING (centre, slot)
                                ORDER BY centre, slot
                                FOR UPDATE OF place
                                """),
                        places));
    }

    /** Gives claims back that were taken in this same transaction and found no place. */
    static void deleteClaims(Handle tx, Collection<Claim> claims) {
        tx.createUpdate(
                        """
                        DELETE FROM appointment
                        USING unnest(:persons, :doses) AS lost (person, dose)
                        WHERE appointment.person = lost.person
                            AND appointment.dose = lost.dose
                        """)
                .bind("persons", uuids(claims, c -> c.person().value()))
                .bind("doses", ints(claims, Claim::dose))
                .execute();
    }

    /** Moves live appointments, locked before, to the ended ones. */
    static void end(Handle tx, Collection<Appointment> ended, Instant now) {
        tx.createUpdate(
                        """
                        INSERT INTO ended_appointment (person, dose, reference, centre, slot, state, held_until, version, request_key, content, pass, taken_at, changed_at, sealed)
                        SELECT person, dose, reference, centre, slot, now.state, held_until, version + 1, request_key, content, pass, taken_at, :now, sealed
                        FROM appointment
                        JOIN unnest(:persons, :doses, :states) AS now (person, dose, state) USING (person, dose)
                        """)
                .bind("now", at(now))
                .bind("persons", uuids(ended, a -> a.person().value()))
                .bind("doses", ints(ended, Appointment::dose))
                .bind("states", texts(ended, a -> a.state().toString()))
                .execute();
        deleteClaims(tx, ended.stream().map(a -> new Claim(a.person(), a.dose())).toList());
    }

    /** Adds to counters that were locked before. */
    static void addToPlaces(Handle tx, Map<PlaceId, CountChange> changes) {
        List<PlaceId> places = List.copyOf(changes.keySet());
        List<CountChange> by = places.stream().map(changes::get).toList();
        bindPlaces(
                        tx.createUpdate(
                                """
                                UPDATE place
                                SET held = place.held + change.held,
                                    booked = place.booked + change.booked
                                FROM unnest(:centres, :slots, :held, :booked) AS change (centre, slot, held, booked)
                                WHERE place.centre = change.centre
                                    AND place.slot = change.slot
                                """),
                        places)
                .bind("held", ints(by, CountChange::held))
                .bind("booked", ints(by, CountChange::booked))
                .execute();
    }

    /**
     * Writes what happened as one row, for all who must be told.
     *
     * @param node who does it
     * @throws NodeMemory.StruckOutException if others believe that node dead
     */
    static void tell(Handle tx, UUID id, UUID node, List<Event> happened, Instant now) {
        int written =
                tx.createUpdate(
                                """
                                INSERT INTO outbox (id, happened_at, events, persons, doses, appointments, slots)
                                SELECT :id, :now, :events, :persons, :doses, :appointments, :slots
                                WHERE EXISTS (SELECT FROM ledger_node WHERE id = :node)
                                """)
                        .bind("id", id)
                        .bind("node", node)
                        .bind("now", at(now))
                        .bind("events", texts(happened, Event::what))
                        .bind("persons", uuids(happened, e -> e.appointment().person().value()))
                        .bind("doses", ints(happened, e -> e.appointment().dose()))
                        .bind(
                                "appointments",
                                longs(happened, e -> e.appointment().reference().value()))
                        .bind("slots", uuids(happened, e -> e.appointment().place().slot().value()))
                        .execute();
        if (written == 0) {
            throw new NodeMemory.StruckOutException(node);
        }
    }

    /** What was held until before an instant and still is, the oldest first, at most so many. */
    static List<Command.Lapse> overdueHolds(Handle handle, Instant before, int most) {
        return handle.createQuery(
                        """
                        SELECT person, dose, reference
                        FROM appointment
                        WHERE state = 'held'
                            AND held_until < :before
                        ORDER BY held_until
                        LIMIT :most
                        """)
                .bind("before", at(before))
                .bind("most", most)
                .map(
                        (rs, context) ->
                                new Command.Lapse(
                                        new PersonHandle(rs.getObject("person", UUID.class)),
                                        rs.getInt("dose"),
                                        new Reference(rs.getLong("reference"))))
                .list();
    }

    /** The counters of every place. */
    static Map<PlaceId, PlaceCount> counts(Handle handle) {
        return counts(
                handle.createQuery(
                        "SELECT centre, slot, capacity, allowance, held, booked FROM place"));
    }

    /** The counters of these places; one that is not there is left out. */
    static Map<PlaceId, PlaceCount> counts(Handle handle, Collection<PlaceId> places) {
        return counts(
                bindPlaces(
                        handle.createQuery(
                                """
                                SELECT centre, slot, capacity, allowance, held, booked
                                FROM place
                                JOIN unnest(:centres, :slots) AS wanted (centre, slot) USING (centre, slot)
                                """),
                        places));
    }

    /** The counters of every place of these centres. */
    static Map<PlaceId, PlaceCount> countsAt(Handle handle, Collection<CentreId> centres) {
        return counts(
                handle.createQuery(
                                """
                                SELECT centre, slot, capacity, allowance, held, booked
                                FROM place
                                WHERE centre = ANY(:centres)
                                """)
                        .bind("centres", texts(centres, CentreId::value)));
    }

    /**
     * A sum over the counters of each of these centres, modulo 2^64. A slot's weight is the first
     * 28 bits of its id, so that what one slot gained and another lost does not cancel out.
     */
    static Map<CentreId, Long> sums(Handle handle, Collection<CentreId> centres) {
        return handle
                .createQuery(
                        """
                        SELECT centre, sum(('x' || left(slot::text, 7))::bit(28)::bigint
                            * ((1299709 * capacity::bigint + 104729 * allowance::bigint + 7919 * held::bigint + booked) % 2147483647)) AS summed
                        FROM place
                        WHERE centre = ANY(:centres)
                        GROUP BY centre
                        """)
                .bind("centres", texts(centres, CentreId::value))
                .map(
                        (rs, context) ->
                                Map.entry(
                                        new CentreId(rs.getString("centre")),
                                        rs.getBigDecimal("summed").toBigInteger().longValue()))
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static Map<PlaceId, PlaceCount> counts(Query query) {
        return query.map((rs, context) -> count(rs)).stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** Every appointment with that reference, live or ended, with its sealed details. */
    static List<LookUpByReference.Found> byReference(Handle handle, Reference reference) {
        return handle.createQuery(
                        """
                        SELECT %1$s, sealed
                        FROM appointment
                        WHERE reference = :reference
                        UNION ALL
                        SELECT %1$s, sealed
                        FROM ended_appointment
                        WHERE reference = :reference
                        """
                                .formatted(ROW))
                .bind("reference", reference.value())
                .map(
                        (rs, context) ->
                                new LookUpByReference.Found(
                                        row(rs).appointment(), rs.getBytes("sealed")))
                .list();
    }

    /** The value that ties this database to its keys. */
    static byte[] getKeyCheck(Handle handle) {
        return handle.createQuery("SELECT value FROM key_check").mapTo(byte[].class).one();
    }

    /** Ties the database to its keys, once. */
    static void insertKeyCheck(Handle tx, byte[] value) {
        tx.createUpdate(
                        """
                        INSERT INTO key_check (value)
                        VALUES (:value)
                        ON CONFLICT (one) DO NOTHING
                        """)
                .bind("value", value)
                .execute();
    }

    private static Claim claim(ResultSet rs) throws SQLException {
        return new Claim(new PersonHandle(rs.getObject("person", UUID.class)), rs.getInt("dose"));
    }

    private static Row row(ResultSet rs) throws SQLException {
        Appointment appointment =
                new Appointment(
                        new PersonHandle(rs.getObject("person", UUID.class)),
                        rs.getInt("dose"),
                        new Reference(rs.getLong("reference")),
                        placeId(rs),
                        AppointmentState.of(rs.getString("state")),
                        Optional.ofNullable(rs.getObject("held_until", OffsetDateTime.class))
                                .map(OffsetDateTime::toInstant),
                        rs.getInt("version"),
                        Optional.ofNullable(rs.getObject("pass", UUID.class)),
                        rs.getObject("taken_at", OffsetDateTime.class).toInstant(),
                        rs.getObject("changed_at", OffsetDateTime.class).toInstant());
        return new Row(appointment, key(rs));
    }

    private static Command.Key key(ResultSet rs) throws SQLException {
        return new Command.Key(
                rs.getObject("request_key", UUID.class), rs.getObject("content", UUID.class));
    }

    private static PlaceId placeId(ResultSet rs) throws SQLException {
        return new PlaceId(
                new CentreId(rs.getString("centre")), new SlotId(rs.getObject("slot", UUID.class)));
    }

    private static Map.Entry<PlaceId, PlaceCount> count(ResultSet rs) throws SQLException {
        return Map.entry(
                placeId(rs),
                new PlaceCount(
                        rs.getInt("capacity"),
                        rs.getInt("allowance"),
                        rs.getInt("held"),
                        rs.getInt("booked")));
    }

    private static <S extends SqlStatement<S>> S bindPlaces(
            S statement, Collection<PlaceId> places) {
        return statement
                .bind("centres", texts(places, p -> p.centre().value()))
                .bind("slots", uuids(places, p -> p.slot().value()));
    }

    static OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
