package giliran.main;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ScreenshotScale;
import giliran.reception.Sentences;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Takes the pictures of docs/pages; no check, and run only by name. */
class Screenshots {
    private static final Path FOLDER = Path.of("../docs/pages");
    private static final int BYTES_MAX = 100_000;
    private static final int PHONE = 390;
    private static final int DESKTOP = 1280;
    private static final int PHONE_HEIGHT = 844;
    private static final int DESKTOP_HEIGHT = 800;
    private static final List<String> IN_OTHER_LANGUAGES = List.of("start", "region", "done");

    @TempDir private Path temp;

    @Test
    void showsEachPageOnAPhoneAndOnADesktop() {
        PageTour tour = new PageTour(Sentences.languages().size() + 1);
        try (TestGiliran giliran = tour.start(temp.resolve("keys"));
                Chromium chromium = new Chromium()) {
            int visit = 0;
            for (String language : Sentences.languages()) {
                boolean isFirst = visit == 0;
                try (Visitor visitor = chromium.visitor(giliran.address(), language)) {
                    tour.go(
                            visitor,
                            visit++,
                            giliran,
                            stop -> {
                                String name = language + "-" + stop;
                                if (isFirst || IN_OTHER_LANGUAGES.contains(stop)) {
                                    take(
                                            visitor.page(),
                                            PHONE,
                                            FOLDER.resolve(name + "-phone.png"));
                                }
                                if (isFirst) {
                                    take(
                                            visitor.page(),
                                            DESKTOP,
                                            FOLDER.resolve(name + "-desktop.png"));
                                }
                            });
                }
            }
            try (Visitor visitor = chromium.visitor(giliran.address(), "en")) {
                visitor.page()
                        .emulateMedia(
                                new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
                tour.go(
                        visitor,
                        visit,
                        giliran,
                        stop -> {
                            if (IN_OTHER_LANGUAGES.contains(stop)) {
                                take(
                                        visitor.page(),
                                        PHONE,
                                        FOLDER.resolve("en-" + stop + "-dark-phone.png"));
                            }
                        });
            }
        }
    }

    private static void take(Page page, int width, Path file) {
        page.setViewportSize(width, width == PHONE ? PHONE_HEIGHT : DESKTOP_HEIGHT);
        byte[] full =
                page.screenshot(
                        new Page.ScreenshotOptions()
                                .setFullPage(true)
                                .setScale(ScreenshotScale.CSS));
        byte[] small = Palette.reduce(full);
        assertThat(small.length).as("bytes of %s", file.getFileName()).isLessThan(BYTES_MAX);
        try {
            Files.createDirectories(file.getParent());
            Files.write(file, small);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
