package dev.patchbay.runtime.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import dev.patchbay.api.ModelOptions;
import dev.patchbay.api.Tensor;
import dev.patchbay.api.TensorSpec;
import dev.patchbay.api.TensorType;
import dev.patchbay.api.Tensors;
import dev.patchbay.api.runtime.ModelRuntime.OpenModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TensorFlowRuntimeTest {

    private static final TensorFlowRuntime RUNTIME = new TensorFlowRuntime();

    @TempDir
    private static Path models;

    @TempDir
    private Path folder;

    @BeforeAll
    static void makeModels() throws Exception {
        SavedModels.flower(models.resolve("flower"));
        SavedModels.types(models.resolve("types"));
        SavedModels.strict(models.resolve("strict"));
    }

    private static OpenModel open(String model, Map<String, String> options) {
        return RUNTIME.open(models.resolve(model), new ModelOptions(1, options));
    }

    private static TensorSpec spec(String name, TensorType type, Long... shape) {
        return new TensorSpec(name, type, List.of(shape));
    }

    @Test
    void a_folder_is_known_by_what_is_in_it() {
        assertThat(RUNTIME.accepts(models.resolve("flower"))).isTrue();
        assertThat(RUNTIME.accepts(models.resolve("flower/saved_model.pb"))).isTrue();
        assertThat(RUNTIME.accepts(models)).isFalse();
        assertThat(RUNTIME.accepts(models.resolve("flower/variables"))).isFalse();
    }

    @Test
    void tensors_are_those_of_the_signature() {
        try (OpenModel model = open("flower", Map.of())) {
            assertThat(model.inputs()).containsExactly(spec("x", TensorType.FP32, -1L, 4L));
            assertThat(model.outputs()).containsExactly(spec("probabilities", TensorType.FP32, -1L, 3L));
            Tensors answer = model.run(Tensors.of("x", Tensor.of(new float[8], 2, 4)));
            double all = Math.exp(1) + Math.exp(0.5) + Math.exp(-2);
            assertThat(answer.get("probabilities").shape()).containsExactly(2, 3);
            assertThat(answer.floats("probabilities")[4]).isCloseTo((float) (Math.exp(0.5) / all), within(1e-6f));
        }
    }

    @Test
    void another_signature_is_chosen_by_its_name() {
        try (OpenModel model = open("flower/saved_model.pb", Map.of("signature", "sums"))) {
            assertThat(model.inputs()).containsExactly(spec("measures", TensorType.FP32, -1L, 4L));
            assertThat(model.run(Tensors.of("measures", Tensor.of(new float[] {1, 0, 0, 0}, 1, 4)))
                            .floats("sums"))
                    .containsExactly(1.5f, 0.75f, -3f);
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> open("flower", Map.of("signature", "summs")))
                .withMessage("the model has no signature 'summs'; it has [serving_default, sums]. Choose one with"
                        + " options.signature");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> open("flower", Map.of("tags", "train")))
                .withMessage(
                        "the model has no graph with the tags [train]; it has [serve]. Choose one with options.tags");
    }

    @Test
    void a_tensor_of_each_type_comes_back_as_it_went() {
        Map<String, Tensor> tensors = Map.of(
                "float32", Tensor.of(new float[] {-1.5f, Float.MAX_VALUE}, 2, 1),
                "float64", Tensor.of(new double[] {-1.5, Double.MIN_VALUE}, 1, 2),
                "float16", Tensor.of(TensorType.FP16, new short[] {0x3c00, (short) 0xc000}, 2, 1),
                "bfloat16", Tensor.of(TensorType.BF16, new short[] {0x3f80, (short) 0xc000}, 2, 1),
                "int32", Tensor.of(new int[] {Integer.MIN_VALUE, Integer.MAX_VALUE}, 2, 1),
                "int64", Tensor.of(new long[] {Long.MIN_VALUE, Long.MAX_VALUE}, 2, 1),
                "uint8", Tensor.of(TensorType.UINT8, new short[] {0, 255}, 2, 1),
                "uint16", Tensor.of(TensorType.UINT16, new int[] {0, 65_535}, 2, 1),
                "bool", Tensor.of(new boolean[] {true, false}, 2, 1),
                "string", Tensor.of(new String[] {"", "żółw 🐢"}, 2, 1));
        try (OpenModel model = open("types", Map.of())) {
            assertThat(model.inputs())
                    .extracting(TensorSpec::name)
                    .containsExactlyInAnyOrderElementsOf(tensors.keySet());
            Tensors back = model.run(new Tensors(tensors));
            tensors.forEach((name, tensor) -> {
                assertThat(back.get(name)).hasToString(tensor.toString());
                assertThat(back.get(name).values()).as(name).isEqualTo(tensor.values());
            });
        }
    }

    @Test
    void what_the_model_is_given_must_be_what_it_takes() {
        try (OpenModel model = open("flower", Map.of())) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> model.run(Tensors.of("x", Tensor.of(new float[5], 1, 5))))
                    .withMessage("input 'x' is FP32[1, 5], but the model takes x FP32[-1, 4]");
        }
    }

    @Test
    void a_failure_inside_the_model_is_told_and_the_model_goes_on() {
        try (OpenModel model = open("strict", Map.of())) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> model.run(Tensors.of("x", Tensor.of(new float[] {-1}, 1))))
                    .withMessageStartingWith("TensorFlow failed: ")
                    .withMessageContaining("ssert");
            assertThat(model.run(Tensors.of("x", Tensor.of(new float[] {1}, 1))).scalar("y"))
                    .isOne();
        }
    }

    @Test
    void what_is_no_model_is_refused_with_the_reason() throws Exception {
        assertRefused(
                "text",
                "no model".getBytes(java.nio.charset.StandardCharsets.UTF_8),
                "text/saved_model.pb is no SavedModel: ");
        assertRefused("empty", new byte[0], "empty/saved_model.pb is no SavedModel: it holds no graph");
        byte[] whole = Files.readAllBytes(models.resolve("flower/saved_model.pb"));
        assertRefused(
                "half", java.util.Arrays.copyOf(whole, whole.length / 2), "half/saved_model.pb is no SavedModel: ");
        assertRefused(
                "weightless",
                whole,
                "weightless has variables, but no folder variables/ with their values; copy the whole SavedModel");
    }

    private void assertRefused(String name, byte[] content, String message) throws IOException {
        Path model = Files.createDirectories(folder.resolve(name));
        Files.write(model.resolve("saved_model.pb"), content);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RUNTIME.open(model, ModelOptions.DEFAULT))
                .withMessageStartingWith(message);
    }

    @Test
    void options_that_are_not_there_are_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> open("flower", Map.of("provider", "cuda")))
                .withMessage("option 'provider' is not known to the TensorFlow engine; there are signature (default"
                        + " serving_default) and tags (default serve)");
    }

    @Test
    void many_threads_get_their_own_answers() {
        try (OpenModel model = open("flower", Map.of("signature", "sums"))) {
            assertThat(IntStream.range(0, 5_000)
                            .parallel()
                            .filter(i -> model.run(Tensors.of("measures", Tensor.of(new float[] {i, 0, 0, 0}, 1, 4)))
                                            .floats("sums")[0]
                                    != 0.5f * i + 1)
                            .count())
                    .isZero();
        }
    }

    @Test
    void models_that_are_opened_and_closed_leave_nothing_behind() throws Exception {
        cycles(50);
        long before = resident();
        cycles(100);
        assertThat(resident() - before).as("bytes kept by 100 models").isLessThan(40_000_000);
    }

    private static void cycles(int count) {
        for (int i = 0; i < count; i++) {
            try (OpenModel model = open("flower", Map.of())) {
                model.run(Tensors.of("x", Tensor.of(new float[4_000], 1_000, 4)));
            }
        }
    }

    /// What the process holds in memory, in bytes (Linux).
    private static long resident() throws IOException {
        System.gc();
        return 4096
                * Long.parseLong(Files.readString(Path.of("/proc/self/statm")).split(" ")[1]);
    }
}
