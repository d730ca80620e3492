package giliran.main;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpHeaders;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** {@code openapi.yaml}, against which every answer can be held. */
final class Contract {
    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private static final Pattern BAD_ESCAPE = Pattern.compile("%(?![0-9A-Fa-f]{2})");

    private static final SchemaRegistry SCHEMAS =
            SchemaRegistry.withDefaultDialect(
                    SpecificationVersion.DRAFT_2020_12,
                    registry ->
                            registry.schemaRegistryConfig(
                                    SchemaRegistryConfig.builder()
                                            .formatAssertionsEnabled(true)
                                            .build()));

    private final JsonNode root;
    private final Map<JsonNode, Schema> compiled = new ConcurrentHashMap<>();

    private Contract(JsonNode root) {
        this.root = root;
    }

    static Contract read() {
        try (InputStream file = Files.newInputStream(Path.of("..", "openapi.yaml"))) {
            LoadSettings settings =
                    LoadSettings.builder().setMaxAliasesForCollections(1_000).build();
            JsonNode document = JSON.valueToTree(new Load(settings).loadFromInputStream(file));
            // Where the validator looks for schemas, since it knows JSON Schema and no OpenAPI.
            String text = document.toString().replace("#/components/schemas/", "#/$defs/");
            ObjectNode root = (ObjectNode) JSON.readTree(text);
            root.set("$defs", root.at("/components/schemas"));
            return new Contract(root);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The document, references and all. */
    JsonNode root() {
        return root;
    }

    /** A schema of the document's, by its name. */
    JsonNode schema(String name) {
        return root.at("/$defs/" + name);
    }

    /** What a reference stands for; anything else stands for itself. */
    JsonNode resolve(JsonNode node) {
        return node.has("$ref") ? root.at(node.get("$ref").asText().substring(1)) : node;
    }

    /** The template in the contract that a path fits, those without a parameter first. */
    Optional<String> template(String path) {
        if (root.get("paths").has(path)) {
            return Optional.of(path);
        }
        for (Map.Entry<String, JsonNode> each : root.get("paths").properties()) {
            String pattern = each.getKey().replaceAll("\\{[a-z]+}", "[^/]+");
            if (path.matches(pattern)) {
                return Optional.of(each.getKey());
            }
        }
        return Optional.empty();
    }

    /**
     * Fails unless the contract declares an answer like this one for the request.
     *
     * @param target the request's path and query, as sent
     */
    void check(String method, String target, int status, HttpHeaders headers, String body) {
        String path = target.split("\\?", 2)[0];
        String asked = method + " " + target;
        if (status == 400 && BAD_ESCAPE.matcher(target).find()) {
            checkProblem(asked, "MalformedProblem", status, headers, body, method);
            return;
        }
        Optional<String> template = template(path);
        if (template.isEmpty()) {
            assertThat(status).as(asked).isEqualTo(404);
            checkProblem(asked, "UnknownProblem", status, headers, body, method);
            return;
        }
        JsonNode operations = root.get("paths").get(template.get());
        JsonNode operation = operations.get(operationName(method));
        if (operation == null) {
            assertThat(status).as(asked).isEqualTo(405);
            assertThat(headers.firstValue("Allow")).as(asked).isPresent();
            checkProblem(asked, "MalformedProblem", status, headers, body, method);
            return;
        }
        JsonNode declared = operation.get("responses").get(String.valueOf(status));
        assertThat(declared).as("%s: status %s is not in the contract", asked, status).isNotNull();
        checkResponse(asked + " " + status, resolve(declared), status, headers, body, method);
    }

    private static String operationName(String method) {
        return (method.equals("HEAD") ? "GET" : method).toLowerCase(Locale.ROOT);
    }

    private void checkProblem(
            String asked,
            String schema,
            int status,
            HttpHeaders headers,
            String body,
            String method) {
        ObjectNode response = JSON.createObjectNode();
        response.set("headers", root.at("/components/responses/Broken/headers"));
        response.putObject("content")
                .putObject("application/problem+json")
                .putObject("schema")
                .put("$ref", "#/$defs/" + schema);
        checkResponse(asked + " " + status, response, status, headers, body, method);
    }

    private void checkResponse(
            String asked,
            JsonNode declared,
            int status,
            HttpHeaders headers,
            String body,
            String method) {
        for (Map.Entry<String, JsonNode> each : declared.get("headers").properties()) {
            JsonNode header = resolve(each.getValue());
            Optional<String> value = headers.firstValue(each.getKey());
            if (value.isPresent()) {
                assertThat(headers.allValues(each.getKey())).as(asked).hasSize(1);
                checkValue(asked + ": " + each.getKey(), header.get("schema"), value.get());
            } else {
                assertThat(header.path("required").asBoolean())
                        .as("%s: the header %s is missing", asked, each.getKey())
                        .isFalse();
            }
        }
        boolean isPublished = declared.get("headers").has("As-Of");
        assertThat(headers.firstValue("X-Request-Id").isPresent())
                .as("%s: an answer has a request id unless it is everyone's", asked)
                .isEqualTo(!isPublished);

        if (status == 304) {
            assertThat(body).as(asked).isEmpty();
            return;
        }
        String type = headers.firstValue("Content-Type").orElse("");
        JsonNode content = declared.get("content").get(type);
        assertThat(content).as("%s: content type %s", asked, type).isNotNull();
        if (method.equals("HEAD")) {
            assertThat(body).as(asked).isEmpty();
            return;
        }
        if (!type.contains("json")) {
            return;
        }
        JsonNode json = parse(asked, body);
        checkAgainst(asked, content.get("schema"), json);
        if (type.equals("application/problem+json")) {
            assertThat(json.get("status").asInt()).as(asked).isEqualTo(status);
            assertThat(json.path("requestId").asText())
                    .as(asked)
                    .isEqualTo(headers.firstValue("X-Request-Id").orElse(""));
            boolean waits = headers.firstValue("Retry-After").isPresent();
            if (json.get("retry").asText().equals("after")) {
                assertThat(waits).as("%s: Retry-After", asked).isTrue();
            }
        }
    }

    private void checkValue(String what, JsonNode schema, String value) {
        boolean isNumber = resolve(schema).path("type").asText().equals("integer");
        checkAgainst(
                what,
                schema,
                isNumber ? parse(what, value) : JSON.getNodeFactory().textNode(value));
    }

    /** Fails unless the value fits the schema, whose references are the contract's. */
    void checkAgainst(String what, JsonNode schema, JsonNode value) {
        assertThat(compiled.computeIfAbsent(schema, this::compile).validate(value))
                .as("%s: %s", what, value)
                .isEmpty();
    }

    private Schema compile(JsonNode schema) {
        ObjectNode whole = JSON.createObjectNode();
        whole.putArray("allOf").add(schema);
        whole.set("$defs", root.get("$defs"));
        return SCHEMAS.getSchema(whole);
    }

    private static JsonNode parse(String what, String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new AssertionError(what + " is not JSON: " + json, e);
        }
    }
}
