package giliran.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import giliran.campaigns.Campaign;
import giliran.campaigns.CampaignId;
import giliran.campaigns.CampaignPlan;
import giliran.campaigns.CampaignStore;
import giliran.campaigns.Centre;
import giliran.campaigns.CentreId;
import giliran.campaigns.Eligibility;
import giliran.campaigns.Region;
import giliran.campaigns.RegionId;
import giliran.campaigns.Slot;
import giliran.campaigns.SlotId;
import giliran.imports.ImportCampaign;
import giliran.people.PersonHandle;
import giliran.store.DataFolder;
import giliran.store.Database;
import giliran.store.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A database of its own with slots to book, and commands to book them with. Whatever it makes, a
 * slot, a person, a reference, is new, so that tests that share it do not meet.
 */
public final class LedgerFixture implements AutoCloseable {
    /** Nobody is refused for the time that a slow machine takes. */
    static final Ledger.Limits PATIENT =
            new Ledger.Limits(16_384, 512, 1, Duration.ofMinutes(2), Duration.ofMinutes(3));

    /** From the first of January 2026 until the end of 2036. */
    public static final Campaign CAMPAIGN = campaign("test-round");

    /** When a slot starts unless said otherwise: 10 January 2036, 9 in the morning. */
    public static final Instant SLOT_START = Instant.parse("2036-01-10T01:00:00Z");

    private static final String REGION = "selangor";
    private static final CentreId CENTRE = new CentreId("hall");
    private static final Centre HALL =
            new Centre(
                    CENTRE,
                    "Hall",
                    new RegionId(REGION),
                    "Petaling",
                    "1 Jalan Dewan",
                    "46000",
                    Optional.empty(),
                    "",
                    "");
    private static final AtomicLong LAST = new AtomicLong();

    private final DataFolder.Connection connection;
    private final Database database;

    /** Another campaign that is open as long, in the same programme. */
    public static Campaign campaign(String id) {
        return new Campaign(
                new CampaignId(id),
                "Test round",
                "test-programme",
                "Vaccine",
                Instant.parse("2025-12-31T16:00:00Z"),
                Instant.parse("2036-12-31T16:00:00Z"),
                new Eligibility(18, Set.of(new RegionId("selangor"))),
                0,
                ZoneId.of("Asia/Kuala_Lumpur"),
                false);
    }

    public LedgerFixture() {
        this(TestDatabase.newDatabase());
    }

    LedgerFixture(DataFolder.Connection connection) {
        this.connection = connection;
        database = Database.open(connection, 4, InstantSource.system());
    }

    /** A slot that was made here, and its campaign. */
    private record Offered(Campaign campaign, Slot slot) {}

    private final Map<PlaceId, Offered> offered = new ConcurrentHashMap<>();

    public Database database() {
        return database;
    }

    /** The same database over other connections, as another node has it. */
    Database databaseOfAnotherNode() {
        return Database.open(connection, 2, InstantSource.system());
    }

    public DataFolder.Connection connection() {
        return connection;
    }

    public Ledger ledger() {
        return ledger(PATIENT);
    }

    Ledger ledger(Ledger.Limits limits) {
        return new Ledger(database, InstantSource.system(), limits);
    }

    /** A new slot for dose 1. */
    public PlaceId place(int capacity) {
        return place(CAMPAIGN, 1, SLOT_START, capacity);
    }

    PlaceId placeForDose(int dose, int capacity) {
        return place(CAMPAIGN, dose, SLOT_START, capacity);
    }

    /** A new slot; the campaign is made, or made to be like this one. */
    public PlaceId place(Campaign campaign, int dose, Instant start, int capacity) {
        Slot slot =
                new Slot(
                        SlotId.of(campaign.id(), "slot " + LAST.incrementAndGet()),
                        campaign.id(),
                        CENTRE,
                        start,
                        start.plus(Duration.ofHours(1)),
                        campaign.product(),
                        dose);
        PlaceId place = new PlaceId(slot.centre(), slot.id());
        offered.put(place, new Offered(campaign, slot));
        database.transact(
                tx -> {
                    CampaignStore.put(tx, campaign);
                    tx.execute(
                            """
                            INSERT INTO region (id, name)
                            VALUES (?, 'Selangor')
                            ON CONFLICT (id) DO NOTHING
                            """,
                            REGION);
                    tx.execute(
                            """
                            INSERT INTO centre (id, name, region, district, address, postcode, phone, accessibility)
                            VALUES (?, 'Hall', ?, 'Petaling', '1 Jalan Dewan', '46000', '', '')
                            ON CONFLICT (id) DO NOTHING
                            """,
                            CENTRE.value(),
                            REGION);
                    tx.execute(
                            """
                            INSERT INTO slot (id, campaign, centre, starts_at, ends_at, product, dose)
                            VALUES (?, ?, ?, ?, ?, ?, ?)
                            """,
                            slot.id().value(),
                            campaign.id().value(),
                            CENTRE.value(),
                            LedgerStore.at(slot.start()),
                            LedgerStore.at(slot.end()),
                            slot.product(),
                            dose);
                    return tx.execute(
                            """
                            INSERT INTO place (centre, slot, capacity, allowance)
                            VALUES (?, ?, ?, ?)
                            """,
                            CENTRE.value(),
                            slot.id().value(),
                            capacity,
                            campaign.allowance());
                });
        return place;
    }

