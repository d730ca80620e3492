package giliran.people;

import static org.assertj.core.api.Assertions.assertThat;

import giliran.people.CheckDetails.Result.Invalid;
import giliran.people.CheckDetails.Result.Valid;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hostile details at random: the seed of a failure is in its message. */
class CheckDetailsModelTest {
    private static final int FORMS = 20_000;

    private static final List<String> FIELDS =
            List.of(
                    "name",
                    "idType",
                    "idNumber",
                    "dateOfBirth",
                    "region",
                    "address",
                    "phone",
                    "email",
                    "language");

    /** What breaks parsers, markup, queries, joins of words and cases of letters. */
    private static final List<String> SHARDS =
            List.of(
                    "\u0000",
                    "\uD800",
                    "\uDC00",
                    "\u202E",
                    "\u2066",
                    "\u200D",
                    "\u200C",
                    "\uFEFF",
                    "\u0301",
                    "\u0344",
                    "\uFDFA",
                    "\uFB2C",
                    "\uFF11",
                    "\u0661",
                    "\u2460",
                    "\u00DF",
                    "\u0131",
                    "\u0130",
                    "\u212A",
                    "\uD83D\uDE00",
                    "\uD842\uDFB7",
                    "\uFFFF",
                    " ",
                    "\u3000",
                    "\r\n",
                    "\t",
                    "'",
                    "\"",
                    "<script>",
                    "--",
                    "%",
                    "\\",
                    "@",
                    ".",
                    "-",
                    "+",
                    "(",
                    ";ext=1",
                    ";phone-context=",
                    "/",
                    "_",
                    "0",
                    "9",
                    "A",
                    "z",
                    "x-",
                    "u-",
                    "-u-ca-buddhist",
                    "i-klingon",
                    "no-NO-x-lvariant-NY",
                    "ja-JP-x-lvariant-JP",
                    "+39 06",
                    "+54 9",
                    "00",
                    "2000-02-29",
                    "9999-12-31",
                    "en",
                    "passport",
                    "health-card",
                    "@a.my");

    @TempDir Path folder;

    @Test
    void neverThrowsAndWhatIsValidSurvivesSealingAndAnotherCheck() {
        long seed = System.nanoTime();
        var random = new SplittableRandom(seed);
        var check = new CheckDetails();
        var keys = Keys.openOrCreate(folder.resolve("keys"));
        int valid = 0;
        for (int form = 0; form < FORMS; form++) {
            RawDetails raw = hostile(random);
            try {
                switch (check.check(raw, Typed.TODAY)) {
                    case Valid(PersonDetails details) -> {
                        valid++;
                        assertSurvives(details, keys, check);
                    }
                    case Invalid(List<DetailsProblem> problems) -> assertSaysAll(problems);
                }
            } catch (RuntimeException | AssertionError failure) {
                throw new AssertionError("Seed %d, form %d".formatted(seed, form), failure);
            }
        }
        assertThat(valid).as("valid forms with seed %d", seed).isGreaterThan(FORMS / 20);
    }

    private static void assertSurvives(PersonDetails details, Keys keys, CheckDetails check) {
        byte[] context = details.region().getBytes(StandardCharsets.UTF_8);
        assertThat(keys.unseal(keys.seal(details, context), context)).isEqualTo(details);
        var again =
                new RawDetails(
                        details.name(),
                        details.idType().wireName(),
                        details.idNumber(),
                        details.dateOfBirth().toString(),
                        details.region(),
                        details.address().orElse(null),
                        details.phone(),
                        details.email().orElse(null),
                        details.language(),
                        details.contactBy().stream().map(ContactBy::wireName).toList());
        assertThat(check.check(again, Typed.TODAY)).isEqualTo(new Valid(details));
        keys.handleOf("programme", details.idType(), details.idNumber());
        MaskedDetails.of(details);
    }

    private static void assertSaysAll(List<DetailsProblem> problems) {
        assertThat(problems).isNotEmpty();
        Set<String> fields = new HashSet<>();
        assertThat(problems).allMatch(problem -> fields.add(problem.field()));
    }

    /** Good details in which a few fields are swapped for something worse. */
    private static RawDetails hostile(SplittableRandom random) {
        Typed typed =
                random.nextBoolean()
                        ? Typed.byAisyah()
                        : Typed.withPassport("A" + random.nextInt(1000, 1_000_000));
        int changed = random.nextInt(4);
        for (int i = 0; i < changed; i++) {
            String field = FIELDS.get(random.nextInt(FIELDS.size()));
            String good = typed.get(field);
            typed.with(
                    field,
                    switch (random.nextInt(6)) {
                        case 0 -> null;
                        case 1 -> shards(random, random.nextInt(6));
                        case 2 -> anyUnits(random, random.nextInt(40));
                        case 3 -> shards(random, 1).repeat(random.nextInt(2000));
                        case 4 -> good + shards(random, random.nextInt(1, 3));
                        default -> spliced(random, good);
                    });
        }
        if (random.nextInt(4) == 0) {
            List<String> choices = List.of("sms", "email", "voice", "", "\u0000", "EMAIL");
            typed.contactBy(
                    IntStream.range(0, random.nextInt(13))
                            .mapToObj(i -> choices.get(random.nextInt(random.nextInt(1, 7))))
                            .toArray(String[]::new));
        }
        return typed.raw();
    }

    private static String spliced(SplittableRandom random, String good) {
        int at = random.nextInt(good.length() + 1);
        int until = random.nextInt(at, good.length() + 1);
        return good.substring(0, at) + shards(random, 1) + good.substring(until);
    }

    private static String shards(SplittableRandom random, int count) {
        var text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append(SHARDS.get(random.nextInt(SHARDS.size())));
        }
        return text.toString();
    }

    private static String anyUnits(SplittableRandom random, int length) {
        var text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append((char) random.nextInt(random.nextBoolean() ? 0x80 : 0x10000));
        }
        return text.toString();
    }
}
