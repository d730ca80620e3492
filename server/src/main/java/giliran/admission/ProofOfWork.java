package giliran.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import giliran.edge.Json;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.altcha.altcha.Altcha;

/**
 * Makes a device work a little before it is let in, by the ALTCHA protocol, version 1.
 *
 * <p>A challenge is the SHA-256 of a salt and a secret number below {@code maxnumber}, signed; who
 * finds the number has hashed {@code maxnumber}/2 times on average. For one person that is a part
 * of a second while they read; for a program that asks for many passes it is a bill. The more
 * challenges are asked for, the larger the numbers: {@link Cost}.
 *
 * <p>A solution is good once, within ten minutes of its challenge, at the process that made it: the
 * key is made anew at each start, so that a restart, which forgets what was used, makes no old
 * solution good again. Nothing is kept of a challenge until it is solved.
 *
 * <p>Safe for use by many threads.
 */
public final class ProofOfWork {
    /** How long a challenge can be solved. */
    static final Duration LIFETIME = Duration.ofMinutes(10);

    private static final String ALGORITHM = Altcha.Algorithm.SHA256.getName();
    private static final int KEY_BYTES = 32;
    private static final int SALT_BYTES = 12;
    private static final int PAYLOAD_CHARS_MAX = 1_024;
    private static final int SOLUTIONS_KEPT_MAX = 1_000_000;

    /**
     * The only form of a salt that we make. It ends where the number begins, so that no digit can
     * be moved between the number and the time of expiry: both are hashed as one text.
     */
    private static final Pattern SALT = Pattern.compile("[0-9a-f]{24}\\?expires=([0-9]{1,12})&");

    /**
     * What a solution costs: numbers up to {@code numbersBase} as long as no more than {@code
     * challengesPerSecondBase} are asked for, on average of the last ten seconds; above that rate
     * in proportion to it, up to {@code factorMax} times as many.
     */
    public record Cost(long numbersBase, int challengesPerSecondBase, int factorMax) {
        public static final Cost DEFAULT = new Cost(50_000, 500, 8);

        public Cost {
            if (numbersBase < 1 || challengesPerSecondBase < 1 || factorMax < 1) {
                throw new IllegalArgumentException("a cost's parts are 1 or more");
            }
            if (Math.multiplyExact(numbersBase, factorMax) > Integer.MAX_VALUE) {
                throw new IllegalArgumentException("no device counts that far");
            }
        }

        private long numbers(double challengesPerSecond) {
            double factor =
                    Math.clamp(challengesPerSecond / challengesPerSecondBase, 1.0, factorMax);
            return Math.round(numbersBase * factor);
        }
    }

    /** A challenge, its members named as in the protocol. */
    public record Challenge(
            String algorithm, String challenge, long maxnumber, String salt, String signature) {}

    /** What became of a solution. */
    enum Verdict {
        ACCEPTED,
        MALFORMED,
        FORGED,
        EXPIRED,
        USED
    }

    private record Solution(
            String challenge, String salt, long expires, long number, String signature) {}

    private final Cost cost;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final String key;
    private final RecentCount asked = new RecentCount();
    private final UsedSolutions used = new UsedSolutions(SOLUTIONS_KEPT_MAX);
    private final Counter made;
    private final Map<Verdict, Counter> judged = new EnumMap<>(Verdict.class);

    /**
     * @param random secure in all but tests: the key comes from it too
     */
    public ProofOfWork(
            Cost cost, InstantSource clock, RandomGenerator random, MeterRegistry meters) {
        this.cost = cost;
        this.clock = clock;
        this.random = random;
        key = randomHex(KEY_BYTES);
        made =
                Counter.builder("giliran.proof.challenges")
                        .description("Challenges made")
                        .register(meters);
        for (Verdict verdict : Verdict.values()) {
            judged.put(
                    verdict,
                    Counter.builder("giliran.proof.solutions")
                            .description("Solutions handed in, by what became of them")
                            .tag("result", verdict.name().toLowerCase(Locale.ROOT))
                            .register(meters));
        }
        Gauge.builder("giliran.proof.maxnumber", this, ProofOfWork::numbersNow)
                .description("The cost of a challenge now")
                .register(meters);
    }

