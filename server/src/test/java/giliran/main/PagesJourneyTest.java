package giliran.main;

import static org.assertj.core.api.Assertions.assertThat;

import giliran.campaigns.TestCampaign;
import giliran.reception.Sentences;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The pages as a browser gets them. */
class PagesJourneyTest {
    private static final int FIRST_PAGE_BYTES_MAX = 60_000;
    private static final int FIRST_PAGE_REQUESTS_MAX = 4;
    private static final int LATER_PAGE_BYTES_MAX = 20_000;

    private static final int CENTRES = 40;
    private static final int DAYS = 21;
    private static final int TIMES = 10;

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static TestGiliran giliran;

    @BeforeAll
    static void start(@TempDir Path folder) {
        TestCampaign campaign = new TestCampaign("open");
        Instant morning = Instant.now().plus(Duration.ofDays(2)).truncatedTo(ChronoUnit.DAYS);
        for (int centre = 0; centre < CENTRES; centre++) {
            campaign.centre("centre-" + centre, "north");
            for (int day = 0; day < DAYS; day++) {
                for (int time = 0; time < TIMES; time++) {
                    campaign.slot(
                            "centre-" + centre,
                            morning.plus(Duration.ofDays(day)).plus(Duration.ofHours(time)),
                            (centre * 31 + day * 7 + time) % 40);
                }
            }
        }
        giliran = TestGiliran.start(folder, campaign);
    }

    @AfterAll
    static void stop() {
        giliran.close();
    }

    static List<String> languages() {
        return Sentences.languages();
    }

    /** One of each kind of page, in English; what is not published among them. */
    static List<String> pages() {
        return List.of(
                "/en/",
                "/en/c/open",
                "/en/c/open/regions/north",
                "/en/c/open/regions/north/centre-7",
                "/en/maintenance",
                "/",
                "/en",
                "/en/nowhere",
                "/nowhere",
                "/en/c/none",
                "/en/c/open/regions/none",
                "/my/en/find",
                "/my/en/c/open/details",
                "/my/en/a/nobody");
    }

