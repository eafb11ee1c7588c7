package dev.patchbay.llm.config;

import dev.patchbay.llm.chat.Timeouts;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The section `llm` of `patchbay.yaml`, checked.
///
/// @param providers by name
/// @param models the targets of a model's name, in the order in which they are asked
/// @param rates of the targets that take only so much
/// @param hedge null if one target is asked at a time
/// @param ledger the folder where what budgets used up is written down; null if nowhere
/// @param journal null if nothing is written down
public record LlmConfig(
        Map<String, Provider> providers,
        Map<String, List<Target>> models,
        Map<Target, Rate> rates,
        Timeouts timeouts,
        Retry retry,
        @Nullable Hedge hedge,
        Cooldown cooldown,
        Prices prices,
        List<Budget> budgets,
        @Nullable String ledger,
        @Nullable Journal journal) {

    /// How a provider is reached. Its key is looked up when a call needs it.
    ///
    /// @param url null for [Format#FAKE] and [Format#BRIDGE]
    /// @param key a reference; null if it needs none
    /// @param replies what a fake says to questions that contain a text
    /// @param bridge the name of a [dev.patchbay.llm.chat.ChatBridge]; null for other formats
    /// @param settings of the bridge
    public record Provider(
            String name,
            Format format,
            @Nullable String url,
            @Nullable String key,
            Map<String, String> headers,
            @Nullable String proxy,
            @Nullable String authorities,
            long mostBytes,
            Map<String, String> replies,
            @Nullable String bridge,
            Map<String, String> settings) {}

    /// The wire formats.
    public enum Format {
        OPENAI,
        ANTHROPIC,
        COHERE,
        /// A provider inside this process that needs no network, for trying things out.
        FAKE,
        /// Whoever a [dev.patchbay.llm.chat.ChatBridge] leads to.
        BRIDGE
    }

    /// One model at one provider.
    public record Target(String provider, String model) {

        @Override
        public String toString() {
            return provider + "/" + model;
        }
    }

    /// How much goes to a target within a minute.
    ///
    /// @param requests 0 for no bound
    /// @param tokens those of prompts and answers; 0 for no bound
    public record Rate(long requests, long tokens) {}

    /// How often a call is tried again at the same target.
    ///
    /// @param attempts all tries of one call at one target
    /// @param share how many retries there may be for each call in the long run; keeps a storm from doubling itself
    /// @param longestWait the longest `Retry-After` that is waited for
    public record Retry(int attempts, double share, Duration longestWait) {}

    /// When a second target is asked beside one that has not answered yet.
    ///
    /// @param after how long the first is waited for, at least
    /// @param percentile of the first's own last waits, which is waited for if it is longer; 0 for none
    /// @param models whose calls are hedged; empty for all
    public record Hedge(Duration after, int percentile, Set<String> models) {

        /// Tells whether calls to a model are hedged.
        public boolean holdsFor(String model) {
            return models.isEmpty() || models.contains(model);
        }
    }

    /// When a target rests.
    ///
    /// @param failures in a row
    public record Cooldown(int failures, Duration rest) {}

    /// What tokens cost.
    ///
    /// @param version names the table on every record
    /// @param models by `provider/model` or by model
    public record Prices(String version, Map<String, Price> models) {}

    /// The price of a million tokens of each class, in the currency of the budgets.
    public record Price(double input, double cacheRead, double cacheWrite, double output) {}

    /// Where records of calls are written.
    ///
    /// @param size bytes of a file
    /// @param files that are kept
    public record Journal(String folder, long size, int files, Texts texts) {}

    /// Which texts of prompts and answers are written down.
    public enum Texts {
        NONE,
        /// Those that personal data was taken out of.
        REDACTED
    }

    /// A bound on what is used up within a period.
    ///
    /// @param tenant the tenant it holds for; `*` gives each tenant a budget of its own; null for all together
    /// @param task likewise
    /// @param tokens null for no bound
    /// @param cost null for no bound
    public record Budget(
            String name,
            @Nullable String tenant,
            @Nullable String task,
            Duration period,
            @Nullable Long tokens,
            @Nullable Double cost) {}
}
