package dev.patchbay.llm.model;

import dev.patchbay.llm.chat.ProviderFailure;
import dev.patchbay.llm.config.LlmConfig;
import dev.patchbay.llm.config.LlmConfig.Format;
import dev.patchbay.llm.config.LlmConfig.Provider;
import dev.patchbay.llm.fake.FakeProvider;
import dev.patchbay.llm.fake.Reply;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// The targets of a model, each with a provider of the same format inside this process in the place of its own. What a
/// call needs is loaded by asking them, before the first call comes, and nobody is paid.
public final class Rehearsal implements AutoCloseable {

    private static final Reply ANSWER = Reply.text("All that a call needs is loaded by now and again. ".repeat(3));

    private final FakeProvider provider = FakeProvider.start(request -> ANSWER);
    private final List<Target> targets = new ArrayList<>();

    /// Makes ready, and opens the lines to the model's own providers, as far as they can be opened. Nothing is sent to
    /// them.
    public Rehearsal(Models models, String model) {
        List<Target> own = models.targets(model);
        Set<Format> formats = new HashSet<>();
        Map<String, Provider> providers = new LinkedHashMap<>();
        List<LlmConfig.Target> names = new ArrayList<>();
        for (Target target : own == null ? List.<Target>of() : own) {
            try {
                target.client();
            } catch (ProviderFailure e) {
                // a key that is missing stops the calls that need it, and nothing else
            }
            Format format = switch (target.format()) {
                case OPENAI, FAKE, BRIDGE -> Format.OPENAI;
                case ANTHROPIC -> Format.ANTHROPIC;
                case COHERE -> Format.COHERE;
            };
            if (formats.add(format)) {
                String address = (format == Format.OPENAI ? provider.url() : provider.root()).toString();
                providers.put(
                        format.name(),
                        new Provider(
                                format.name(),
                                format,
                                address,
                                null,
                                Map.of(),
                                null,
                                null,
                                1 << 20,
                                Map.of(),
                                null,
                                Map.of()));
                names.add(new LlmConfig.Target(format.name(), "rehearsal"));
            }
        }
        LlmConfig config = models.config();
        LlmConfig rehearsed = new LlmConfig(
                providers,
                Map.of(model, names),
                Map.of(),
                config.timeouts(),
                config.retry(),
                null,
                config.cooldown(),
                new LlmConfig.Prices("", Map.of()),
                List.of(),
                null,
                null);
        targets.addAll(Objects.requireNonNull(
                Models.NONE.with(rehearsed, System::nanoTime).targets(model)));
    }

    /// Lists the targets, one for each format that the model's own have.
    public List<Target> targets() {
        return List.copyOf(targets);
    }

    @Override
    public void close() {
        provider.close();
    }
}
