package giliran.peers;

import static giliran.store.Columns.bytes;
import static giliran.store.Columns.ints;
import static giliran.store.Columns.longs;
import static giliran.store.Columns.optionalUuids;
import static giliran.store.Columns.texts;
import static giliran.store.Columns.uuids;

import giliran.campaigns.CampaignId;
import giliran.campaigns.CentreId;
import giliran.campaigns.RegionId;
import giliran.campaigns.SlotId;
import giliran.ledger.Command;
import giliran.ledger.PlaceId;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** The peers' SQL: the ledger's rows, written otherwise. */
final class PeerStore {
    private PeerStore() {}

    /** Inserts one appointment; false if its person has one. */
    static boolean insert(Handle tx, Command.Book book, Instant now) {
        return tx.createUpdate(
                                """
                                INSERT INTO appointment (person, dose, reference, centre, slot, state, version, request_key, content, pass, taken_at, changed_at, sealed)
                                VALUES (:person, :dose, :reference, :centre, :slot, 'booked', 1, :key, :content, CAST(:pass AS uuid), :now, :now, :sealed)
                                ON CONFLICT (person, dose) DO NOTHING
                                """)
                        .bind("person", book.person().value())
                        .bind("dose", book.dose())
                        .bind("reference", book.reference().value())
                        .bind("centre", book.place().centre().value())
                        .bind("slot", book.place().slot().value())
                        .bind("key", book.key().name())
                        .bind("content", book.key().content())
                        .bindByType("pass", book.pass().orElse(null), UUID.class)
                        .bind("now", at(now))
                        .bind("sealed", book.sealed())
                        .execute()
                == 1;
    }

    /** When a request was granted that is now repeated. */
    static Optional<Instant> findTakenAt(Handle tx, Command.Book book) {
        return tx.createQuery(
                        """
                        SELECT taken_at
                        FROM appointment
                        WHERE person = :person
                            AND dose = :dose
                            AND request_key = :key
                            AND content = :content
                        """)
                .bind("person", book.person().value())
                .bind("dose", book.dose())
                .bind("key", book.key().name())
                .bind("content", book.key().content())
                .mapTo(OffsetDateTime.class)
                .findOne()
                .map(OffsetDateTime::toInstant);
    }

    /** Takes one place; false if there is none. */
    static boolean addOne(Handle tx, PlaceId place) {
        return tx.createUpdate(
                                """
                                UPDATE place
                                SET booked = booked + 1
                                WHERE centre = :centre
                                    AND slot = :slot
                                    AND held + booked < capacity + allowance
                                """)
                        .bind("centre", place.centre().value())
                        .bind("slot", place.slot().value())
                        .execute()
                == 1;
    }

    /** All places of a campaign in a region. */
    static List<PlaceId> placesOf(Handle handle, CampaignId campaign, RegionId region) {
        return handle.createQuery(
                        """
                        SELECT slot.centre, slot.id
                        FROM slot
                        JOIN centre ON centre.id = slot.centre
                        WHERE slot.campaign = :campaign
                            AND centre.region = :region
                        ORDER BY slot.centre, slot.id
                        """)
                .bind("campaign", campaign.value())
                .bind("region", region.value())
                .map(
                        (rs, context) ->
                                new PlaceId(
                                        new CentreId(rs.getString("centre")),
                                        new SlotId(rs.getObject("id", UUID.class))))
                .list();
    }

    /** Inserts the appointments of a batch. */
    static void insertAll(Handle tx, List<Command.Book> books, Instant now) {
        tx.createUpdate(
                        """
                        INSERT INTO appointment (person, dose, reference, centre, slot, state, version, request_key, content, pass, taken_at, changed_at, sealed)
                        SELECT person, dose, reference, centre, slot, 'booked', 1, request_key, content, pass, :now, :now, sealed
                        FROM unnest(:persons, :doses, :references, :centres, :slots, :keys, :contents, :passes, :sealed)
                            AS wanted (person, dose, reference, centre, slot, request_key, content, pass, sealed)
                        ON CONFLICT (person, dose) DO NOTHING
                        """)
                .bind("now", at(now))
                .bind("persons", uuids(books, b -> b.person().value()))
                .bind("doses", ints(books, Command.Book::dose))
                .bind("references", longs(books, b -> b.reference().value()))
                .bind("centres", texts(books, b -> b.place().centre().value()))
                .bind("slots", uuids(books, b -> b.place().slot().value()))
                .bind("keys", uuids(books, b -> b.key().name()))
                .bind("contents", uuids(books, b -> b.key().content()))
                .bind("passes", optionalUuids(books, Command.Book::pass))
                .bind("sealed", bytes(books, Command.Book::sealed))
                .execute();
    }

    /** Locks the counters of these places, in order, and reads what is free. */
    static List<Integer> lockAll(Handle tx, Set<PlaceId> places) {
        return tx.createQuery(
                        """
                        SELECT capacity + allowance - held - booked AS free
                        FROM place
                        JOIN unnest(:centres, :slots) AS wanted (centre, slot) USING (centre, slot)
                        ORDER BY centre, slot
                        FOR UPDATE OF place
                        """)
                .bind("centres", texts(places, p -> p.centre().value()))
                .bind("slots", uuids(places, p -> p.slot().value()))
                .mapTo(Integer.class)
                .list();
    }

    /** Adds to the counters. */
    static void addAll(Handle tx, Map<PlaceId, Integer> taken) {
        tx.createUpdate(
                        """
                        UPDATE place
                        SET booked = place.booked + taken.booked
                        FROM unnest(:centres, :slots, :booked) AS taken (centre, slot, booked)
                        WHERE place.centre = taken.centre
                            AND place.slot = taken.slot
                        """)
                .bind("centres", texts(taken.keySet(), p -> p.centre().value()))
                .bind("slots", uuids(taken.keySet(), p -> p.slot().value()))
                .bind("booked", ints(taken.values(), Integer::intValue))
                .execute();
    }

    /** Tells the outbox of a batch in one row. */
    static void tellAll(Handle tx, UUID id, List<Command.Book> books, Instant now) {
        tx.createUpdate(
                        """
                        INSERT INTO outbox (id, happened_at, events, persons, doses, appointments, slots)
                        VALUES (:id, :now, :events, :persons, :doses, :appointments, :slots)
                        """)
                .bind("id", id)
                .bind("now", at(now))
                .bind("events", texts(books, b -> "booked"))
                .bind("persons", uuids(books, b -> b.person().value()))
                .bind("doses", ints(books, Command.Book::dose))
                .bind("appointments", longs(books, b -> b.reference().value()))
                .bind("slots", uuids(books, b -> b.place().slot().value()))
                .execute();
    }

    /** What is set in the database otherwise than it comes, and what makes a commit durable. */
    static List<String> settings(Handle handle) {
        return handle.createQuery(
                        """
                        SELECT name || ' = ' || current_setting(name) AS line
                        FROM pg_settings
                        WHERE name IN (
                            'server_version', 'fsync', 'synchronous_commit', 'full_page_writes', 'wal_sync_method', 'commit_delay',
                            'shared_buffers', 'max_wal_size', 'checkpoint_timeout', 'wal_buffers', 'wal_compression', 'autovacuum', 'jit')
                            OR source NOT IN ('default', 'override', 'client')
                                AND name NOT LIKE 'log%'
                                AND name NOT LIKE 'lc%'
                                AND name NOT LIKE '%file%'
                                AND name NOT LIKE '%director%'
                        ORDER BY name
                        """)
                .mapTo(String.class)
                .list();
    }

    private static OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
