package giliran.people;

import java.time.LocalDate;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a person types in these tests: valid details, of which a test changes what it is about. */
final class Typed {
    static final LocalDate TODAY = LocalDate.of(2026, 11, 22);

    private final Map<String, @Nullable String> fields = new HashMap<>();
    private @Nullable List<@Nullable String> contactBy = null;

    private Typed() {}

    static Typed byAisyah() {
        return new Typed()
                .with("name", "Aisyah binti Abdullah")
                .with("idType", "nric")
                .with("idNumber", "900131-14-5678")
                .with("dateOfBirth", "1990-01-31")
                .with("region", "kuala-lumpur")
                .with("address", "12, Jalan Ampang, 50450 Kuala Lumpur")
                .with("phone", "012-345 6789")
                .with("email", "aisyah@example.my")
                .with("language", "ms");
    }

    static Typed withPassport(String number) {
        return byAisyah().with("idType", "passport").with("idNumber", number);
    }

    Typed with(String field, @Nullable String typed) {
        fields.put(field, typed);
        return this;
    }

    /** What is typed there now, or nothing. */
    String get(String field) {
        return Objects.requireNonNullElse(fields.get(field), "");
    }

    Typed without(String field) {
        return with(field, null);
    }

    Typed contactBy(@Nullable String... choices) {
        contactBy = Arrays.asList(choices);
        return this;
    }

    RawDetails raw() {
        return new RawDetails(
                fields.get("name"),
                fields.get("idType"),
                fields.get("idNumber"),
                fields.get("dateOfBirth"),
                fields.get("region"),
                fields.get("address"),
                fields.get("phone"),
                fields.get("email"),
                fields.get("language"),
                contactBy);
    }

    CheckDetails.Result check() {
        return new CheckDetails().check(raw(), TODAY);
    }

    PersonDetails details() {
        return switch (check()) {
            case CheckDetails.Result.Valid(PersonDetails details) -> details;
            case CheckDetails.Result.Invalid(List<DetailsProblem> problems) ->
                    throw new AssertionError("Refused: " + problems);
        };
    }

    List<DetailsProblem> problems() {
        return switch (check()) {
            case CheckDetails.Result.Valid valid -> List.of();
            case CheckDetails.Result.Invalid(List<DetailsProblem> problems) -> problems;
        };
    }
}
