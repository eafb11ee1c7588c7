package dev.patchbay.flags.openfeature;

import dev.openfeature.sdk.providers.memory.Flag;
import dev.openfeature.sdk.providers.memory.InMemoryProvider;
import java.util.Map;

/// A provider as an operator names it: with a constructor without parameters.
public final class OneFlag extends InMemoryProvider {

    public OneFlag() {
        super(Map.of(
                "any",
                Flag.<String>builder()
                        .variant("next", "3.1.0")
                        .defaultVariant("next")
                        .build()));
    }
}
