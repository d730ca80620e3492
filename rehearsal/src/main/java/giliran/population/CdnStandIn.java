package giliran.population;

import giliran.load.Answer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * What stands for a CDN before the origin: readers get the last answer that it has seen, at most a
 * second old as long as the origin answers, and only some of them are let through.
 *
 * <p>As a CDN does with {@code stale-if-error}, it goes on with an old answer if the origin has
 * none; how old the oldest one was is told.
 */
final class CdnStandIn {
    /** Where a reader's answer comes from. */
    enum Source {
        ABSORBED,
        ORIGIN,

        /** From the origin, whom somebody else is asking already. */
        COALESCED
    }

    /** {@code max-age=1} of what is published. */
    private static final int AGE_MAX_MILLIS = 1_000;

    private static final int RENEWED_AFTER_MILLIS = 400;
    private static final int UNPACKED_EVERY_MILLIS = 200;
    private static final int NEVER = -1_000_000;

    private final Slots slots;
    private final GoneSaid goneSaid;
    private final double readsPerMilli;
    private final int[] remaining;
    private final int[] free;
    private final int[] askedAt;
    private final int[] unpackedAt;

    /** By region: when the origin last gave no answer. */
    private final int[] failedAt;

    /** By region: whose read is awaited by all whose list is too old. */
    private final int[] awaited;

    private double mayPass;
    private int mayPassAt;
    private int oldestMillis;

    CdnStandIn(Slots slots, int regions, int originReadsPerSecond, GoneSaid goneSaid) {
        this.slots = slots;
        this.goneSaid = goneSaid;
        readsPerMilli = originReadsPerSecond / 1e3;
        remaining = new int[slots.count()];
        free = new int[regions];
        askedAt = filled(regions);
        unpackedAt = filled(regions);
        failedAt = filled(regions);
        awaited = filled(regions);
    }

    private static int[] filled(int regions) {
        int[] never = new int[regions];
        Arrays.fill(never, NEVER);
        return never;
    }

    /** Decides about a reader of a region's list. */
    Source read(int region, int person, int now) {
        mayPass = Math.min(mayPass + (now - mayPassAt) * readsPerMilli, 100 * readsPerMilli);
        mayPassAt = now;
        int age = now - askedAt[region];
        if (hasAnswer(region) && now - failedAt[region] < AGE_MAX_MILLIS) {
            oldestMillis = Math.max(oldestMillis, age);
            return Source.ABSORBED;
        }
        boolean isUnderWay = awaited[region] != NEVER;
        if (age >= AGE_MAX_MILLIS && isUnderWay) {
            return Source.COALESCED;
        }
        if ((age >= RENEWED_AFTER_MILLIS && !isUnderWay) || mayPass >= 1) {
            mayPass = Math.max(0, mayPass - 1);
            if (!isUnderWay) {
                awaited[region] = person;
            }
            return Source.ORIGIN;
        }
        oldestMillis = Math.max(oldestMillis, age);
        return Source.ABSORBED;
    }

    /**
     * Takes in what the origin answered to a person.
     *
     * @param asked when it was asked for
     * @param asOf the moment of which it says that it tells
     */
    void came(int region, int person, Answer answer, int asked, int asOf, int now) {
        noLongerAwaited(region, person);
        oldestMillis = Math.max(oldestMillis, now - asked);
        if (asked - unpackedAt[region] < UNPACKED_EVERY_MILLIS) {
            return;
        }
        unpackedAt[region] = asked;
        askedAt[region] = asked;
        slots.readList(region, unpacked(answer.body()), remaining);
        int sum = 0;
        for (int slot = slots.first(region); slot < slots.end(region); slot++) {
            sum += remaining[slot];
        }
        free[region] = sum;
        goneSaid.byList(slots.first(region), slots.end(region), remaining, asked, asOf, now);
    }

    /** Hears that the origin gave no answer: an old one, if there is any, serves for a second. */
    void failed(int region, int person, int now) {
        noLongerAwaited(region, person);
        failedAt[region] = now;
    }

    private void noLongerAwaited(int region, int person) {
        if (awaited[region] == person) {
            awaited[region] = NEVER;
        }
    }

    /** Whether there is any answer to give. */
    boolean hasAnswer(int region) {
        return askedAt[region] > NEVER;
    }

    private static byte[] unpacked(byte[] body) {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(body), 1 << 14)) {
            return in.readAllBytes();
        } catch (ZipException e) {
            return body;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is left in each slot, by the last answers. */
    int[] remaining() {
        return remaining;
    }

    /** How many places are free in a region, by the last answer. */
    int free(int region) {
        return free[region];
    }

    /** How many places are free in all, by the last answers. */
    int free() {
        return Arrays.stream(free).sum();
    }

    /** The age of the oldest answer that was given to a reader, in milliseconds. */
    int oldestMillis() {
        return oldestMillis;
    }
}
