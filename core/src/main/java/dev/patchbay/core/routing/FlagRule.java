package dev.patchbay.core.routing;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A flag of another system that decides for a task.
///
/// @param unit the attribute that names whom it decides about; `request` for every request by itself; null for the
///     tenant
record FlagRule(String key, @Nullable String unit) {

    FlagQuestion question(RouteQuery query, Attributes attributes) {
        Map<String, Object> context = new HashMap<>(attributes.configured(query));
        context.put("task", query.task());
        if (query.tenant() != null) {
            context.put("tenant", query.tenant());
        }
        String whom = unit == null
                ? query.tenant()
                : unit.equals(Rule.REQUEST) ? query.requestId() : attributes.find(unit, query);
        return new FlagQuestion(query.task(), key, whom, Map.copyOf(context));
    }
}
