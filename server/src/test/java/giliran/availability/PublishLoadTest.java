package giliran.availability;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.OperatingSystemMXBean;
import giliran.campaigns.CampaignStore;
import giliran.campaigns.Catalogue;
import giliran.campaigns.Slot;
import giliran.campaigns.TestCampaign;
import giliran.edge.PublishedAnswers;
import giliran.edge.ReadPublished;
import giliran.imports.ImportCampaign;
import giliran.ledger.BookedUnseen;
import giliran.ledger.PlaceCounts;
import giliran.ledger.PlaceId;
import giliran.store.Database;
import giliran.store.TestDatabase;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What publication costs; its figures are for docs/benchmarks.md. */
class PublishLoadTest {
    private static final boolean IS_LONG = Boolean.getBoolean("giliran.long");
    private static final int CAMPAIGNS = IS_LONG ? 4 : 2;
    private static final int REGIONS = 16;
    private static final int CENTRES_PER_REGION = IS_LONG ? 40 : 2;
    private static final int DAYS = IS_LONG ? 15 : 5;
    private static final int HOURS = 8;
    private static final int RUNS = IS_LONG ? 50 : 39;
    private static final int CHANGES_PER_RUN = IS_LONG ? 750 : 50;
    private static final Pattern REMAINING = Pattern.compile("\"remaining\":([0-9]+)");
    private static final Instant START = Instant.parse("2031-05-02T01:00:00Z");

    private final long seed = new SplittableRandom().nextLong();
    private final SplittableRandom random = new SplittableRandom(seed);
    private final PublishedAnswers published = new PublishedAnswers(InstantSource.system());
    private final List<Slot> slots = new ArrayList<>();

    @Test
    void showsEveryChangeAndRendersNothingElse() {
        try (Database database =
                Database.open(TestDatabase.newDatabase(), 2, InstantSource.system())) {
            ImportCampaign importCampaign = new ImportCampaign(database, InstantSource.system());
            for (int i = 0; i < CAMPAIGNS; i++) {
                assertThat(
                                importCampaign.run(
                                        ImportCampaign.sourceOf(campaign("c" + i).plan()),
                                        progress -> {}))
                        .isInstanceOf(ImportCampaign.Result.Imported.class);
            }
            Catalogue catalogue = database.snapshot(CampaignStore::getCatalogue);
            PlaceCounts counts = BookedUnseen.countsAlone(database);
            PublishCampaigns publish =
                    new PublishCampaigns(
                            () -> catalogue,
                            counts,
                            published,
                            new PublishCampaigns.Missing(
                                    PublishCampaignsTest::missing, PublishCampaignsTest::missing),
                            new NoDisplay(),
                            InstantSource.system());
            measure("the first publication", publish, 1);
            measure("nothing changed", publish, 40);
            long places = slots.size() * 100L;
            for (String what : List.of("warming up", "changes anywhere")) {
                Cost cost = new Cost();
                for (int run = 0; run < RUNS; run++) {
                    Set<PlaceId> changed = some(CHANGES_PER_RUN);
                    BookedUnseen.book(database, counts, changed);
                    places -= changed.size();
                    cost.add(publish);
                    if (run == RUNS / 2) {
                        assertThat(shown()).as("seed %d", seed).isEqualTo(places);
                    }
                }
                cost.tell(what);
            }
            Set<PlaceId> all = some(Integer.MAX_VALUE);
            BookedUnseen.book(database, counts, all);
            measure("every slot changed", publish, 1);
            places -= all.size();
            publish.run();

            assertThat(shown()).as("seed %d", seed).isEqualTo(places);
        }
    }

    private TestCampaign campaign(String id) {
        TestCampaign campaign = new TestCampaign(id);
        for (int region = 0; region < REGIONS; region++) {
            for (int i = 0; i < CENTRES_PER_REGION; i++) {
                String centre = "centre-" + region + "-" + i;
                campaign.centre(centre, "region-" + region);
                for (int hour = 0; hour < DAYS * HOURS; hour++) {
                    Duration after = Duration.ofDays(hour / HOURS).plusHours(hour % HOURS);
                    slots.add(campaign.slot(centre, START.plus(after), 100));
                }
            }
        }
        return campaign;
    }

    private Set<PlaceId> some(int number) {
        Set<PlaceId> some = new HashSet<>();
        if (number >= slots.size()) {
            slots.forEach(slot -> some.add(new PlaceId(slot.centre(), slot.id())));
        }
        while (some.size() < Math.min(number, slots.size())) {
            Slot slot = slots.get(random.nextInt(slots.size()));
            some.add(new PlaceId(slot.centre(), slot.id()));
        }
        return some;
    }

    /** The places left in all slots, as the regions' answers say and as the campaigns' do. */
    private long shown() {
        long all = 0;
        for (int i = 0; i < CAMPAIGNS; i++) {
            String campaign = "/api/v1/campaigns/c" + i;
            long inSlots = 0;
            for (int region = 0; region < REGIONS; region++) {
                inSlots += sum(campaign + "/availability?region=region-" + region);
            }
            assertThat(sum(campaign)).isEqualTo(inSlots);
            all += inSlots;
        }
        return all;
    }

    private long sum(String key) {
        Matcher numbers =
                REMAINING.matcher(ReadPublished.read(published, key).orElseThrow().body());
        long sum = 0;
        while (numbers.find()) {
            sum += Long.parseLong(numbers.group(1));
        }
        return sum;
    }

    private static void measure(String what, PublishCampaigns publish, int runs) {
        Cost cost = new Cost();
        for (int run = 0; run < runs; run++) {
            cost.add(publish);
        }
        cost.tell(what);
    }

    /** The time that publications took, of this thread and of the whole process. */
    private static final class Cost {
        private long wall;
        private long wallMax;
        private long thread;
        private long process;
        private int runs;

        void add(PublishCampaigns publish) {
            long processBefore = processNanos();
            long threadBefore = threadNanos();
            long started = System.nanoTime();
            publish.run();
            long took = System.nanoTime() - started;
            thread += threadNanos() - threadBefore;
            process += processNanos() - processBefore;
            wall += took;
            wallMax = Math.max(wallMax, took);
            runs++;
        }

        void tell(String what) {
            System.out.printf(
                    "PublishLoadTest: %s: a run took %.1f ms (at most %.1f), %.1f ms of this thread's"
                            + " time, %.1f ms of the process's%n",
                    what,
                    wall / 1e6 / Math.max(1, runs),
                    wallMax / 1e6,
                    thread / 1e6 / Math.max(1, runs),
                    process / 1e6 / Math.max(1, runs));
        }

        private static long threadNanos() {
            return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        }

        private static long processNanos() {
            return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class)
                    .getProcessCpuTime();
        }
    }
}
