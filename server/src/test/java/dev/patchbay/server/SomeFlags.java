package dev.patchbay.server;

import dev.openfeature.sdk.EvaluationContext;
import dev.openfeature.sdk.ProviderEvaluation;
import dev.openfeature.sdk.providers.memory.Flag;
import dev.openfeature.sdk.providers.memory.InMemoryProvider;
import java.util.Map;

/// A provider with one flag that works, `scoring`, and one that `hangs`.
public final class SomeFlags extends InMemoryProvider {

    public SomeFlags() {
        super(Map.of(
                "scoring",
                Flag.<String>builder()
                        .variant("next", "2.0.0")
                        .variant("nowhere", "7.0.0")
                        .variant("file", "")
                        .defaultVariant("file")
                        .contextEvaluator((flag, context) -> String.valueOf(flag.getVariants()
                                .get(
                                        context.getTargetingKey().startsWith("next")
                                                ? "next"
                                                : context.getTargetingKey().startsWith("lost") ? "nowhere" : "file")))
                        .build()));
    }

    @Override
    public ProviderEvaluation<String> getStringEvaluation(String key, String otherwise, EvaluationContext context) {
        if (key.equals("hangs")) {
            try {
                Thread.sleep(60_000);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        return super.getStringEvaluation(key, otherwise, context);
    }
}
