package giliran.main;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import giliran.campaigns.Slot;
import giliran.campaigns.TestCampaign;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** A walk past one page of each kind, with campaigns that look like real ones. */
final class PageTour {
    private static final LocalDate BORN_EARLY = LocalDate.of(1951, 9, 16);
    private static final String REGION = "kuala-lumpur";
    private static final int DAYS = 5;
    private static final LocalTime[] TIMES = {
        LocalTime.of(9, 0),
        LocalTime.of(10, 0),
        LocalTime.of(11, 0),
        LocalTime.of(14, 0),
        LocalTime.of(15, 0),
        LocalTime.of(16, 0)
    };

    /** How many places each time of a day has; the first is taken while somebody looks at it. */
    private static final int[] PLACES = {1, 12, 0, 48, 3, 7};

    private final TestCampaign open;
    private final TestCampaign later;
    private final TestCampaign full;
    private final TestCampaign ended;
    private final Slot[] rare;
    private final Slot plain;
    private final Slot other;

    /**
     * @param visits how often the walk can be gone
     */
    PageTour(int visits) {
        Instant now = Instant.now();
        LocalDate first = LocalDate.ofInstant(now, TestCampaign.ZONE).plusDays(9);
        open =
                new TestCampaign("az-2021-05")
                        .called("AstraZeneca, round of 2 May", "AstraZeneca")
                        .minimumAge(18)
                        .region(REGION, "Kuala Lumpur")
                        .region("selangor", "Selangor")
                        .region("johor", "Johor")
                        .region("pulau-pinang", "Pulau Pinang")
                        .region("sarawak", "Sarawak")
                        .centre("wtc", REGION)
                        .named("wtc", "World Trade Centre Kuala Lumpur")
                        .centre("um", REGION)
                        .named("um", "Dewan Tunku Canselor, Universiti Malaya")
                        .centre("ideal", "selangor")
                        .named("ideal", "Ideal Convention Centre Shah Alam")
                        .centre("persada", "johor")
                        .named("persada", "Persada Johor")
                        .centre("spice", "pulau-pinang")
                        .named("spice", "SPICE Arena")
                        .centre("bcck", "sarawak")
                        .named("bcck", "Borneo Convention Centre Kuching");
        rare = new Slot[visits];
        Slot last = null;
        for (int day = 0; day < DAYS; day++) {
            for (int time = 0; time < TIMES.length; time++) {
                Instant start = at(first.plusDays(day), TIMES[time]);
                open.slot("wtc", start, PLACES[time] * (day + 1));
                last = open.slot("um", start, day == 1 ? 0 : 1_000 / (time + 1));
            }
        }
        other = open.slot("um", at(first.plusDays(DAYS), LocalTime.NOON), 500);
        plain = last == null ? other : last;
        for (int visit = 0; visit < visits; visit++) {
            rare[visit] =
                    open.slot(
                            "wtc",
                            at(first.plusDays(DAYS), LocalTime.of(8, 0).plusMinutes(visit * 10L)),
                            1);
        }
        for (String centre : new String[] {"ideal", "persada", "spice"}) {
            open.slot(centre, at(first, LocalTime.NOON), 250);
        }
        open.slot("bcck", at(first, LocalTime.NOON), 0);
        later =
                new TestCampaign("pfizer-60")
                        .called("Pfizer, second booster for people over 60", "Pfizer")
                        .minimumAge(60)
                        .opens(now.plus(Duration.ofHours(52)))
                        .region(REGION, "Kuala Lumpur")
                        .centre("hkl", REGION)
                        .named("hkl", "Hospital Kuala Lumpur");
        for (int time = 0; time < TIMES.length; time++) {
            later.slot("hkl", at(first, TIMES[time]), 40);
        }
        full =
                new TestCampaign("sinovac-teachers")
                        .called("Sinovac, for teachers", "Sinovac")
                        .region(REGION, "Kuala Lumpur")
                        .centre("sekolah", REGION)
                        .named("sekolah", "SMK Bukit Bintang");
        full.slot("sekolah", at(first, LocalTime.NOON), 0);
        ended =
                new TestCampaign("az-2021-04")
                        .called("AstraZeneca, round of 18 April", "AstraZeneca")
                        .opens(now.minus(Duration.ofDays(20)))
                        .closes(now.minus(Duration.ofDays(1)))
                        .region(REGION, "Kuala Lumpur")
                        .centre("putra", REGION)
                        .named("putra", "Pusat Dagangan Dunia Putra");
        ended.slot("putra", at(first, LocalTime.NOON), 5);
    }

