package giliran.imports;

import static giliran.imports.Offers.CAMPAIGN;
import static giliran.imports.Offers.END;
import static giliran.imports.Offers.START;
import static giliran.imports.Offers.busy;
import static giliran.imports.Offers.slot;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import giliran.campaigns.Catalogue;
import giliran.campaigns.CentreId;
import giliran.campaigns.OfferedCatalogue;
import giliran.campaigns.SlotId;
import giliran.imports.ImportCampaign.Result;
import giliran.ledger.Appointment;
import giliran.ledger.Audit;
import giliran.ledger.Command;
import giliran.ledger.CommandResult;
import giliran.ledger.Ledger;
import giliran.ledger.PlaceCount;
import giliran.ledger.PlaceCounts;
import giliran.ledger.PlaceId;
import giliran.ledger.Reference;
import giliran.people.PersonHandle;
import giliran.store.Database;
import giliran.store.StoreException;
import giliran.store.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an import changes, what it refuses, and that it is whole or nothing. */
final class ImportCampaignStoreTest {
    private static final InstantSource CLOCK = InstantSource.system();

    private final SplittableRandom random = new SplittableRandom(7);
    private final Offers offers = new Offers();
    private Database database;
    private Ledger ledger;
    private ImportCampaign importCampaign;

    ImportCampaignStoreTest() {
        database = Database.open(TestDatabase.newDatabase(), 4, CLOCK);
        ledger = new Ledger(database, CLOCK, Ledger.Limits.DEFAULT);
        importCampaign = new ImportCampaign(database, CLOCK);
    }

    @BeforeEach
    void offerTwoSlots() {
        offers.with(slot("one", 5), slot("two", 7));
    }

    @AfterEach
    void theLedgerIsConsistent() {
        assertThat(new Audit(database).run(Optional.empty()).faults()).isEmpty();
        ledger.close();
        database.close();
    }

    private ImportReport imported() {
        return switch (importCampaign.run(offers.source(), _ -> {})) {
            case Result.Imported(ImportReport report) -> report;
            case Result other -> throw new AssertionError(other.toString());
        };
    }

    private List<String> obstacles() {
        Map<PlaceId, PlaceCount> before = counts();
        Catalogue offered = new OfferedCatalogue(database).get();
        List<String> obstacles =
                switch (importCampaign.run(offers.source(), _ -> {})) {
                    case Result.Refused(List<String> refused) -> refused;
                    case Result other -> throw new AssertionError(other.toString());
                };
        assertThat(counts()).isEqualTo(before);
        assertThat(new OfferedCatalogue(database).get().slotsOf(CAMPAIGN))
                .isEqualTo(offered.slotsOf(CAMPAIGN));
        assertThat(importCampaign.preview(offers.source(), _ -> {}))
                .isInstanceOfSatisfying(
                        Result.Previewed.class,
                        preview -> assertThat(preview.obstacles()).isEqualTo(obstacles));
        return obstacles;
    }

    private Map<PlaceId, PlaceCount> counts() {
        PlaceCounts counts = new PlaceCounts(database);
        counts.readAll();
        return counts.all();
    }

    private PlaceCount count(String key) {
        PlaceCount count = counts().get(place("A", key));
        if (count == null) {
            throw new AssertionError("no counter of " + key);
        }
        return count;
    }

    private static PlaceId place(String centre, String key) {
        return new PlaceId(new CentreId(centre), SlotId.of(CAMPAIGN, key));
    }

    private UUID uuid() {
        return new UUID(random.nextLong(), random.nextLong());
    }

    private Appointment book(String key) {
        return done(booking(key));
    }

    private Appointment hold(String key) {
        return done(booking(key).heldUntil(Instant.now().plus(Command.Book.HOLD_LASTS)));
    }

    private Command.Book booking(String key) {
        return new Command.Book(
                new PersonHandle(uuid()),
                1,
                place("A", key),
                new Reference(random.nextLong() >>> 12),
                new Command.Key(uuid(), uuid()),
                Optional.empty(),
                new byte[300],
                Optional.empty());
    }

    private Appointment done(Command command) {
        return switch (ledger.submit(command).join()) {
            case CommandResult.Done done -> done.appointment();
            case CommandResult.Refused refused -> throw new AssertionError(refused.toString());
        };
    }