    private static HttpResponse<byte[]> get(String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(giliran.address().resolve(path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return HTTP.send(request.build(), BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static HttpResponse<byte[]> zipped(String path) {
        HttpResponse<byte[]> answer = get(path, "Accept-Encoding", "gzip, br");
        assertThat(header(answer, "Content-Encoding")).as(path).isEqualTo("gzip");
        return answer;
    }

    private static String text(HttpResponse<byte[]> answer) {
        return new String(answer.body(), StandardCharsets.UTF_8);
    }

    private static String unzipped(HttpResponse<byte[]> answer) {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(answer.body()))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String header(HttpResponse<?> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }

    /** What a browser asks for besides, to show the page. */
    private static List<String> assets(String page) {
        Matcher links =
                Pattern.compile("(?:src|rel=\"(?:stylesheet|icon)\" href)=\"(/[^\"]*)\"")
                        .matcher(page);
        List<String> assets = new ArrayList<>();
        while (links.find()) {
            assets.add(links.group(1));
        }
        return assets;
    }

    @ParameterizedTest
    @MethodSource("pages")
    void everyPageIsSafeInABrowser(String path) {
        HttpResponse<byte[]> answer = get(path);

        assertThat(header(answer, "Content-Security-Policy"))
                .contains("default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'")
                .contains("form-action 'self'")
                .doesNotContain("unsafe", "*", "http");
        assertThat(header(answer, "X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(header(answer, "Referrer-Policy")).matches("same-origin|no-referrer");
        assertThat(header(answer, "Permissions-Policy")).contains("geolocation=()");
        assertThat(header(answer, "Cross-Origin-Opener-Policy")).isEqualTo("same-origin");
        assertThat(header(answer, "Cross-Origin-Resource-Policy")).isEqualTo("same-origin");
        assertThat(text(answer))
                .doesNotContainPattern("<style|<script(?! src=)|\\sstyle=|\\son[a-z]+=");
    }

    @ParameterizedTest
    @MethodSource("languages")
    void theFirstPageIsLight(String language) {
        HttpResponse<byte[]> first = zipped("/" + language + "/");
        List<String> assets = assets(unzipped(first));
        int bytes = first.body().length;
        for (String asset : assets) {
            bytes += zipped(asset).body().length;
        }

        assertThat(assets.size() + 1).isLessThanOrEqualTo(FIRST_PAGE_REQUESTS_MAX);
        assertThat(bytes).isLessThanOrEqualTo(FIRST_PAGE_BYTES_MAX);
    }

    @ParameterizedTest
    @MethodSource("languages")
    void laterPagesAreLighterStillAndNeedNothingNew(String language) {
        List<String> known = assets(unzipped(zipped("/" + language + "/")));
        for (String path :
                List.of("/c/open", "/c/open/regions/north", "/c/open/regions/north/centre-7")) {
            HttpResponse<byte[]> page = zipped("/" + language + path);

            assertThat(page.body().length)
                    .as("bytes of %s", path)
                    .isLessThanOrEqualTo(LATER_PAGE_BYTES_MAX);
            assertThat(known).containsAll(assets(unzipped(page)));
        }
    }

    @Test
    void assetsAreKeptForEverSinceTheirNamesTellTheirContent() {
        for (String asset : assets(text(get("/en/")))) {
            assertThat(asset).matches("/assets/[a-z]+\\.[0-9a-f]{12}\\.(css|js)");
            HttpResponse<byte[]> answer = get(asset);
            assertThat(header(answer, "Cache-Control"))
                    .isEqualTo("public, max-age=31536000, immutable");
            assertThat(header(answer, "X-Content-Type-Options")).isEqualTo("nosniff");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/en/",
                "/en/c/open",
                "/en/c/open/regions/north",
                "/en/c/open/regions/north/centre-7"
            })
    void aPublishedPageIsKeptAndConfirmedLikeItsJson(String path) {
        HttpResponse<byte[]> json = get("/api/v1/campaigns/open/availability?region=north");
        HttpResponse<byte[]> page = get(path);
        HttpResponse<byte[]> zipped = zipped(path);

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(header(page, "Content-Type")).isEqualTo("text/html; charset=utf-8");
        assertThat(header(page, "Content-Language")).isEqualTo("en");
        assertThat(header(page, "Cache-Control")).isEqualTo(header(json, "Cache-Control"));
        assertThat(header(page, "Vary")).isEqualToIgnoringCase("Accept-Encoding");
        assertThat(header(page, "As-Of")).isNotEmpty();
        assertThat(header(page, "Set-Cookie")).isEmpty();
        assertThat(unzipped(zipped)).isEqualTo(text(page));
        assertThat(header(zipped, "ETag")).isNotEqualTo(header(page, "ETag"));

        HttpResponse<byte[]> again = get(path, "If-None-Match", header(page, "ETag"));
        assertThat(again.statusCode()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
        assertThat(header(again, "ETag")).isEqualTo(header(page, "ETag"));
        assertThat(header(again, "As-Of")).isNotEmpty();
    }

    @Test
    void aQueryChangesNothingOfAPublishedPage() {
        assertThat(header(get("/en/c/open/regions/north?day=3"), "ETag"))
                .isEqualTo(header(get("/en/c/open/regions/north"), "ETag"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ta-MY,ta;q=0.9 > ta", "zh-Hant > zh", "de > en", "fr;q=0.5,ms > ms"})
    void whoeverComesWithoutALanguageIsLedToTheirs(String asked) {
        String[] parts = asked.split(" > ", 2);
        HttpResponse<byte[]> answer = get("/", "Accept-Language", parts[0]);

        assertThat(answer.statusCode()).isEqualTo(302);
        assertThat(header(answer, "Location")).isEqualTo("/" + parts[1] + "/");
        assertThat(header(answer, "Vary")).containsIgnoringCase("Accept-Language");
        assertThat(header(answer, "Cache-Control")).isEqualTo("public, max-age=60");
    }

    @ParameterizedTest
    @MethodSource("languages")
    void whatIsNotThereIsSaidInTheLanguageOfTheAddress(String language) {
        HttpResponse<byte[]> answer = get("/" + language + "/c/none", "Accept-Language", "en");

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(text(answer))
                .contains("<html lang=\"" + language + "\"")
                .contains(Sentences.in(language).say("unknown.title"));
    }

    @ParameterizedTest
    @MethodSource("languages")
    void whoeverStandsBeforeUsFindsAPageForTheTimeOfMaintenance(String language) {
        assertThat(text(get("/" + language + "/maintenance")))
                .contains("<h1")
                .contains("href=\"/" + language + "/\"");
    }
}
