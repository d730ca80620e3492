package giliran.imports;

import static org.assertj.core.api.Assertions.assertThat;

import giliran.campaigns.Campaign;
import giliran.campaigns.CampaignPlan;
import giliran.campaigns.CampaignPlan.PlannedSlot;
import giliran.campaigns.Slot;
import giliran.imports.ReadCampaignFiles.PlanResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The sample campaign is what its source published, ahead of whoever loads it. */
final class SampleTest {
    private static final Path SAMPLE = Path.of("../samples/malaysia-2021-05-02");
    private static final Instant AS_PUBLISHED = Instant.parse("2021-05-02T04:47:23Z");
    private static final LocalDate FIRST_DAY = LocalDate.parse("2021-05-05");
    private static final Map<String, String> CENTRES =
            Map.of("1", "WTCKL", "2", "UM", "3", "UKM", "4", "IDCC");

    private static CampaignPlan plan(Instant now) {
        return switch (new ReadCampaignFiles(SAMPLE).readPlan(now)) {
            case PlanResult.Read(CampaignPlan plan) -> plan;
            case PlanResult.Faulty(List<FileProblem> problems) ->
                    throw new AssertionError(problems.toString());
        };
    }

    private static String centreDate(Campaign campaign, Slot slot) {
        return slot.centre() + " " + campaign.dayOf(slot.start());
    }

    private static LocalDate firstDay(CampaignPlan plan) {
        return plan.slots().stream()
                .map(planned -> plan.campaign().dayOf(planned.slot().start()))
                .min(LocalDate::compareTo)
                .orElseThrow();
    }

    @Test
    void offersThePlacesOfEachCentreDateThatTheSitePublished() throws IOException {
        Map<String, Integer> published = new TreeMap<>();
        Pattern.compile("\"location\":\"(.)\",\"balance\":\"?(\\d+)\"?,\"date\":\"([^\"]+)\"")
                .matcher(Files.readString(SAMPLE.resolve("source.json")))
                .results()
                .forEach(
                        found ->
                                published.put(
                                        CENTRES.get(found.group(1)) + " " + found.group(3),
                                        Integer.parseInt(found.group(2))));
        CampaignPlan plan = plan(AS_PUBLISHED);

        Map<String, Integer> offered =
                plan.slots().stream()
                        .collect(
                                Collectors.toMap(
                                        planned -> centreDate(plan.campaign(), planned.slot()),
                                        PlannedSlot::capacity,
                                        Integer::sum));

        assertThat(offered).isEqualTo(published).hasSize(98);
        assertThat(plan.slots()).hasSize(784);
        assertThat(plan.slots().stream().mapToInt(PlannedSlot::capacity).sum()).isEqualTo(220_300);
    }

    @Test
    void offersEightHoursADayWhosePlacesDifferByOneAtMost() {
        CampaignPlan plan = plan(AS_PUBLISHED);
        Map<String, List<PlannedSlot>> days =
                plan.slots().stream()
                        .collect(
                                Collectors.groupingBy(
                                        planned -> centreDate(plan.campaign(), planned.slot())));

        assertThat(days.values())
                .allSatisfy(
                        windows -> {
                            assertThat(windows)
                                    .extracting(
                                            planned ->
                                                    planned.slot()
                                                            .start()
                                                            .atZone(plan.campaign().timeZone())
                                                            .toLocalTime())
                                    .isEqualTo(
                                            IntStream.range(9, 17)
                                                    .mapToObj(hour -> LocalTime.of(hour, 0))
                                                    .toList());
                            assertThat(windows)
                                    .allSatisfy(
                                            planned ->
                                                    assertThat(planned.slot().end())
                                                            .isEqualTo(
                                                                    planned.slot()
                                                                            .start()
                                                                            .plusSeconds(3600)));
                            assertThat(windows.getFirst().capacity() - windows.getLast().capacity())
                                    .isBetween(0, 1);
                        });
    }

    @Test
    void offersTheRoundToAnyAdultAtItsFourCentres() {
        CampaignPlan plan = plan(AS_PUBLISHED);

        assertThat(plan.campaign().id()).hasToString("az-2021-05");
        assertThat(plan.campaign().eligibility().minimumAge()).isEqualTo(18);
        assertThat(plan.campaign().eligibility().regions()).isEmpty();
        assertThat(plan.campaign().allowance()).isZero();
        assertThat(plan.centres())
                .extracting(centre -> centre.id() + " in " + centre.region())
                .containsExactly(
                        "WTCKL in kuala-lumpur",
                        "UM in kuala-lumpur",
                        "UKM in selangor",
                        "IDCC in selangor");
        assertThat(plan.slots())
                .allSatisfy(
                        planned -> assertThat(planned.slot().product()).isEqualTo("AstraZeneca"))
                .allSatisfy(planned -> assertThat(planned.slot().dose()).isEqualTo(1));
    }

    @Test
    void isNotMovedOnTheDayOfItsSource() {
        assertThat(firstDay(plan(AS_PUBLISHED))).isEqualTo(FIRST_DAY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2021-05-04T15:59:59.999Z", // the last moment of the eve of the first day there
                "2021-05-04T16:00:00Z",
                "2021-05-05T15:59:59.999Z",
                "2024-02-29T12:00:00Z",
                "2026-11-22T15:59:59Z",
                "2026-11-22T16:00:00Z",
                "2026-12-31T23:59:59Z",
                "2399-12-31T16:00:00Z",
                "9990-06-01T00:00:00Z"
            })
    void liesAheadOfWheneverItIsLoadedOnTheSameWeekdaysAndIsOpenAtOnce(Instant now) {
        CampaignPlan original = plan(AS_PUBLISHED);

        CampaignPlan plan = plan(now);

        LocalDate today = plan.campaign().dayOf(now);
        assertThat(firstDay(plan)).isAfter(today);
        assertThat(plan.campaign().status(now)).isEqualTo(Campaign.Status.OPEN);
        assertThat(plan.campaign().closesAt())
                .isEqualTo(plan.slots().getLast().slot().end())
                .isAfter(now);
        long days = ChronoUnit.DAYS.between(FIRST_DAY, firstDay(plan));
        assertThat(days % 7).isZero();
        assertThat(days == 0 || !firstDay(plan).minusWeeks(1).isAfter(today)).isTrue();
        assertThat(plan.slots())
                .extracting(planned -> planned.slot().start())
                .isEqualTo(
                        original.slots().stream()
                                .map(planned -> planned.slot().start().plus(days, ChronoUnit.DAYS))
                                .toList());
    }

    @Test
    void hasTheSameSlotsWhenItIsReadAgain() {
        Instant monday = Instant.parse("2026-11-23T01:00:00Z");

        List<PlannedSlot> first = plan(monday).slots();

        assertThat(plan(monday.plus(1, ChronoUnit.DAYS)).slots()).isEqualTo(first);
        assertThat(first).extracting(planned -> planned.slot().id()).doesNotHaveDuplicates();
    }
}
