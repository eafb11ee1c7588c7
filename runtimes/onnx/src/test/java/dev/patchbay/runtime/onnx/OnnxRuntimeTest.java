package dev.patchbay.runtime.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.patchbay.api.ModelOptions;
import dev.patchbay.api.Tensor;
import dev.patchbay.api.TensorSpec;
import dev.patchbay.api.TensorType;
import dev.patchbay.api.Tensors;
import dev.patchbay.api.runtime.MismatchedInputs;
import dev.patchbay.api.runtime.ModelRuntime.OpenModel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The models are made by runtimes/make-models.py.
class OnnxRuntimeTest {

    private static final Path MODELS = Path.of("src/test/resources");
    private static final OnnxRuntime RUNTIME = new OnnxRuntime();

    @TempDir
    private Path folder;

    private static OpenModel open(String file, Map<String, String> options) {
        return RUNTIME.open(MODELS.resolve(file), new ModelOptions(1, options));
    }

    private static TensorSpec spec(String name, TensorType type, Long... shape) {
        return new TensorSpec(name, type, List.of(shape));
    }

    @Test
    void a_tensor_of_each_type_comes_back_as_it_went() {
        Map<String, Tensor> tensors = Map.ofEntries(
                Map.entry("float", Tensor.of(new float[] {-1.5f, Float.MAX_VALUE}, 2, 1)),
                Map.entry("double", Tensor.of(new double[] {-1.5, Double.MIN_VALUE}, 2, 1)),
                Map.entry("float16", Tensor.of(TensorType.FP16, new short[] {0x3c00, (short) 0xc000}, 2, 1)),
                Map.entry("bfloat16", Tensor.of(TensorType.BF16, new short[] {0x3f80, (short) 0xc000}, 1, 2)),
                Map.entry("int8", Tensor.of(TensorType.INT8, new byte[] {-128, 127}, 2, 1)),
                Map.entry("int16", Tensor.of(TensorType.INT16, new short[] {Short.MIN_VALUE, Short.MAX_VALUE}, 2, 1)),
                Map.entry("int32", Tensor.of(new int[] {Integer.MIN_VALUE, Integer.MAX_VALUE}, 2, 1)),
                Map.entry("int64", Tensor.of(new long[] {Long.MIN_VALUE, Long.MAX_VALUE}, 2, 1)),
                Map.entry("uint8", Tensor.of(TensorType.UINT8, new short[] {0, 255}, 2, 1)),
                Map.entry("bool", Tensor.of(new boolean[] {true, false}, 2, 1)),
                Map.entry("string", Tensor.of(new String[] {"", "żółw 🐢"}, 2, 1)));
        try (OpenModel model = open("types.onnx", Map.of())) {
            assertThat(model.inputs())
                    .extracting(TensorSpec::name)
                    .containsExactlyInAnyOrderElementsOf(tensors.keySet());
            Tensors back = model.run(new Tensors(tensors));
            tensors.forEach((name, tensor) -> {
                Tensor same = back.get(name + "_out");
                assertThat(same).hasToString(tensor.toString());
                assertThat(same.values()).as(name).isEqualTo(tensor.values());
            });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"uint16", "uint32", "uint64"})
    void a_type_that_the_binding_does_not_have_is_refused_by_its_name(String type) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> open(type + ".onnx", Map.of()))
                .withMessageStartingWith(
                        "'x' is of a type that ONNX Runtime's Java binding does not move; it takes FP32");
    }

    @Test
    void unsigned_numbers_are_given() {
        try (OpenModel model = open("unsigned.onnx", Map.of())) {
            Tensors answer = model.run(Tensors.of("x", Tensor.of(new long[] {0, 65_535, 4_294_967_295L, -1}, 4)));
            assertThat(answer.get("uint16").type()).isEqualTo(TensorType.UINT16);
            assertThat((int[]) answer.get("uint16").values()).startsWith(0, 65_535);
            assertThat((long[]) answer.get("uint32").values()).startsWith(0, 65_535, 4_294_967_295L);
            assertThat((long[]) answer.get("uint64").values()).containsExactly(0, 65_535, 4_294_967_295L, -1);
        }
    }

    @Test
    void several_inputs_with_open_axes() {
        try (OpenModel model = open("pair.onnx", Map.of())) {
            assertThat(model.inputs())
                    .containsExactly(
                            spec("left", TensorType.FP32, -1L, -1L),
                            spec("right", TensorType.FP32, -1L, 2L),
                            spec("count", TensorType.INT64));
            assertThat(model.outputs())
                    .containsExactly(
                            spec("product", TensorType.FP32, -1L, 2L), spec("scaled", TensorType.FP32, -1L, -1L));
            for (int rows : new int[] {1, 3}) {
                for (int inner : new int[] {1, 5}) {
                    float[] ones = new float[rows * inner];
                    Arrays.fill(ones, 1);
                    float[] twos = new float[inner * 2];
                    Arrays.fill(twos, 2);
                    Tensors answer = model.run(Tensors.of("left", Tensor.of(ones, rows, inner))
                            .and("right", Tensor.of(twos, inner, 2))
                            .and("count", Tensor.of(new long[] {3})));
                    assertThat(answer.get("product").shape()).containsExactly(rows, 2);
                    assertThat(answer.floats("product")[0]).isEqualTo(2 * inner);
                    assertThat(answer.floats("scaled")[0]).isEqualTo(3);
                }
            }
        }
    }

    @Test
    void what_the_model_is_given_must_be_what_it_takes() {
        Tensors fitting = Tensors.of("left", Tensor.of(new float[2], 1, 2))
                .and("right", Tensor.of(new float[4], 2, 2))
                .and("count", Tensor.of(new long[1]));
        try (OpenModel model = open("pair.onnx", Map.of())) {
            assertThatCode(() -> model.run(fitting)).doesNotThrowAnyException();
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> model.run(fitting.and("right", Tensor.of(new float[6], 2, 3))))
                    .withMessage("input 'right' is FP32[2, 3], but the model takes right FP32[-1, 2]");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> model.run(fitting.and("more", Tensor.of(new float[1], 1))))
                    .withMessageStartingWith("the model has no input 'more'; it takes [left");
            assertThatExceptionOfType(MismatchedInputs.class)
                    .isThrownBy(() -> model.run(fitting.and("right", Tensor.of(new float[6], 3, 2))))
                    .withMessage(
                            "The inputs do not fit each other: axis 1 of input 'left' FP32[1, 2] is 2 and axis 0 of"
                                    + " input 'right' FP32[3, 2] is 3, which the model means to be equal");
            assertThatCode(() -> model.run(fitting)).doesNotThrowAnyException();
        }
    }

    @Test
    void sizes_without_a_common_name_are_compared_when_the_engine_complains_of_sizes() {
        try (OpenModel model = open("sum.onnx", Map.of())) {
            assertThatExceptionOfType(MismatchedInputs.class)
                    .isThrownBy(() -> model.run(sum(2, 3, "1")))
                    .withMessage("The inputs do not fit each other: axis 0 of input 'left' FP32[2] is 2 and axis 0 of"
                            + " input 'right' FP32[3] is 3");
            assertThat(model.run(sum(1, 3, "1")).floats("sum")).hasSize(3);
        }
    }

    @Test
    void a_failure_that_is_not_about_sizes_stays_one_however_the_sizes_are() {
        try (OpenModel model = open("sum.onnx", Map.of())) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> model.run(sum(1, 3, "no number")))
                    .withMessageStartingWith("ONNX Runtime failed: ");
        }
    }

    private static Tensors sum(int left, int right, String number) {
        return Tensors.of("left", Tensor.of(new float[left], left))
                .and("right", Tensor.of(new float[right], right))
                .and("number", Tensor.of(new String[] {number}));
    }

    @ParameterizedTest
    @CsvSource({
        "graph_optimization_level, disable",
        "graph_optimization_level, basic",
        "graph_optimization_level, extended",
        "graph_optimization_level, all",
        "execution_mode, sequential",
        "execution_mode, parallel",
        "memory_pattern, false",
        "cpu_arena, false",
        "provider, cpu"
    })
    void options_of_the_session_are_taken(String name, String value) {
        try (OpenModel model = open("pair.onnx", Map.of(name, value))) {
            assertThat(model.inputs()).hasSize(3);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "graph_optimization_level, most",
        "execution_mode, both",
        "memory_pattern, 1",
        "provider, tpu",
        "size, 1"
    })
    void options_that_are_not_there_are_refused(String name, String value) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> open("pair.onnx", Map.of(name, value)))
                .withMessage(
                        "option %s=%s is not known to the ONNX engine; there are graph_optimization_level (disable,"
                                        .formatted(name, value)
                                + " basic, extended, all), execution_mode (sequential, parallel), memory_pattern (true, false),"
                                + " cpu_arena (true, false), provider (cpu, cuda)");
    }

    @Test
    void a_gpu_that_is_not_there_is_told() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> open("pair.onnx", Map.of("provider", "cuda")))
                .withMessageStartingWith("provider 'cuda' is not available here (")
                .withMessageEndingWith("): put onnxruntime_gpu in place of onnxruntime, or use provider 'cpu'");
    }

    @Test
    void what_is_no_model_is_refused_with_the_reason() throws Exception {
        assertRefused("text.onnx", "no model".getBytes(StandardCharsets.UTF_8));
        assertRefused("empty.onnx", new byte[0]);
        byte[] whole = Files.readAllBytes(MODELS.resolve("types.onnx"));
        assertRefused("half.onnx", Arrays.copyOf(whole, whole.length / 2));
    }

    private void assertRefused(String name, byte[] content) throws Exception {
        Path file = Files.write(folder.resolve(name), content);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RUNTIME.open(file, ModelOptions.DEFAULT))
                .withMessageStartingWith("ONNX Runtime refuses " + name + ": ");
    }
}
