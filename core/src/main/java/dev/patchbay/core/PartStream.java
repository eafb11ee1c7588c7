package dev.patchbay.core;

import dev.patchbay.core.execution.PartSink;
import dev.patchbay.core.routing.Resolution;

/// A caller that wants the parts of an answer as they come.
public interface PartStream extends PartSink {

    /// Told which version will answer, before its first part.
    void routed(Resolution resolution);
}
