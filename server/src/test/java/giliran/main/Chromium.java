package giliran.main;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ReducedMotion;
import java.io.File;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The Chromium of this machine, for tests of pages; nothing is downloaded for it. */
final class Chromium implements AutoCloseable {
    private static final String NAME = "chromium";
    private static final List<String> OPTIONS =
            List.of(
                    "--no-sandbox",
                    "--disable-gpu",
                    "--disable-background-networking",
                    "--disable-component-update",
                    "--no-first-run",
                    // One page after the other is looked at, all of one site.
                    "--renderer-process-limit=1");
    private static final double PATIENCE_MS = 20_000;
    private static final int PHONE_HEIGHT = 720;

    /** As narrow as a small phone, and as a desktop of 1280 at a zoom of 400 %. */
    static final int NARROW = 320;

    private final Playwright playwright;
    private final Browser browser;

    Chromium() {
        Path program = find();
        playwright =
                Playwright.create(
                        new Playwright.CreateOptions()
                                .setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser =
                playwright
                        .chromium()
                        .launch(
                                new BrowserType.LaunchOptions()
                                        .setExecutablePath(program)
                                        .setArgs(OPTIONS));
        PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MS);
    }

    private static Path find() {
        String path = Objects.requireNonNullElse(System.getenv("PATH"), "");
        return Arrays.stream(path.split(File.pathSeparator))
                .map(folder -> Path.of(folder, NAME))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(
                        () ->
                                new AssertionError(
                                        "Chromium is needed for the browser tests:"
                                                + " apt-get install chromium"));
    }

    /** Somebody with a browser that knows nothing of them yet. */
    Visitor visitor(URI address, String language) {
        return visitor(address, language, true);
    }

    Visitor visitor(URI address, String language, boolean hasScripts) {
        return new Visitor(
                browser.newContext(
                        new Browser.NewContextOptions()
                                .setBaseURL(address.toString())
                                .setJavaScriptEnabled(hasScripts)
                                .setReducedMotion(ReducedMotion.REDUCE)
                                .setViewportSize(NARROW, PHONE_HEIGHT)),
                language);
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }
}
