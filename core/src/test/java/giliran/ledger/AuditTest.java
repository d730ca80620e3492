package giliran.ledger;

import static giliran.ledger.LedgerFixture.book;
import static giliran.ledger.LedgerFixture.cancel;
import static giliran.ledger.LedgerFixture.done;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each test damages a database of its own by hand. */
final class AuditTest {
    private LedgerFixture fixture;
    private PlaceId place;
    private Command.Book live;
    private Command.Book ended;

    @BeforeEach
    void keepAnAppointmentAndOneThatEnded() {
        fixture = new LedgerFixture();
        place = fixture.place(5);
        live = book(place);
        ended = book(place);
        try (Ledger ledger = fixture.ledger()) {
            done(ledger, live);
            done(ledger, ended);
            done(ledger, cancel(ended));
        }
        assertThat(fixture.faults()).isEmpty();
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private Audit.Report run() {
        return new Audit(fixture.database()).run(Optional.empty());
    }

    private void finds(String rule, String... words) {
        assertThat(run().faults())
                .singleElement()
                .satisfies(fault -> assertThat(fault).startsWith(rule + ": ").contains(words));
    }

    private static String digits(Command.Book book) {
        return "%016d".formatted(book.reference().value());
    }

    // Each rule

    @Test
    void tellsWhatItCountedAndWhichRulesItTested() {
        assertThat(run())
                .isEqualTo(
                        new Audit.Report(
                                1,
                                1,
                                1,
                                List.of(
                                        "Counters equal rows",
                                        "No slot is above its capacity plus allowance",
                                        "No person has two live appointments for a dose in a"
                                                + " programme",
                                        "Nothing is live and ended at once",
                                        "Every appointment is in a slot of its centre and for its"
                                                + " dose",
                                        "What is held, and nothing else that is live, is held until"
                                                + " an instant"),
                                List.of()));
    }

    @Test
    void findsACounterThatSaysMoreThanTheRows() {
        fixture.execute("UPDATE place SET booked = booked + 1");
        finds("Counters equal rows", place.slot().toString(), "2 booked", "rows say 1");
    }

    @Test
    void findsARowThatNoCounterCounts() {
        fixture.execute("UPDATE place SET booked = 0");
        finds("Counters equal rows", place.slot().toString(), "0 booked", "rows say 1");
    }

    @Test
    void findsAHeldPlaceThatIsCountedAsBooked() {
        fixture.execute("UPDATE place SET booked = 0, held = 1");
        finds("Counters equal rows", "0 booked and 1 held", "rows say 1 and 0");
    }

    @Test
    void findsAppointmentsWithoutACounter() {
        fixture.execute("DELETE FROM place");
        finds("Counters equal rows", place.slot().toString(), "0 booked", "rows say 1");
    }

    @Test
    void findsASlotAboveItsCapacityPlusAllowance() {
        fixture.execute("ALTER TABLE place DROP CONSTRAINT place_never_oversold");
        fixture.execute("UPDATE place SET capacity = 0, allowance = 1");
        assertThat(run().faults()).isEmpty();
        fixture.execute("UPDATE place SET allowance = 0");
        finds("No slot is above its capacity plus allowance", place.slot().toString(), "1 rows");
    }

    @Test
    void findsAPersonWithTwoLiveAppointmentsForADose() {
        fixture.execute(
                "ALTER TABLE appointment DROP CONSTRAINT appointment_one_live_a_person_and_dose");
        fixture.execute(
                """
                INSERT INTO appointment
                SELECT person, dose, reference + 1, centre, slot, state, version, request_key, content, taken_at, changed_at, sealed
                FROM appointment
                """);
        fixture.execute("UPDATE place SET booked = booked + 1");
        finds(
                "No person has two live appointments for a dose in a programme",
                digits(live),
                "2 live");
    }

    @Test
    void findsAnAppointmentThatIsLiveAndEnded() {
        fixture.execute(
                """
                INSERT INTO ended_appointment
                SELECT person, dose, reference, centre, slot, 'cancelled', version, request_key, content, taken_at, changed_at, sealed
                FROM appointment
                """);
        finds("Nothing is live and ended at once", digits(live));
    }

    @Test
    void findsAnAppointmentForADoseThatItsSlotDoesNotGive() {
        fixture.execute("UPDATE appointment SET dose = 2");
        finds(
                "Every appointment is in a slot of its centre and for its dose",
                digits(live),
                "dose 2");
    }

    @Test
    void findsAnEndedAppointmentInASlotThatIsNotThere() {
        fixture.execute(
                "UPDATE ended_appointment SET slot = '%s'"
                        .formatted(LedgerFixture.uuid("nowhere")));
        finds("Every appointment is in a slot of its centre and for its dose", digits(ended));
    }

    @Test
    void countsAHeldPlaceAsHeld() {
        try (Ledger ledger = fixture.ledger()) {
            done(ledger, book(place).heldUntil(Instant.now().plusSeconds(600)));
        }
        assertThat(fixture.count(place)).isEqualTo(new PlaceCount(5, 0, 1, 1));
        assertThat(run().faults()).isEmpty();
        fixture.execute("UPDATE place SET held = 0");
        finds("Counters equal rows", "1 booked and 0 held", "rows say 1 and 1");
    }

    @Test
    void findsAHeldPlaceThatIsHeldForEver() {
        fixture.execute("ALTER TABLE appointment DROP CONSTRAINT appointment_is_held_until_a_time");
        fixture.execute("UPDATE appointment SET state = 'held'");
        fixture.execute("UPDATE place SET held = 1, booked = 0");
        finds(
                "What is held, and nothing else that is live, is held until an instant",
                digits(live),
                "held until null");
    }

    @Test
    void tellsTheFirstHundredFaultsOfARule() {
        IntStream.range(0, 120).forEach(i -> fixture.place(1));
        fixture.execute("UPDATE place SET held = 1");
        assertThat(run().faults()).hasSize(100);
    }

    // What it writes down

    @Test
    void writesOneRowAnAppointmentAndNothingPersonal() {
        StringBuilder csv = new StringBuilder();
        new Audit(fixture.database()).run(Optional.of(csv));
        List<String> lines = csv.toString().lines().toList();
        assertThat(lines)
                .hasSize(3)
                .first()
                .isEqualTo("reference,dose,centre,slot,state,taken_at,changed_at");
        String time = "20\\d\\d-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z";
        for (String row : List.of(digits(live), digits(ended))) {
            String state = row.equals(digits(live)) ? "booked" : "cancelled";
            assertThat(lines)
                    .filteredOn(line -> line.startsWith(row + ","))
                    .singleElement()
                    .asString()
                    .matches(
                            "\\d{16},1,%s,%s,%s,%s,%s"
                                    .formatted(place.centre(), place.slot(), state, time, time));
        }
        assertThat(csv)
                .doesNotContain(live.person().value().toString())
                .doesNotContain(live.key().name().toString())
                .doesNotContain(live.key().content().toString());
    }

    @Test
    void writesEveryAppointmentOfMany() {
        PlaceId large = fixture.place(6_000);
        try (Ledger ledger = fixture.ledger()) {
            List<CompletableFuture<CommandResult>> answers =
                    IntStream.range(0, 5_500).mapToObj(i -> ledger.submit(book(large))).toList();
            answers.forEach(LedgerFixture::done);
        }
        StringBuilder csv = new StringBuilder();
        Audit.Report report = new Audit(fixture.database()).run(Optional.of(csv));
        assertThat(report.live()).isEqualTo(5_501);
        assertThat(csv.toString().lines().map(line -> line.substring(0, 16)).distinct())
                .hasSize(5_503);
    }

    // Beside a ledger at work

    @Test
    void seesOneInstantHoweverLongItTakes() {
        try (Ledger ledger = fixture.ledger()) {
            StringBuilder csv = new StringBuilder();
            Appendable slow =
                    new Appendable() {
                        @Override
                        public Appendable append(CharSequence text) throws IOException {
                            done(ledger, book(place));
                            csv.append(text);
                            return this;
                        }

                        @Override
                        public Appendable append(CharSequence text, int start, int end)
                                throws IOException {
                            return append(text.subSequence(start, end));
                        }

                        @Override
                        public Appendable append(char c) throws IOException {
                            return append(String.valueOf(c));
                        }
                    };
            Audit.Report report = new Audit(fixture.database()).run(Optional.of(slow));
            assertThat(report.live()).isEqualTo(1);
            assertThat(csv.toString().lines()).hasSize(3);
            assertThat(run().live()).isEqualTo(4);
        }
    }

    @Test
    void raisesNoFalseAlarmWhileTheLedgerIsAtWork() {
        List<PlaceId> places = IntStream.range(0, 5).mapToObj(i -> fixture.place(3)).toList();
        try (Ledger ledger = fixture.ledger()) {
            CompletableFuture<Void> audits =
                    CompletableFuture.runAsync(
                            () -> {
                                for (int i = 0; i < 20; i++) {
                                    assertThat(run().faults()).isEmpty();
                                }
                            });
            List<Command.Book> booked = new ArrayList<>();
            while (!audits.isDone()) {
                Command.Book next = book(places.get(booked.size() % places.size()));
                done(ledger, next);
                booked.add(next);
                if (booked.size() >= 10) {
                    done(ledger, cancel(booked.get(booked.size() - 10)));
                }
            }
            audits.join();
        }
    }
}
