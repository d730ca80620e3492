package giliran.imports;

import static org.assertj.core.api.Assertions.assertThat;

import giliran.campaigns.Campaign;
import giliran.campaigns.CampaignId;
import giliran.campaigns.CampaignPlan;
import giliran.campaigns.CampaignPlan.PlannedSlot;
import giliran.campaigns.CampaignPlan.Published;
import giliran.campaigns.Centre;
import giliran.campaigns.CentreId;
import giliran.campaigns.Eligibility;
import giliran.campaigns.Region;
import giliran.campaigns.RegionId;
import giliran.campaigns.Slot;
import giliran.campaigns.SlotId;
import giliran.imports.ReadCampaignFiles.PlanResult;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is read from a campaign's files, and each refusal with its words. */
final class ReadCampaignFilesTest {
    private static final Instant NOW = Instant.parse("2021-05-02T04:47:23.5Z");
    private static final CampaignId CAMPAIGN = new CampaignId("az-2021-05");
    private static final String CENTRES =
            "centre_id,name,region_id,region_name,district,address,postcode,latitude,longitude,"
                    + "phone,accessibility\n";
    private static final String UM =
            "UM,Dewan 1,kl,Kuala Lumpur,Kuala Lumpur,\"Universiti Malaya, 50603\",50603,"
                    + "3.121,101.655,,no steps\n";
    private static final String UKM = "UKM,Dewan Gemilang,selangor,Selangor,,,,,,,\n";
    private static final String SLOTS = "slot_id,centre_id,start,end,capacity,product,dose\n";
    private static final String SLOT = "s1,UM,2021-05-16T09:00,2021-05-16T10:00,12,,1\n";
    private static final String YAML =
            """
            id: az-2021-05
            name: AstraZeneca, second round
            programme: covid-19
            product: AstraZeneca
            timeZone: Asia/Kuala_Lumpur
            """;

    @TempDir Path folder;

    @BeforeEach
    void writeFilesInOrder() throws IOException {
        write("campaign.yaml", YAML);
        write("centres.csv", CENTRES + UM + UKM);
        write("slots.csv", SLOTS + SLOT);
    }

    private void write(String file, String text) throws IOException {
        Files.writeString(folder.resolve(file), text);
    }

    private void writeSlots(String... rows) throws IOException {
        write("slots.csv", SLOTS + String.join("\n", rows) + "\n");
    }

    private CampaignPlan plan() {
        return plan(NOW);
    }

    private CampaignPlan plan(Instant now) {
        return switch (new ReadCampaignFiles(folder).readPlan(now)) {
            case PlanResult.Read(CampaignPlan plan) -> plan;
            case PlanResult.Faulty(List<FileProblem> problems) ->
                    throw new AssertionError(problems.toString());
        };
    }

    private List<String> problems() {
        return switch (new ReadCampaignFiles(folder).readPlan(NOW)) {
            case PlanResult.Read(CampaignPlan plan) -> throw new AssertionError(plan.toString());
            case PlanResult.Faulty(List<FileProblem> problems) ->
                    problems.stream().map(FileProblem::toString).toList();
        };
    }

    @Test
    void readsACampaignWithTheDefaultsOfWhatIsLeftOut() {
        assertThat(plan().campaign())
                .isEqualTo(
                        new Campaign(
                                CAMPAIGN,
                                "AstraZeneca, second round",
                                "covid-19",
                                "AstraZeneca",
                                Instant.parse("2021-05-02T04:47:23Z"),
                                Instant.parse("2021-05-16T02:00:00Z"),
                                new Eligibility(0, Set.of()),
                                0,
                                ZoneId.of("Asia/Kuala_Lumpur"),
                                false));
    }

    @Test
    void readsACampaignThatLeavesNothingOut() throws IOException {
        write(
                "campaign.yaml",
                YAML
                        + """
                        opens: 2021-05-03T12:00
                        closes: "2021-05-31T00:00+08:00"
                        minimumAge: 60
                        regions: [selangor, kl]
                        allowance: 3
                        """);

        Campaign campaign = plan().campaign();

        assertThat(campaign.opensAt()).isEqualTo("2021-05-03T04:00:00Z");
        assertThat(campaign.closesAt()).isEqualTo("2021-05-30T16:00:00Z");
        assertThat(campaign.eligibility())
                .isEqualTo(
                        new Eligibility(60, Set.of(new RegionId("selangor"), new RegionId("kl"))));
        assertThat(campaign.allowance()).isEqualTo(3);
    }

