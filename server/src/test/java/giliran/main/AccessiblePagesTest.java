package giliran.main;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import giliran.reception.Sentences;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each page can be used by everyone: in each language, by day and by night, on a small screen. */
class AccessiblePagesTest {
    private static final String AXE = axe();

    /** By day all rules, by night those of colours: nothing else changes. */
    private static final String LOOK =
            """
            async () => {
                const found = await axe.run(document, { resultTypes: ["violations"], runOnly: %s });
                return found.violations.flatMap(rule =>
                    rule.nodes.map(node => rule.id + ": " + node.target + " " + node.failureSummary));
            }
            """;

    private static final String BY_DAY =
            LOOK.formatted(
                    "[\"wcag2a\", \"wcag2aa\", \"wcag21aa\", \"wcag22aa\", \"best-practice\"]");
    private static final String BY_NIGHT =
            LOOK.formatted("{ type: \"rule\", values: [\"color-contrast\"] }");

    /** What stands out to the right of a small screen, so that people would have to scroll. */
    private static final String TOO_WIDE =
            """
            () => document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll("body *")]
                .filter(it => it.getBoundingClientRect().right > innerWidth)
                .map(it => "too wide: " + it.outerHTML.slice(0, 120))
            """;

    private static final String MOVING =
            "() => document.getAnimations().map(it => \"moves: \" + it.effect.target.outerHTML)";

    /** Colours are the same in each language: all are looked at by night in the long check only. */
    private static final boolean IS_LONG = Boolean.getBoolean("giliran.long");

    private static PageTour tour;
    private static TestGiliran giliran;
    private static Chromium chromium;

    private static String axe() {
        try (InputStream in =
                Objects.requireNonNull(
                        AccessiblePagesTest.class.getResourceAsStream("/axe.min.js"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @BeforeAll
    static void start(@TempDir Path folder) {
        tour = new PageTour(Sentences.languages().size());
        giliran = tour.start(folder);
        chromium = new Chromium();
    }

    @AfterAll
    static void stop() {
        chromium.close();
        giliran.close();
    }

    static List<String> languages() {
        return Sentences.languages();
    }

    @ParameterizedTest
    @MethodSource("languages")
    void everyPageCanBeUsedByEveryone(String language) {
        List<String> faults = new ArrayList<>();
        try (Visitor visitor = chromium.visitor(giliran.address(), language)) {
            visitor.context().addInitScript(AXE);
            Page page = visitor.page();
            tour.go(
                    visitor,
                    languages().indexOf(language),
                    giliran,
                    stop -> {
                        for (String look : List.of(BY_DAY, TOO_WIDE, MOVING)) {
                            look(page, look, stop, faults);
                        }
                        if (language.equals(Sentences.LAST_RESORT) || IS_LONG) {
                            lookByNight(page, stop, faults);
                        }
                    });
        }
        assertThat(faults).isEmpty();
    }

    @Test
    void whatSomePeopleCouldNotUseIsFound() {
        List<String> faults = new ArrayList<>();
        try (Visitor visitor = chromium.visitor(giliran.address(), "en")) {
            visitor.context().addInitScript(AXE);
            visitor.open("/maintenance");
            Page page = visitor.page();
            page.evaluate(
                    "() => document.querySelector('main').innerHTML += '<hr width=999><img>'");
            look(page, BY_DAY, "broken", faults);
            look(page, TOO_WIDE, "broken", faults);
        }
        assertThat(faults)
                .anyMatch(fault -> fault.startsWith("broken: image-alt"))
                .anyMatch(fault -> fault.startsWith("broken: too wide: <hr"));
    }

    private static void lookByNight(Page page, String stop, List<String> faults) {
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
        look(page, BY_NIGHT, stop + " by night", faults);
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.LIGHT));
    }

    private static void look(Page page, String script, String stop, List<String> faults) {
        for (Object fault : (List<?>) page.evaluate(script)) {
            faults.add(stop + ": " + fault);
        }
    }
}
