package giliran.main;

import static giliran.main.ContractClient.CAMPAIGNS;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import giliran.campaigns.Slot;
import giliran.campaigns.TestCampaign;
import giliran.clients.AddClient;
import giliran.clients.ClientName;
import giliran.main.ContractClient.Answer;
import giliran.store.Database;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HexFormat;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a device meets in a campaign that asks it to work first, and what a known client meets. */
class ProofJourneyTest {
    private static final TestCampaign GUARDED =
            new TestCampaign("guarded").withProofOfWork().centre("hall", "kuala-lumpur");

    private static Slot slot;
    private static TestGiliran giliran;
    private static ContractClient client;
    private static String token;

    @BeforeAll
    static void start(@TempDir Path folder) {
        slot = GUARDED.slot("hall", Instant.now().plus(Duration.ofDays(30)), 100);
        giliran = TestGiliran.start(folder, GUARDED);
        client = new ContractClient(giliran.address());
        token = addClient();
    }

    @AfterAll
    static void stop() {
        giliran.close();
    }

    /** Adds a client beside the running server, and waits until the server knows it. */
    private static String addClient() {
        InstantSource clock = InstantSource.system();
        try (Database database = Database.open(giliran.connection(), 2, clock)) {
            AddClient.Result.Added added =
                    (AddClient.Result.Added)
                            new AddClient(database, clock, new SecureRandom())
                                    .add(new ClientName("call-centre"));
            String bearer = added.token().reveal();
            GiliranProcess.await("nobody knows it", () -> askAs(bearer).status() == 201);
            return bearer;
        }
    }

    private static Answer askAs(String bearer) {
        return client.send(
                client.pass("guarded", request()).header("Authorization", "Bearer " + bearer));
    }

    private static ObjectNode request() {
        return TestBooking.forPass(1, TestBooking.person(TestBooking.BORN));
    }

    private static Answer ask(String proof) {
        return client.send(client.pass("guarded", request().put("proof", proof)));
    }

    private static Answer book(ObjectNode booking, String key) {
        return client.book("guarded", key, booking);
    }

    /** Does the work as a device does it: tries numbers from 0 on. */
    private static String solve() {
        Answer challenge = client.get("/api/v1/challenge");
        byte[] wanted = HexFormat.of().parseHex(challenge.at("/challenge"));
        ObjectNode solution = (ObjectNode) challenge.json();
        long numbers = solution.remove("maxnumber").asLong();
        for (long number = 0; number < numbers; number++) {
            if (MessageDigest.isEqual(sha256(challenge.at("/salt") + number), wanted)) {
                return base64(solution.put("number", number));
            }
        }
        throw new AssertionError("no number below " + numbers + " meets the challenge");
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static String base64(ObjectNode solution) {
        return Base64.getEncoder().encodeToString(solution.toString().getBytes(UTF_8));
    }

    private static void isProofNeeded(Answer answer) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(403);
        assertThat(answer.problem()).isEqualTo("proof-needed");
        assertThat(answer.at("/booked")).isEqualTo("no");
    }

    @Test
    void saysThatItAsksForAProof() {
        assertThat(client.get(CAMPAIGNS + "/guarded").json().get("proofOfWork").asBoolean())
                .isTrue();
        assertThat(client.get(CAMPAIGNS).json().at("/campaigns/0/proofOfWork").asBoolean())
                .isTrue();
    }

    @Test
    void givesAPassForAProofOnceAndBooksWithItWithoutAnother() {
        isProofNeeded(client.send(client.pass("guarded", request())));
        String proof = solve();
        Answer pass = ask(proof);
        assertThat(pass.status()).as(pass.body()).isEqualTo(201);
        isProofNeeded(ask(proof));
        Answer booked = client.book("guarded", TestBooking.with(pass.at("/pass"), slot));
        assertThat(booked.status()).as(booked.body()).isEqualTo(201);
    }

    @Test
    void booksDirectlyWithAProofAndGrantsTheRepeatWithTheUsedOne() {
        ObjectNode booking = TestBooking.of(slot);
        String key = UUID.randomUUID().toString();
        isProofNeeded(book(booking, key));
        Answer booked = book(booking.put("proof", solve()), key);
        assertThat(booked.status()).as(booked.body()).isEqualTo(201);

        // A replay comes first: with the proof that is used up, and without one.
        assertThat(book(booking, key).body()).isEqualTo(booked.body());
        booking.remove("proof");
        assertThat(book(booking, key).body()).isEqualTo(booked.body());

        // The used proof books nothing else.
        isProofNeeded(book(TestBooking.of(slot).put("proof", solvedAndUsed()), "another"));
    }

    private static String solvedAndUsed() {
        String proof = solve();
        assertThat(ask(proof).status()).isEqualTo(201);
        return proof;
    }

    @Test
    void letsAKnownClientInWithoutAProof() {
        ObjectNode booking = TestBooking.of(slot);
        Answer booked = bookAs("Bearer " + token, booking);
        assertThat(booked.status()).as(booked.body()).isEqualTo(201);
        assertThat(bookAs("bearer   " + token, TestBooking.of(slot)).status()).isEqualTo(201);
        assertThat(askAs(token).status()).isEqualTo(201);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Bearer ",
                "Bearer giliran_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "Bearer x",
                "Basic Z2lsaXJhbjpnaWxpcmFu",
                "giliran"
            })
    void letsNobodyElseInWithoutAProof(String authorization) {
        isProofNeeded(bookAs(authorization, TestBooking.of(slot)));
        isProofNeeded(
                client.send(
                        client.pass("guarded", request()).header("Authorization", authorization)));
    }

    private static Answer bookAs(String authorization, ObjectNode booking) {
        HttpRequest.Builder request =
                client.booking("guarded", UUID.randomUUID().toString(), booking.toString());
        return client.send(request.header("Authorization", authorization));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "e30=", "\u0000", "💉"})
    void refusesGarbageForAProof(String garbage) {
        isProofNeeded(ask(garbage));
        isProofNeeded(book(TestBooking.of(slot).put("proof", garbage), "a-key"));
    }

    @Test
    void usesNoProofUpForARequestThatCannotBeRead() {
        String proof = solve();
        ObjectNode unreadable = request().put("proof", proof).put("misspelt", 1);
        assertThat(client.send(client.pass("guarded", unreadable)).problem())
                .isEqualTo("malformed");
        assertThat(ask(proof).status()).isEqualTo(201);
    }

    @ParameterizedTest
    @ValueSource(strings = {"en", "ms", "zh", "ta", "fr"})
    void asksForAProofInThePersonsLanguage(String language) {
        ObjectNode request = request();
        request.withObject("/person").put("language", language);
        Answer refused = client.send(client.pass("guarded", request));
        isProofNeeded(refused);
        assertThat(refused.header("Content-Language")).isEqualTo(language);
        assertThat(refused.at("/detail")).isNotBlank();
    }
}