    private void cancel(Appointment appointment) {
        done(
                new Command.Cancel(
                        appointment.person(),
                        appointment.dose(),
                        appointment.reference(),
                        OptionalInt.empty(),
                        Optional.empty()));
    }

    @Test
    void setsACampaignUpWithACounterForEachSlot() {
        ImportReport report = imported();

        assertThat(report.isNew()).isTrue();
        assertThat(report.slots().added()).isEqualTo(2);
        assertThat(report.places()).isEqualTo(12);
        assertThat(count("one")).isEqualTo(new PlaceCount(5, 0, 0, 0));
        assertThat(count("two")).isEqualTo(new PlaceCount(7, 0, 0, 0));
        assertThat(new OfferedCatalogue(database).get().getCampaign(CAMPAIGN).closesAt())
                .isEqualTo(END);
    }

    @Test
    void changesNothingTheSecondTime() {
        imported();
        OfferedCatalogue offered = new OfferedCatalogue(database);
        Catalogue before = offered.get();

        ImportReport again = imported();

        offered.refresh();
        assertThat(offered.get()).isSameAs(before);
        assertThat(again.campaignChanges()).isEmpty();
        assertThat(again.slots()).hasToString("Tally[added=0, changed=0, unchanged=2]");
        assertThat(again.centres()).hasToString("Tally[added=0, changed=0, unchanged=2]");
        assertThat(again.counters()).isZero();
    }

    @Test
    void updatesWhatDiffersAndKeepsWhatIsAbsent() {
        imported();
        book("two");
        OfferedCatalogue offered = new OfferedCatalogue(database);
        Instant later = START.plusSeconds(7_200);
        offers.with(slot("one", "A", 1, later, 9), slot("three", 2));
        offers.minimumAge = 60;

        ImportReport report = imported();

        offered.refresh();
        assertThat(report.slots()).hasToString("Tally[added=1, changed=1, unchanged=0]");
        assertThat(report.campaignChanges())
                .containsExactly(
                        "closes: 2031-05-05T02:00:00Z → 2031-05-05T04:00:00Z",
                        "minimum age: 18 → 60");
        assertThat(report.capacity()).hasToString("Shift[up=1, placesUp=4, down=0, placesDown=0]");
        assertThat(offered.get().getSlot(SlotId.of(CAMPAIGN, "one")).start()).isEqualTo(later);
        assertThat(count("one").capacity()).isEqualTo(9);
        assertThat(count("two")).isEqualTo(new PlaceCount(7, 0, 0, 1));
        assertThat(count("three").capacity()).isEqualTo(2);
    }

    @Test
    void keepsTheOpeningThatWasWhenNoneIsGiven() {
        imported();
        Instant opened = new OfferedCatalogue(database).get().getCampaign(CAMPAIGN).opensAt();
        new ImportCampaign(database, () -> CLOCK.instant().plusSeconds(86_400))
                .run(offers.source(), _ -> {});

        assertThat(new OfferedCatalogue(database).get().getCampaign(CAMPAIGN).opensAt())
                .isEqualTo(opened);
    }

    @Test
    void refusesEveryCutBelowWhatIsTakenByNameAndThenImportsNothing() {
        imported();
        for (int i = 0; i < 3; i++) {
            book("one");
            book("two");
        }
        offers.with(slot("one", 2), slot("two", 1), slot("three", 4));

        assertThat(obstacles())
                .containsExactly(
                        "slot one: capacity 2 is wanted and 3 are taken",
                        "slot two: capacity 1 is wanted and 3 are taken");
    }

    @Test
    void refusesACutBelowWhatIsHeldAndBookedTogether() {
        imported();
        book("one");
        hold("one");
        offers.with(slot("one", 1));
        assertThat(obstacles()).containsExactly("slot one: capacity 1 is wanted and 2 are taken");

        offers.with(slot("one", 2));
        imported();
        assertThat(count("one")).isEqualTo(new PlaceCount(2, 0, 1, 1));
    }

