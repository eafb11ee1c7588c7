package dev.patchbay.core.routing;

import java.nio.charset.StandardCharsets;

/// A share of all units: those whose hash falls into a range of the 2^32 hash values. A unit's place depends on
/// the salt and the unit alone, so raising a percentage never moves anybody out.
///
/// @param salt keeps experiments independent of each other
/// @param from the first hash value inside
/// @param until the first hash value outside again
record Share(String salt, long from, long until) {

    private static final long SPACE = 1L << 32;
    /// Percentages have up to three decimals: 100 % are 100,000 thousandths.
    private static final long WHOLE = 100_000;

    /// Makes a share that begins after `before` thousandths of a percent and is `size` of them wide.
    static Share of(String salt, long before, long size) {
        return new Share(salt, before * SPACE / WHOLE, (before + size) * SPACE / WHOLE);
    }

    long hash(String unit) {
        return Murmur3.hash((salt + ":" + unit).getBytes(StandardCharsets.UTF_8));
    }

    /// Tells whether it holds every hash, so that none need be made.
    boolean isWhole() {
        return from == 0 && until == SPACE;
    }

    boolean holds(long hash) {
        return hash >= from && hash < until;
    }

    static double percent(long hash) {
        return hash * 100.0 / SPACE;
    }
}
