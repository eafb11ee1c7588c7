package dev.patchbay.core.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.patchbay.api.FieldError;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Our checks say the same as another implementation of the specification, and say it better.
class JsonSchemaTest {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(tools.jackson.databind.DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private static final SchemaRegistry OTHER = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void agreesWithAnotherValidatorOnRandomSchemasAndDocuments(long seed) {
        RandomSchemas random = new RandomSchemas(seed);
        int valid = 0;
        int invalid = 0;
        for (int i = 0; i < 400; i++) {
            JsonNode schema = random.schema(3);
            JsonSchema ours = JsonSchema.compile(schema);
            Schema other = OTHER.getSchema(schema);
            for (int j = 0; j < 5; j++) {
                JsonNode document = random.document(schema, 3);
                boolean expected = other.validate(document).isEmpty();
                List<FieldError> found = ours.check(document);
                assertThat(found.isEmpty())
                        .as("schema %s%ndocument %s%nours %s", schema, document, found)
                        .isEqualTo(expected);
                if (expected) {
                    valid++;
                } else {
                    invalid++;
                }
            }
        }
        // a comparison that saw only one verdict would prove nothing
        assertThat(valid).isGreaterThan(200);
        assertThat(invalid).isGreaterThan(200);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"type":"integer"}                          | 1.5            | `` | must be a whole number, but is 1.5
            {"type":"integer"}                          | "1"            | `` | must be a whole number, but is the text '1'
            {"type":"integer","maximum":3}              | 4              | `` | must be at most 3, but is 4
            {"type":"number","exclusiveMinimum":0}      | 0              | `` | must be more than 0, but is 0
            {"type":"string","minLength":2}             | "ä"            | `` | must have at least 2 characters, but has 1
            {"type":"string","maxLength":1}             | "👍"           | ok | ok
            {"enum":["cat","dog"]}                      | "cow"          | `` | must be one of "cat", "dog", but is the text 'cow'
            {"items":{"type":"boolean"}}                | [true,1]       | /1 | must be true or false, but is 1
            {"properties":{"a~b":{"type":"null"}}}      | {"a~b":0}      | /a~0b | must be null, but is 0
            {"required":["a"]}                          | {}             | /a | is missing
            {"uniqueItems":true}                        | [1,2,1.0]      | /2 | is in the list twice
            """)
    void saysWhatIsWrongAndWhere(String schema, String document, String path, String message) {
        List<FieldError> found = JsonSchema.compile(JSON.readTree(schema)).check(JSON.readTree(document));
        if (path.equals("ok")) {
            assertThat(found).isEmpty();
        } else {
            assertThat(found).containsExactly(new FieldError(path, message));
        }
    }

    @Test
    void aKeywordThatIsNotCheckedIsRefusedRatherThanIgnored() {
        assertThatThrownBy(() -> JsonSchema.compile(JSON.readTree("{\"properties\":{\"a\":{\"if\":{}}}}")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("schema at #/properties/a: 'if' is not a keyword that is checked here");
    }

    @Test
    void aRecursiveSchemaChecksADeepDocumentWithoutOverflow() {
        JsonSchema schema = JsonSchema.compile(JSON.readTree(
                "{\"type\":\"object\",\"properties\":{\"child\":{\"$ref\":\"#\"}},\"additionalProperties\":false}"));
        String deep = "{\"child\":".repeat(300) + "{\"x\":1}" + "}".repeat(300);
        assertThat(schema.check(JSON.readTree(deep)))
                .containsExactly(new FieldError("/child".repeat(300) + "/x", "is no field here"));
    }

    @Test
    void whatIsWrongIsToldUpToALimit() {
        JsonSchema schema = JsonSchema.compile(JSON.readTree("{\"items\":{\"type\":\"integer\"}}"));
        List<FieldError> found = schema.check(JSON.readTree("[" + "\"x\",".repeat(99) + "\"x\"]"));
        assertThat(found).hasSize(21).last().isEqualTo(new FieldError("", "and 80 more"));
    }
}