    private static Instant at(LocalDate day, LocalTime time) {
        return day.atTime(time).atZone(TestCampaign.ZONE).toInstant();
    }

    TestGiliran start(Path folder) {
        return TestGiliran.start(folder, open, later, full, ended);
    }

    private static ObjectNode person(LocalDate born) {
        return TestBooking.person(born).put("region", REGION);
    }

    /**
     * Goes past all pages.
     *
     * @param visit of the visits that were announced, from 0
     * @param stop is told the name of each page that is reached
     */
    void go(Visitor visitor, int visit, TestGiliran giliran, Consumer<String> stop) {
        goPublished(visitor, stop);
        goBeforeTheOpening(visitor, stop);
        ObjectNode person = person(TestBooking.BORN);
        visitor.openCheck(rare[visit]);
        visitor.isOn("details\\?slot=.*");
        stop.accept("details");
        visitor.press();
        isTold(visitor);
        stop.accept("details-wrong");
        // The button of the present one would keep everyone waiting.
        visitor.openCheck(rare[visit]);
        visitor.type(person);
        visitor.press();
        visitor.isOn("check\\?slot=.*");
        stop.accept("check");

        giliran.book(rare[visit], person(TestBooking.BORN));
        visitor.press();
        isTold(visitor);
        stop.accept("gone");
        visitor.openCheck(plain);
        visitor.press();
        visitor.isOnAppointment();
        stop.accept("done");
        String done = visitor.page().url();
        visitor.openCheck(other);
        visitor.press();
        isTold(visitor);
        stop.accept("already-booked");

        visitor.page().navigate(done);
        visitor.see("form[action$='/choose'] button").click();
        assertThat(visitor.page()).hasURL(Pattern.compile("/regions/" + REGION + "$"));
        visitor.openCheck(other);
        stop.accept("move");
        visitor.press();
        visitor.isOnAppointment();
        visitor.see("a[href$='/cancel']").click();
        visitor.isOn("a/[^/]+/cancel");
        stop.accept("cancel");
        visitor.press();
        visitor.isOnAppointment();
        stop.accept("cancelled");
        goFind(visitor, stop);
    }

    private void goPublished(Visitor visitor, Consumer<String> stop) {
        visitor.open("/");
        stop.accept("start");
        visitor.open("/c/az-2021-05");
        stop.accept("campaign");
        visitor.open("/c/az-2021-05/regions/" + REGION);
        stop.accept("region");
        visitor.open("/c/az-2021-05/regions/" + REGION + "/wtc");
        stop.accept("centre");
        visitor.open("/c/pfizer-60");
        assertThat(visitor.see(".g-count")).isVisible();
        stop.accept("not-open");
        visitor.open("/c/sinovac-teachers");
        stop.accept("sold-out");
        visitor.open("/c/az-2021-04");
        stop.accept("closed");
        visitor.open("/maintenance");
        stop.accept("maintenance");
        visitor.open("/nowhere");
        stop.accept("not-found");
    }

    private void goBeforeTheOpening(Visitor visitor, Consumer<String> stop) {
        visitor.openDetails("pfizer-60");
        visitor.type(person(BORN_EARLY));
        visitor.press();
        visitor.isOn("ready");
        stop.accept("ready");
    }

    private void goFind(Visitor visitor, Consumer<String> stop) {
        visitor.openMine("/find");
        stop.accept("find");
        visitor.see("#reference").fill("1234 5678 9012 3456");
        visitor.typeDate(TestBooking.BORN);
        visitor.press();
        isTold(visitor);
        stop.accept("find-nothing");
    }

    private static void isTold(Visitor visitor) {
        assertThat(visitor.see("[data-told]")).isVisible();
    }
}