    /** Makes a challenge at the cost of the moment. */
    public Challenge challenge() {
        asked.add(clock.instant().getEpochSecond());
        made.increment();
        long numbers = numbersNow();
        Altcha.ChallengeOptions options =
                options(
                        randomHex(SALT_BYTES)
                                + "?expires="
                                + clock.instant().plus(LIFETIME).getEpochSecond()
                                + "&",
                        random.nextLong(numbers));
        Altcha.Challenge challenge = create(options);
        return new Challenge(
                ALGORITHM, challenge.challenge, numbers, challenge.salt, challenge.signature);
    }

    /**
     * Whether this is a good solution that was not handed in before; it is used up then.
     *
     * @param payload base64 of the protocol's JSON object; any text may be given
     */
    boolean accept(String payload) {
        return judge(payload) == Verdict.ACCEPTED;
    }

    /** As {@link #accept}, with the reason. */
    Verdict judge(String payload) {
        Verdict verdict = read(payload).map(this::judgeSolution).orElse(Verdict.MALFORMED);
        Objects.requireNonNull(judged.get(verdict)).increment();
        return verdict;
    }

    private Verdict judgeSolution(Solution solution) {
        Altcha.Challenge ours = create(options(solution.salt(), solution.number()));
        // The signature is the secret one: it is compared in constant time.
        if (!ours.challenge.equals(solution.challenge())
                || !isEqual(ours.signature, solution.signature())) {
            return Verdict.FORGED;
        }
        long now = clock.instant().getEpochSecond();
        long latest = now + LIFETIME.toSeconds();
        // Beyond the latest: made before the clock was set back.
        if (solution.expires() <= now || solution.expires() > latest) {
            return Verdict.EXPIRED;
        }
        long name = Long.parseUnsignedLong(ours.challenge.substring(0, 16), 16);
        return used.use(name, solution.expires(), now, latest) ? Verdict.ACCEPTED : Verdict.USED;
    }

    private static Optional<Solution> read(String payload) {
        if (payload.length() > PAYLOAD_CHARS_MAX) {
            return Optional.empty();
        }
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(payload);
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
        return Json.readObject(bytes).flatMap(ProofOfWork::solution);
    }

    private static Optional<Solution> solution(ObjectNode node) {
        Matcher salt = SALT.matcher(text(node, "salt"));
        JsonNode number = node.path("number");
        if (!text(node, "algorithm").equals(ALGORITHM)
                || !salt.matches()
                || !number.isIntegralNumber()
                || !number.canConvertToLong()) {
            return Optional.empty();
        }
        return Optional.of(
                new Solution(
                        text(node, "challenge"),
                        salt.group(),
                        Long.parseLong(salt.group(1)),
                        number.longValue(),
                        text(node, "signature")));
    }

    /** A text; empty if it is absent or something else. */
    private static String text(ObjectNode node, String member) {
        JsonNode value = node.path(member);
        return value.isTextual() ? value.textValue() : "";
    }

    private long numbersNow() {
        return cost.numbers(asked.perSecond(clock.instant().getEpochSecond()));
    }

    private Altcha.ChallengeOptions options(String salt, long number) {
        return new Altcha.ChallengeOptions()
                .setAlgorithm(Altcha.Algorithm.SHA256)
                .setHmacKey(key)
                .setSalt(salt)
                .setNumber(number);
    }

    private static Altcha.Challenge create(Altcha.ChallengeOptions options) {
        try {
            return Altcha.createChallenge(options);
        } catch (Exception e) {
            throw new IllegalStateException("every JDK has SHA-256 and its HMAC", e);
        }
    }

    private static boolean isEqual(String ours, String theirs) {
        return MessageDigest.isEqual(
                ours.getBytes(StandardCharsets.UTF_8), theirs.getBytes(StandardCharsets.UTF_8));
    }

    private String randomHex(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
