package giliran.report;

/** HTML as it is written: what is not ours goes through {@link #text}, which escapes. */
final class Markup {
    private final StringBuilder html = new StringBuilder();

    /** Tags of our own. */
    Markup raw(String tags) {
        html.append(tags);
        return this;
    }

    /** Words of anybody, in an element or between the quotes of an attribute. */
    Markup text(String words) {
        words.codePoints().forEach(this::escape);
        return this;
    }

    private void escape(int character) {
        switch (character) {
            case '&' -> html.append("&amp;");
            case '<' -> html.append("&lt;");
            case '>' -> html.append("&gt;");
            case '"' -> html.append("&quot;");
            case '\'' -> html.append("&#39;");
            default -> html.appendCodePoint(character);
        }
    }

    @Override
    public String toString() {
        return html.toString();
    }
}
