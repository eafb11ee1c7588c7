package dev.patchbay.core.cache;

import java.util.Locale;

/// Where the answer to a call came from: the `Inference-Cache` header and the `result` label of metrics.
public enum CacheResult {
    /// The version's answers are not kept, or not in the form the caller wants.
    NONE,
    /// The version answered, because no equal call was answered before.
    MISS,
    /// The version answered, because the caller wanted that.
    BYPASS,
    /// An equal call was answered before.
    HIT,
    /// A call that means the same was answered before.
    SIMILAR,
    /// An equal call was being answered.
    COALESCED;

    /// Tells whether the answer was made for another call.
    public boolean isShared() {
        return this == HIT || this == SIMILAR || this == COALESCED;
    }

    /// Gives the word used in headers and metrics.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
