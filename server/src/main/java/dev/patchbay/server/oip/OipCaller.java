package dev.patchbay.server.oip;

import dev.patchbay.api.CallMode;
import dev.patchbay.core.execution.CallContext;
import dev.patchbay.core.execution.CancelSignal;
import dev.patchbay.core.execution.TraceContext;
import dev.patchbay.server.inference.Headers;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Who calls, and how long they wait: from headers or metadata as for every call, and from the parameters of a
/// request, since many clients of the protocol can set nothing else.
///
/// @param tenant from `inference-tenant`
/// @param timeout from `inference-timeout` or the transport's own deadline
/// @param baggage from `baggage`
/// @param arrived by [System#nanoTime]
record OipCaller(
        String requestId,
        @Nullable String tenant,
        Duration timeout,
        TraceContext trace,
        Map<String, String> baggage,
        long arrived) {

    static final Duration LONGEST = Duration.ofHours(24);

    /// Headers or metadata.
    interface Heads {

        @Nullable
        String first(String name);

        List<String> all(String name);
    }

    static OipCaller of(Heads heads, String requestId, long arrived) {
        return new OipCaller(
                requestId,
                Headers.tenant(heads.first("inference-tenant")),
                Headers.timeout(heads.first("inference-timeout"), LONGEST),
                Headers.trace(heads.first("traceparent"), heads.all("tracestate")),
                Headers.baggage(heads.all("baggage")),
                arrived);
    }

    /// Makes the context of a call whose headers or body cannot be read.
    static CallContext unread(String requestId, long arrived) {
        return new OipCaller(requestId, null, LONGEST, TraceContext.from(null, null), Map.of(), arrived)
                .context(Map.of());
    }

    OipCaller within(Duration limit) {
        return limit.compareTo(timeout) < 0 ? new OipCaller(requestId, tenant, limit, trace, baggage, arrived) : this;
    }

    /// Makes the context of the call.
    CallContext context(Map<String, Object> parameters) {
        return new CallContext(
                requestId,
                tenant(parameters),
                CallMode.LIVE,
                arrived,
                arrived + timeout(parameters).toNanos(),
                trace,
                List.of(),
                new CancelSignal());
    }

    /// Gives what routing may use as attributes beside the body: baggage and parameters.
    Map<String, String> attributes(Map<String, Object> parameters) {
        if (parameters.isEmpty()) {
            return baggage;
        }
        Map<String, String> attributes = new HashMap<>(baggage);
        parameters.forEach((name, value) -> attributes.put(name, value.toString()));
        return attributes;
    }

    private @Nullable String tenant(Map<String, Object> parameters) {
        Object named = parameters.get("tenant");
        if (named == null) {
            return tenant;
        }
        String inParameters = Headers.tenant(named.toString());
        if (tenant != null && !Objects.equals(tenant, inParameters)) {
            throw Refused.request("The parameter 'tenant' is '%s', but Inference-Tenant is '%s'; send one of them"
                    .formatted(inParameters, tenant));
        }
        return inParameters;
    }

    /// The parameter `timeout` is in microseconds, as Triton has it.
    private Duration timeout(Map<String, Object> parameters) {
        Object micros = parameters.get("timeout");
        if (micros == null) {
            return timeout;
        }
        if (!(micros instanceof Long value) || value <= 0) {
            throw Refused.request("The parameter 'timeout' is %s; it is a number of microseconds".formatted(micros));
        }
        Duration wanted = Duration.ofNanos(Math.min(value, LONGEST.toMillis() * 1000) * 1000);
        return wanted.compareTo(timeout) < 0 ? wanted : timeout;
    }
}
