package giliran.ledger;

import giliran.store.Database;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * Recounts the ledger from its rows, in one snapshot, also while it is at work.
 *
 * <p>Its statements are its own, so that a mistake in the ledger's cannot hide here.
 */
public final class Audit {
    private static final int FAULTS_TOLD_MAX = 100;
    private static final int ROWS_AT_ONCE = 5_000;

    /** One rule that must hold: the query finds the rows that break it, each as a sentence. */
    private record Rule(String sentence, String query) {}

    private static final List<Rule> RULES =
            List.of(
                    new Rule(
                            "Counters equal rows",
                            """
                            SELECT format('slot %s at %s: counters say %s booked and %s held, rows say %s and %s',
                                COALESCE(place.slot, counted.slot), COALESCE(place.centre, counted.centre),
                                COALESCE(place.booked, 0), COALESCE(place.held, 0),
                                COALESCE(counted.booked, 0), COALESCE(counted.held, 0))
                            FROM place
                            FULL JOIN (
                                SELECT centre, slot,
                                    count(*) FILTER (WHERE state <> 'held') AS booked,
                                    count(*) FILTER (WHERE state = 'held') AS held
                                FROM appointment
                                GROUP BY centre, slot
                            ) AS counted USING (centre, slot)
                            WHERE COALESCE(place.booked, 0) <> COALESCE(counted.booked, 0)
                                OR COALESCE(place.held, 0) <> COALESCE(counted.held, 0)
                            """),
                    new Rule(
                            "No slot is above its capacity plus allowance",
                            """
                            SELECT format('slot %s at %s: %s rows in %s places and an allowance of %s',
                                place.slot, place.centre, count(*), place.capacity, place.allowance)
                            FROM place
                            JOIN appointment USING (centre, slot)
                            GROUP BY place.centre, place.slot
                            HAVING count(*) > place.capacity + place.allowance
                            """),
                    new Rule(
                            "No person has two live appointments for a dose in a programme",
                            """
                            SELECT format('references %s: one person, dose %s, %s live appointments',
                                string_agg(lpad(reference::text, 16, '0'), ', '), dose, count(*))
                            FROM appointment
                            GROUP BY person, dose
                            HAVING count(*) > 1
                            """),
                    new Rule(
                            "Nothing is live and ended at once",
                            """
                            SELECT format('reference %s: live and ended', lpad(reference::text, 16, '0'))
                            FROM appointment
                            JOIN ended_appointment USING (person, dose, reference)
                            """),
                    new Rule(
                            "Every appointment is in a slot of its centre and for its dose",
                            """
                            SELECT format('reference %s: dose %s in slot %s at %s',
                                lpad(reference::text, 16, '0'), a.dose, a.slot, a.centre)
                            FROM (
                                SELECT reference, dose, slot, centre FROM appointment
                                UNION ALL
                                SELECT reference, dose, slot, centre FROM ended_appointment
                            ) AS a
                            LEFT JOIN slot ON slot.id = a.slot AND slot.centre = a.centre AND slot.dose = a.dose
                            WHERE slot.id IS NULL
                            """),
                    new Rule(
                            "What is held, and nothing else that is live, is held until an instant",
                            """
                            SELECT format('reference %s: %s, held until %s',
                                lpad(reference::text, 16, '0'), state, COALESCE(held_until::text, 'null'))
                            FROM appointment
                            WHERE (state = 'held') <> (held_until IS NOT NULL)
                            """));

    private final Database database;

    public Audit(Database database) {
        this.database = database;
    }

    /**
     * What was found.
     *
     * @param live appointments that keep their place
     * @param ended appointments that gave theirs back
     * @param rules the sentences that were tested
     * @param faults the first rows, at most 100 a rule, that break one; empty if all is well
     */
    public record Report(
            long places, long live, long ended, List<String> rules, List<String> faults) {}

    /**
     * Tests every rule in one REPEATABLE READ snapshot.
     *
     * @param appointments where to write every appointment as CSV, from the same snapshot:
     *     reference, dose, centre, slot, state, taken_at, changed_at (UTC), nothing personal
     */
    public Report run(Optional<Appendable> appointments) {
        return database.snapshot(
                handle -> {
                    List<String> faults = new ArrayList<>();
                    for (Rule rule : RULES) {
                        handle.createQuery(rule.query() + " LIMIT " + FAULTS_TOLD_MAX)
                                .mapTo(String.class)
                                .forEach(fault -> faults.add(rule.sentence() + ": " + fault));
                    }
                    appointments.ifPresent(csv -> writeAppointments(handle, csv));
                    return new Report(
                            count(handle, "place"),
                            count(handle, "appointment"),
                            count(handle, "ended_appointment"),
                            RULES.stream().map(Rule::sentence).toList(),
                            faults);
                });
    }

    private static long count(Handle handle, String table) {
        return handle.createQuery("SELECT count(*) FROM " + table).mapTo(Long.class).one();
    }

    private static void writeAppointments(Handle handle, Appendable csv) {
        append(csv, "reference,dose,centre,slot,state,taken_at,changed_at\n");
        handle.createQuery(
                        """
                        SELECT lpad(reference::text, 16, '0') AS reference, dose, centre, slot, state, taken_at, changed_at
                        FROM appointment
                        UNION ALL
                        SELECT lpad(reference::text, 16, '0'), dose, centre, slot, state, taken_at, changed_at
                        FROM ended_appointment
                        """)
                .setFetchSize(ROWS_AT_ONCE)
                .map(
                        (rs, context) ->
                                String.join(
                                        ",",
                                        rs.getString("reference"),
                                        rs.getString("dose"),
                                        rs.getString("centre"),
                                        rs.getString("slot"),
                                        rs.getString("state"),
                                        utc(rs.getObject("taken_at", OffsetDateTime.class)),
                                        utc(rs.getObject("changed_at", OffsetDateTime.class))))
                .forEach(row -> append(csv, row + "\n"));
    }

    private static String utc(OffsetDateTime time) {
        return time.withOffsetSameInstant(ZoneOffset.UTC).toInstant().toString();
    }

    private static void append(Appendable csv, String text) {
        try {
            csv.append(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
