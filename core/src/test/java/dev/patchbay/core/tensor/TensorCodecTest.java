package dev.patchbay.core.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.patchbay.api.ErrorCode;
import dev.patchbay.api.InferenceException;
import dev.patchbay.api.Tensor;
import dev.patchbay.api.TensorSpec;
import dev.patchbay.api.TensorType;
import dev.patchbay.api.Tensors;
import dev.patchbay.api.runtime.TensorMapping;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class TensorCodecTest {

    private static final TensorMapping BY_NAME = new TensorMapping(Map.of(), Map.of(), Map.of());

    /// A model of which only the signature matters.
    private static TensorSpec spec(String name, TensorType type, long... shape) {
        return new TensorSpec(name, type, java.util.Arrays.stream(shape).boxed().toList());
    }

    private static TensorCodec taking(TensorSpec... inputs) {
        return codec(List.of(inputs), List.of(spec("y", TensorType.FP32, -1, 1)), BY_NAME, null);
    }

    private static TensorCodec giving(TensorMapping mapping, TensorSpec... outputs) {
        return codec(List.of(spec("x", TensorType.FP32, -1, 1)), List.of(outputs), mapping, null);
    }

    private static TensorCodec codec(
            List<TensorSpec> inputs, List<TensorSpec> outputs, TensorMapping mapping, @Nullable JsonNode schema) {
        return new TensorCodec(inputs, outputs, mapping, schema, null);
    }

    private static JsonNode json(String text) {
        return JsonMapper.shared().readTree(text.replace('\'', '"'));
    }

    private static Tensors read(TensorCodec codec, String request) {
        return (Tensors) codec.decode(json(request));
    }

    private static List<String> objections(TensorCodec codec, String request) {
        InferenceException refused = catchThrowableOfType(InferenceException.class, () -> codec.decode(json(request)));
        assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_REQUEST);
        return refused.fields().stream()
                .map(field -> field.path() + " " + field.message())
                .toList();
    }

    private static String written(TensorCodec codec, String name, Tensor tensor) {
        return new String(codec.encode(Tensors.of(name, tensor)), StandardCharsets.UTF_8);
    }

    // --- requests ---

    private static TensorSpec ruled(String name, TensorType type, boolean optional, Map<String, Object> values) {
        return new TensorSpec(name, type, List.of(-1L), optional, values);
    }

    private static final TensorSpec AGE =
            ruled("age", TensorType.INT64, false, Map.of("minimum", 18, "exclusiveMaximum", 120));
    private static final TensorSpec HOME =
            ruled("home", TensorType.BYTES, true, Map.of("enum", List.of("own", "rent")));

    @Test
    void what_a_model_says_about_values_and_what_may_be_left_out_is_in_the_schema() {
        assertThat(taking(AGE, HOME).requestSchema()).isEqualTo(json("""
                        {'type': 'object', 'additionalProperties': false, 'required': ['age'], 'properties': {
                          'age': {'type': 'integer', 'minimum': 18, 'maximum': 9223372036854775807,
                                  'exclusiveMaximum': 120},
                          'home': {'type': 'string', 'enum': ['own', 'rent']}}}"""));
    }

    @Test
    void values_are_held_to_what_the_model_says() {
        TensorCodec codec = taking(AGE, HOME);
        assertThat(read(codec, "{'age': 20}").byName()).containsOnlyKeys("age");
        assertThat(read(codec, "{'age': 20, 'home': 'own'}").byName()).containsOnlyKeys("age", "home");
        assertThat(objections(codec, "{'age': 17, 'home': 'tent', 'size': 1}"))
                .containsExactly(
                        "/age must be at least 18, but is 17",
                        "/home must be one of \"own\", \"rent\", but is the text 'tent'",
                        "/size is no field here");
        assertThat(codec.wrong("age", Tensor.of(new long[] {18, 119, 120}, 3)))
                .contains("[2] must be less than 120, but is 120");
        assertThat(codec.wrong("home", Tensor.of(new String[] {"tent"}, 1)))
                .contains("must be one of \"own\", \"rent\", but is the text 'tent'");
        assertThat(codec.wrong("age", Tensor.of(new long[] {18, 119}, 2))).isEmpty();
    }

    @Test
    void a_blank_request_keeps_to_what_the_model_says() {
        TensorSpec ratio =
                ruled("ratio", TensorType.FP64, false, Map.of("exclusiveMinimum", 0.0, "exclusiveMaximum", 0.5));
        TensorSpec level = ruled(
                "level",
                TensorType.FP64,
                false,
                Map.of("anyOf", List.of(Map.of("maximum", -5.0), Map.of("minimum", 1.0, "maximum", 2.0))));
        TensorCodec codec = taking(AGE, HOME, ratio, level);
        codec.blank()
                .byName()
                .forEach((name, tensor) ->
                        assertThat(codec.wrong(name, tensor)).as(name).isEmpty());
    }

    @Test
    void a_request_is_one_row_of_an_open_batch() {
        Tensor x = read(taking(spec("x", TensorType.FP32, -1, 3)), "{'x': [1, 2.5, -3e2]}")
                .get("x");
        assertThat(x.shape()).containsExactly(1, 3);
        assertThat((float[]) x.values()).containsExactly(1, 2.5f, -300);
    }

    @Test
    void open_dimensions_take_their_size_from_the_request() {
        Tensor x = read(taking(spec("x", TensorType.INT64, -1, -1, 2)), "{'x': [[1, 2], [3, 4], [5, 6]]}")
                .get("x");
        assertThat(x.shape()).containsExactly(1, 3, 2);
        assertThat((long[]) x.values()).containsExactly(1, 2, 3, 4, 5, 6);
    }

    @Test
    void a_model_without_a_batch_takes_every_dimension_from_the_request() {
        assertThat(read(taking(spec("x", TensorType.FP64, 2)), "{'x': [1, 2]}")
                        .get("x")
                        .shape())
                .containsExactly(2);
        assertThat(read(taking(spec("x", TensorType.FP64)), "{'x': 1}").get("x").shape())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "INT8, -128, 127, -129, 128",
        "UINT8, 0, 255, -1, 256",
        "INT16, -32768, 32767, -32769, 32768",
        "UINT16, 0, 65535, -1, 65536",
        "INT32, -2147483648, 2147483647, -2147483649, 2147483648",
        "UINT32, 0, 4294967295, -1, 4294967296",
        "INT64, -9223372036854775808, 9223372036854775807, -9223372036854775809, 9223372036854775808",
        "UINT64, 0, 9223372036854775807, -1, 9223372036854775808"
    })
    void whole_numbers_are_held_to_their_type(TensorType type, String least, String most, String below, String above) {
        TensorCodec codec = taking(spec("x", type, -1, 2));
        assertThat(read(codec, "{'x': [%s, %s]}".formatted(least, most))
                        .get("x")
                        .size())
                .isEqualTo(2);
        String message = " must be a whole number from %s to %s".formatted(least, most);
        assertThat(objections(codec, "{'x': [%s, %s]}".formatted(below, above)))
                .containsExactly("/x/0" + message, "/x/1" + message);
        assertThat(objections(codec, "{'x': [0, 0.5]}")).containsExactly("/x/1" + message);
        assertThat(objections(codec, "{'x': [0, null]}")).containsExactly("/x/1" + message);
    }

    @Test
    void texts_and_truths_are_taken_as_what_they_are() {
        TensorCodec codec = taking(spec("t", TensorType.BYTES, -1, 2), spec("b", TensorType.BOOL, -1, 1));
        Tensors read = read(codec, "{'t': ['grüß', '𝄞'], 'b': [true]}");
        assertThat((String[]) read.get("t").values()).containsExactly("grüß", "𝄞");
        assertThat((boolean[]) read.get("b").values()).containsExactly(true);
        assertThat(objections(codec, "{'t': ['a', 1], 'b': ['true']}"))
                .containsExactly("/t/1 must be a text", "/b/0 must be true or false");
    }

    @Test
    void everything_that_is_wrong_is_told_at_once() {
        TensorCodec codec = taking(spec("features", TensorType.FP32, -1, 3), spec("age", TensorType.INT32, -1, 1));
        assertThat(objections(codec, "{'features': [], 'aeg': [3]}"))
                .containsExactly(
                        "/features must have 3 items, but has 0",
                        "/age is missing",
                        "/aeg is no field here. Did you mean 'age'?");
        assertThat(objections(codec, "{'features': [1, 'two', 1e39], 'age': [1], 'x': 1}"))
                .containsExactly(
                        "/features/1 must be a number",
                        "/features/2 is beyond what FP32 can hold",
                        "/x is no field here");
    }

    @Test
    void a_number_beyond_all_types_is_refused_like_any_other() {
        String huge = "1" + "0".repeat(400);
        assertThat(objections(taking(spec("x", TensorType.FP32, -1, 2)), "{'x': [1e400, %s]}".formatted(huge)))
                .containsExactly("/x/0 is beyond what FP32 can hold", "/x/1 is beyond what FP32 can hold");
        assertThat(objections(taking(spec("x", TensorType.FP64, -1, 2)), "{'x': [1e400, %s]}".formatted(huge)))
                .containsExactly(
                        "/x/0 must be a number that FP64 can hold", "/x/1 must be a number that FP64 can hold");
        assertThat(objections(taking(spec("x", TensorType.INT64, -1, 1)), "{'x': [%s]}".formatted(huge)))
                .hasSize(1);
    }

    @Test
    void a_shape_that_is_not_the_models_is_refused_where_it_differs() {
        TensorCodec codec = taking(spec("x", TensorType.FP32, -1, 2, 2));
        assertThat(objections(codec, "{'x': 1}")).containsExactly("/x must be a list");
        assertThat(objections(codec, "{'x': [1, 2]}")).containsExactly("/x must be a list of lists");
        assertThat(objections(codec, "{'x': [[1, 2], 3]}")).containsExactly("/x/1 must be a list");
        assertThat(objections(codec, "{'x': [[1, 2], [3]]}")).containsExactly("/x/1 must have 2 items, but has 1");
        assertThat(objections(codec, "{'x': [[1, 2], [3, [4]]]}")).containsExactly("/x/1/1 must be a number");
        assertThat(objections(codec, "[]")).containsExactly(" must be an object");
    }

    @Test
    void a_ragged_list_is_refused_though_its_sizes_are_open() {
        assertThat(objections(taking(spec("x", TensorType.FP32, -1, -1, -1)), "{'x': [[1, 2], [3]]}"))
                .containsExactly("/x/1 must have 2 items, but has 1");
    }

    @Test
    void of_very_many_errors_the_first_are_told() {
        StringBuilder list = new StringBuilder("'a'");
        for (int i = 1; i < 1000; i++) {
            list.append(",'a'");
        }
        assertThat(objections(taking(spec("x", TensorType.FP32, -1, 1000)), "{'x': [" + list + "]}"))
                .hasSize(20);
    }

    @Test
    void inputs_are_found_where_the_mapping_says() {
        TensorCodec codec = codec(
                List.of(spec("x", TensorType.FP32, -1, 1)),
                List.of(spec("y", TensorType.FP32, -1, 1)),
                new TensorMapping(Map.of("x", "/pet/weight~1kg"), Map.of(), Map.of()),
                null);
        assertThat(read(codec, "{'pet': {'weight/kg': [7]}}").get("x").size()).isEqualTo(1);
        assertThat(objections(codec, "{'pet': {}}")).containsExactly("/pet/weight~1kg is missing");
    }

    @Test
    void a_schema_of_the_artifact_is_asked_first() {
        TensorCodec codec = codec(
                List.of(spec("x", TensorType.FP32, -1, 1)),
                List.of(spec("y", TensorType.FP32, -1, 1)),
                BY_NAME,
                json(
                        "{'type': 'object', 'properties': {'x': {'type': 'array', 'items': {'type': 'number', 'maximum': 9}}}}"));
        assertThat(objections(codec, "{'x': [10]}")).containsExactly("/x/0 must be at most 9, but is 10");
    }

    @ParameterizedTest
    @EnumSource(
            value = TensorType.class,
            names = {"FP16", "BF16"})
    void half_floats_have_no_form_in_json(TensorType type) {
        assertThat(objections(taking(spec("x", type, -1, 1)), "{'x': [1]}"))
                .containsExactly("/x is " + type + ", which has no form in JSON; POST /v2/models takes it in bytes");
        assertThat(taking(spec("x", type, -1, 1)).blank().get("x").type()).isEqualTo(type);
    }

    @Test
    void a_mapping_that_names_what_is_not_there_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> codec(
                        List.of(spec("x", TensorType.FP32, -1, 1)),
                        List.of(spec("y", TensorType.FP32, -1, 1)),
                        new TensorMapping(Map.of("z", "/z"), Map.of(), Map.of()),
                        null))
                .withMessage("the model has no input 'z'; it has [x FP32[-1, 1]]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> giving(
                        new TensorMapping(Map.of(), Map.of("y", "/a/b"), Map.of()), spec("y", TensorType.FP32, -1, 1)))
                .withMessage("output y: /a/b is nested; an answer's fields are at its top");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> giving(
                        new TensorMapping(Map.of(), Map.of(), Map.of("z", List.of("a"))),
                        spec("y", TensorType.FP32, -1, 1)))
                .withMessage("labels name the output 'z', which is not answered; there are [y]");
    }

    @Test
    void a_blank_request_fits_the_signature() {
        Tensors blank = taking(spec("x", TensorType.FP32, -1, 3, -1), spec("t", TensorType.BYTES, -1, 1))
                .blank();
        assertThat(blank.get("x").shape()).containsExactly(1, 3, 1);
        assertThat((String[]) blank.get("t").values()).containsExactly("");
    }

    // --- answers ---

    @Test
    void one_value_is_answered_as_a_value_and_more_as_a_list() {
        TensorCodec codec = giving(BY_NAME, spec("y", TensorType.FP32, -1, 1));
        assertThat(written(codec, "y", Tensor.of(TensorType.FP32, new float[] {0.5f}, 1, 1)))
                .isEqualTo("{\"y\":0.5}");
        assertThat(written(
                        giving(BY_NAME, spec("y", TensorType.INT64, -1, 2, 2)),
                        "y",
                        Tensor.of(TensorType.INT64, new long[] {1, 2, 3, 4}, 1, 2, 2)))
                .isEqualTo("{\"y\":[[1,2],[3,4]]}");
    }

    @Test
    void labels_name_the_highest_and_all() {
        TensorCodec codec = giving(
                new TensorMapping(Map.of(), Map.of(), Map.of("y", List.of("cat", "dog"))),
                spec("y", TensorType.FP32, -1, 2));
        assertThat(written(codec, "y", Tensor.of(TensorType.FP32, new float[] {0.25f, 0.75f}, 1, 2)))
                .isEqualTo("{\"y\":{\"label\":\"dog\",\"scores\":{\"cat\":0.25,\"dog\":0.75}}}");
    }

    @Test
    void an_answer_that_json_cannot_hold_is_the_models_fault() {
        TensorCodec codec = giving(BY_NAME, spec("y", TensorType.FP32, -1, 1));
        InferenceException refused = catchThrowableOfType(
                InferenceException.class,
                () -> written(codec, "y", Tensor.of(TensorType.FP32, new float[] {Float.NaN}, 1, 1)));
        assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_RESPONSE);
        assertThat(refused).hasMessage("The model's answer cannot be given: /y is NaN, which is no JSON number");
    }

    @Test
    void the_schemas_are_those_of_the_tensors() {
        TensorCodec codec = taking(spec("x", TensorType.FP32, -1, 2));
        assertThat(codec.requestSchema().at("/properties/x/minItems").asInt()).isEqualTo(2);
        assertThat(codec.requestSchema().path("additionalProperties").asBoolean(true))
                .isFalse();
        assertThat(codec.responseSchema().at("/properties/y/type").asString()).isEqualTo("number");
    }
}
