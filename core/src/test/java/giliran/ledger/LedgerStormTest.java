package giliran.ledger;

import static giliran.ledger.LedgerFixture.again;
import static giliran.ledger.LedgerFixture.book;
import static giliran.ledger.LedgerFixture.result;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import giliran.store.DataFolder;
import giliran.store.Database;
import giliran.store.FaultProxy;
import giliran.store.FaultProxy.Fault;
import giliran.store.LocalPostgres;
import giliran.store.StoreException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** People book while the database is cut off, silent, slow, full or gone: the answers are true. */
final class LedgerStormTest {
    private static final int CUTS = 200;
    private static final int PEOPLE = 24;
    private static final byte[] LITTLE = {1, 2, 3};

    /** So short that an outcome is told to be unknown long before the connection is given up. */
    private static final Ledger.Limits HASTY =
            new Ledger.Limits(16_384, 512, 2, Duration.ofSeconds(2), Duration.ofSeconds(3));

    private static LedgerFixture fixture;

    @TempDir private Path temp;

    @BeforeAll
    static void open() {
        fixture = new LedgerFixture();
    }

    @AfterAll
    static void auditAndClose() {
        assertThat(fixture.faults()).isEmpty();
        fixture.close();
    }

    private static List<PlaceId> fewPlaces(LedgerFixture fixture) {
        return List.of(fixture.place(5), fixture.place(5), fixture.place(5));
    }

    @Test
    void tellsTheTruthWhenItsConnectionsAreCutTwoHundredTimes() {
        long seed = new SplittableRandom().nextLong();
        SplittableRandom random = new SplittableRandom(seed);
        try (FaultProxy proxy = new FaultProxy(fixture.connection());
                Database database = Database.open(proxy.connection(), 3, InstantSource.system());
                Ledger ledger =
                        new Ledger(database, InstantSource.system(), Ledger.Limits.DEFAULT);
                Crowd crowd = new Crowd(ledger, fewPlaces(fixture), PEOPLE, seed, LITTLE)) {
            for (int cut = 0; cut < CUTS; cut++) {
                crowd.awaitAnswers(random.nextInt(1, 60));
                switch (random.nextInt(3)) {
                    case 0 -> proxy.cutAll();
                    case 1 -> proxy.atNextCommit(Fault.CUT_BEFORE_COMMIT);
                    default -> proxy.atNextCommit(Fault.CUT_BEFORE_ANSWER);
                }
            }
            crowd.awaitGranted(10);
            crowd.endAndCompare(fixture);
            System.out.println("seed " + seed + ", " + CUTS + " cuts, " + crowd);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"SWALLOW_COMMIT", "SWALLOW_ANSWER"})
    void givesUpAConnectionThatIsSilentAndNeverSaysNoMeanwhile(Fault fault) {
        PlaceId place = fixture.place(1);
        Command.Book book = book(place);
        Reference told;
        try (FaultProxy proxy = new FaultProxy(fixture.connection());
                Database database = Database.open(proxy.connection(), 2, InstantSource.system());
                Ledger ledger = new Ledger(database, InstantSource.system(), HASTY)) {
            proxy.atNextCommit(fault);
            assertThat(result(ledger, book))
                    .isEqualTo(new CommandResult.Refused(Refusal.OUTCOME_UNKNOWN));
            CommandResult settled = result(ledger, again(book));
            while (settled instanceof CommandResult.Refused refused) {
                assertThat(refused.refusal()).isEqualTo(Refusal.OUTCOME_UNKNOWN);
                settled = result(ledger, again(book));
            }
            told = ((CommandResult.Done) settled).appointment().reference();
            assertThat(proxy.faultsDone()).isEqualTo(1);
        }
        // What never reached the database is done by the repeat, not late by itself.
        if (fault == Fault.SWALLOW_ANSWER) {
            assertThat(told).isEqualTo(book.reference());
        } else {
            assertThat(told).isNotEqualTo(book.reference());
        }
        assertThat(fixture.count(place).booked()).isEqualTo(1);
        assertThat(fixture.rowsOf(book.person())).containsExactly("live: booked, " + told.value());
    }

    @Test
    void booksOverASlowNetwork() {
        try (FaultProxy proxy = new FaultProxy(fixture.connection());
                Database database = Database.open(proxy.connection(), 2, InstantSource.system());
                Ledger ledger =
                        new Ledger(database, InstantSource.system(), LedgerFixture.PATIENT);
                Crowd crowd = new Crowd(ledger, fewPlaces(fixture), PEOPLE, 1, LITTLE)) {
            proxy.delay(Duration.ofMillis(40));
            crowd.awaitGranted(PEOPLE);
            crowd.endAndCompare(fixture);
        }
    }

