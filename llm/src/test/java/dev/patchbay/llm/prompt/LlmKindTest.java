package dev.patchbay.llm.prompt;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What a config may take away from the prompts that are there.
class LlmKindTest {

    private static final Map<String, Object> FIRST = Map.of("format", "openai", "url", "http://localhost:1");

    private final LlmKind kind = new LlmKind();

    private void configure(String model) {
        kind.configure(Map.of(
                        "providers",
                        Map.of("first", FIRST),
                        "models",
                        Map.of(model, List.of(Map.of("provider", "first", "model", "tiny")))))
                .run();
    }

    @Test
    void aModelThatIsAskedStaysUntilTheLastInstanceOfTheVersionIsGone() throws Exception {
        configure("default");
        AutoCloseable before = kind.use("default", "ask@1.0.0");
        AutoCloseable after = kind.use("default", "ask@1.0.0");

        before.close();
        assertThatThrownBy(() -> configure("renamed"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("models.default: is missing, and ask@1.0.0 asks it");

        after.close();
        assertThatCode(() -> configure("renamed")).doesNotThrowAnyException();
    }
}
