package giliran.people;

import java.util.UUID;

/**
 * The pseudonym by which a person is known within one claim scope: 128 bits of a keyed hash of
 * scope, type and number of the identity document. Without the key it cannot be traced back, not
 * even by trying all numbers; still it stands for one person, so it is not to be logged or shown.
 *
 * @param value all 128 bits are the hash's; version and variant mean nothing
 */
public record PersonHandle(UUID value) {}
