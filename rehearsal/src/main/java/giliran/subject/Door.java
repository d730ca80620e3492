package giliran.subject;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Giliran as it is reached over HTTP, in what a simulated person asks of it. */
public final class Door {
    public static final ObjectMapper JSON = new ObjectMapper();

    /** Longer than the server takes for its last word, so that a silence is a loss. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final HttpClient http =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(Duration.ofSeconds(5))
                    .build();
    private final String server;

    /**
     * @param server scheme, host and port
     */
    public Door(String server) {
        this.server = server;
    }

    /**
     * One request, which can be sent again.
     *
     * @param key the Idempotency-Key, or empty
     * @param body JSON, or empty
     */
    public record Request(String method, String path, String key, String body) {}

    /**
     * What came back.
     *
     * @param status 0 if nothing did
     */
    public record Answer(int status, JsonNode body) {
        public static final Answer LOST = new Answer(0, MissingNode.getInstance());

        public boolean isDone() {
            return status == 200 || status == 201;
        }

        /** The problem's type, such as {@code place-gone}; empty without one. */
        public String problem() {
            String type = body.path("type").asText("");
            return type.substring(type.lastIndexOf('/') + 1);
        }

        public String text(String member) {
            return body.path(member).asText("");
        }

        /** What it says, without the secret in it. */
        public String summary() {
            return status == 0
                    ? "no answer"
                    : isDone()
                            ? status
                                    + " "
                                    + text("status")
                                    + ", reference "
                                    + text("reference")
                                    + ", slot "
                                    + text("slot")
                            : status + " " + problem();
        }
    }

    public Answer get(String path) {
        return send(new Request("GET", path, "", ""));
    }

    public Answer send(Request request) {
        HttpRequest.Builder http =
                HttpRequest.newBuilder(URI.create(server + request.path())).timeout(PATIENCE);
        if (!request.key().isEmpty()) {
            http.header("Idempotency-Key", request.key());
        }
        if (!request.body().isEmpty()) {
            http.header("Content-Type", "application/json");
        }
        http.method(request.method(), HttpRequest.BodyPublishers.ofString(request.body()));
        try {
            HttpResponse<String> response =
                    this.http.send(http.build(), HttpResponse.BodyHandlers.ofString());
            return new Answer(response.statusCode(), read(response.body()));
        } catch (IOException e) {
            return Answer.LOST;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Answer.LOST;
        }
    }

    private static JsonNode read(String body) {
        try {
            return body.isEmpty() ? MissingNode.getInstance() : JSON.readTree(body);
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }
}
