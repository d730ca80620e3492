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
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Renders the pages that are the same for everyone, and of them only those that have changed. */
public final class PublishPages implements Display {
    /**
     * About how long rendering may take at a time, beside what was left over the last time: so the
     * other forms never wait long for it, and pages are never older than two publications.
     */
    private static final Duration RENDER_FOR = Duration.ofMillis(80);

    /** At the start everything is rendered: nobody waits for anything yet. */
    private static final Duration START_WITHIN = Duration.ofHours(1);

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
        Set<String> known = new HashSet<>(Assets.answers().keySet());
        for (Campaign campaign : offered.campaigns()) {
            CampaignBoard board = new CampaignBoard(campaign, offered, before, counts);
            boards.put(campaign.id(), board);
            known.addAll(board.addresses());
        }
        answers.keySet().retainAll(known);
        answers.putAll(Assets.answers());
        for (String language : Sentences.languages()) {
            put("maintenance", language, "/maintenance", "");
            put("start", language, "/", List.of());
        }
        listed = List.of();
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
        boolean isPaused = readiness.obstacle().isPresent();
        List<CampaignView> views =
                boards.values().stream().map(board -> board.view(now, asOf, isPaused)).toList();
        if (!views.equals(listed)) {
            listed = views;
            List<CampaignView> bestFirst =
                    views.stream().sorted(Comparator.comparing(CampaignView::standing)).toList();
            Sentences.languages().forEach(language -> put("start", language, "/", bestFirst));
        }
        Duration within =
                isStarted ? RENDER_FOR.dividedBy(Math.max(1, boards.size())) : START_WITHIN;
        Iterator<CampaignView> view = views.iterator();
        boards.values().forEach(board -> board.render(view.next(), answers, within));
        isStarted = true;
        return Collections.unmodifiableMap(answers);
    }

    private void put(String template, String language, String path, Object page) {
        String title = Frame.texts(language).say(template + ".title");
        Frame frame = Frame.published(language, title, path);
        answers.put(frame.here(), Html.page(template, frame, page));
    }
}
