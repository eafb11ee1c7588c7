package dev.patchbay.flags.openfeature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openfeature.sdk.OpenFeatureAPI;
import dev.openfeature.sdk.providers.memory.Flag;
import dev.openfeature.sdk.providers.memory.InMemoryProvider;
import dev.patchbay.api.runtime.FlagSource;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Flags of a real provider, by the SDK.
class OpenFeatureFlagsTest {

    private final OpenFeatureFlags flags = new OpenFeatureFlags();

    @BeforeEach
    void register() {
        Flag<String> score = Flag.<String>builder()
                .variant("next", "3.1.0")
                .variant("old", "3.0.0")
                .variant("nothing", "")
                .defaultVariant("old")
                .contextEvaluator((flag, context) -> {
                    boolean luna = "luna".equals(context.getTargetingKey())
                            && context.getValue("age").asLong() == 7
                            && context.getValue("weight").asDouble() == 4.5
                            && context.getValue("chipped").asBoolean()
                            && context.getValue("tenant").asString().equals("tenant_a");
                    String variant = luna ? "next" : context.getTargetingKey() == null ? "nothing" : "old";
                    return String.valueOf(flag.getVariants().get(variant));
                })
                .build();
        OpenFeatureAPI.getInstance()
                .setProviderAndWait(
                        OpenFeatureFlags.DOMAIN,
                        new InMemoryProvider(Map.of(
                                "score",
                                score,
                                "switch",
                                Flag.<Boolean>builder()
                                        .variant("on", true)
                                        .defaultVariant("on")
                                        .build())));
    }

    @AfterEach
    void end() {
        flags.close();
        OpenFeatureAPI.getInstance().shutdown();
    }

    @Test
    void aFlagSeesUnitTenantAndAttributesInTheirTypes() {
        flags.start(null);
        FlagSource.Flag flag = flags.evaluate(
                "score", "luna", Map.of("tenant", "tenant_a", "age", 7L, "weight", 4.5, "chipped", true));
        assertThat(flag.error()).isNull();
        assertThat(flag.value()).isEqualTo("3.1.0");
        assertThat(flags.evaluate("score", "rex", Map.of()).value()).isEqualTo("3.0.0");
    }

    @Test
    void anEmptyValueDecidesNothingAndIsNoError() {
        flags.start(null);
        FlagSource.Flag flag = flags.evaluate("score", null, Map.of());
        assertThat(flag.error()).isNull();
        assertThat(flag.value()).isEmpty();
    }

    @Test
    void whatTheProviderCannotTellIsAnErrorWithItsCode() {
        flags.start(null);
        assertThat(flags.evaluate("other", "luna", Map.of()).error()).startsWith("FLAG_NOT_FOUND");
        assertThat(flags.evaluate("switch", "luna", Map.of()).error()).startsWith("TYPE_MISMATCH");
        assertThat(new OpenFeatureFlags().evaluate("score", "luna", Map.of()).error())
                .isEqualTo("the flag source was not started");
    }

    @Test
    void aProviderIsStartedByTheNameOfItsClass() {
        flags.start(OneFlag.class.getName());
        org.awaitility.Awaitility.await()
                .untilAsserted(() -> assertThat(flags.evaluate("any", "luna", Map.of()))
                        .isEqualTo(new FlagSource.Flag("3.1.0", "STATIC, variant next", null)));
    }

    @Test
    void aNameThatIsNoProviderIsRefused() {
        assertThatThrownBy(() -> flags.start("com.example.Missing"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'com.example.Missing' is in no jar beside this one; put its jars into the folder of the"
                        + " flag source");
        assertThatThrownBy(() -> flags.start("java.util.ArrayList"))
                .hasMessage("'java.util.ArrayList' is no dev.openfeature.sdk.FeatureProvider");
        assertThatThrownBy(() -> flags.start(InMemoryProvider.class.getName()))
                .hasMessageEndingWith("InMemoryProvider' is no class with a public constructor without parameters");
    }
}
