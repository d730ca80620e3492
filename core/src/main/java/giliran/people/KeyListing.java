package giliran.people;

/**
 * What may be told of a key: nothing of its material.
 *
 * @param id unsigned, as in the keyset's file
 * @param isPrimary whether it is the one that makes what is new
 * @param status whether it is in use, in Tink's words
 */
public record KeyListing(Keyset keyset, int id, boolean isPrimary, String status) {}