    @Test
    void readsCentresAndTheRegionsTheyAreIn() {
        assertThat(plan().regions())
                .containsExactly(
                        new Region(new RegionId("kl"), "Kuala Lumpur"),
                        new Region(new RegionId("selangor"), "Selangor"));
        assertThat(plan().centres())
                .containsExactly(
                        new Centre(
                                new CentreId("UM"),
                                "Dewan 1",
                                new RegionId("kl"),
                                "Kuala Lumpur",
                                "Universiti Malaya, 50603",
                                "50603",
                                Optional.of(new Centre.Position(3.121, 101.655)),
                                "",
                                "no steps"),
                        new Centre(
                                new CentreId("UKM"),
                                "Dewan Gemilang",
                                new RegionId("selangor"),
                                "",
                                "",
                                "",
                                Optional.empty(),
                                "",
                                ""));
    }

    @Test
    void readsASlotInTheCampaignsZoneAndProduct() {
        assertThat(plan().slots())
                .containsExactly(
                        new PlannedSlot(
                                new Slot(
                                        SlotId.of(CAMPAIGN, "s1"),
                                        CAMPAIGN,
                                        new CentreId("UM"),
                                        Instant.parse("2021-05-16T01:00:00Z"),
                                        Instant.parse("2021-05-16T02:00:00Z"),
                                        "AstraZeneca",
                                        1),
                                12,
                                false,
                                Published.named("s1")));
    }

    @Test
    void readsTimesWithTheirOffsetAndAProductOfTheSlotsOwn() throws IOException {
        writeSlots("s1,UM,2021-05-16T01:00:00Z,2021-05-17T01:00:00+08:00,0,Sinovac,2");

        Slot slot = plan().slots().getFirst().slot();

        assertThat(slot.start()).isEqualTo("2021-05-16T01:00:00Z");
        assertThat(slot.end()).isEqualTo("2021-05-16T17:00:00Z");
        assertThat(slot.product()).isEqualTo("Sinovac");
        assertThat(slot.dose()).isEqualTo(2);
    }

    @Test
    void namesASlotWithoutAnIdByCentreStartProductAndDose() throws IOException {
        writeSlots(
                ",UM,2021-05-16T09:00,2021-05-16T10:00,12,,1",
                ",UM,2021-05-16T09:00,2021-05-16T10:00,12,,2",
                ",UM,2021-05-16T09:00,2021-05-16T10:00,12,Sinovac,1",
                ",UKM,2021-05-16T09:00,2021-05-16T10:00,12,,1");

        assertThat(plan().slots())
                .extracting(planned -> planned.slot().id())
                .containsExactly(
                        SlotId.of(CAMPAIGN, "UM|2021-05-16T01:00:00Z|AstraZeneca|1"),
                        SlotId.of(CAMPAIGN, "UM|2021-05-16T01:00:00Z|AstraZeneca|2"),
                        SlotId.of(CAMPAIGN, "UM|2021-05-16T01:00:00Z|Sinovac|1"),
                        SlotId.of(CAMPAIGN, "UKM|2021-05-16T01:00:00Z|AstraZeneca|1"));
    }

    @Test
    void findsColumnsByNameInAnyOrderAfterAByteOrderMarkWithAnyLineEnd() throws IOException {
        write(
                "slots.csv",
                String.join(
                        "\r\n",
                        "\uFEFF\"dose\",capacity,end,start,centre_id,slot_id,product",
                        "1,12,2021-05-16T10:00,2021-05-16T09:00,UM,s1,\"Astra\"\"Zeneca\"",
                        "",
                        ""));

        assertThat(plan().slots())
                .singleElement()
                .satisfies(
                        planned -> assertThat(planned.slot().product()).isEqualTo("Astra\"Zeneca"));
    }

