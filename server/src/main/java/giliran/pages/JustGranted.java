package giliran.pages;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import giliran.booking.HeldAppointment;
import java.time.Duration;
import java.util.Optional;

/**
 * Appointments that were granted a moment ago, for the page to which the person is led at once: so
 * that at the opening no booking costs a look-up. Each is shown once from here.
 */
final class JustGranted {
    private static final int KEPT_MAX = 20_000;
    private static final Duration KEPT_FOR = Duration.ofSeconds(30);

    private final Cache<String, HeldAppointment> byToken =
            Caffeine.newBuilder().maximumSize(KEPT_MAX).expireAfterWrite(KEPT_FOR).build();

    void put(HeldAppointment held) {
        byToken.put(held.token(), held);
    }

    Optional<HeldAppointment> take(String token) {
        return Optional.ofNullable(byToken.asMap().remove(token));
    }
}
