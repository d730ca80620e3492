package giliran.channels;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import giliran.imports.FileField;
import giliran.imports.FileProblems;
import java.util.Locale;
import java.util.Optional;

/**
 * One FHIR resource of a publication: each reading of it is empty after noting a problem if what is
 * there is not what it must be.
 *
 * @param text the resource as its publisher wrote it
 */
record SmartResource(String file, long line, ObjectNode json, String text, FileProblems problems) {
    private static final String EXTENSIONS =
            "http://fhir-registry.smarthealthit.org/StructureDefinition/";

    /** What kind of resource it is; empty text if it does not say. */
    String type() {
        return json.path("resourceType").asText("");
    }

    void refuse(String reason) {
        problems.add(file, line, reason);
    }

    /** A text, wherever it stands in the resource; an empty one if there is none. */
    FileField field(String name, JsonNode value) {
        return switch (value.getNodeType()) {
            case STRING -> new FileField(file, line, name, value.textValue(), problems);
            case MISSING, NULL -> new FileField(file, line, name, "", problems);
            case ARRAY, BINARY, BOOLEAN, NUMBER, OBJECT, POJO -> {
                refuse(name + " is " + kind(value) + "; it must be a text");
                yield new FileField(file, line, name, "", new FileProblems());
            }
        };
    }

    FileField field(String name) {
        return field(name, json.path(name));
    }

    /** The value of one of the publication's own extensions, under the key of its type. */
    JsonNode extension(String name, String valueKey) {
        for (JsonNode extension : json.path("extension")) {
            if (extension.path("url").asText("").equals(EXTENSIONS + name)) {
                if (!extension.has(valueKey)) {
                    refuse("extension " + name + " has no " + valueKey);
                }
                return extension.path(valueKey);
            }
        }
        return MissingNode.getInstance();
    }

    /** A whole number in an extension; empty also if the extension is absent. */
    Optional<Integer> whole(String name, int least, int most) {
        JsonNode value = extension(name, "valueInteger");
        if (value.isMissingNode()) {
            return Optional.empty();
        }
        if (!value.isIntegralNumber()) {
            refuse(
                    "%s is %s; valueInteger must be a whole number"
                            .formatted(
                                    name,
                                    value.isTextual()
                                            ? "the text \"" + shown(value.textValue()) + "\""
                                            : kind(value)));
            return Optional.empty();
        }
        return new FileField(file, line, name, value.asText(), problems).whole(least, most);
    }

    /**
     * The id that a reference names, such as 10 of {@code Schedule/10}; the reference may be a
     * whole address.
     */
    Optional<String> reference(String name, JsonNode reference, String type) {
        FileField field = field(name, reference);
        if (field.isEmpty()) {
            if (reference.isMissingNode() || reference.isNull() || reference.isTextual()) {
                refuse(name + " is missing; it must be a reference such as " + type + "/1");
            }
            return Optional.empty();
        }
        String[] parts = field.value().split("/", -1);
        if (parts.length < 2 || !parts[parts.length - 2].equals(type)) {
            field.refuse("it must be a reference such as " + type + "/1");
            return Optional.empty();
        }
        return new FileField(file, line, name, parts[parts.length - 1], problems).id();
    }

    private static String shown(String text) {
        return text.length() <= 40 ? text : text.substring(0, 40) + "...";
    }

    private static String kind(JsonNode value) {
        JsonNodeType type = value.getNodeType();
        return switch (type) {
            case NUMBER -> "the number " + shown(value.asText());
            case ARRAY, OBJECT -> "an " + type.name().toLowerCase(Locale.ROOT);
            case BINARY, BOOLEAN, MISSING, NULL, POJO, STRING -> value.asText();
        };
    }
}