    /**
     * Sets a slot's capacity as the product does it, by an import.
     *
     * @return whether it was imported, and not refused
     */
    public boolean importCapacity(PlaceId place, int capacity) {
        Offered there = Objects.requireNonNull(offered.get(place));
        ImportCampaign.Result result =
                new ImportCampaign(database, InstantSource.system())
                        .run(
                                ImportCampaign.sourceOf(
                                        new CampaignPlan(
                                                there.campaign(),
                                                List.of(new Region(HALL.region(), "Selangor")),
                                                List.of(HALL),
                                                List.of(
                                                        new CampaignPlan.PlannedSlot(
                                                                there.slot(), capacity)))),
                                progress -> {});
        return switch (result) {
            case ImportCampaign.Result.Imported imported -> true;
            case ImportCampaign.Result.Refused refused -> false;
            case ImportCampaign.Result.Previewed _,
                    ImportCampaign.Result.Faulty _,
                    ImportCampaign.Result.Busy _ ->
                    throw new AssertionError(result.toString());
        };
    }

    static PersonHandle person() {
        return new PersonHandle(uuid("person " + LAST.incrementAndGet()));
    }

    static Reference reference() {
        return new Reference(LAST.incrementAndGet());
    }

    /** Someone new asks for a place. */
    public static Command.Book book(PlaceId place) {
        return book(person(), place, "key");
    }

    public static Command.Book book(PersonHandle person, PlaceId place, String key) {
        return book(person, 1, place, key);
    }

    static Command.Book book(PersonHandle person, int dose, PlaceId place, String key) {
        return new Command.Book(
                person,
                dose,
                place,
                reference(),
                new Command.Key(uuid(key), uuid(place.slot() + "/" + dose)),
                Optional.empty(),
                new byte[] {1, 2, 3},
                Optional.empty());
    }

    /** The same request sent again: all that a client chooses is the same. */
    public static Command.Book again(Command.Book book) {
        return again(book, book.key());
    }

    static Command.Book withContent(Command.Book book, String content) {
        return again(book, new Command.Key(book.key().name(), uuid(content)));
    }

    private static Command.Book again(Command.Book book, Command.Key key) {
        return new Command.Book(
                book.person(),
                book.dose(),
                book.place(),
                reference(),
                book.heldUntil(),
                key,
                Optional.empty(),
                book.sealed(),
                Optional.empty());
    }

    public static Command.Book unlessReplay(Command.Book book, Refusal refusal) {
        return book.unlessReplay(refusal);
    }

    static Command.Cancel cancel(Command.Book booked) {
        return new Command.Cancel(
                booked.person(),
                booked.dose(),
                booked.reference(),
                OptionalInt.empty(),
                Optional.empty());
    }

    static Command.Confirm confirm(Command.Book held, String key) {
        return new Command.Confirm(
                held.person(),
                held.dose(),
                held.reference(),
                new Command.Key(uuid(key), uuid("confirm " + held.reference())),
                OptionalInt.empty(),
                Optional.empty());
    }

    static Command.Lapse lapse(Command.Book held) {
        return new Command.Lapse(held.person(), held.dose(), held.reference());
    }

    static Command.Move move(Command.Book booked, PlaceId to, String key) {
        return new Command.Move(
                booked.person(),
                booked.dose(),
                booked.reference(),
                to,
                new Command.Key(uuid(key), uuid("move to " + to.slot())),
                OptionalInt.empty(),
                Optional.empty());
    }

