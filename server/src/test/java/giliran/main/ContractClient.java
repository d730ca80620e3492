package giliran.main;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** Speaks HTTP to a Giliran and holds every answer against the contract. */
final class ContractClient {
    static final String CAMPAIGNS = "/api/v1/campaigns";
    static final String APPOINTMENTS = "/api/v1/appointments/";
    static final String FIND = APPOINTMENTS + "find";

    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Contract contract = Contract.read();
    private final URI server;

    ContractClient(URI server) {
        this.server = server;
    }

    /** An answer that keeps the contract. */
    record Answer(int status, HttpHeaders headers, String body) {
        /** A header's value; empty text if it is not there. */
        String header(String name) {
            return headers.firstValue(name).orElse("");
        }

        JsonNode json() {
            try {
                return JSON.readTree(body);
            } catch (JsonProcessingException e) {
                throw new AssertionError("not JSON: " + body, e);
            }
        }

        /** The text at a JSON pointer; empty if there is none. */
        String at(String pointer) {
            return json().at(pointer).asText();
        }

        /** The problem's type, without its folder; empty if it is no problem. */
        String problem() {
            return status < 400 ? "" : at("/type").replace("/problems/", "");
        }
    }

    Answer get(String target) {
        return send(request(target).GET());
    }

    Answer delete(String target) {
        return send(request(target).DELETE());
    }

    Answer book(String campaign, JsonNode booking) {
        return book(campaign, UUID.randomUUID().toString(), booking);
    }

    Answer book(String campaign, String key, JsonNode booking) {
        return send(booking(campaign, key, booking.toString()));
    }

    Answer find(String reference, String dateOfBirth) {
        return post(
                FIND,
                JSON.createObjectNode()
                        .put("reference", reference)
                        .put("dateOfBirth", dateOfBirth)
                        .toString());
    }

    Answer post(String target, String body) {
        return send(json(target).POST(BodyPublishers.ofString(body)));
    }

    /** A request for a pass, to be changed before it is sent. */
    HttpRequest.Builder pass(String campaign, JsonNode body) {
        return json(CAMPAIGNS + "/" + campaign + "/passes")
                .POST(BodyPublishers.ofString(body.toString()));
    }

    /** A request to move an appointment, to be changed before it is sent. */
    HttpRequest.Builder move(String token, String key, String slot) {
        return json(APPOINTMENTS + token + "/move")
                .header("Idempotency-Key", key)
                .POST(
                        BodyPublishers.ofString(
                                JSON.createObjectNode().put("slot", slot).toString()));
    }

    /** A request to book, to be changed before it is sent. */
    HttpRequest.Builder booking(String campaign, String key, String body) {
        return booking(campaign).header("Idempotency-Key", key).POST(BodyPublishers.ofString(body));
    }

    /** A request to book without a key and a body. */
    HttpRequest.Builder booking(String campaign) {
        return json(CAMPAIGNS + "/" + campaign + "/appointments");
    }

    HttpRequest.Builder json(String target) {
        return request(target).header("Content-Type", "application/json");
    }

    HttpRequest.Builder request(String target) {
        return HttpRequest.newBuilder(server.resolve(target));
    }

    Answer send(HttpRequest.Builder builder) {
        HttpRequest request = builder.build();
        try {
            return check(request, http.send(request, BodyHandlers.ofString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    CompletableFuture<Answer> sendAsync(HttpRequest.Builder builder) {
        HttpRequest request = builder.build();
        return http.sendAsync(request, BodyHandlers.ofString())
                .thenApply(response -> check(request, response));
    }

    private Answer check(HttpRequest request, HttpResponse<String> response) {
        URI uri = request.uri();
        String query = Optional.ofNullable(uri.getRawQuery()).map(q -> "?" + q).orElse("");
        contract.check(
                request.method(),
                uri.getRawPath() + query,
                response.statusCode(),
                response.headers(),
                response.body());
        return new Answer(response.statusCode(), response.headers(), response.body());
    }
}
