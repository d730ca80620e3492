package giliran.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import giliran.campaigns.Campaign;
import giliran.campaigns.RegionId;
import giliran.ledger.Audit;
import giliran.ledger.Command;
import giliran.ledger.CommandResult;
import giliran.ledger.LedgerFixture;
import giliran.ledger.PlaceId;
import giliran.ledger.Refusal;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the ledger is measured against does the same work: it books, and the audit is clean. */
final class PeersTest {
    private static LedgerFixture fixture;
    private static OneByOne oneByOne;

    @BeforeAll
    static void open() {
        fixture = new LedgerFixture();
        oneByOne = new OneByOne(fixture.connection(), 4, InstantSource.system());
    }

    @AfterAll
    static void close() {
        oneByOne.close();
        fixture.close();
    }

    @AfterEach
    void leavesACleanLedger() {
        assertThat(new Audit(fixture.database()).run(Optional.empty()).faults()).isEmpty();
    }

    @Test
    void booksAsManyAsThereArePlacesOneByOne() {
        PlaceId place = fixture.place(10);

        List<CompletableFuture<CommandResult>> answers =
                IntStream.range(0, 30)
                        .mapToObj(i -> oneByOne.submit(LedgerFixture.book(place)))
                        .toList();

        List<CommandResult> results = answers.stream().map(CompletableFuture::join).toList();
        assertThat(results).filteredOn(CommandResult.Done.class::isInstance).hasSize(10);
        assertThat(results)
                .filteredOn(CommandResult.Refused.class::isInstance)
                .hasSize(20)
                .allMatch(result -> refusal(result) == Refusal.PLACE_GONE);
    }

    private static Refusal refusal(CommandResult result) {
        return ((CommandResult.Refused) result).refusal();
    }

    @Test
    void answersARepeatedRequestOneByOneAsItWasGranted() {
        Command.Book book = LedgerFixture.book(fixture.place(2));

        assertThat(LedgerFixture.done(oneByOne.submit(book)).isReplay()).isFalse();
        assertThat(LedgerFixture.done(oneByOne.submit(LedgerFixture.again(book))).isReplay())
                .isTrue();
    }

    @Test
    void refusesASecondAppointmentOneByOne() {
        PlaceId place = fixture.place(2);
        Command.Book book = LedgerFixture.book(place);
        LedgerFixture.done(oneByOne.submit(book));

        assertThat(
                        LedgerFixture.refusal(
                                oneByOne.submit(LedgerFixture.book(book.person(), place, "other"))))
                .isEqualTo(Refusal.ALREADY_BOOKED);
    }

    @Test
    void refusesOneByOneWhatPolicyRefusesUnlessItIsARepeat() {
        Command.Book book = LedgerFixture.book(fixture.place(2));
        Command.Book late = LedgerFixture.unlessReplay(book, Refusal.CLOSED);

        assertThat(LedgerFixture.refusal(oneByOne.submit(late))).isEqualTo(Refusal.CLOSED);
        LedgerFixture.done(oneByOne.submit(book));
        assertThat(LedgerFixture.done(oneByOne.submit(late)).isReplay()).isTrue();
    }

    @Test
    void fillsSlotsBySqlAlone() {
        Campaign campaign = LedgerFixture.campaign("sql-alone");
        fixture.place(campaign, 1, LedgerFixture.SLOT_START, 1_000_000);
        Ceiling ceiling =
                new Ceiling(
                        fixture.database(),
                        campaign.id(),
                        new RegionId("selangor"),
                        InstantSource.system());

        assertThat(ceiling.run(16, 2, Duration.ZERO, Duration.ofMillis(500))).isPositive();
    }

    @Test
    void saysWhichSlotsThereAreNot() {
        assertThatThrownBy(
                        () ->
                                new Ceiling(
                                        fixture.database(),
                                        LedgerFixture.CAMPAIGN.id(),
                                        new RegionId("elsewhere"),
                                        InstantSource.system()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void readsHowTheDatabaseIsSet() {
        assertThat(DatabaseSettings.read(fixture.database()))
                .contains("fsync = on", "synchronous_commit = on");
    }
}
