package dev.patchbay.runtime.remote;

import dev.patchbay.api.Call;
import java.util.Map;

/// What a server is told about the call it is asked for.
final class Headers {

    private Headers() {}

    /// The trace and the call's name go on, and how long there is; servers that do not know a header pass over it.
    static Map<String, String> of(Call call, Patience patience) {
        return Map.of(
                "traceparent", call.traceparent(),
                "inference-request-id", call.requestId(),
                "inference-timeout", Math.max(1, patience.left().toMillis()) + "ms");
    }
}
