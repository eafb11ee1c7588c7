package dev.patchbay.core.shadow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.core.config.ShadowConfig.Comparison;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/// What counts as the same answer.
class AnswerComparisonTest {

    private static final JsonMapper JSON = JsonMapper.shared();

    @Test
    void numbersAreComparedByValueAndMembersWithoutOrder() {
        assertThat(differing(Comparison.EXACT, "{\"a\":1,\"b\":[1,2]}", "{\"b\":[1.0,2e0],\"a\":1.00}"))
                .isEmpty();
        assertThat(differing(Comparison.EXACT, "{\"a\":null}", "{}")).isEmpty();
        assertThat(differing(Comparison.EXACT, "{\"a\":\"1\"}", "{\"a\":1}")).containsExactly("/a");
        assertThat(differing(Comparison.EXACT, "[1,2]", "[2,1]")).containsExactly("/*", "/*");
        assertThat(differing(Comparison.EXACT, "[1]", "[1,2]")).containsExactly("/*");
        assertThat(differing(Comparison.EXACT, "{\"a\":{\"b/c\":1}}", "{\"a\":{\"b/c\":2}}"))
                .containsExactly("/a/b~1c");
        assertThat(differing(Comparison.EXACT, "1", "2")).containsExactly("");
    }

    @Test
    void aToleranceIsARatioOfTheLarger() {
        Comparison oneInAHundred = rules(0.01, List.of(), List.of(), null, 0);
        assertThat(differing(oneInAHundred, "{\"a\":100}", "{\"a\":99}")).isEmpty();
        assertThat(differing(oneInAHundred, "{\"a\":100}", "{\"a\":98.9}")).containsExactly("/a");
        assertThat(differing(oneInAHundred, "{\"a\":0}", "{\"a\":0.0}")).isEmpty();
        assertThat(differing(oneInAHundred, "{\"a\":-1}", "{\"a\":1}")).containsExactly("/a");
    }

    @Test
    void whatIsIgnoredDoesNotCountAndWhatIsNamedAloneDoes() {
        String a = "{\"label\":\"calm\",\"took\":3,\"items\":[{\"id\":1,\"n\":1}]}";
        String b = "{\"label\":\"wild\",\"took\":4,\"items\":[{\"id\":2,\"n\":1}]}";
        assertThat(differing(rules(0, List.of("/took", "/items/*/id"), List.of(), null, 0), a, b))
                .containsExactly("/label");
        assertThat(differing(rules(0, List.of(), List.of("/items"), null, 0), a, b))
                .containsExactly("/items/*/id");
        assertThat(differing(rules(0, List.of("/label"), List.of("/label"), null, 0), a, b))
                .isEmpty();
    }

    @Test
    void theFirstEntriesOfARankingMayChangePlaces() {
        Comparison firstTwo = rules(0, List.of(), List.of(), "/top", 2);
        assertThat(differing(firstTwo, "{\"top\":[\"a\",\"b\",\"c\"]}", "{\"top\":[\"b\",\"a\",\"d\"]}"))
                .isEmpty();
        assertThat(differing(firstTwo, "{\"top\":[\"a\",\"b\",\"c\"]}", "{\"top\":[\"a\",\"c\",\"b\"]}"))
                .containsExactly("/top");
    }

    private static Comparison rules(
            double tolerance, List<String> ignore, List<String> only, @Nullable String top, int first) {
        return new Comparison(tolerance, ignore, only, top, first, false);
    }

    private static List<String> differing(Comparison rules, String served, String shadow) {
        return new AnswerComparison(rules)
                .compare(JSON.readTree(served), JSON.readTree(shadow)).stream()
                        .map(Difference::path)
                        .toList();
    }
}
