package dev.patchbay.core.routing;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is asked of a flag before a version can be chosen.
///
/// @param unit whom it decides about
/// @param attributes the task, the tenant, and the attributes that the config names, as far as the call has them
public record FlagQuestion(
        String task, String key, @Nullable String unit, Map<String, Object> attributes) {}
