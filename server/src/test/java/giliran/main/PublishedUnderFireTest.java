package giliran.main;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import giliran.campaigns.Slot;
import giliran.campaigns.TestCampaign;
import giliran.edge.RawHttp;
import giliran.imports.ImportCampaign;
import giliran.store.Database;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is read while campaigns are imported, booked, cancelled and closed. */
class PublishedUnderFireTest {
    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private static final String CAMPAIGNS = "/api/v1/campaigns";
    private static final int READERS = 3;
    private static final int BOOKERS = 3;
    private static final int IMPORTS = 6;
    private static final Instant START = Instant.parse("2031-05-02T01:00:00Z");

    private final long seed = new SplittableRandom().nextLong();
    private final SplittableRandom seeds = new SplittableRandom(seed);
    private final AtomicBoolean isOver = new AtomicBoolean();
    private final AtomicInteger reads = new AtomicInteger();

    /** The plain bytes by what they were asked for with and the entity tag they came with. */
    private final Map<String, byte[]> bytesByTag = new ConcurrentHashMap<>();

    /** A campaign of which every import makes another. */
    private static TestCampaign campaign(String id, int generation) {
        TestCampaign campaign = new TestCampaign(id);
        boolean isClosed = id.equals("closing") && generation % 2 == 1;
        if (isClosed) {
            campaign.closes(Instant.now().minusSeconds(1));
        }
        for (int centre = 0; centre < 4 + generation; centre++) {
            String name = "centre-" + centre;
            campaign.centre(name, "region-" + centre % 3);
            for (int hour = 0; hour < 40; hour++) {
                campaign.slot(name, START.plus(Duration.ofHours(hour)), 50 + generation);
            }
        }
        return campaign;
    }

    @Test
    void everyAnswerIsWholeAndNewerAndAsItsTagSays(@TempDir Path folder)
            throws InterruptedException, ExecutionException {
        System.out.println("PublishedUnderFireTest: seed " + seed);
        TestCampaign open = campaign("open", 0);
        List<Slot> slots = open.plan().slots().stream().map(planned -> planned.slot()).toList();
        try (TestGiliran giliran = TestGiliran.start(folder, open, campaign("closing", 0));
                Database database = Database.open(giliran.connection(), 2, InstantSource.system());
                ExecutorService people = Executors.newFixedThreadPool(READERS + BOOKERS)) {
            List<Future<?>> fire = new ArrayList<>();
            for (int i = 0; i < READERS; i++) {
                SplittableRandom random = seeds.split();
                fire.add(people.submit(() -> read(giliran.port(), random)));
            }
            for (int i = 0; i < BOOKERS; i++) {
                SplittableRandom random = seeds.split();
                ContractClient client = new ContractClient(giliran.address());
                fire.add(people.submit(() -> bookAndCancel(client, slots, random)));
            }
            try {
                ImportCampaign imports = new ImportCampaign(database, InstantSource.system());
                for (int generation = 1; generation <= IMPORTS; generation++) {
                    for (String id : List.of("open", "closing")) {
                        assertThat(
                                        imports.run(
                                                ImportCampaign.sourceOf(
                                                        campaign(id, generation).plan()),
                                                progress -> {}))
                                .isInstanceOf(ImportCampaign.Result.Imported.class);
                    }
                    awaitShown(giliran.port(), 4 + generation);
                }
            } finally {
                isOver.set(true);
            }
            for (Future<?> each : fire) {
                each.get();
            }
        }
        assertThat(bytesByTag).hasSizeGreaterThan(IMPORTS);
        System.out.println(
                "PublishedUnderFireTest: "
                        + reads
                        + " answers read, "
                        + bytesByTag.size()
                        + " of them different");
    }

    /** Until the last import is what everyone reads. */
    private void awaitShown(int port, int centres) throws InterruptedException, ExecutionException {
        int shown = 0;
        for (int tries = 0; tries < 100_000 && shown != centres; tries++) {
            shown = 0;
            for (int region = 0; region < 3; region++) {
                try {
                    String body =
                            RawHttp.send(
                                            port,
                                            "GET",
                                            CAMPAIGNS
                                                    + "/open/availability?region=region-"
                                                    + region)
                                    .body();
                    shown += JSON.readTree(body).get("centres").size();
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            }
        }
        assertThat(shown).as("seed %d", seed).isEqualTo(centres);
    }

    private int bookAndCancel(ContractClient client, List<Slot> slots, SplittableRandom random) {
        int booked = 0;
        while (!isOver.get()) {
            Slot slot = slots.get(random.nextInt(slots.size()));
            ContractClient.Answer answer = client.book("open", TestBooking.of(slot));
            if (answer.status() == 201) {
                booked++;
                if (random.nextBoolean()) {
                    client.delete(ContractClient.APPOINTMENTS + answer.at("/token"));
                }
            }
        }
        return booked;
    }

    private int read(int port, SplittableRandom random) throws IOException {
        List<String> targets =
                List.of(
                        CAMPAIGNS,
                        CAMPAIGNS + "/open",
                        CAMPAIGNS + "/closing",
                        CAMPAIGNS + "/none",
                        CAMPAIGNS + "/open/availability?region=region-0",
                        CAMPAIGNS + "/open/availability?x=1&region=region-1",
                        CAMPAIGNS + "/closing/availability?region=region-2",
                        CAMPAIGNS + "/closing/availability?region=none");
        Instant last = Instant.MIN;
        String lastTag = "";
        while (!isOver.get()) {
            String target = targets.get(random.nextInt(targets.size()));
            boolean isGzip = random.nextBoolean();
            RawHttp.Answer answer =
                    RawHttp.send(
                            port,
                            "GET",
                            target,
                            isGzip ? "Accept-Encoding: gzip" : "",
                            lastTag.isEmpty() ? "" : "If-None-Match: " + lastTag);
            Instant asOf = Instant.parse(header(answer, "as-of"));
            assertThat(asOf).as("seed %d: %s", seed, target).isAfterOrEqualTo(last);
            last = asOf;
            String tag = header(answer, "etag");
            if (answer.status() == 304) {
                assertThat(tag).as("seed %d: %s", seed, target).isEqualTo(lastTag);
            } else {
                checkWhole(target, answer, isGzip, tag);
            }
            lastTag = random.nextBoolean() ? tag : "";
            reads.incrementAndGet();
        }
        return reads.get();
    }

    private void checkWhole(String target, RawHttp.Answer answer, boolean isGzip, String tag)
            throws IOException {
        String what = "seed " + seed + ": " + target + " " + answer.head();
        assertThat(answer.status()).as(what).isEqualTo(target.endsWith("none") ? 404 : 200);
        byte[] body = answer.body().getBytes(ISO_8859_1);
        if (isGzip) {
            assertThat(header(answer, "content-encoding")).isEqualTo("gzip");
            try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(body))) {
                body = in.readAllBytes();
            }
        }
        JsonNode document = JSON.readTree(new String(body, UTF_8));
        assertThat(document.isObject()).as(what).isTrue();
        String name = target + " " + tag.replace("-gzip\"", "\"");
        byte[] before = bytesByTag.putIfAbsent(name, body);
        assertThat(before == null || Arrays.equals(before, body)).as(what).isTrue();
    }

    private static String header(RawHttp.Answer answer, String name) {
        return Objects.requireNonNull(answer.headers().get(name), answer.head());
    }
}
