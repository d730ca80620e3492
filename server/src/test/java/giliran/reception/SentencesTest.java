package giliran.reception;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import giliran.people.DetailsProblem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SentencesTest {
    private static final Sentences ENGLISH = Sentences.in("en");

    static List<String> languages() {
        return Sentences.languages();
    }

    @ParameterizedTest
    @MethodSource("languages")
    void everyLanguageHasTheKeysOfEnglishAndNoOthers(String language) {
        assertThat(Sentences.in(language).keys()).isEqualTo(ENGLISH.keys());
    }

    @ParameterizedTest
    @MethodSource("languages")
    void everySentenceHasThePlaceholdersOfTheEnglishOne(String language) {
        Sentences sentences = Sentences.in(language);
        for (String key : ENGLISH.keys()) {
            assertThat(sentences.placeholders(key)).as(key).isEqualTo(ENGLISH.placeholders(key));
            assertThat(sentences.asWritten(key).replaceAll("\\{[A-Za-z]+}", ""))
                    .as("%s: a brace that belongs to no placeholder", key)
                    .doesNotContain("{", "}");
        }
    }

    @ParameterizedTest
    @MethodSource("languages")
    void noTextIsEmptyOrHasStraySpace(String language) {
        Sentences sentences = Sentences.in(language);
        for (String key : sentences.keys()) {
            assertThat(sentences.asWritten(key))
                    .as(key)
                    .isNotBlank()
                    .isEqualTo(sentences.asWritten(key).strip())
                    .doesNotContain("  ", "\uFFFD");
        }
    }

    @ParameterizedTest
    @MethodSource("languages")
    void onlyEnglishIsInEnglish(String language) {
        Sentences sentences = Sentences.in(language);
        for (String key : sentences.keys()) {
            if (!language.equals("en") && !key.startsWith("wait.")) {
                assertThat(sentences.asWritten(key)).as(key).isNotEqualTo(ENGLISH.asWritten(key));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("languages")
    void everySentenceCanBeSaid(String language) {
        Sentences sentences = Sentences.in(language);
        Map<String, String> values =
                Map.of(
                        "opensAt", "<opensAt>",
                        "closesAt", "<closesAt>",
                        "minimumAge", "<minimumAge>",
                        "eligibleFrom", "<eligibleFrom>",
                        "wait", "<wait>",
                        "seconds", "<seconds>",
                        "minutes", "<minutes>");
        for (String key : sentences.keys()) {
            assertThat(sentences.say(key, values)).as(key).doesNotContain("{");
        }
    }

    @Test
    void everyProblemOfTheContractHasATitleAndAnExplanationAndSaysWhatHappenedAndWhatNext()
            throws IOException {
        Set<String> types =
                findAll(Pattern.compile("type: \\{const: /problems/([a-z-]+)}"), contract());

        assertThat(types).hasSize(18);
        for (String type : types) {
            assertThat(ENGLISH.keys()).contains(type + ".title", type + ".about");
            assertThat(ENGLISH.keys())
                    .as(type)
                    .anyMatch(key -> key.startsWith(type + ".") && key.endsWith(".detail"));
        }
        for (String key : ENGLISH.keys()) {
            if (key.endsWith(".detail")) {
                assertThat(types).contains(key.substring(0, key.indexOf('.')));
                assertThat(ENGLISH.keys()).contains(key.replace(".detail", ".next"));
            }
        }
    }

    @Test
    void everyReasonOfTheContractForAFieldHasASentenceAndNoOther() throws IOException {
        String contract = contract();
        int start = contract.indexOf("InvalidDetailsProblem:\n");
        String reasons = contract.substring(start, contract.indexOf("KeyReusedProblem:\n", start));
        Set<String> keys = new TreeSet<>();
        for (String reason : findAll(Pattern.compile("- ([a-z]+(?:-[a-z]+)*)\\n"), reasons)) {
            keys.add("field." + reason);
        }

        Set<String> spoken = new TreeSet<>(ENGLISH.keys());
        spoken.removeIf(key -> !key.startsWith("field."));
        assertThat(spoken).hasSize(15).isEqualTo(keys);
    }

    @ParameterizedTest
    @MethodSource("languages")
    void everyReasonThatAFieldIsRefusedForHasASentence(String language) {
        for (DetailsProblem.Reason reason : DetailsProblem.Reason.values()) {
            String text = reason.name().toLowerCase(Locale.ROOT).replace('_', '-');
            assertThat(Sentences.in(language).say("field." + text)).isNotBlank();
        }
    }

    @Test
    void theContractKnowsTheSameLanguages() throws IOException {
        assertThat(contract()).contains("enum: [" + String.join(", ", languages()) + "]");
    }

    @Test
    void whatIsFilledInIsNotSearchedAgain() {
        assertThat(ENGLISH.say("not-open.detail", Map.of("opensAt", "{wait} $1 \\")))
                .isEqualTo("Booking opens on {wait} $1 \\. Nothing was booked.");
    }

    @Test
    void aMissingKeyIsAnErrorOfTheProgram() {
        assertThatThrownBy(() -> ENGLISH.say("no-such-thing.detail"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no-such-thing.detail");
    }

    @Test
    void aMissingValueIsAnErrorOfTheProgram() {
        assertThatThrownBy(() -> ENGLISH.say("not-open.detail"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("{opensAt}");
    }

    @Test
    void anUnknownLanguageIsAnErrorOfTheProgram() {
        assertThatThrownBy(() -> Sentences.in("de")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void choosesEnglishWhenNothingIsKnown() {
        assertThat(choose(null, null)).isEqualTo("en");
        assertThat(choose("", "")).isEqualTo("en");
    }

    @Test
    void choosesWhatTheHeaderAsksForBeforeThePersonsOwn() {
        assertThat(choose("ta", "ms")).isEqualTo("ta");
    }

    @Test
    void choosesThePersonsOwnWhenTheHeaderAsksForNothingThatWeHave() {
        assertThat(choose(null, "ms")).isEqualTo("ms");
        assertThat(choose("de, ja;q=0.5", "ms")).isEqualTo("ms");
        assertThat(choose("*", "ms")).isEqualTo("ms");
        assertThat(choose(null, "ms-MY")).isEqualTo("ms");
    }

    @Test
    void choosesEnglishWhenThePersonsOwnIsNotOneOfOurs() {
        assertThat(choose("de", "ja")).isEqualTo("en");
        assertThat(choose(null, "ms;q=0")).isEqualTo("en");
    }

    @Test
    void choosesTheHeaviest() {
        assertThat(choose("en;q=0.5, ms;q=0.8, zh;q=0.7", null)).isEqualTo("ms");
        assertThat(choose("en;q=0.9,fr", null)).isEqualTo("fr");
    }

    @Test
    void choosesTheFirstOfTheEquallyHeavy() {
        assertThat(choose("zh, ms, en", null)).isEqualTo("zh");
        assertThat(choose("fr;q=0.3, ta;q=0.3", null)).isEqualTo("fr");
    }

    @Test
    void looksUpALongerRangeByWhatItBeginsWith() {
        assertThat(choose("ms-MY", null)).isEqualTo("ms");
        assertThat(choose("zh-Hant-TW, en;q=0.9", null)).isEqualTo("zh");
        assertThat(choose("de-CH, fr-CA;q=0.2", null)).isEqualTo("fr");
    }

    @Test
    void takesALanguageNotForAnotherThatBeginsWithTheSameLetters() {
        assertThat(choose("tam, fro, msa", null)).isEqualTo("en");
    }

    @Test
    void readsLettersOfEitherCaseInAnyLocale() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.of("tr", "TR"));
            assertThat(choose("MS-my;Q=0.9, FR;q=0.1", null)).isEqualTo("ms");
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void doesNotChooseWhatHasWeightZero() {
        assertThat(choose("ms;q=0, fr;q=0.1", null)).isEqualTo("fr");
        assertThat(choose("ms;q=0.000", "ms")).isEqualTo("en");
        assertThat(choose("en-GB, en;q=0, ta;q=0.1", null)).isEqualTo("ta");
    }

    @Test
    void refusingOneScriptDoesNotRefuseTheLanguage() {
        assertThat(choose("zh-Hant;q=0, zh;q=0.5", null)).isEqualTo("zh");
    }

    @Test
    void fallsBackToEnglishEvenWhenItIsRefused() {
        assertThat(choose("en;q=0, *", null)).isEqualTo("en");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ",,,;;;q=,",
                "q=1",
                "ms;q=2",
                "ms;q=-1",
                "ms;q=0.12345",
                "ms q=1",
                "-ms",
                "ms-",
                "ms;q=NaN",
                "m\u0000s",
                "\uD800",
                "ms--MY",
                "{opensAt}",
                "ms;level=1",
                "\u0130"
            })
    void passesOverWhatIsNotARange(String header) {
        assertThat(choose(header, null)).isEqualTo("en");
        assertThat(choose(header + ", fr;q=0.1", null)).isEqualTo("fr");
        assertThat(choose(null, header)).isEqualTo("en");
    }

    @Test
    void readsOnlyTheBeginningOfAnEndlessHeader() {
        String endless = "x,".repeat(1_000_000);
        assertThat(choose("ta," + endless, null)).isEqualTo("ta");
        assertThat(choose(endless + "ta", null)).isEqualTo("en");
        assertThat(choose("a".repeat(10_000_000), null)).isEqualTo("en");
        assertThat(choose("-a".repeat(10_000_000), "-a".repeat(10_000_000))).isEqualTo("en");
    }

    @Test
    void dropsTheRangeThatTheEndOfReadingCutsInTwo() {
        String before = "x,".repeat(499);
        assertThat(choose(before + "msa,fr", null)).isEqualTo("en");
    }

    @Test
    void writesDaysAndTimesAsPeopleDo() {
        LocalDate day = LocalDate.of(2021, 5, 2);
        OffsetDateTime noon = OffsetDateTime.parse("2021-05-02T12:00:00+08:00");

        assertThat(ENGLISH.day(day)).isEqualTo("Sunday, 2 May 2021");
        assertThat(Sentences.in("ms").day(day)).isEqualTo("Ahad, 2 Mei 2021");
        assertThat(Sentences.in("zh").day(day)).isEqualTo("2021年5月2日星期日");
        assertThat(Sentences.in("ta").day(day)).isEqualTo("ஞாயிறு, 2 மே, 2021");
        assertThat(Sentences.in("fr").day(day)).isEqualTo("dimanche 2 mai 2021");
        assertThat(ENGLISH.moment(noon)).isEqualTo("Sunday, 2 May 2021, 12:00\u00A0pm");
        assertThat(ENGLISH.time(noon)).isEqualTo("12:00\u00A0pm");
        for (String language : languages()) {
            Sentences sentences = Sentences.in(language);
            assertThat(sentences.moment(noon)).contains("12", "00", "2021");
            assertThat(sentences.moment(noon)).contains(sentences.time(noon));
            assertThat(sentences.time(noon)).doesNotContain(" ", "\u202F");
        }
    }

    @Test
    void saysHowLongToWaitRoundedUp() {
        assertThat(ENGLISH.howLong(Duration.ZERO)).isEqualTo("1 second");
        assertThat(ENGLISH.howLong(Duration.ofMillis(900))).isEqualTo("1 second");
        assertThat(ENGLISH.howLong(Duration.ofMillis(1_001))).isEqualTo("2 seconds");
        assertThat(ENGLISH.howLong(Duration.ofSeconds(119))).isEqualTo("119 seconds");
        assertThat(ENGLISH.howLong(Duration.ofMinutes(2))).isEqualTo("2 minutes");
        assertThat(ENGLISH.howLong(Duration.ofSeconds(121))).isEqualTo("3 minutes");
        assertThatThrownBy(() -> ENGLISH.howLong(Duration.ofNanos(-1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static String contract() throws IOException {
        return Files.readString(Path.of("..", "openapi.yaml"));
    }

    private static Set<String> findAll(Pattern pattern, String text) {
        Set<String> found = new TreeSet<>();
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            found.add(requireNonNull(matcher.group(1)));
        }
        return found;
    }

    private static String choose(@Nullable String acceptLanguage, @Nullable String own) {
        return Sentences.choose(acceptLanguage, () -> own);
    }
}
