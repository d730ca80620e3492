package giliran.admission;

import static org.assertj.core.api.Assertions.assertThat;

import giliran.clients.AddClient;
import giliran.clients.ClientName;
import giliran.clients.Clients;
import giliran.clients.RevokeClient;
import giliran.store.Database;
import giliran.store.TestDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What lets a request in, over HTTP. */
class AdmissionTest {
    private static final ClientName CALL_CENTRE = new ClientName("call-centre");

    private final MovedClock clock = new MovedClock();
    private final SplittableRandom random = new SplittableRandom(20210502);
    private final Database database =
            Database.open(TestDatabase.newDatabase(), 2, InstantSource.system());
    private final Clients clients = new Clients(database);
    private final ProofOfWork proofOfWork =
            new ProofOfWork(
                    new ProofOfWork.Cost(1_000, 10, 4), clock, random, new SimpleMeterRegistry());
    private final Vertx vertx = Vertx.vertx();
    private final HttpClient http = HttpClient.newHttpClient();
    private String address = "";

    @BeforeEach
    void serve() throws Exception {
        Admission admission = new Admission(clients, proofOfWork);
        Router router = Router.router(vertx);
        router.get("/admitted")
                .handler(
                        context -> {
                            var query = context.queryParams();
                            boolean isAdmitted =
                                    admission.isAdmitted(
                                            context,
                                            Optional.ofNullable(query.get("proof")),
                                            query.contains("needed"));
                            context.end(String.valueOf(isAdmitted));
                        });
        HttpServer server =
                vertx.createHttpServer()
                        .requestHandler(router)
                        .listen(0, "127.0.0.1")
                        .toCompletionStage()
                        .toCompletableFuture()
                        .get(30, TimeUnit.SECONDS);
        address = "http://127.0.0.1:" + server.actualPort();
    }

    @AfterEach
    void close() throws Exception {
        http.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
        database.close();
    }

    private HttpResponse<String> get(String path, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address + path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private boolean isAdmitted(String query, String... headers) throws Exception {
        return Boolean.parseBoolean(get("/admitted?" + query, headers).body());
    }

    private String newToken() {
        return switch (new AddClient(database, clock, random).add(CALL_CENTRE)) {
            case AddClient.Result.Added added -> added.token().reveal();
            case AddClient.Result.NameTaken() -> throw new AssertionError("taken");
        };
    }

    private String solvedProof() throws Exception {
        String payload = ProofOfWorkTest.payload(ProofOfWorkTest.solve(proofOfWork.challenge()));
        return "proof=" + URLEncoder.encode(payload, StandardCharsets.UTF_8);
    }

    @Test
    void admitsEveryoneWhereNoProofIsNeededAndUsesNoneUp() throws Exception {
        String proof = solvedProof();
        assertThat(isAdmitted("")).isTrue();
        assertThat(isAdmitted(proof)).isTrue();
        assertThat(isAdmitted("proof=garbage")).isTrue();
        assertThat(isAdmitted("needed&" + proof)).isTrue();
    }

    @Test
    void admitsWhoHasAFreshProofOnce() throws Exception {
        String proof = solvedProof();
        assertThat(isAdmitted("needed&" + proof)).isTrue();
        assertThat(isAdmitted("needed&" + proof)).isFalse();
    }

    @Test
    void refusesWhoHasNothingOrGarbage() throws Exception {
        assertThat(isAdmitted("needed")).isFalse();
        assertThat(isAdmitted("needed&proof=")).isFalse();
        assertThat(isAdmitted("needed&proof=garbage")).isFalse();
        for (String header : new String[] {"", "Bearer", "Bearer ", "Basic YTpi", "Bearer a b"}) {
            assertThat(isAdmitted("needed", "Authorization", header)).as(header).isFalse();
        }
    }

    @Test
    void admitsAClientUntilItIsRevokedAndUsesNoProofOfIts() throws Exception {
        String token = newToken();
        clients.run();
        String proof = solvedProof();
        assertThat(isAdmitted("needed&" + proof, "Authorization", "Bearer " + token)).isTrue();
        assertThat(isAdmitted("needed", "Authorization", "bearer  " + token)).isTrue();
        assertThat(isAdmitted("needed", "Authorization", token)).isFalse();
        new RevokeClient(database, clock).revoke(CALL_CENTRE);
        clients.run();
        assertThat(isAdmitted("needed", "Authorization", "Bearer " + token)).isFalse();
        assertThat(isAdmitted("needed&" + proof, "Authorization", "Bearer " + token)).isTrue();
    }
}
