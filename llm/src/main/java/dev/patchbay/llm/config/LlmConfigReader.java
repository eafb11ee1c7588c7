package dev.patchbay.llm.config;

import dev.patchbay.api.runtime.Keys;
import dev.patchbay.llm.chat.ChatBridge;
import dev.patchbay.llm.chat.Timeouts;
import dev.patchbay.llm.config.LlmConfig.Budget;
import dev.patchbay.llm.config.LlmConfig.Cooldown;
import dev.patchbay.llm.config.LlmConfig.Format;
import dev.patchbay.llm.config.LlmConfig.Hedge;
import dev.patchbay.llm.config.LlmConfig.Journal;
import dev.patchbay.llm.config.LlmConfig.Price;
import dev.patchbay.llm.config.LlmConfig.Prices;
import dev.patchbay.llm.config.LlmConfig.Provider;
import dev.patchbay.llm.config.LlmConfig.Rate;
import dev.patchbay.llm.config.LlmConfig.Retry;
import dev.patchbay.llm.config.LlmConfig.Target;
import dev.patchbay.llm.config.LlmConfig.Texts;
import dev.patchbay.llm.wire.ProviderSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// Reads the section `llm` strictly.
public final class LlmConfigReader {

    private LlmConfigReader() {}

    /// Reads the section.
    ///
    /// @throws IllegalArgumentException at the first thing that is wrong, beginning with its key
    public static LlmConfig read(Map<String, Object> section) {
        Keys keys = new Keys("", section);
        Map<String, Provider> providers = new LinkedHashMap<>();
        keys.sections("providers").forEach((name, each) -> providers.put(name, provider(name, each)));
        Map<Target, Rate> rates = new HashMap<>();
        Map<String, List<Target>> models = models(keys, section, providers, rates);
        Keys times = keys.section("timeouts");
        Timeouts timeouts = timeouts(times, Timeouts.DEFAULT);
        Keys retry = keys.section("retry");
        Double share = retry.amount("share");
        Retry retries = new Retry(
                (int) retry.integer("attempts", 1, 10, 2),
                share == null ? 0.2 : share,
                retry.duration("longest_wait", Duration.ofSeconds(20)));
        retry.finish();
        Keys cooldown = keys.section("cooldown");
        Cooldown rest = new Cooldown(
                (int) cooldown.integer("failures", 1, 1000, 3), cooldown.duration("rest", Duration.ofSeconds(30)));
        cooldown.finish();
        Hedge hedge = keys.has("hedge") ? hedge(keys.section("hedge"), models.keySet()) : null;
        Prices prices = prices(keys);
        List<Budget> budgets = budgets(keys);
        String ledger = null;
        if (keys.has("ledger")) {
            Keys kept = keys.section("ledger");
            ledger = kept.required("folder", "where what budgets used up is written down");
            kept.finish();
        }
        Journal journal = keys.has("journal") ? journal(keys.section("journal")) : null;
        keys.finish();
        return new LlmConfig(
                providers, models, Map.copyOf(rates), timeouts, retries, hedge, rest, prices, budgets, ledger, journal);
    }

    /// Reads timeouts; those that are not given are the others'.
    public static Timeouts timeouts(Keys keys, Timeouts otherwise) {
        Timeouts timeouts = new Timeouts(
                keys.duration("first_token", otherwise.firstToken()),
                keys.duration("idle", otherwise.idle()),
                keys.duration("total", otherwise.total()));
        keys.finish();
        return timeouts;
    }

    private static Provider provider(String name, Keys keys) {
        Format format = keys.choice("format", Format.class, Format.OPENAI);
        String url = keys.text("url");
        boolean addressed = format != Format.FAKE && format != Format.BRIDGE;
        if (addressed ? url == null : url != null) {
            throw keys.wrong(
                    "url",
                    format == Format.FAKE
                            ? "a fake is inside this process and has no address"
                            : format == Format.BRIDGE
                                    ? "a bridge has no address; what it needs stands under settings"
                                    : "is missing; it is the provider's address, such as https://api.openai.com/v1");
        }
        if (url != null && !url.matches("https?://.+")) {
            throw keys.wrong("url", "must begin with http:// or https://, but is '" + url + "'");
        }
        if (url != null) {
            try {
                URI.create(url);
            } catch (IllegalArgumentException e) {
                throw keys.wrong("url", "is no address: " + e.getMessage());
            }
        }
        String key = keys.text("key");
        if (key != null && !key.startsWith("env:") && !key.startsWith("file:")) {
            throw keys.wrong("key", "is a key itself, or nothing we know; refer to it with env:NAME or file:/path");
        }
        Provider provider = new Provider(
                name,
                format,
                url,
                key,
                Map.copyOf(keys.textMap("headers")),
                keys.text("proxy"),
                keys.text("authorities"),
                keys.integer("most_bytes", 1024, 1L << 30, ProviderSettings.MOST_BYTES),
                keys.textMap("replies"),
                bridge(keys, format),
                Map.copyOf(keys.textMap("settings")));
        if (format != Format.FAKE && !provider.replies().isEmpty()) {
            throw keys.wrong("replies", "only a provider of the format 'fake' says what it is told");
        }
        if (format != Format.BRIDGE && !provider.settings().isEmpty()) {
            throw keys.wrong("settings", "only a provider of the format 'bridge' has settings");
        }
        keys.finish();
        return provider;
    }

