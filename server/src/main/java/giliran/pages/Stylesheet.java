package giliran.pages;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes the one stylesheet: of govuk-frontend what our pages use, in our colours and our font, and
 * then our own rules. Left out are other components, its fonts, and its print rules.
 */
final class Stylesheet {
    private static final String GOVUK =
            "/META-INF/resources/webjars/govuk-frontend/5.14.0/dist/govuk/govuk-frontend.min.css";

    private static final String NOTICE =
            "/*! With rules of govuk-frontend 5.14.0, Copyright (C) Crown Copyright (Government"
                    + " Digital Service), MIT License */\n";

    /** The components, objects and typography that pages use. */
    private static final Set<String> USED =
            Set.of(
                    "back-link",
                    "body",
                    "body-l",
                    "body-m",
                    "body-s",
                    "button",
                    "button-group",
                    "caption-l",
                    "caption-m",
                    "caption-xl",
                    "checkboxes",
                    "date-input",
                    "details",
                    "error-message",
                    "error-summary",
                    "fieldset",
                    "form-group",
                    "frontend-supported",
                    "grid-column-full",
                    "grid-column-one-half",
                    "grid-column-one-third",
                    "grid-column-two-thirds",
                    "grid-row",
                    "heading-l",
                    "heading-m",
                    "heading-s",
                    "heading-xl",
                    "hint",
                    "input",
                    "inset-text",
                    "label",
                    "link",
                    "list",
                    "main-wrapper",
                    "notification-banner",
                    "panel",
                    "phase-banner",
                    "radios",
                    "select",
                    "skip-link",
                    "summary-list",
                    "table",
                    "tag",
                    "template",
                    "visually-hidden",
                    "visually-hidden-focusable",
                    "warning-text",
                    "width-container");

    /** So many days can be chosen from. */
    static final int DAYS_MAX = 92;

    /** Which of our colours stands for which of govuk-frontend's. */
    private static final Map<String, String> COLOURS =
            Map.ofEntries(
                    Map.entry("#0b0c0c", "ink"),
                    Map.entry("rgba(11,12,12,.99)", "ink"),
                    Map.entry("#505a5f", "ink-2"),
                    Map.entry("#fff", "surface"),
                    Map.entry("hsla(0,0%,100%,.99)", "on-go"),
                    Map.entry("#f3f2f1", "quiet"),
                    Map.entry("#dbdad9", "quiet-hover"),
                    Map.entry("#929191", "line"),
                    Map.entry("#b1b4b6", "line"),
                    Map.entry("#c1c3c5", "line"),
                    Map.entry("#e5e6e7", "quiet"),
                    Map.entry("#282d30", "ink"),
                    Map.entry("#1d70b8", "link"),
                    Map.entry("#003078", "link-hover"),
                    Map.entry("#4c2c92", "link-visited"),
                    Map.entry("#fd0", "focus"),
                    Map.entry("#00703c", "go"),
                    Map.entry("#005a30", "go-hover"),
                    Map.entry("#002d18", "go-edge"),
                    Map.entry("#004e2a", "go-hover"),
                    Map.entry("#d4351c", "error"),
                    Map.entry("#942514", "error-hover"),
                    Map.entry("#aa2a16", "error-hover"),
                    Map.entry("#55150b", "error-edge"),
                    Map.entry("#bbd4ea", "tag"),
                    Map.entry("#0c2d4a", "tag-ink"));

    private static final Pattern CLASS =
            Pattern.compile("\\.govuk-([a-z0-9-]+?)(?=__|--|[^\\w-]|$)");
    private static final Pattern NAME = Pattern.compile("\\.govuk-");
    private static final Pattern COLOUR =
            Pattern.compile(
                    "(?<property>[a-z-]+:)?(?<colour>#[0-9a-f]{3,8}\\b"
                            + "|rgba\\(11,12,12,.99\\)|hsla\\(0,0%,100%,.99\\))");

    private Stylesheet() {}

    static String read() {
        String theirs = Assets.read(GOVUK).replaceAll("(?s)/\\*.*?\\*/", "");
        return NOTICE + kept(theirs) + Assets.read("assets/giliran.css") + filters();
    }

