package giliran.pages;

import static java.nio.charset.StandardCharsets.UTF_8;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.Utf8ByteOutput;
import giliran.edge.Answer;
import giliran.edge.Piece;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Renders the templates of {@code src/main/jte}, which were compiled with the house. */
public final class Html {
    private static final TemplateEngine TEMPLATES =
            TemplateEngine.createPrecompiled(
                    null, ContentType.Html, Html.class.getClassLoader(), "giliran.pages.templates");

    /** A mark that no page has otherwise. */
    public static final String OPEN = "\u0000";

    private Html() {}

    /**
     * A whole page, in UTF-8.
     *
     * @param template its name, without ending
     * @param page what the template asks for as {@code page}
     */
    static byte[] render(String template, Frame frame, Object page) {
        return render(template, Map.of("frame", frame, "page", page));
    }

    /** A whole page that is the same for everyone. */
    static Answer page(String template, Frame frame, Object page) {
        return Answer.page(
                frame.language(),
                PageHeaders.ALL,
                List.of(Piece.of(render(template, frame, page))));
    }

    /** What stands around the places that a template leaves open with {@link #OPEN}. */
    static List<Piece> around(String template, Frame frame, Object page) {
        return Stream.of(new String(render(template, frame, page), UTF_8).split(OPEN))
                .map(part -> Piece.of(part.getBytes(UTF_8)))
                .toList();
    }

    /** A template with what it asks for, in UTF-8. */
    static byte[] render(String template, Map<String, Object> asked) {
        Utf8ByteOutput out = new Utf8ByteOutput();
        TEMPLATES.render(template + ".jte", asked, out);
        return out.toByteArray();
    }
}
