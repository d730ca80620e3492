package giliran.pages;

import giliran.availability.Times;
import giliran.campaigns.Campaign;
import giliran.reception.Sentences;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What stands around the content of every page: its language, its title and the way to the same
 * page in other languages.
 *
 * @param title without the name of the service
 * @param door what an address begins with: {@link #PUBLISHED} or {@link #PERSONAL}
 * @param path what follows the language in the page's address, beginning with a slash
 */
public record Frame(Sentences texts, String title, String door, String path) {
    /** The door of pages that are the same for everyone. */
    public static final String PUBLISHED = "/";

    /** The door of pages that are one person's: no cookie goes anywhere else. */
    public static final String PERSONAL = "/my/";

    private static final Map<String, Sentences> TEXTS =
            Sentences.load(Frame.class, "published", "personal");

    /** Languages whose texts native speakers have read. */
    private static final List<String> REVIEWED = List.of("en", "ms");

    /** One way to read this page. */
    public record Language(String code, String name, String href, boolean isCurrent) {}

    /** The frame of a page that is the same for everyone. */
    static Frame published(String language, String title, String path) {
        return new Frame(texts(language), title, PUBLISHED, path);
    }

    /** The frame of a page that is one person's. */
    static Frame personal(String language, String title, String path) {
        return new Frame(texts(language), title, PERSONAL, path);
    }

    /** The frame of another page of the same kind, in the same language. */
    Frame of(String title, String path) {
        return new Frame(texts, title, door, path);
    }

    /** This page's address. */
    String here() {
        return door + language() + path;
    }

    /** What pages say in a language, one of {@link Sentences#languages}. */
    static Sentences texts(String language) {
        Sentences texts = TEXTS.get(language);
        if (texts == null) {
            throw new IllegalArgumentException("no page speaks " + language);
        }
        return texts;
    }

    public String language() {
        return texts.language();
    }

    /** A text without placeholders. */
    public String say(String key) {
        return texts.say(key);
    }

    /**
     * A text with its placeholders filled in.
     *
     * @param namesAndValues a placeholder's name, its value, the next one's name, and so on
     */
    public String say(String key, Object... namesAndValues) {
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            values.put(namesAndValues[i].toString(), namesAndValues[i + 1].toString());
        }
        return texts.say(key, values);
    }

    /** The address of a page that is the same for everyone, in this page's language. */
    public String href(String path) {
        return PUBLISHED + language() + path;
    }

    /** The address of a personal page, in this page's language. */
    public String my(String path) {
        return PERSONAL + language() + path;
    }

    /** Whether native speakers have read this language's texts. */
    public boolean isReviewed() {
        return REVIEWED.contains(language());
    }

    /** This page in every language. */
    public List<Language> languages() {
        return Sentences.languages().stream()
                .map(
                        code ->
                                new Language(
                                        code,
                                        texts(code).say("language.name"),
                                        door + code + path,
                                        code.equals(language())))
                .toList();
    }

    /** A day with its weekday and year. */
    public String day(LocalDate date) {
        return texts.day(date);
    }

    /** A day with its weekday, as short as can be. */
    public String shortDay(LocalDate date) {
        return texts.shortDay(date);
    }

    /** A day and the time on the clock where a campaign is held. */
    public String moment(Instant instant, Campaign campaign) {
        return texts.moment(Times.there(instant, campaign));
    }

    /** How many places are left: "7 left", "1,000+ left", "Full". */
    public String left(PlacesLeft left) {
        if (left.isFree()) {
            return say(
                    "left", "places", texts.number(left.atLeast()) + (left.isExact() ? "" : "+"));
        }
        return say(left.mayReturn() ? "left.held" : "left.none");
    }

    /** What the time of a campaign is called. */
    public String zone(Campaign campaign) {
        return texts.zone(campaign.timeZone());
    }

    public String style() {
        return Assets.STYLE.path();
    }

    public String script() {
        return Assets.SCRIPT.path();
    }

    /** The time on the clock where a campaign is held. */
    public String time(Instant instant, Campaign campaign) {
        return texts.time(Times.there(instant, campaign));
    }

    public boolean isPersonal() {
        return door.equals(PERSONAL);
    }

    public String forms() {
        return Assets.FORMS.path();
    }

    public String worker() {
        return Assets.WORKER.path();
    }
}
