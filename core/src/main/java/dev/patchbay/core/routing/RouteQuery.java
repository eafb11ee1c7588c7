package dev.patchbay.core.routing;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What routing may look at.
///
/// @param tenant the tenant of the authenticated caller
/// @param pin the version or alias asked for
/// @param requestId the unit of experiments with `unit: request`
/// @param body the request's JSON, for attributes that are read from it
/// @param baggage the caller's W3C baggage, for attributes that the body does not have
/// @param flag what the task's flag said, if it was asked
public record RouteQuery(
        String task,
        @Nullable String tenant,
        @Nullable String pin,
        String requestId,
        JsonNode body,
        Map<String, String> baggage,
        @Nullable FlagAnswer flag) {

    /// Makes a query for which no flag was asked.
    public RouteQuery(
            String task,
            @Nullable String tenant,
            @Nullable String pin,
            String requestId,
            JsonNode body,
            Map<String, String> baggage) {
        this(task, tenant, pin, requestId, body, baggage, null);
    }

    /// Adds what the task's flag said.
    public RouteQuery with(FlagAnswer answer) {
        return new RouteQuery(task, tenant, pin, requestId, body, baggage, answer);
    }
}