    @Test
    void refusesFilesThatAreNotThere() throws IOException {
        Files.delete(folder.resolve("campaign.yaml"));
        Files.delete(folder.resolve("centres.csv"));
        Files.delete(folder.resolve("slots.csv"));

        assertThat(problems())
                .containsExactly(
                        "campaign.yaml: there is no such file",
                        "centres.csv: there is no such file",
                        "slots.csv: there is no such file");
    }

    @Test
    void refusesAFolderInAFilesPlace() throws IOException {
        Files.delete(folder.resolve("campaign.yaml"));
        Files.createDirectory(folder.resolve("campaign.yaml"));
        Files.delete(folder.resolve("slots.csv"));
        Files.createDirectory(folder.resolve("slots.csv"));

        assertThat(problems())
                .containsExactly(
                        "campaign.yaml: it cannot be read: Is a directory",
                        "slots.csv: it cannot be read: Is a directory");
    }

    @Test
    void tellsTheProblemsOfAllFilesAtOnce() throws IOException {
        write("campaign.yaml", YAML + "minimumAge: old\n");
        write("centres.csv", CENTRES + UM + UKM.replace("UKM,", "U K M,"));
        writeSlots("s1,UM,2021-05-16T09:00,2021-05-16T10:00,-3,,0");

        assertThat(problems())
                .containsExactly(
                        "campaign.yaml:6: minimumAge is old; it must be a whole number from 0 to"
                                + " 130",
                        "centres.csv:3: centre_id is \"U K M\"; it must be 1 to 64 letters, digits,"
                                + " dots, hyphens or underscores",
                        "slots.csv:2: capacity is -3; it must be 0 or more",
                        "slots.csv:2: dose is 0; it must be 1 or more");
    }

    @Test
    void tellsTheFirstHundredProblemsAndThatThereAreMore() throws IOException {
        writeSlots(",UM,2021-05-16T09:00,2021-05-16T10:00,none,,0\n".repeat(5_000).split("\n", -1));

        assertThat(problems())
                .hasSize(101)
                .endsWith(
                        "slots.csv:51: dose is 0; it must be 1 or more",
                        "slots.csv:52: there are more problems from here on; the first 100 are"
                                + " listed");
    }

    @Test
    void refusesBytesThatAreNotUtf8WithTheirLine() throws IOException {
        Files.write(
                folder.resolve("centres.csv"),
                (CENTRES + UM + UKM.replace("Gemilang", "Gemil\u00E4ng"))
                        .getBytes(StandardCharsets.ISO_8859_1));
        Files.write(
                folder.resolve("campaign.yaml"),
                (YAML + "# f\u00FCr alle\n").getBytes(StandardCharsets.ISO_8859_1));

        assertThat(problems())
                .containsExactly(
                        "campaign.yaml:6: the file must be in UTF-8",
                        "centres.csv:3: name is \"Dewan Gemil\uFFFDng\"; the file must be in UTF-8");
    }

    @Test
    void refusesAFileWithoutRows() throws IOException {
        write("centres.csv", "");
        write("slots.csv", SLOTS);

        String reason = "there is no row, or none but the first with the columns' names";
        assertThat(problems()).containsExactly("centres.csv: " + reason, "slots.csv: " + reason);
    }

    @Test
    void refusesAMissingAnUnknownAndARepeatedColumn() throws IOException {
        write("slots.csv", "slot_id,centre_id,start,end,capacity,Product,dose,dose\n" + SLOT);

        assertThat(problems())
                .containsExactly(
                        "slots.csv:1: column Product is not one of slot_id, centre_id, start, end,"
                                + " capacity, product, dose",
                        "slots.csv:1: column dose is there twice",
                        "slots.csv:1: column product is missing");
    }

    @Test
    void refusesRowsWithTooFewOrTooManyFields() throws IOException {
        writeSlots("s1,UM,2021-05-16T09:00", "", SLOT.strip() + ",9");

        assertThat(problems())
                .containsExactly(
                        "slots.csv:2: the row has 3 fields; it must have 7",
                        "slots.csv:4: the row has 8 fields; it must have 7");
    }

