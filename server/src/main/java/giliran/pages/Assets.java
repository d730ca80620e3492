package giliran.pages;

import static java.nio.charset.StandardCharsets.UTF_8;

import giliran.edge.Answer;
import giliran.edge.Piece;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** The files that pages need, each under an address that names its content. */
final class Assets {
    private static final int HASH_BYTES = 6;

    /** A file, to be kept by whoever has fetched it once. */
    record Asset(String path, Answer answer) {}

    static final Asset STYLE =
            asset("giliran", "css", "text/css; charset=utf-8", Stylesheet.read());
    static final Asset SCRIPT =
            asset("giliran", "js", "text/javascript; charset=utf-8", read("assets/giliran.js"));

    /** Sends the forms of personal pages. */
    static final Asset FORMS =
            asset("forms", "js", "text/javascript; charset=utf-8", read("assets/forms.js"));

    /** Works for admission, beside the page. */
    static final Asset WORKER =
            asset("worker", "js", "text/javascript; charset=utf-8", read("assets/worker.js"));

    private static final List<Asset> ALL = List.of(STYLE, SCRIPT, FORMS, WORKER);

    private Assets() {}

    /** All files by path. */
    static Map<String, Answer> answers() {
        return ALL.stream().collect(Collectors.toMap(Asset::path, Asset::answer));
    }

    private static Asset asset(String name, String ending, String type, String text) {
        byte[] content = text.getBytes(UTF_8);
        return new Asset(
                "/assets/" + name + "." + hash(content) + "." + ending,
                Answer.file(type, Map.of("X-Content-Type-Options", "nosniff"), Piece.of(content)));
    }

    private static String hash(byte[] content) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
            return HexFormat.of().formatHex(Arrays.copyOf(digest, HASH_BYTES));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** A text of this room, or by its absolute name of another. */
    static String read(String resource) {
        try (InputStream in =
                Objects.requireNonNull(Assets.class.getResourceAsStream(resource), resource)) {
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
