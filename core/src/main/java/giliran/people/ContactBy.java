package giliran.people;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A way in which a person wants to be told. */
public enum ContactBy {
    SMS("sms"),
    EMAIL("email"),
    VOICE("voice");

    private final String wireName;

    ContactBy(String wireName) {
        this.wireName = wireName;
    }

    /** The name in requests and sealed bodies; it never changes. */
    public String wireName() {
        return wireName;
    }

    /** The way of exactly this wire name. */
    public static Optional<ContactBy> find(@Nullable String wireName) {
        for (ContactBy way : values()) {
            if (way.wireName.equals(wireName)) {
                return Optional.of(way);
            }
        }
        return Optional.empty();
    }
}
