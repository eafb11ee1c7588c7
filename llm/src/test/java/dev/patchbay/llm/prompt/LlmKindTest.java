package dev.patchbay.llm.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

    private void budget(LlmKind of, Map<String, Object> more) {
        Map<String, Object> section = new HashMap<>(more);
        section.put("budgets", List.of(Map.of("name", "all", "tokens", 1000)));
        of.configure(section).run();
    }

    @Test
    void whatBudgetsUsedUpIsKeptWhereTheGatewayKeepsItsState(@TempDir Path data) {
        Path own = data.resolve("llm");
        kind.keepIn(own);
        configure("default");
        assertThat(own).as("nothing is kept before there is a budget").doesNotExist();
        budget(kind, Map.of());
        assertThat(own.resolve("budgets.jsonl")).exists();

        LlmKind elsewhere = new LlmKind();
        elsewhere.keepIn(data.resolve("other"));
        budget(
                elsewhere,
                Map.of("ledger", Map.of("folder", data.resolve("named").toString())));
        assertThat(data.resolve("named/budgets.jsonl")).exists();
        assertThat(data.resolve("other")).doesNotExist();

        budget(new LlmKind(), Map.of());
    }
}
