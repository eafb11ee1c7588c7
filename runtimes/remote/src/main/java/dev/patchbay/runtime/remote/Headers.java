package dev.patchbay.runtime.remote;

import dev.patchbay.api.Call;
import java.util.LinkedHashMap;
import java.util.Map;

/// What a server is told about the call it is asked for.
final class Headers {

    private Headers() {}

    /// The trace and the call's name go on, and how long there is; servers that do not know a header pass over it.
    static Map<String, String> of(Call call, Patience patience) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("traceparent", call.traceparent());
        call.tracestate().ifPresent(state -> headers.put("tracestate", state));
        headers.put("inference-request-id", call.requestId());
        headers.put("inference-timeout", Math.max(1, patience.left().toMillis()) + "ms");
        return headers;
    }
}
