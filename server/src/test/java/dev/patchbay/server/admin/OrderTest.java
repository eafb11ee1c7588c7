package dev.patchbay.server.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.api.ErrorCode;
import dev.patchbay.api.InferenceException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

/// What an operator's order may say.
class OrderTest {

    private static final List<String> FIELDS = List.of("to", "author", "reason");

    private static Order read(String json) {
        return Order.read(JsonMapper.shared().readTree(json), FIELDS);
    }

    @Test
    void anOrderSaysWhoAndWhy() {
        Order order = read("{\"author\": \" ana \", \"reason\": \"too slow\", \"to\": 5}");
        assertThat(order.author()).isEqualTo("ana");
        assertThat(order.requireReason()).isEqualTo("too slow");
        assertThat(read("{}").author()).isEqualTo("admin");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    {"reason": "x", "percent": 2}     | /percent
                    {"reason": "x", "To": 2}          | /To
                    {"reason": 1}                     | /reason
                    {"reason": "x", "author": {}}     | /author
                    {"reason": "x", "author": "guard"} | /author
                    {"reason": "x\\nERROR fake"}      | /reason
                    {"reason": "x\\u001b[31m"}        | /reason
                    {"reason": "  "}                  | /reason
                    {}                                | /reason
                    """)
    void whatIsNotUnderstoodIsRefused(String json, String path) {
        assertThatThrownBy(() -> read(json).requireReason())
                .isInstanceOfSatisfying(InferenceException.class, refused -> {
                    assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_REQUEST);
                    assertThat(refused.fields())
                            .singleElement()
                            .satisfies(error -> assertThat(error.path()).isEqualTo(path));
                });
    }

    @Test
    void aReasonHasAnEnd() {
        assertThat(read("{\"reason\": \"%s\"}".formatted("x".repeat(1_000))).reason())
                .hasSize(1_000);
        assertThatThrownBy(() -> read("{\"reason\": \"%s\"}".formatted("x".repeat(1_001))))
                .hasMessageContaining("at most 1000 characters");
    }
}
