package giliran.report;

import static org.assertj.core.api.Assertions.assertThat;

import giliran.outcome.Outcome;
import giliran.outcome.Outcome.BrokenPromise;
import giliran.outcome.Outcome.Ending;
import giliran.outcome.Outcome.Group;
import giliran.outcome.Outcome.Scene;
import giliran.outcome.Outcome.Setting;
import giliran.outcome.Outcome.Verdict;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** What stands on the page, and what never may. */
final class ReportPageTest {
    private static final int BYTES_MAX = 300_000;
    private static final String EVIL = "<script>alert(1)</script>\"'&";

    private static final List<String> SECTIONS =
            List.of(
                    "Broken promises",
                    "The opening",
                    "How long people waited",
                    "What became of people",
                    "Was it fair?",
                    "What the server did",
                    "Other than in a usual run",
                    "Do it again");

    /** The page as XML, which it is but for its doctype and two empty elements. */
    private static Document parsed(String html) throws Exception {
        String xml =
                html.replaceFirst("<!doctype html>\n", "")
                        .replaceAll("<meta ([^>]*)>", "<meta $1/>");
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)));
    }

    private static List<Element> elements(Document page, String name) {
        NodeList found = page.getElementsByTagName(name);
        return IntStream.range(0, found.getLength())
                .mapToObj(i -> (Element) found.item(i))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void hasEverySectionInItsOrder(boolean isKept) throws Exception {
        Document page = parsed(ReportPage.html(Examples.outcome(470, isKept)));

        assertThat(elements(page, "h2").stream().map(Element::getTextContent))
                .containsExactlyElementsOf(SECTIONS);
    }

    @Test
    void hasEverySectionAlsoWhereNothingHappened() throws Exception {
        Document page = parsed(ReportPage.html(Examples.empty()));

        assertThat(elements(page, "h2").stream().map(Element::getTextContent))
                .containsExactlyElementsOf(SECTIONS);
        assertThat(elements(page, "svg")).isEmpty();
        assertThat(elements(page, "p").stream().map(Element::getTextContent))
                .contains("Nothing was measured.");
    }

    @Test
    void drawsASingleSecond() throws Exception {
        String html = ReportPage.html(Examples.outcome(1, true));

        assertThat(elements(parsed(html), "svg")).isNotEmpty();
        assertThat(html).doesNotContain("NaN").doesNotContain("Infinity");
    }

    @Test
    void tellsTheVerdictFirst() {
        assertThat(ReportPage.html(Examples.outcome(10, true)))
                .containsSubsequence(
                        "<h1>", "✓ Kept.", "every promise was kept.", "<p>", "<dl", "<svg");
        assertThat(ReportPage.html(Examples.outcome(10, false)))
                .containsSubsequence("verdict is-broken", "✗ Broken.", "2 promises were broken.");
    }

    @Test
    void namesPersonsAndRequestsOfABrokenPromiseUpToTwenty() {
        assertThat(ReportPage.html(Examples.outcome(10, false)))
                .contains("told-201-and-not-there", "<li>person 0</li>", "<li>person 19</li>")
                .contains("and 11 more, which the JSON names", "<li>key 7f3a, slot 12")
                .doesNotContain("<li>person 20</li>");
    }

    @Test
    void loadsNothingAndRunsNothing() {
        assertThat(ReportPage.html(Examples.outcome(470, false)))
                .doesNotContain("http:", "https:", "<script", "<link", "<img", "url(", "@import")
                .doesNotContain(" src=", " href=", "javascript:");
    }

    @Test
    void escapesEverythingThatAnOutcomeSays() throws Exception {
        Outcome some = Examples.outcome(3, false);
        Outcome evil =
                new Outcome(
                        EVIL,
                        EVIL,
                        new Scene(EVIL, EVIL, EVIL, 1, 1, 1, 1, 1, 1),
                        new Verdict(false, EVIL),
                        some.figures(),
                        List.of(new Setting(EVIL, EVIL, EVIL, EVIL)),
                        List.of(secondThatIsRefused(some.seconds().getFirst())),
                        List.of(
                                new Outcome.Latency(
                                        EVIL,
                                        some.latencies().getFirst().whole(),
                                        some.latencies().getFirst().points())),
                        List.of(new Ending(EVIL, 1)),
                        List.of(new Group(EVIL, EVIL, 1, 1, 1)),
                        some.server(),
                        List.of(new BrokenPromise(EVIL, EVIL, List.of(EVIL), List.of(EVIL))),
                        some.realTrace());

        String html = ReportPage.html(evil);

        assertThat(html)
                .doesNotContain("<script", "alert(1)</script>", "\"'&")
                .contains("&lt;script&gt;");
        assertThat(elements(parsed(html), "script")).isEmpty();
    }

    private static Outcome.Second secondThatIsRefused(Outcome.Second second) {
        return new Outcome.Second(
                second.second(), 0, 0, 0, 0, 1, 0, 0, 0, Map.of(EVIL, 1L), 0, 0, 0, 1, 0);
    }

    @Test
    void tellsOfEachDrawingInWordsAndInATable() throws Exception {
        Document page = parsed(ReportPage.html(Examples.outcome(470, true)));

        List<Element> drawings = elements(page, "svg");
        assertThat(drawings).hasSizeGreaterThanOrEqualTo(12);
        for (Element drawing : drawings) {
            String[] ids = drawing.getAttribute("aria-labelledby").split(" ", -1);
            assertThat(drawing.getAttribute("role")).isEqualTo("img");
            assertThat(((Element) drawing.getElementsByTagName("title").item(0)).getAttribute("id"))
                    .isEqualTo(ids[0]);
            Element desc = (Element) drawing.getElementsByTagName("desc").item(0);
            assertThat(desc.getAttribute("id")).isEqualTo(ids[1]);
            assertThat(desc.getTextContent()).contains("at most");
            Element figure = (Element) drawing.getParentNode().getParentNode();
            assertThat(figure.getElementsByTagName("table").getLength()).isEqualTo(1);
        }
        assertThat(drawings.stream().map(each -> each.getAttribute("aria-labelledby")))
                .doesNotHaveDuplicates();
    }

    @Test
    void staysSmallHoweverLongItTookAndSaysHowItWasThinned() throws IOException {
        String html = ReportPage.html(Examples.outcome(9_000, true));

        Path looked = Path.of("target/report/example.html");
        Files.createDirectories(looked.getParent());
        Files.writeString(looked, ReportPage.html(Examples.outcome(470, true)));
        assertThat(html.getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(BYTES_MAX);
        assertThat(html).contains("Each point of a chart stands for 38 seconds");
        assertThat(ReportPage.html(Examples.outcome(240, true))).doesNotContain("stands for");
    }

    @Test
    void drawsTheRealDayBesideWhereThereIsARecord() {
        assertThat(ReportPage.html(Examples.outcome(470, true)))
                .contains("dashed what really happened that day", "class=\"line real\"");
        assertThat(ReportPage.html(Examples.outcome(10, true)))
                .doesNotContain("that day<", "line real");
    }

    @Test
    void namesEverySettingThatDiffersAndTheCommand() {
        assertThat(ReportPage.html(Examples.outcome(10, true)))
                .contains("proof of work", "cost 0", "cost 1", "phones solve it, not we")
                .contains("<code>./giliran rehearse malaysia-2021-05-26 --scale 1 --seed 7</code>");
    }
}