    @Test
    void refusesQuotesThatAreNotCsv() throws IOException {
        writeSlots(SLOT.strip(), "s2,\"UM\"x,2021-05-16T09:00,2021-05-16T10:00,12,,1");

        assertThat(problems())
                .containsExactly(
                        "slots.csv:3: it cannot be read as CSV from here on: Unexpected character"
                                + " after closing quote: 'x' (0x78)");
    }

    @Test
    void refusesAQuoteThatIsNeverClosed() throws IOException {
        write("centres.csv", CENTRES + UM + UKM.replace("Dewan", "\"Dewan"));

        assertThat(problems())
                .containsExactly("centres.csv:3: the row has 2 fields; it must have 11");
    }

    @Test
    void refusesAnEndlessField() throws IOException {
        writeSlots("x".repeat(10_001));

        assertThat(problems())
                .singleElement()
                .asString()
                .startsWith("slots.csv:2: it cannot be read as CSV from here on: Field at index 0")
                .contains("exceeds the max field size of 10000 characters");
    }

    @Test
    void refusesACentreThatIsThereTwice() throws IOException {
        write("centres.csv", CENTRES + UM + UM);

        assertThat(problems())
                .containsExactly("centres.csv:3: centre_id is UM; an earlier row has that centre");
    }

    @Test
    void refusesARegionWithTwoNames() throws IOException {
        write("centres.csv", CENTRES + UM + UKM.replace("selangor,Selangor", "kl,Kuala Lumpor"));

        assertThat(problems())
                .containsExactly(
                        "centres.csv:3: region_name is \"Kuala Lumpor\"; an earlier row calls region"
                                + " kl \"Kuala Lumpur\"");
    }

    @Test
    void refusesACentreWithoutANameOrARegion() throws IOException {
        write("centres.csv", CENTRES + UM + UKM.replace("Dewan Gemilang,selangor", " ,"));

        assertThat(problems())
                .containsExactly(
                        "centres.csv:3: name is \" \"; it must be given",
                        "centres.csv:3: region_id is empty; it must be 1 to 64 letters, digits,"
                                + " dots, hyphens or underscores");
    }

    @Test
    void refusesAPositionThatIsHalfOrNotOnTheGlobe() throws IOException {
        String far = UKM.replace("UKM", "IDCC").replace(",,,,,,,", ",,,,90.1,-180.1,,");
        String half = UKM.replace(",,,,,,,", ",,,,2.927,,,");
        write("centres.csv", CENTRES + UM + half + far);

        assertThat(problems())
                .containsExactly(
                        "centres.csv:3: longitude is empty; it must be degrees from -180 to 180,"
                                + " such as 3.139",
                        "centres.csv:4: latitude is 90.1; it must be degrees from -90 to 90, such"
                                + " as 3.139",
                        "centres.csv:4: longitude is -180.1; it must be degrees from -180 to 180,"
                                + " such as 3.139");
    }

    @Test
    void refusesAPositionInAnotherNotation() throws IOException {
        write("centres.csv", CENTRES + UM.replace("3.121,101.655", "NaN,1e2"));

        assertThat(problems())
                .containsExactly(
                        "centres.csv:2: latitude is NaN; it must be degrees from -90 to 90, such as"
                                + " 3.139",
                        "centres.csv:2: longitude is 1e2; it must be degrees from -180 to 180, such"
                                + " as 3.139");
    }

    @Test
    void refusesTextThatIsTooLongAndShowsItsBeginning() throws IOException {
        write("centres.csv", CENTRES + UM.replace("Dewan 1", "\uD83D\uDE00".repeat(101)));

        assertThat(problems())
                .containsExactly(
                        "centres.csv:2: name is \""
                                + "\uD83D\uDE00".repeat(40)
                                + "...\"; it is 202 characters long and may be 200");
    }

    @Test
    void refusesControlCharactersAndShowsThemEscaped() throws IOException {
        String name = "\"Dewan\u0000\n\u202E1\"";
        write("centres.csv", CENTRES + UM.replace("Dewan 1", name) + UKM);

        assertThat(problems())
                .containsExactly(
                        "centres.csv:2: name is \"Dewan\\u0000\\u000a\\u202e1\"; it must be on one"
                                + " line and without control characters");
    }