    @Test
    void cutsToExactlyWhatIsTaken() {
        imported();
        book("one");
        offers.with(slot("one", 1));

        imported();

        assertThat(count("one")).isEqualTo(new PlaceCount(1, 0, 0, 1));
    }

    @Test
    void changesTheAllowanceOfEveryCounterOfTheCampaignAlsoOfAbsentSlots() {
        imported();
        offers.with(slot("one", 5));
        offers.allowance = 2;

        imported();

        assertThat(count("one").allowance()).isEqualTo(2);
        assertThat(count("two").allowance()).isEqualTo(2);
    }

    @Test
    void refusesASmallerAllowanceWhereItIsTaken() {
        offers.allowance = 1;
        offers.with(slot("one", 1), slot("two", 5));
        imported();
        book("one");
        book("one");
        offers.allowance = 0;
        offers.with(slot("two", 5));

        assertThat(obstacles()).containsExactly("slot one: capacity 1 is wanted and 2 are taken");
    }

    @Test
    void leavesNothingFreeInABusySlotAndKeepsWhatIsBooked() {
        imported();
        book("one");
        offers.with(busy("one"), busy("new"));

        imported();

        assertThat(count("one")).isEqualTo(new PlaceCount(1, 0, 0, 1));
        assertThat(count("new")).isEqualTo(new PlaceCount(0, 0, 0, 0));
        assertThat(imported().counters()).isZero();
    }

    @Test
    void leavesNothingFreeInABusySlotWithAnAllowance() {
        offers.allowance = 2;
        offers.with(slot("one", 5));
        imported();
        book("one");
        book("one");
        book("one");
        offers.with(busy("one"));

        imported();

        assertThat(count("one")).isEqualTo(new PlaceCount(1, 2, 0, 3));
        assertThat(count("one").remaining()).isZero();
    }

    @Test
    void movesASlotToAnotherCentreIfNobodyEverHadAPlaceInIt() {
        imported();
        offers.with(slot("one", "B", 1, START, 4));

        imported();

        assertThat(counts())
                .containsOnlyKeys(place("B", "one"), place("A", "two"))
                .containsEntry(place("B", "one"), new PlaceCount(4, 0, 0, 0));
    }

    @Test
    void refusesToMoveASlotToAnotherCentreInWhichSomeoneHasOrHadAPlace() {
        imported();
        book("one");
        cancel(book("two"));
        offers.with(slot("one", "B", 1, START, 5), slot("two", "B", 1, START, 7));

        assertThat(obstacles())
                .containsExactly(
                        "slot one: it is at A, where 1 places are taken and 0 were; it cannot move to B",
                        "slot two: it is at A, where 0 places are taken and 1 were; it cannot move to B");
    }

    @Test
    void refusesAnotherDoseOfASlotThatSomeoneHasOrCouldBeTaking() {
        imported();
        book("one");
        offers.with(slot("one", "A", 2, START, 5), slot("two", "A", 2, START, 7));

        assertThat(obstacles())
                .containsExactly(
                        "slot one: it is for dose 1 and 1 appointments are or were in it; it cannot become dose 2",
                        "slot two: it is for dose 1 and can be booked now; it cannot become dose 2 while the campaign is open");
    }

    @Test
    void changesTheDoseOfASlotBeforeTheCampaignOpens() {
        offers.opens = Optional.of(START.minusSeconds(86_400));
        imported();
        offers.with(slot("one", "A", 2, START, 5));

        imported();

        assertThat(new OfferedCatalogue(database).get().getSlot(SlotId.of(CAMPAIGN, "one")).dose())
                .isEqualTo(2);
    }

    @Test
    void refusesAnotherProgrammeForACampaign() {
        imported();
        offers.programme = "influenza";

        assertThat(obstacles())
                .containsExactly(
                        "campaign spring: its programme is covid-19, in which its people are counted; it cannot become influenza");
    }