    /** The choices of a region's page, which need no script: what does not fit is not shown. */
    private static String filters() {
        StringBuilder rules = new StringBuilder();
        for (int day = 1; day <= DAYS_MAX; day++) {
            String chosen = ".g-filter:has([value=\"" + day + "\"]:checked)";
            rules.append(chosen + "~.g-centres .g-days>:not(.d" + day + "),");
            rules.append(chosen + "~.g-centres>:not(:has(.d" + day + ")),");
            rules.append(chosen + ":has(#free:checked)~.g-centres>:not(:has(.d" + day);
            rules.append(":not(.g-full))),");
        }
        return rules.append(".g-filter:has(#free:checked)~.g-centres .g-full,")
                .append(".g-filter:has(#free:checked)~.g-centres>:not(:has(.g-days a)),")
                .append(".g-filter:has(#access:checked)~.g-centres>:not(.g-access)")
                .append("{display:none}")
                .toString();
    }

    /** Variants of components that are used which no page has. */
    private static final Pattern LEFT_OUT = Pattern.compile("rebranded|govuk-tag--|--inverse");

    /** The rules that are used, media queries around them included. */
    private static String kept(String css) {
        StringBuilder kept = new StringBuilder();
        int from = 0;
        while (true) {
            int open = css.indexOf('{', from);
            if (open < 0) {
                return kept.toString();
            }
            int close = closing(css, open);
            String head =
                    css.substring(
                                    css.startsWith("@charset", from) ? css.indexOf(';') + 1 : from,
                                    open)
                            .strip();
            String body = css.substring(open + 1, close);
            from = close + 1;
            if (head.startsWith("@media") || head.startsWith("@supports")) {
                String inside = isForUs(head) ? kept(body) : "";
                if (!inside.isEmpty()) {
                    kept.append(head).append('{').append(inside).append('}');
                }
            } else if (!head.startsWith("@")) {
                List<String> selectors = used(head);
                if (!selectors.isEmpty()) {
                    kept.append(String.join(",", selectors))
                            .append('{')
                            .append(ours(head, body))
                            .append('}');
                }
            }
        }
    }

    /** Paper has rules of its own, and old Internet Explorers have none. */
    private static boolean isForUs(String head) {
        return !head.contains("print") && !head.contains("\\0") && !head.contains("-ms-");
    }

    private static int closing(String css, int open) {
        int depth = 0;
        for (int at = open; ; at++) {
            char c = css.charAt(at);
            depth += c == '{' ? 1 : c == '}' ? -1 : 0;
            if (depth == 0) {
                return at;
            }
        }
    }

    private static List<String> used(String head) {
        List<String> used = new ArrayList<>();
        Arrays.stream(head.split(",(?![^(]*\\))")).filter(Stylesheet::isUsed).forEach(used::add);
        return used;
    }

    private static boolean isUsed(String selector) {
        if (LEFT_OUT.matcher(selector).find()) {
            return false;
        }
        Matcher names = NAME.matcher(selector);
        while (names.find()) {
            Matcher name = CLASS.matcher(selector).region(names.start(), selector.length());
            if (!name.lookingAt() || !USED.contains(name.group(1))) {
                return false;
            }
        }
        return true;
    }

    private static String ours(String selector, String declarations) {
        String inOurFont =
                declarations.replaceAll("font-family:[^;]*", "font-family:var(--g-font)");
        return COLOUR.matcher(inOurFont)
                .replaceAll(
                        found -> {
                            String property =
                                    found.group("property") == null ? "" : found.group("property");
                            return property
                                    + "var(--g-"
                                    + name(selector, property, found.group("colour"))
                                    + ")";
                        });
    }

    /** What stands on the colour of focus stays dark at night too, as that colour stays bright. */
    private static String name(String selector, String property, String colour) {
        String name = COLOURS.get(colour);
        if (name == null) {
            throw new IllegalStateException("no colour of ours for " + colour + " of " + selector);
        }
        if (name.equals("ink") && selector.contains(":focus")) {
            return "focus-ink";
        }
        return name.equals("surface") && property.equals("color:") ? "on-go" : name;
    }
}
