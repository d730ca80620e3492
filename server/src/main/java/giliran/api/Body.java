package giliran.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import giliran.edge.Json;
import giliran.reception.MalformedException;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An object in a request's body, read member by member.
 *
 * <p>A member of another type than asked for, one that is missing, or one that nobody asked for by
 * the time of {@link #finish} ends the reading: the request is malformed there.
 */
final class Body {
    private final String pointer;
    private final ObjectNode node;
    private final Set<String> read = new HashSet<>();

    private Body(String pointer, ObjectNode node) {
        this.pointer = pointer;
        this.node = node;
    }

    /** The request's body; without one it is malformed. */
    static Body of(RoutingContext context) {
        Buffer buffer = context.body().buffer();
        byte[] bytes = buffer == null ? new byte[0] : buffer.getBytes();
        return new Body("", Json.readObject(bytes).orElseThrow(() -> new MalformedException("")));
    }

    /** A text that must be there. */
    String text(String member) {
        String text = optionalText(member);
        if (text == null) {
            throw malformed(member);
        }
        return text;
    }

    /** A text; null if it is absent or null. */
    @Nullable String optionalText(String member) {
        JsonNode value = get(member);
        if (value == null) {
            return null;
        }
        if (!value.isTextual()) {
            throw malformed(member);
        }
        return value.textValue();
    }

    /** A whole number that must be there. */
    int integer(String member) {
        JsonNode value = get(member);
        if (value == null || !value.isInt()) {
            throw malformed(member);
        }
        return value.intValue();
    }

    /** An object that must be there. */
    Body object(String member) {
        if (get(member) instanceof ObjectNode object) {
            return new Body(pointer + "/" + member, object);
        }
        throw malformed(member);
    }

    /** A list of texts, any of which may be null; null if the list is absent or null. */
    @Nullable List<@Nullable String> optionalTexts(String member) {
        JsonNode value = get(member);
        if (value == null) {
            return null;
        }
        if (!value.isArray()) {
            throw malformed(member);
        }
        List<@Nullable String> texts = new ArrayList<>();
        for (int i = 0; i < value.size(); i++) {
            JsonNode element = value.get(i);
            if (!element.isTextual() && !element.isNull()) {
                throw malformed(member + "/" + i);
            }
            texts.add(element.textValue());
        }
        return texts;
    }

    /** Refuses members that were not asked for, so that a misspelt one is never lost in silence. */
    void finish() {
        for (String member : iterable(node)) {
            if (!read.contains(member)) {
                // The name is the client's own and may be anything: only where it stands is told.
                throw new MalformedException(pointer);
            }
        }
    }

    private static Iterable<String> iterable(ObjectNode node) {
        return node::fieldNames;
    }

    private @Nullable JsonNode get(String member) {
        read.add(member);
        JsonNode value = node.get(member);
        return value == null || value.isNull() ? null : value;
    }

    private MalformedException malformed(String member) {
        return new MalformedException(pointer + "/" + member);
    }
}