    @Test
    void saysInADryRunWhatWouldChangeAndWhomItTouchesAndChangesNothing() {
        imported();
        book("one");
        book("one");
        book("two");
        Map<PlaceId, PlaceCount> before = counts();
        offers.with(slot("one", "A", 1, END, 4), slot("two", 9), slot("new", 1));

        Result result = importCampaign.preview(offers.source(), _ -> {});

        assertThat(counts()).isEqualTo(before);
        assertThat(new OfferedCatalogue(database).get().slotsOf(CAMPAIGN)).hasSize(2);
        assertThat(result)
                .isInstanceOfSatisfying(
                        Result.Previewed.class,
                        preview -> {
                            ImportReport report = preview.report();
                            assertThat(preview.obstacles()).isEmpty();
                            assertThat(report.slots())
                                    .hasToString("Tally[added=1, changed=1, unchanged=1]");
                            assertThat(report.capacity())
                                    .hasToString("Shift[up=1, placesUp=2, down=1, placesDown=1]");
                            assertThat(report.touched()).isEqualTo(2);
                            assertThat(report.newSlots()).containsExactly("new");
                            assertThat(report.changedSlots().getFirst().after().start())
                                    .isEqualTo(END);
                        });
    }

    @Test
    void countsEveryoneAtACentreWhoseDescriptionChangesAsTouched() {
        imported();
        book("one");
        book("two");
        offers.centreName = "New town hall";
        offers.with(slot("one", 5));

        assertThat(imported().touched()).isEqualTo(2);
    }

    @Test
    void leavesNothingBehindWhenTheSourceBreaksOff() {
        imported();
        CampaignSource source =
                (now, sink) -> {
                    sink.accept(slot("three", 5));
                    throw new IllegalStateException("the disk is gone");
                };

        assertThatThrownBy(() -> importCampaign.run(source, _ -> {}))
                .isInstanceOf(IllegalStateException.class);
        assertThat(counts()).hasSize(2);
        assertThat(imported().slots().unchanged()).isEqualTo(2);
    }

    @Test
    void leavesNothingHalfWhenItIsKilledWhileItWritesTheCounters() {
        imported();
        book("one");
        offers.centreName = "New town hall";
        offers.minimumAge = 70;
        offers.with(slot("one", "A", 1, END, 9), slot("new", 3));
        Map<PlaceId, PlaceCount> before = counts();

        // Someone holds a counter, so that the import stands in the middle of its writing.
        CompletableFuture<Result> run =
                database.transact(
                        holder -> {
                            holder.execute("SELECT FROM place FOR UPDATE");
                            CompletableFuture<Result> started =
                                    CompletableFuture.supplyAsync(
                                            () -> importCampaign.run(offers.source(), _ -> {}));
                            awaitAndKillTheOneWhoWaits();
                            return started;
                        });

        assertThatThrownBy(run::join)
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(StoreException.class);
        assertThat(counts()).isEqualTo(before);
        Catalogue offered = new OfferedCatalogue(database).get();
        assertThat(offered.getCampaign(CAMPAIGN).eligibility().minimumAge()).isEqualTo(18);
        assertThat(offered.getCentre(new CentreId("A")).name()).isEqualTo("Town hall");
        assertThat(offered.getSlot(SlotId.of(CAMPAIGN, "one")).start()).isEqualTo(START);
        assertThat(imported().slots().added()).isEqualTo(1);
    }

    private void awaitAndKillTheOneWhoWaits() {
        long deadline = System.nanoTime() + Duration.ofSeconds(4).toNanos();
        while (System.nanoTime() - deadline < 0) {
            boolean killed =
                    database.read(
                            handle ->
                                    handle.createQuery(
                                                    """
                                                    SELECT count(pg_terminate_backend(pid)) > 0
                                                    FROM pg_stat_activity
                                                    WHERE wait_event_type = 'Lock' AND query LIKE '%wanted_place%' AND datname = current_database()
                                                    """)
                                            .mapTo(Boolean.class)
                                            .one());
            if (killed) {
                return;
            }
            Thread.onSpinWait();
        }
        throw new AssertionError("the import never waited for the counter");
    }

    @Test
    void isTurnedAwayWhileAnotherImportIsBeingWritten() {
        imported();

        Result result =
                database.transact(
                        holder -> {
                            holder.execute("SELECT FROM catalogue_revision FOR UPDATE");
                            return CompletableFuture.supplyAsync(
                                            () -> importCampaign.run(offers.source(), _ -> {}))
                                    .join();
                        });

        assertThat(result).isEqualTo(new Result.Busy());
    }
}
