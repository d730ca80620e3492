package giliran.people;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What someone typed about a person, before any check: each field may be absent, of any length and
 * hostile. {@link CheckDetails} is the only way from here to {@link PersonDetails}.
 */
public record RawDetails(
        @Nullable String name,
        @Nullable String idType,
        @Nullable String idNumber,
        @Nullable String dateOfBirth,
        @Nullable String region,
        @Nullable String address,
        @Nullable String phone,
        @Nullable String email,
        @Nullable String language,
        @Nullable List<? extends @Nullable String> contactBy) {

    /** Shows nothing of the person. */
    @Override
    public String toString() {
        return "RawDetails[hidden]";
    }
}