    @Test
    void refusesASlotAtAnUnknownCentre() throws IOException {
        writeSlots("s1,WTCKL,2021-05-16T09:00,2021-05-16T10:00,12,,1");

        assertThat(problems())
                .containsExactly("slots.csv:2: centre_id is WTCKL; centres.csv has no such centre");
    }

    @Test
    void doesNotCallCentresUnknownWhereTheirFileCouldNotBeRead() throws IOException {
        write("centres.csv", CENTRES + "UM,Dewan 1\n");

        assertThat(problems())
                .containsExactly("centres.csv:2: the row has 2 fields; it must have 11");
    }

    @Test
    void refusesACapacityThatIsNegativeBrokenEmptyOrTooLarge() throws IOException {
        writeSlots(
                "s1,UM,2021-05-16T09:00,2021-05-16T10:00,-3,,1",
                "s2,UM,2021-05-16T09:00,2021-05-16T10:00,2.5,,1",
                "s3,UM,2021-05-16T09:00,2021-05-16T10:00,,,1",
                "s4,UM,2021-05-16T09:00,2021-05-16T10:00,1000001,,1",
                "s5,UM,2021-05-16T09:00,2021-05-16T10:00,9999999999999999999,,1");

        assertThat(problems())
                .containsExactly(
                        "slots.csv:2: capacity is -3; it must be 0 or more",
                        "slots.csv:3: capacity is 2.5; it must be a whole number from 0 to 1000000",
                        "slots.csv:4: capacity is empty; it must be a whole number from 0 to"
                                + " 1000000",
                        "slots.csv:5: capacity is 1000001; it must be at most 1000000",
                        "slots.csv:6: capacity is 9999999999999999999; it must be a whole number"
                                + " from 0 to 1000000");
    }

    @Test
    void refusesADoseThatIsNoneOfTheCourses() throws IOException {
        writeSlots("s1,UM,2021-05-16T09:00,2021-05-16T10:00,12,,10");

        assertThat(problems()).containsExactly("slots.csv:2: dose is 10; it must be at most 9");
    }

    @Test
    void refusesASlotThatDoesNotEndAfterItsStart() throws IOException {
        writeSlots("s1,UM,2021-05-16T09:00,2021-05-16T09:00+08:00,12,,1");

        assertThat(problems())
                .containsExactly(
                        "slots.csv:2: end is 2021-05-16T09:00+08:00; it must be after the start");
    }

    @Test
    void refusesASlotOfMoreThanThirtyOneDays() throws IOException {
        writeSlots(
                "s1,UM,2021-05-16T09:00,2021-06-16T09:00,12,,1",
                "s2,UM,2021-05-16T09:00,2021-06-16T09:01,12,,1");

        assertThat(problems())
                .containsExactly(
                        "slots.csv:3: end is 2021-06-16T09:01; it must be at most 31 days after the"
                                + " start");
    }

    @Test
    void refusesTimesThatAreNotInTheCalendarOrOnTheClock() throws IOException {
        writeSlots(
                "s1,UM,16/05/2021 09:00,2021-02-29T10:00,12,,1",
                "s2,UM,2021-05-16T24:00,2021-05-16T10:00+19:00,12,,1");

        String reason = "; it must be a time such as 2021-05-16T09:00 or 2021-05-16T09:00+08:00";
        assertThat(problems())
                .containsExactly(
                        "slots.csv:2: start is \"16/05/2021 09:00\"" + reason,
                        "slots.csv:2: end is 2021-02-29T10:00" + reason,
                        "slots.csv:3: start is 2021-05-16T24:00" + reason,
                        "slots.csv:3: end is 2021-05-16T10:00+19:00" + reason);
    }

    @Test
    void refusesTimesOfAnotherMillenniumAndFractionsOfASecond() throws IOException {
        writeSlots("s1,UM,0021-05-16T09:00,2021-05-16T10:00:00.5,12,,1");

        String reason = "; it must be in the years 2000 to 9999, to the second";
        assertThat(problems())
                .containsExactly(
                        "slots.csv:2: start is 0021-05-16T09:00" + reason,
                        "slots.csv:2: end is 2021-05-16T10:00:00.5" + reason);
    }

