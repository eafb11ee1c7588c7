package dev.patchbay.llm.intent;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What somebody may want, and how it is told.
///
/// @param text the field of the request that says it
/// @param intents in the order of their names
/// @param rules looked at first, in their order
/// @param examples intent → what people say
/// @param floor the least confidence
/// @param fallback the task for everything else; null for none
record IntentRules(
        String text,
        Map<String, Intent> intents,
        List<Rule> rules,
        Map<String, List<String>> examples,
        double floor,
        @Nullable String fallback,
        Map<String, Object> requestSchema) {

    /// What somebody may want.
    ///
    /// @param task the task, or `task@version`, that does it
    /// @param request field of its request → field of ours; empty to pass ours on as it is
    record Intent(String task, Map<String, String> request) {}

    /// A sure sign of an intent.
    ///
    /// @param match field → value; all of them
    /// @param pattern found in the text; null for none
    record Rule(
            String intent,
            Map<String, String> match,
            @Nullable Pattern pattern) {

        boolean holds(Map<?, ?> request, String said) {
            return match.entrySet().stream()
                            .allMatch(each -> each.getValue().equals(String.valueOf(request.get(each.getKey()))))
                    && (pattern == null || pattern.matcher(said).find());
        }
    }
}
