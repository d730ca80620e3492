package giliran.campaigns;

import java.time.LocalDate;
import java.util.Optional;
import java.util.Set;

/**
 * Who may book in a campaign.
 *
 * @param minimumAge in years, 0 to 130, counted on the day of the slot
 * @param regions where a person may live; empty means anywhere
 */
public record Eligibility(int minimumAge, Set<RegionId> regions) {
    public Eligibility {
        if (minimumAge < 0 || minimumAge > 130) {
            throw new IllegalArgumentException("a minimum age is 0 to 130 years");
        }
        regions = Set.copyOf(regions);
    }

    /** Why a person may not book. */
    public sealed interface Obstacle {
        /** Too young on that day; old enough from {@code eligibleFrom} on. */
        record TooYoung(int minimumAge, LocalDate eligibleFrom) implements Obstacle {}

        /** The campaign is for other regions. */
        record OtherRegion(Set<RegionId> regions) implements Obstacle {}
    }

    /**
     * What stands in a person's way, if anything: age first, then region.
     *
     * @param slotDay the slot's first day in the campaign's time zone
     */
    public Optional<Obstacle> obstacle(LocalDate dateOfBirth, RegionId region, LocalDate slotDay) {
        LocalDate eligibleFrom = birthday(dateOfBirth, minimumAge);
        if (slotDay.isBefore(eligibleFrom)) {
            return Optional.of(new Obstacle.TooYoung(minimumAge, eligibleFrom));
        }
        if (!regions.isEmpty() && !regions.contains(region)) {
            return Optional.of(new Obstacle.OtherRegion(regions));
        }
        return Optional.empty();
    }

    /** Someone born on 29 February comes of age on 1 March of a common year. */
    private static LocalDate birthday(LocalDate dateOfBirth, int age) {
        LocalDate day = dateOfBirth.plusYears(age);
        return day.getDayOfMonth() == dateOfBirth.getDayOfMonth() ? day : day.plusDays(1);
    }
}