    @Test
    void refusesALocalTimeThatTheClocksSkip() throws IOException {
        write("campaign.yaml", YAML.replace("Asia/Kuala_Lumpur", "Europe/Berlin"));
        writeSlots("s1,UM,2021-03-28T02:30,2021-03-28T03:30,12,,1");

        assertThat(problems())
                .containsExactly(
                        "slots.csv:2: start is 2021-03-28T02:30; the clocks in Europe/Berlin skip"
                                + " that time");
    }

    @Test
    void refusesALocalTimeThatTheClocksShowTwiceUnlessItsOffsetIsGiven() throws IOException {
        write("campaign.yaml", YAML.replace("Asia/Kuala_Lumpur", "Europe/Berlin"));
        writeSlots("s1,UM,2021-10-31T02:30,2021-10-31T02:45+01:00,12,,1");

        assertThat(problems())
                .containsExactly(
                        "slots.csv:2: start is 2021-10-31T02:30; the clocks in Europe/Berlin show"
                                + " that time twice: give its offset");
    }

    @Test
    void refusesASlotThatIsThereTwice() throws IOException {
        writeSlots(
                SLOT.strip(),
                "s1,UKM,2021-05-17T09:00,2021-05-17T10:00,12,,1",
                ",UM,2021-05-16T09:00,2021-05-16T10:00,12,,1",
                ",UM,2021-05-16T01:00Z,2021-05-16T12:00,9,AstraZeneca,1");

        assertThat(problems())
                .containsExactly(
                        "slots.csv:3: slot_id is s1; an earlier row has that slot",
                        "slots.csv:5: slot_id is empty; an earlier row has that centre, start,"
                                + " product and dose");
    }

    @Test
    void refusesASlotIdThatDoesNotReadWellInAnAddress() throws IOException {
        writeSlots("a/b,UM,2021-05-16T09:00,2021-05-16T10:00,12,,1");

        assertThat(problems())
                .containsExactly(
                        "slots.csv:2: slot_id is a/b; it must be 1 to 64 letters, digits, dots,"
                                + " hyphens or underscores");
    }

    @Test
    void refusesACampaignWithoutWhatItNeeds() throws IOException {
        write("campaign.yaml", "programme: ~\nname:\n");

        String id = "it must be 1 to 64 letters, digits, dots, hyphens or underscores";
        assertThat(problems())
                .containsExactly(
                        "campaign.yaml: id is empty; " + id,
                        "campaign.yaml:2: name is empty; it must be given",
                        "campaign.yaml:1: programme is empty; " + id,
                        "campaign.yaml: product is empty; it must be given",
                        "campaign.yaml: timeZone is empty; it must be a time zone's name, such as"
                                + " Asia/Kuala_Lumpur");
    }

    @Test
    void refusesUnknownAndRepeatedKeys() throws IOException {
        write("campaign.yaml", YAML + "minimumage: 18\nname: again\n");

        assertThat(problems())
                .containsExactly(
                        "campaign.yaml:6: key minimumage is not one of id, name, programme, product,"
                                + " opens, closes, minimumAge, regions, allowance, timeZone,"
                                + " proofOfWork, shift",
                        "campaign.yaml:7: key name is there twice");
    }

    @Test
    void refusesValuesOutOfTheirRange() throws IOException {
        write(
                "campaign.yaml",
                YAML.replace("Asia/Kuala_Lumpur", "GMT+8x")
                        + "minimumAge: 131\nallowance: -1\nshift: two-days\nopens: noon\n");

        assertThat(problems())
                .containsExactly(
                        "campaign.yaml:5: timeZone is GMT+8x; it must be a time zone's name, such"
                                + " as Asia/Kuala_Lumpur",
                        "campaign.yaml:9: opens is noon; it must be a time such as 2021-05-16T09:00"
                                + " or 2021-05-16T09:00+08:00",
                        "campaign.yaml:6: minimumAge is 131; it must be at most 130",
                        "campaign.yaml:7: allowance is -1; it must be 0 or more",
                        "campaign.yaml:8: shift is two-days; it must be whole-weeks-ahead or left"
                                + " out");
    }

