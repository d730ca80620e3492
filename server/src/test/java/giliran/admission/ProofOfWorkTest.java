package giliran.admission;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.node.ObjectNode;
import giliran.admission.ProofOfWork.Challenge;
import giliran.admission.ProofOfWork.Cost;
import giliran.admission.ProofOfWork.Verdict;
import giliran.edge.Json;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Base64;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import org.altcha.altcha.Altcha;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProofOfWorkTest {
    private static final Cost COST = new Cost(1_000, 10, 4);

    private final MovedClock clock = new MovedClock();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final ProofOfWork proofOfWork = proofOfWork(1);

    private ProofOfWork proofOfWork(long seed) {
        return new ProofOfWork(COST, clock, new SplittableRandom(seed), meters);
    }

    /** Does the work as the protocol's own library does it. */
    static ObjectNode solve(Challenge challenge) throws Exception {
        Altcha.Solution solution =
                Altcha.solveChallenge(
                        challenge.challenge(),
                        challenge.salt(),
                        Altcha.Algorithm.SHA256,
                        challenge.maxnumber(),
                        0);
        return Json.object()
                .put("algorithm", challenge.algorithm())
                .put("challenge", challenge.challenge())
                .put("number", solution.number)
                .put("salt", challenge.salt())
                .put("signature", challenge.signature())
                .put("took", solution.took);
    }

    static String payload(ObjectNode solution) {
        return Base64.getEncoder().encodeToString(Json.bytes(solution).getBytes());
    }

    private double counted(String result) {
        return meters.get("giliran.proof.solutions").tag("result", result).counter().count();
    }

    // A solution

    @Test
    void acceptsASolutionOnce() throws Exception {
        String payload = payload(solve(proofOfWork.challenge()));
        assertThat(proofOfWork.accept(payload)).isTrue();
        assertThat(proofOfWork.judge(payload)).isEqualTo(Verdict.USED);
        assertThat(counted("accepted")).isEqualTo(1);
        assertThat(counted("used")).isEqualTo(1);
        assertThat(meters.get("giliran.proof.challenges").counter().count()).isEqualTo(1);
    }

    @Test
    void acceptsASolutionOnceHoweverItsTextIsVaried() throws Exception {
        ObjectNode solution = solve(proofOfWork.challenge());
        assertThat(proofOfWork.accept(payload(solution))).isTrue();
        assertThat(proofOfWork.judge(payload(solution.put("took", 5)))).isEqualTo(Verdict.USED);
        assertThat(proofOfWork.judge(payload(solution).replace("=", ""))).isEqualTo(Verdict.USED);
        String capitals = solution.get("signature").textValue().toUpperCase(Locale.ROOT);
        assertThat(proofOfWork.judge(payload(solution.put("signature", capitals))))
                .isEqualTo(Verdict.FORGED);
    }

    @Test
    void acceptsASolutionOnceFromManyThreads() throws Exception {
        String payload = payload(solve(proofOfWork.challenge()));
        try (var threads = Executors.newFixedThreadPool(16)) {
            int accepted = 0;
            for (Future<Boolean> one :
                    threads.invokeAll(
                            Collections.<Callable<Boolean>>nCopies(
                                    64, () -> proofOfWork.accept(payload)))) {
                accepted += one.get() ? 1 : 0;
            }
            assertThat(accepted).isEqualTo(1);
        }
    }

    @Test
    void acceptsASolutionUntilTenMinutesAreOver() throws Exception {
        String inTime = payload(solve(proofOfWork.challenge()));
        String late = payload(solve(proofOfWork.challenge()));
        clock.move(Duration.ofMinutes(10).minusSeconds(1));
        assertThat(proofOfWork.accept(inTime)).isTrue();
        clock.move(Duration.ofSeconds(1));
        assertThat(proofOfWork.judge(late)).isEqualTo(Verdict.EXPIRED);
        assertThat(proofOfWork.judge(inTime)).isEqualTo(Verdict.EXPIRED);
    }

    @Test
    void refusesASolutionFromBeforeTheClockWasSetBack() throws Exception {
        clock.move(Duration.ofHours(1));
        String payload = payload(solve(proofOfWork.challenge()));
        assertThat(proofOfWork.accept(payload)).isTrue();
        clock.move(Duration.ofHours(-1));
        assertThat(proofOfWork.judge(payload)).isEqualTo(Verdict.EXPIRED);
        assertThat(proofOfWork.accept(payload(solve(proofOfWork.challenge())))).isTrue();
    }

    @Test
    void refusesASolutionOfAnotherProcess() throws Exception {
        String payload = payload(solve(proofOfWork(2).challenge()));
        assertThat(proofOfWork.judge(payload)).isEqualTo(Verdict.FORGED);
    }

    @Test
    void refusesASolutionThatWasTamperedWith() throws Exception {
        ObjectNode solution = solve(proofOfWork.challenge());
        ObjectNode other = solve(proofOfWork.challenge());
        for (String member : List.of("challenge", "salt", "signature")) {
            ObjectNode mixed = solution.deepCopy();
            mixed.set(member, other.get(member));
            assertThat(proofOfWork.judge(payload(mixed))).as(member).isEqualTo(Verdict.FORGED);
        }
        ObjectNode wrong = solution.deepCopy().put("number", solution.get("number").asLong() + 1);
        assertThat(proofOfWork.judge(payload(wrong))).isEqualTo(Verdict.FORGED);
        ObjectNode negative = solution.deepCopy().put("number", -1);
        assertThat(proofOfWork.judge(payload(negative))).isEqualTo(Verdict.FORGED);
        assertThat(proofOfWork.accept(payload(solution))).isTrue();
    }

    @Test
    void refusesDigitsMovedFromTheNumberToTheTimeOfExpiry() throws Exception {
        ObjectNode solution;
        do {
            solution = solve(proofOfWork.challenge());
        } while (solution.get("number").asLong() < 100);
        String number = solution.get("number").asText();
        String salt = solution.get("salt").textValue();
        for (String longer :
                List.of(
                        salt + number.charAt(0),
                        salt.replace("&", number.substring(0, 1)),
                        salt.replace("&", number.substring(0, 1) + "&"))) {
            ObjectNode moved =
                    solution.deepCopy()
                            .put("salt", longer)
                            .put("number", Long.parseLong(number.substring(1)));
            assertThat(proofOfWork.accept(payload(moved))).as(longer).isFalse();
        }
        assertThat(proofOfWork.accept(payload(solution))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"SHA-1", "SHA-512", "sha-256", "none", ""})
    void refusesAnotherAlgorithm(String algorithm) throws Exception {
        ObjectNode solution = solve(proofOfWork.challenge()).put("algorithm", algorithm);
        assertThat(proofOfWork.judge(payload(solution))).isEqualTo(Verdict.MALFORMED);
    }

    @Test
    void refusesASolutionThatLacksAMemberOrHasOneOfAnotherType() throws Exception {
        ObjectNode solution = solve(proofOfWork.challenge());
        for (String member : List.of("algorithm", "challenge", "number", "salt", "signature")) {
            ObjectNode lacking = solution.deepCopy();
            lacking.remove(member);
            assertThat(proofOfWork.accept(payload(lacking))).as(member).isFalse();
            assertThat(proofOfWork.accept(payload(solution.deepCopy().putNull(member)))).isFalse();
            ObjectNode nested = solution.deepCopy();
            nested.putObject(member).put("a", 1);
            assertThat(proofOfWork.accept(payload(nested))).as(member).isFalse();
        }
        for (String number : List.of("1.5", "1e3", "\"1\"", "9".repeat(40), "true", "[1]")) {
            String text =
                    solution.toString().replaceAll("\"number\":[0-9]+", "\"number\":" + number);
            assertThat(proofOfWork.accept(base64(text))).as(number).isFalse();
        }
        assertThat(proofOfWork.accept(payload(solution))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "=",
                "====",
                "a",
                "####",
                "e30=",
                "bnVsbA==",
                "W10=",
                "\uD800",
                "\u0000"
            })
    void refusesWhatIsNoSolutionAtAll(String payload) {
        assertThat(proofOfWork.judge(payload)).isEqualTo(Verdict.MALFORMED);
        assertThat(counted("malformed")).isEqualTo(1);
    }

    @Test
    void refusesHugeTextsAndDeepOnes() throws Exception {
        String spaced = solve(proofOfWork.challenge()).put("took", "x".repeat(2_000)).toString();
        assertThat(proofOfWork.judge(base64(spaced))).isEqualTo(Verdict.MALFORMED);
        assertThat(proofOfWork.judge("A".repeat(10_000_000))).isEqualTo(Verdict.MALFORMED);
        assertThat(proofOfWork.judge(base64("[".repeat(700)))).isEqualTo(Verdict.MALFORMED);
        assertThat(proofOfWork.judge(base64("{\"a\":".repeat(150)))).isEqualTo(Verdict.MALFORMED);
    }

    @Test
    void neverThrowsAndNeverAcceptsRandomPayloads() throws Exception {
        long seed = 20210502;
        RandomGenerator random = new SplittableRandom(seed);
        String solution = solve(proofOfWork.challenge()).toString();
        for (int i = 0; i < 20_000; i++) {
            String payload = randomPayload(random, solution);
            assertThat(proofOfWork.accept(payload))
                    .as("seed %d, %d: %s", seed, i, payload)
                    .isFalse();
        }
        assertThat(proofOfWork.accept(base64(solution))).isTrue();
    }

    /** Garbage, base64 of garbage, or a good solution with something in it changed. */
    private static String randomPayload(RandomGenerator random, String solution) {
        byte[] bytes = new byte[random.nextInt(300)];
        random.nextBytes(bytes);
        int at = random.nextInt(solution.indexOf("\"took\"") - 1);
        String before = solution.substring(0, at);
        String after = solution.substring(at + 1);
        return switch (random.nextInt(4)) {
            case 0 -> new String(bytes, UTF_8);
            case 1 -> Base64.getEncoder().encodeToString(bytes);
            case 2 -> {
                char other = (char) random.nextInt(1, 0x2_000);
                yield other == solution.charAt(at) ? "" : base64(before + other + after);
            }
            default -> base64(before + after);
        };
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }

    // A challenge

    @Test
    void makesChallengesThatAllDifferAndHideTheirNumber() throws Exception {
        Set<String> salts = new HashSet<>();
        Set<Long> numbers = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            Challenge challenge = proofOfWork.challenge();
            assertThat(challenge.algorithm()).isEqualTo("SHA-256");
            salts.add(challenge.salt());
            numbers.add(solve(challenge).get("number").asLong());
        }
        assertThat(salts).hasSize(100);
        assertThat(numbers)
                .hasSizeGreaterThan(80)
                .allMatch(number -> number >= 0 && number < 1_000);
    }

    @Test
    void costsTheBaseUpToTheBaseRate() {
        assertThat(costAfter(100)).isEqualTo(1_000);
    }

    @Test
    void costsMoreInProportionUpToTheMaximumAndLessAgainWhenItIsQuiet() {
        assertThat(costAfter(200)).isEqualTo(2_000);
        assertThat(costAfter(100)).isEqualTo(3_000);
        assertThat(meters.get("giliran.proof.maxnumber").gauge().value()).isEqualTo(3_000);
        assertThat(costAfter(1_000)).isEqualTo(4_000);
        clock.move(Duration.ofSeconds(9));
        assertThat(costAfter(1)).isEqualTo(4_000);
        clock.move(Duration.ofSeconds(1));
        assertThat(costAfter(1)).isEqualTo(1_000);
        assertThat(meters.get("giliran.proof.maxnumber").gauge().value()).isEqualTo(1_000);
    }

    @Test
    void acceptsWhatWasSolvedAtAnotherCost() throws Exception {
        Challenge cheap = proofOfWork.challenge();
        costAfter(1_000);
        Challenge dear = proofOfWork.challenge();
        assertThat(dear.maxnumber()).isEqualTo(4_000);
        assertThat(proofOfWork.accept(payload(solve(cheap)))).isTrue();
        clock.move(Duration.ofMinutes(1));
        assertThat(proofOfWork.accept(payload(solve(dear)))).isTrue();
    }

    private long costAfter(int challenges) {
        for (int i = 1; i < challenges; i++) {
            proofOfWork.challenge();
        }
        return proofOfWork.challenge().maxnumber();
    }

    @Test
    void refusesACostThatIsNoneOrBeyondAllDevices() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Cost(0, 1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new Cost(1, 0, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new Cost(1, 1, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new Cost(1 << 30, 1, 2));
    }
}
