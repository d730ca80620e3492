package giliran.pages;

import giliran.availability.Display;
import giliran.campaigns.Campaign;
import giliran.campaigns.CampaignId;
import giliran.campaigns.Catalogue;
import giliran.campaigns.Slot;
import giliran.edge.Answer;
import giliran.edge.Readiness;
import giliran.ledger.PlaceCount;
import giliran.reception.Sentences;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/** Renders the pages that are the same for everyone, and of them only those that have changed. */
public final class PublishPages implements Display {
    /** How long rendering may take at a time, so that the other forms never wait long for it. */
    private static final Duration RENDER_FOR = Duration.ofMillis(80);

    private final Readiness readiness;
    private final Map<CampaignId, CampaignBoard> boards = new LinkedHashMap<>();
    private final Map<String, Answer> answers = new HashMap<>();
    private List<CampaignView> listed = List.of();
    private boolean isStarted;

    /**
     * @param readiness tells whether places can be taken just now
     */
    public PublishPages(Readiness readiness) {
        this.readiness = readiness;
    }

    @Override
    public void arrange(Catalogue offered, Function<Slot, PlaceCount> counts) {
        Map<CentreBoard.Content, CentreBoard> before = new HashMap<>();
        for (CampaignBoard board : boards.values()) {
            board.centres().forEach(centre -> before.put(centre.content(), centre));
        }
        boards.clear();
        for (Campaign campaign : offered.campaigns()) {
            boards.put(campaign.id(), new CampaignBoard(campaign, offered, before, counts));
        }
        answers.clear();
        answers.putAll(Assets.answers());
        for (String language : Sentences.languages()) {
            put("maintenance", language, "/maintenance", "");
        }
        listed = List.of();
        isStarted = false;
    }

    @Override
    public void show(Slot slot, PlaceCount count) {
        CampaignBoard board = boards.get(slot.campaign());
        if (board != null) {
            board.show(slot, count);
        }
    }

    @Override
    public Map<String, Answer> answers(Instant now, Instant asOf) {
        long until = System.nanoTime() + RENDER_FOR.toNanos();
        BooleanSupplier mayGoOn = () -> !isStarted || System.nanoTime() < until;
        boolean isPaused = readiness.obstacle().isPresent();
        List<CampaignView> views = new ArrayList<>();
        for (CampaignBoard board : boards.values()) {
            CampaignView view = board.view(now, asOf, isPaused);
            board.render(view, answers, mayGoOn);
            views.add(view);
        }
        if (!isStarted || !views.equals(listed)) {
            listed = views;
            for (String language : Sentences.languages()) {
                put("start", language, "/", views);
            }
        }
        isStarted = true;
        return Collections.unmodifiableMap(answers);
    }

    private void put(String template, String language, String path, Object page) {
        String title = Frame.texts(language).say(template + ".title");
        Frame frame = Frame.published(language, title, path);
        answers.put(frame.here(), Html.page(template, frame, page));
    }
}