    @Test
    void refusesWhileTheDatabaseIsGoneAndGoesOnByItselfWhenItIsBack() {
        try (FaultProxy proxy = new FaultProxy(fixture.connection());
                Database database = Database.open(proxy.connection(), 3, InstantSource.system());
                Ledger ledger =
                        new Ledger(database, InstantSource.system(), Ledger.Limits.DEFAULT);
                Crowd crowd = new Crowd(ledger, fewPlaces(fixture), PEOPLE, 2, LITTLE)) {
            for (int times = 0; times < 2; times++) {
                crowd.awaitGranted(20);
                proxy.vanish();
                crowd.awaitNotGranted(PEOPLE);
                proxy.comeBack();
            }
            crowd.awaitGranted(20);
            crowd.endAndCompare(fixture);
        }
    }

    @Test
    void refusesWhileAllConnectionSlotsAreTakenAndGoesOnByItself() throws SQLException {
        List<Connection> hoarded = new ArrayList<>();
        try (FaultProxy proxy = new FaultProxy(fixture.connection());
                Database database = Database.open(proxy.connection(), 3, InstantSource.system());
                Ledger ledger =
                        new Ledger(database, InstantSource.system(), Ledger.Limits.DEFAULT);
                Crowd crowd = new Crowd(ledger, fewPlaces(fixture), PEOPLE, 3, LITTLE)) {
            crowd.awaitGranted(20);
            proxy.vanish();
            try {
                hoard(hoarded);
                long before = crowd.granted();
                proxy.comeBack();
                crowd.awaitNotGranted(PEOPLE);
                assertThat(crowd.granted()).isEqualTo(before);
            } finally {
                for (Connection connection : hoarded) {
                    connection.close();
                }
            }
            crowd.awaitGranted(20);
            crowd.endAndCompare(fixture);
        }
    }

    /** Takes every connection that the server will give, until none has been left for a while. */
    private static void hoard(List<Connection> hoarded) throws SQLException {
        int refusals = 0;
        while (refusals < 50) {
            try {
                hoarded.add(connect(fixture.connection()));
                refusals = 0;
            } catch (SQLException e) {
                assertThat(e.getSQLState()).isEqualTo("53300");
                refusals++;
            }
        }
    }

    private static Connection connect(DataFolder.Connection to) throws SQLException {
        return DriverManager.getConnection(to.jdbcUrl(), to.user(), to.password());
    }

    @Test
    void losesNothingOnAFullDiskAndGoesOnWhenThereIsRoomAgain() throws IOException {
        Path disk = Files.createDirectory(temp.toRealPath().resolve("disk"));
        assumeTrue(
                isDone(
                        "mount",
                        "-t",
                        "tmpfs",
                        "-o",
                        "size=420m,mode=0700",
                        "none",
                        disk.toString()),
                "NOT SHOWN: a full disk needs a small file system, and only root can mount one");
        Path ballast = disk.resolve("ballast");
        try (LocalPostgres postgres = LocalPostgres.start(disk.resolve("postgres"), told -> {})) {
            try (LedgerFixture full =
                            new LedgerFixture(
                                    new DataFolder.Connection(
                                            postgres.jdbcUrl(),
                                            postgres.user(),
                                            postgres.password()));
                    Ledger ledger = full.ledger(Ledger.Limits.DEFAULT)) {
                byte[] much = new byte[4_000];
                new SplittableRandom(4).nextBytes(much);
                try (var watch = Executors.newSingleThreadScheduledExecutor();
                        Crowd crowd = new Crowd(ledger, List.of(full.place(9_999)), 48, 4, much)) {
                    crowd.awaitGranted(20);
                    fill(ballast);
                    crowd.awaitNotGranted(20);
                    Files.delete(ballast);
                    // As the server does.
                    Future<?> _ =
                            watch.scheduleWithFixedDelay(
                                    () -> startAgain(postgres), 0, 1, TimeUnit.SECONDS);
                    crowd.awaitGranted(5);
                    crowd.endAndCompare(full);
                    System.out.println("full disk: " + crowd);
                }
            }
        } finally {
            assertThat(isDone("umount", "-l", disk.toString())).isTrue();
        }
    }

    private static void startAgain(LocalPostgres postgres) {
        try {
            postgres.startAgainIfDead();
        } catch (StoreException e) {
            // The next try may be luckier.
        }
    }

    /** Leaves not a byte. */
    private static void fill(Path ballast) {
        byte[] block = new byte[1 << 16];
        for (int size = block.length; size > 0; size /= 16) {
            try (OutputStream out =
                    Files.newOutputStream(
                            ballast, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
                while (true) {
                    out.write(block, 0, size);
                }
            } catch (IOException e) {
                // It is full, for blocks of this size.
            }
        }
    }

    private static boolean isDone(String... words) throws IOException {
        try {
            return new ProcessBuilder(words)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
