package giliran.campaigns;

/** A part of the country in which people look for a centre. */
public record Region(RegionId id, String name) {}