    @Test
    void readsWhetherPassesTakeAProofOfWork() throws IOException {
        assertThat(plan().campaign().proofOfWork()).isFalse();
        write("campaign.yaml", YAML + "proofOfWork: none\n");
        assertThat(plan().campaign().proofOfWork()).isFalse();
        write("campaign.yaml", YAML + "proofOfWork: passes\n");
        assertThat(plan().campaign().proofOfWork()).isTrue();
    }

    @Test
    void refusesAProofOfWorkForAnythingElse() throws IOException {
        write("campaign.yaml", YAML + "proofOfWork: bookings\n");
        assertThat(problems())
                .containsExactly(
                        "campaign.yaml:6: proofOfWork is bookings; it must be passes or none");
    }

    @Test
    void refusesAnEligibleRegionWithoutACentre() throws IOException {
        write("campaign.yaml", YAML + "regions:\n  - kl\n  - selangr\n");

        assertThat(problems())
                .containsExactly(
                        "campaign.yaml:8: regions is selangr; no centre in centres.csv is in that"
                                + " region");
    }

    @Test
    void refusesAnEmptyListAndAListOfNames() throws IOException {
        write("campaign.yaml", YAML.replace("AstraZeneca\n", "[AZ, Sinovac]\n") + "regions: []\n");

        assertThat(problems())
                .containsExactly(
                        "campaign.yaml:6: regions is an empty list; leave it out instead",
                        "campaign.yaml:4: product is Sinovac; there may be only one product");
    }

    @Test
    void refusesACampaignThatClosesBeforeItOpens() throws IOException {
        write("campaign.yaml", YAML + "closes: 2021-05-01T00:00Z\n");

        assertThat(problems())
                .containsExactly(
                        "campaign.yaml:6: the campaign opens at 2021-05-02T04:47:23Z and closes at"
                                + " 2021-05-01T00:00:00Z; it must open before it closes");
    }

    @Test
    void refusesToOpenACampaignWhoseSlotsAreAllOver() throws IOException {
        writeSlots("s1,UM,2021-05-01T09:00,2021-05-01T10:00,12,,1");

        assertThat(problems())
                .containsExactly(
                        "campaign.yaml: the campaign opens at 2021-05-02T04:47:23Z and closes at"
                                + " 2021-05-01T02:00:00Z; it must open before it closes");
    }

    @Test
    void refusesTextThatIsNotYaml() throws IOException {
        write("campaign.yaml", YAML + "shift: 'whole\n");

        assertThat(problems())
                .containsExactly(
                        "campaign.yaml:7: it cannot be read as YAML: found unexpected end of stream");
    }

    @Test
    void refusesControlCharactersInYaml() throws IOException {
        write("campaign.yaml", YAML + "shift: \u0007\n");

        assertThat(problems())
                .containsExactly(
                        "campaign.yaml: it cannot be read as YAML: special characters are not"
                                + " allowed");
    }

    @Test
    void refusesEscapesThatAreBrokenOrMakeWhatNoTextMayHold() throws IOException {
        write("campaign.yaml", YAML + "shift: \"\\UFFFFFFFF\"\n");
        assertThat(problems())
                .containsExactly(
                        "campaign.yaml: it cannot be read as YAML: an escape after \\ is broken");

        String named = YAML.replace("AstraZeneca, second round", "\"a\\0\"");
        write("campaign.yaml", named.replace("AstraZeneca", "\"b\\uD800\""));
        String reason = "it must be on one line and without control characters";
        assertThat(problems())
                .containsExactly(
                        "campaign.yaml:2: name is \"a\\u0000\"; " + reason,
                        "campaign.yaml:4: product is \"b\\ud800\"; " + reason);
    }

