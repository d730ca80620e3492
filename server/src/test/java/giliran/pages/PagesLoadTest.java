package giliran.pages;

import static org.assertj.core.api.Assertions.assertThat;

import giliran.campaigns.CampaignId;
import giliran.campaigns.Catalogue;
import giliran.campaigns.Slot;
import giliran.campaigns.TestCampaign;
import giliran.edge.Answer;
import giliran.edge.PublishedAnswers;
import giliran.edge.ReadPublished;
import giliran.edge.Readiness;
import giliran.ledger.PlaceCount;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What it costs to publish the pages of very many centres; its figures are for docs/decisions. */
class PagesLoadTest {
    private static final boolean IS_LONG = Boolean.getBoolean("giliran.long");
    private static final int REGIONS = 16;
    private static final int CENTRES = IS_LONG ? 1_000 : 64;
    private static final int DAYS = IS_LONG ? 30 : 3;
    private static final int HOURS = 10;
    private static final int RUNS = IS_LONG ? 40 : 5;
    private static final int CHANGES_PER_RUN = 100;
    private static final int PLACES = 100;
    private static final Instant OPENS = Instant.parse("2031-05-02T04:00:00Z");
    private static final Instant FIRST_DAY = OPENS.plus(Duration.ofDays(9));
    private static final Instant CLOSES = OPENS.plus(Duration.ofDays(90));

    private final long seed = new SplittableRandom().nextLong();
    private final SplittableRandom random = new SplittableRandom(seed);
    private final Readiness readiness = new Readiness();
    private final PublishPages pages = new PublishPages(readiness);
    private final Map<Slot, Integer> booked = new HashMap<>();
    private List<Slot> slots = List.of();

    @BeforeEach
    void arrange() {
        TestCampaign campaign = new TestCampaign("az").opens(OPENS).closes(CLOSES);
        for (int centre = 0; centre < CENTRES; centre++) {
            campaign.centre("centre-" + centre, "region-" + centre % REGIONS);
            for (int day = 0; day < DAYS; day++) {
                for (int hour = 0; hour < HOURS; hour++) {
                    campaign.slot(
                            "centre-" + centre,
                            FIRST_DAY.plus(Duration.ofDays(day)).plus(Duration.ofHours(hour)),
                            PLACES);
                }
            }
        }
        Catalogue catalogue = TestCampaign.catalogueOf(campaign);
        slots = catalogue.slotsOf(new CampaignId("az"));
        readiness.ready();
        pages.arrange(catalogue, this::count);
    }

    private PlaceCount count(Slot slot) {
        return new PlaceCount(PLACES, 0, 0, booked.getOrDefault(slot, 0));
    }

    @Test
    void everyPageOpensWithItsCampaignAndShowsEveryBooking() {
        publish("the first publication", OPENS.minusSeconds(2));
        publish("nothing changed", OPENS.minusSeconds(1));
        PublishedAnswers shown = publishAll("the opening", OPENS);
        for (int centre = 0; centre < CENTRES; centre++) {
            assertThat(read(shown, page(centre))).contains("<fieldset class=\"g-places__all\">");
        }
        for (int run = 0; run < RUNS; run++) {
            for (int change = 0; change < CHANGES_PER_RUN; change++) {
                Slot slot = slots.get(random.nextInt(slots.size()));
                booked.merge(slot, PLACES / 2, (one, more) -> Math.min(PLACES, one + more));
                pages.show(slot, count(slot));
            }
            publish(CHANGES_PER_RUN + " changes", OPENS.plusSeconds(run));
        }
        shown = publishAll("the rest", OPENS.plusSeconds(RUNS));
        for (Slot slot : booked.keySet()) {
            String page = read(shown, "/en/c/az/regions/" + regionOf(slot) + "/" + slot.centre());
            String button = page.substring(page.indexOf(slot.id().toString()));
            assertThat(button.substring(0, button.indexOf("</button>")))
                    .as("seed %d", seed)
                    .contains("<i>" + PlacesLeft.of(count(slot).remaining(), 0).text() + "</i>");
        }
    }

    private static String page(int centre) {
        return "/en/c/az/regions/region-" + centre % REGIONS + "/centre-" + centre;
    }

    private static String regionOf(Slot slot) {
        int centre = Integer.parseInt(slot.centre().value().replace("centre-", ""));
        return "region-" + centre % REGIONS;
    }

    private static String read(PublishedAnswers shown, String path) {
        return ReadPublished.read(shown, path).orElseThrow().body();
    }

    /** What one publication has no time for, the next one renders, however slow the machine is. */
    private PublishedAnswers publishAll(String what, Instant now) {
        publish(what, now);
        Map<String, Answer> answers = publish(what + ", what was left over", now);
        PublishedAnswers shown = new PublishedAnswers(() -> now);
        shown.publish(new PublishedAnswers.Offer(answers, Map.of()), now);
        return shown;
    }

    private Map<String, Answer> publish(String what, Instant now) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long began = threads.getCurrentThreadCpuTime();
        Map<String, Answer> answers = pages.answers(now, now);
        System.out.printf(
                "PagesLoadTest: %s: %.1f ms of this thread's time%n",
                what, (threads.getCurrentThreadCpuTime() - began) / 1e6);
        return answers;
    }
}
