package giliran.api;

import static org.assertj.core.api.Assertions.assertThat;

import giliran.admission.ProofOfWork;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.time.InstantSource;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ChallengeResourceTest {
    private static final Instant NOW = Instant.parse("2021-05-02T04:00:00Z");

    @Test
    void handsOutAChallengeThatNobodyKeeps() throws Exception {
        ProofOfWork proofOfWork =
                new ProofOfWork(
                        new ProofOfWork.Cost(1_000, 10, 4),
                        InstantSource.fixed(NOW),
                        new SplittableRandom(7),
                        new SimpleMeterRegistry());
        Vertx vertx = Vertx.vertx();
        try (HttpClient http = HttpClient.newHttpClient()) {
            Router router = Router.router(vertx);
            router.get("/api/v1/challenge").handler(new ChallengeResource(proofOfWork)::get);
            HttpServer server =
                    vertx.createHttpServer()
                            .requestHandler(router)
                            .listen(0, "127.0.0.1")
                            .toCompletionStage()
                            .toCompletableFuture()
                            .get(30, TimeUnit.SECONDS);
            URI address =
                    URI.create("http://127.0.0.1:" + server.actualPort() + "/api/v1/challenge");
            HttpResponse<String> answer =
                    http.send(
                            HttpRequest.newBuilder(address).build(),
                            HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
            assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
            assertThat(answer.body())
                    .matches(
                            "\\{\"algorithm\":\"SHA-256\",\"challenge\":\"[0-9a-f]{64}\","
                                    + "\"maxnumber\":1000,"
                                    + "\"salt\":\"[0-9a-f]{24}\\?expires=1619928600&\","
                                    + "\"signature\":\"[0-9a-f]{64}\"}");
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
        }
    }
}