    @Test
    void refusesYamlThatIsMoreThanKeysAndTexts() throws IOException {
        String reason = "there must be keys, each with a text or a list of texts";

        write("campaign.yaml", "- id\n");
        assertThat(problems()).containsExactly("campaign.yaml:1: " + reason);
        write("campaign.yaml", YAML + "---\nid: two\n");
        assertThat(problems()).containsExactly("campaign.yaml:6: " + reason);
        write("campaign.yaml", YAML + "shift: &a [[b]]\n");
        assertThat(problems()).containsExactly("campaign.yaml:6: " + reason);
        write("campaign.yaml", YAML + "shift: *a\n");
        assertThat(problems()).containsExactly("campaign.yaml:6: " + reason);
        write("campaign.yaml", "[".repeat(60_000));
        assertThat(problems()).containsExactly("campaign.yaml:1: " + reason);
    }

    @Test
    void refusesYamlThatIsTooLong() throws IOException {
        write("campaign.yaml", YAML + "#".repeat(65_536));

        assertThat(problems()).containsExactly("campaign.yaml: it may be at most 65536 bytes long");
    }

    @Test
    void movesAllTimesByTheSameWholeWeeksSoThatTheFirstDayIsAfterToday() throws IOException {
        write(
                "campaign.yaml",
                YAML
                        + """
                        opens: 2021-05-03T12:00
                        closes: 2021-05-31T00:00
                        shift: whole-weeks-ahead
                        """);
        writeSlots(
                "s2,UM,2021-05-18T09:00,2021-05-18T10:00,12,,1",
                "s1,UM,2021-05-16T09:00,2021-05-16T10:00,12,,1");

        CampaignPlan onTheDay = plan(Instant.parse("2021-05-16T00:00:00Z"));

        assertThat(onTheDay.campaign().opensAt()).isEqualTo("2021-05-10T04:00:00Z");
        assertThat(onTheDay.campaign().closesAt()).isEqualTo("2021-06-06T16:00:00Z");
        assertThat(onTheDay.slots())
                .extracting(planned -> planned.slot().start().toString())
                .containsExactly("2021-05-25T01:00:00Z", "2021-05-23T01:00:00Z");
        assertThat(onTheDay.slots())
                .extracting(planned -> planned.slot().id())
                .containsExactly(SlotId.of(CAMPAIGN, "s2"), SlotId.of(CAMPAIGN, "s1"));
    }

    @Test
    void movesNothingWhenTheFirstDayIsAheadAlready() throws IOException {
        CampaignPlan unmoved = plan();
        write("campaign.yaml", YAML + "shift: whole-weeks-ahead\n");

        assertThat(plan()).isEqualTo(unmoved);
        assertThat(plan(Instant.parse("2021-05-15T15:59:59Z")).slots()).isEqualTo(unmoved.slots());
    }

    @Test
    void keepsTheLocalTimeWhenAShiftCrossesAChangeOfTheClocks() throws IOException {
        write(
                "campaign.yaml",
                YAML.replace("Asia/Kuala_Lumpur", "Europe/Berlin") + "shift: whole-weeks-ahead\n");
        writeSlots(
                "day,UM,2021-03-21T00:00,2021-03-22T00:00,12,,1",
                "gone,UM,2021-03-21T02:00,2021-03-21T03:00,12,,1");

        assertThat(plan(Instant.parse("2021-03-22T12:00:00Z")).slots())
                .extracting(planned -> planned.slot().start() + " to " + planned.slot().end())
                .containsExactly(
                        "2021-03-27T23:00:00Z to 2021-03-28T22:00:00Z",
                        "2021-03-28T01:00:00Z to 2021-03-28T02:00:00Z");
    }

    @Test
    void namesASlotWithoutAnIdByTheTimeThatIsWrittenWhateverTheShift() throws IOException {
        write("campaign.yaml", YAML + "shift: whole-weeks-ahead\n");
        writeSlots(",UM,2021-05-16T09:00,2021-05-16T10:00,12,,1");

        assertThat(plan(Instant.parse("2026-11-22T00:00:00Z")).slots().getFirst().slot().id())
                .isEqualTo(SlotId.of(CAMPAIGN, "UM|2021-05-16T01:00:00Z|AstraZeneca|1"));
    }
}