    static UUID uuid(String text) {
        return UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8));
    }

    static CommandResult result(Ledger ledger, Command command) {
        return await(ledger.submit(command));
    }

    static CommandResult.Done done(Ledger ledger, Command command) {
        return done(ledger.submit(command));
    }

    public static CommandResult.Done done(CompletableFuture<CommandResult> answer) {
        return switch (await(answer)) {
            case CommandResult.Done done -> done;
            case CommandResult.Refused(Refusal refusal, Optional<Appointment> _) ->
                    throw new AssertionError("refused: " + refusal);
        };
    }

    static Refusal refusal(Ledger ledger, Command command) {
        return refusal(ledger.submit(command));
    }

    public static Refusal refusal(CompletableFuture<CommandResult> answer) {
        return switch (await(answer)) {
            case CommandResult.Done done -> throw new AssertionError("done: " + done);
            case CommandResult.Refused(Refusal refusal, Optional<Appointment> _) -> refusal;
        };
    }

    /** An answer that never comes fails the test instead of stopping it. */
    static <T> T await(CompletableFuture<T> answer) {
        return answer.orTimeout(60, TimeUnit.SECONDS).join();
    }

    PlaceCount count(PlaceId place) {
        PlaceCounts counts = new PlaceCounts(database);
        counts.readAll();
        PlaceCount count = counts.all().get(place);
        assertThat(count).as("counters of %s", place).isNotNull();
        return count == null ? new PlaceCount(0, 0, 0, 0) : count;
    }

    /** What is in the database of a person, as "table: state, reference". */
    List<String> rowsOf(PersonHandle person) {
        return query(
                """
                SELECT 'live: ' || state || ', ' || reference FROM appointment
                WHERE person = '%1$s'
                UNION ALL
                SELECT 'ended: ' || state || ', ' || reference FROM ended_appointment
                WHERE person = '%1$s'
                ORDER BY 1
                """
                        .formatted(person.value()));
    }

    List<String> query(String sql) {
        return database.read(handle -> handle.createQuery(sql).mapTo(String.class).list());
    }

    long number(String sql) {
        return Long.parseLong(query(sql).getFirst());
    }

    int execute(String sql) {
        return database.transact(tx -> tx.execute(sql));
    }

    public List<String> faults() {
        return new Audit(database).run(Optional.empty()).faults();
    }

    /** Makes every transaction wait that wants to change what these statements changed. */
    Obstacle obstacle(String... statements) {
        try {
            return new Obstacle(connection, statements);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    /** Makes every transaction wait that books or cancels in this slot. */
    Obstacle obstacleAt(PlaceId place) {
        return obstacle(lock(place));
    }

    static String lock(PlaceId place) {
        return "UPDATE place SET held = held WHERE slot = '" + place.slot() + "'";
    }

    /** Sends commands while the writer is busy with another one, so that it takes them together. */
    List<CompletableFuture<CommandResult>> submitTogether(
            Ledger ledger, List<? extends Command> commands) {
        PlaceId stalled = place(1);
        CompletableFuture<CommandResult> busy;
        List<CompletableFuture<CommandResult>> answers;
        try (var _ = obstacleAt(stalled)) {
            busy = ledger.submit(book(stalled));
            awaitTransactionsThatWait(1);
            answers = commands.stream().map(ledger::submit).toList();
        }
        done(busy);
        return answers;
    }

    /** Returns once so many of the ledger's transactions wait for a lock in this database. */
    void awaitTransactionsThatWait(int transactions) {
        awaitUntil(
                """
                SELECT count(*) >= %d FROM pg_stat_activity
                WHERE datname = current_database()
                    AND wait_event_type = 'Lock'
                """
                        .formatted(transactions));
    }

    void awaitUntil(String condition) {
        long giveUpAt = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!query("SELECT (" + condition + ")::text").equals(List.of("true"))) {
            assertThat(System.nanoTime()).as("given up at: %s", condition).isLessThan(giveUpAt);
            Thread.onSpinWait();
        }
    }

    /** An open transaction of someone else's, and the locks that it holds until it is closed. */
    static final class Obstacle implements AutoCloseable {
        private final Connection transaction;

        private Obstacle(DataFolder.Connection to, String... statements) throws SQLException {
            transaction = DriverManager.getConnection(to.jdbcUrl(), to.user(), to.password());
            transaction.setAutoCommit(false);
            for (String statement : statements) {
                execute(statement);
            }
        }

        void execute(String sql) throws SQLException {
            try (var statement = transaction.createStatement()) {
                statement.execute(sql);
            }
        }

        /** Takes the obstacle away; what it changed is as it was. */
        @Override
        public void close() {
            try {
                transaction.rollback();
                transaction.close();
            } catch (SQLException e) {
                throw new AssertionError(e);
            }
        }
    }

    @Override
    public void close() {
        database.close();
    }
}
