package dev.patchbay.core.routing;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One experiment, compiled.
///
/// @param unit the attribute whose value is hashed; `request` means every request by itself
/// @param tenants only these tenants; empty means all
/// @param match attribute → the values it may have
record Rule(
        String name, String version, Share share, String unit, Set<String> tenants, Map<String, Set<String>> match) {

    static final String REQUEST = "request";

    /// How a rule sees a call.
    enum Verdict {
        MATCHES,
        OTHER_TENANT,
        NO_MATCH,
        NO_UNIT,
        OUTSIDE
    }

    Verdict judge(RouteQuery query, Attributes attributes, List<Placement> placements, @Nullable Trace trace) {
        if (!tenants.isEmpty() && (query.tenant() == null || !tenants.contains(query.tenant()))) {
            return Verdict.OTHER_TENANT;
        }
        for (Map.Entry<String, Set<String>> wanted : match.entrySet()) {
            String value = attributes.find(wanted.getKey(), query);
            if (value == null || !wanted.getValue().contains(value)) {
                return Verdict.NO_MATCH;
            }
        }
        String value = unit.equals(REQUEST) ? query.requestId() : attributes.find(unit, query);
        if (value == null) {
            return Verdict.NO_UNIT;
        }
        long hash = share.hash(value);
        if (trace != null) {
            trace.bucket(hash);
        }
        boolean inside = share.holds(hash);
        placements.add(new Placement(name, (int) hash, inside));
        return inside ? Verdict.MATCHES : Verdict.OUTSIDE;
    }
}