    private static @Nullable String bridge(Keys keys, Format format) {
        if (format != Format.BRIDGE) {
            return null;
        }
        String name = keys.required("bridge", "the name of a bridge on the class path");
        Set<String> bridges = ChatBridge.all().keySet();
        if (!bridges.contains(name)) {
            throw keys.wrong(
                    "bridge",
                    "there is no bridge '%s' on the class path; there are: %s"
                            .formatted(name, bridges.isEmpty() ? "none" : String.join(", ", bridges)));
        }
        return name;
    }

    private static Map<String, List<Target>> models(
            Keys keys, Map<String, Object> section, Map<String, Provider> providers, Map<Target, Rate> rates) {
        Map<String, List<Target>> models = new LinkedHashMap<>();
        if (keys.has("models") && !(section.get("models") instanceof Map<?, ?>)) {
            throw keys.wrong("models", "must be a mapping of names to one target or a list of targets");
        }
        Map<?, ?> named = section.get("models") instanceof Map<?, ?> map ? map : Map.of();
        Keys each = new Keys("models.", named);
        for (Object key : named.keySet()) {
            String name = String.valueOf(key);
            List<Target> targets = new ArrayList<>();
            for (Keys entry : each.list(name)) {
                Target target = new Target(
                        entry.required("provider", "the name of one of the providers"),
                        entry.required("model", "the provider's name of the model"));
                Rate rate = new Rate(
                        entry.integer("requests_per_minute", 1, 10_000_000, 0),
                        entry.integer("tokens_per_minute", 1, Long.MAX_VALUE / 2, 0));
                entry.finish();
                Rate other = rates.putIfAbsent(target, rate);
                if (other != null && !other.equals(rate)) {
                    throw entry.wrong(
                            "requests_per_minute",
                            "or tokens_per_minute differs from what is said of %s above; a target has one rate"
                                    .formatted(target));
                }
                if (!providers.containsKey(target.provider())) {
                    throw entry.wrong(
                            "provider",
                            "there is no provider '%s'; there are: %s"
                                    .formatted(
                                            target.provider(),
                                            providers.isEmpty() ? "none" : String.join(", ", providers.keySet())));
                }
                targets.add(target);
            }
            if (targets.isEmpty()) {
                throw each.wrong(name, "names no target");
            }
            models.put(name, List.copyOf(targets));
        }
        return models;
    }

    private static Hedge hedge(Keys keys, Set<String> models) {
        if (!keys.has("after")) {
            throw keys.wrong("after", "is missing; it is how long the first target is waited for, such as 800ms");
        }
        Hedge hedge = new Hedge(
                keys.duration("after", Duration.ZERO),
                (int) keys.integer("percentile", 50, 99, 0),
                Set.copyOf(keys.texts("models")));
        keys.finish();
        for (String model : hedge.models()) {
            if (!models.contains(model)) {
                throw keys.wrong(
                        "models",
                        "there is no model '%s'; there are: %s"
                                .formatted(model, models.isEmpty() ? "none" : String.join(", ", models)));
            }
        }
        return hedge;
    }

    private static Prices prices(Keys keys) {
        Keys prices = keys.section("prices");
        String file = prices.text("file");
        if (file != null) {
            prices.finish();
            try {
                prices = new Keys("prices.", JsonMapper.shared().readValue(Files.readString(Path.of(file)), Map.class));
            } catch (IOException e) {
                throw keys.wrong("prices.file", "'" + file + "' cannot be read: " + e);
            } catch (JacksonException e) {
                throw keys.wrong("prices.file", "'" + file + "' is no JSON: " + e.getOriginalMessage());
            }
        }
        String version = prices.text("version");
        Map<String, Price> models = new LinkedHashMap<>();
        for (Map.Entry<String, Keys> entry : prices.sections("models").entrySet()) {
            Keys price = entry.getValue();
            Double input = price.amount("input");
            Double output = price.amount("output");
            if (input == null || output == null) {
                throw price.wrong(
                        input == null ? "input" : "output", "is missing; a price that is not known is not zero");
            }
            Double read = price.amount("cache_read");
            Double write = price.amount("cache_write");
            models.put(
                    entry.getKey(),
                    new Price(input, read == null ? input : read, write == null ? input : write, output));
            price.finish();
        }
        if (version == null && !models.isEmpty()) {
            throw prices.wrong("version", "is missing; it stands on every record that is priced with the table");
        }
        prices.finish();
        return new Prices(version == null ? "" : version, models);
    }

    private static Journal journal(Keys keys) {
        Journal journal = new Journal(
                keys.required("folder", "where the files are written"),
                keys.integer("size", 1024, 1L << 40, 16 << 20),
                (int) keys.integer("files", 1, 10_000, 8),
                keys.choice("texts", Texts.class, Texts.NONE));
        keys.finish();
        return journal;
    }

    private static List<Budget> budgets(Keys keys) {
        List<Budget> budgets = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Keys entry : keys.list("budgets")) {
            String name = entry.required("name", "what errors and metrics call it");
            if (!names.add(name)) {
                throw entry.wrong("name", "'" + name + "' is the name of a budget above");
            }
            long tokens = entry.integer("tokens", 1, Long.MAX_VALUE, 0);
            Budget budget = new Budget(
                    name,
                    entry.text("tenant"),
                    entry.text("task"),
                    entry.duration("period", Duration.ofDays(1)),
                    tokens == 0 ? null : tokens,
                    entry.amount("cost"));
            if (budget.tokens() == null && budget.cost() == null) {
                throw entry.wrong("tokens", "is missing, and cost as well; a budget bounds one of them or both");
            }
            entry.finish();
            budgets.add(budget);
        }
        return List.copyOf(budgets);
    }
}
