package dev.patchbay.core.config;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// What is done when a version fails: the keys `retry` and `fallback` of a task.
///
/// @param attempts how often a call is tried again at most; 0 for never
/// @param budget how many of a hundred calls may be tried again, so that retries do not bring down what is slow
/// @param fallback who answers instead in the end; null if nobody
public record ResilienceConfig(
        int attempts, int budget, @Nullable Fallback fallback) {

    /// A failure is the answer.
    public static final ResilienceConfig NONE = new ResilienceConfig(0, 0, null);

    /// Who answers instead.
    public sealed interface Fallback {

        /// Another version of the task, or an alias.
        record Version(String version) implements Fallback {}

        /// Another task, which takes the same request.
        record Task(String task) implements Fallback {}

        /// Always the same answer.
        record Constant(ObjectNode answer) implements Fallback {}

        /// Names it in the `Inference-Route` header and in metrics.
        default String label() {
            return switch (this) {
                case Version _ -> "version";
                case Task _ -> "task";
                case Constant _ -> "constant";
            };
        }
    }

    static ResilienceConfig read(Section task) {
        Section retry = task.section("retry");
        int attempts = retry.integer("attempts", 1, 5, task.has("retry") ? 1 : 0);
        int budget = retry.integer("budget", 1, 100, 10);
        retry.finish();
        ResilienceConfig resilience = new ResilienceConfig(attempts, attempts == 0 ? 0 : budget, fallback(task));
        return resilience.equals(NONE) ? NONE : resilience;
    }

    private static @Nullable Fallback fallback(Section task) {
        if (!task.has("fallback")) {
            return null;
        }
        Section section = task.section("fallback");
        String version = section.version("version");
        String other = section.text("task");
        ObjectNode answer = section.has("answer") ? section.object("answer") : null;
        boolean known = section.finish();
        int given = (version == null ? 0 : 1) + (other == null ? 0 : 1) + (answer == null ? 0 : 1);
        if (known && given != 1) {
            section.problem("", "needs one of version, task or answer, but has " + given);
        }
        if (version != null) {
            return new Fallback.Version(version);
        }
        if (other != null) {
            return new Fallback.Task(other);
        }
        return answer == null ? null : new Fallback.Constant(answer);
    }
}
