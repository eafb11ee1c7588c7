package dev.patchbay.runtime.torchscript;

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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The models are made by runtimes/make-models.py.
class TorchScriptRuntimeTest {

    private static final Path MODELS = Path.of("src/test/resources");
    private static final TorchScriptRuntime RUNTIME = new TorchScriptRuntime();

    @TempDir
    private Path folder;

    private static OpenModel open(String file, String inputs) {
        return open(file, inputs, "");
    }

    private static OpenModel open(String file, String inputs, String outputs) {
        return RUNTIME.open(MODELS.resolve(file), new ModelOptions(1, Map.of("inputs", inputs, "outputs", outputs)));
    }

    private static TensorSpec spec(String name, TensorType type, Long... shape) {
        return new TensorSpec(name, type, List.of(shape));
    }

    @Test
    void inputs_are_declared_and_outputs_are_seen() {
        try (OpenModel model = open("flower.pt", "x FP32[-1,4]", "probabilities")) {
            assertThat(model.inputs()).containsExactly(spec("x", TensorType.FP32, -1L, 4L));
            assertThat(model.outputs()).containsExactly(spec("probabilities", TensorType.FP32, -1L, 3L));
            Tensors answer = model.run(Tensors.of("x", Tensor.of(new float[8], 2, 4)));
            double all = Math.exp(1) + Math.exp(0.5) + Math.exp(-2);
            assertThat(answer.get("probabilities").shape()).containsExactly(2, 3);
            assertThat(answer.floats("probabilities")[4]).isCloseTo((float) (Math.exp(0.5) / all), within(1e-6f));
        }
    }

    @Test
    void several_inputs_and_a_dictionary_of_outputs() {
        try (OpenModel model = open("sums.pt", "ids INT64[-1,-1], mask INT64[-1,-1]")) {
            assertThat(model.outputs())
                    .containsExactlyInAnyOrder(
                            spec("total", TensorType.INT64, -1L), spec("mean", TensorType.FP64, -1L));
            Tensors answer = model.run(Tensors.of("ids", Tensor.of(new long[] {1, 2, 3, 4, 5, 6}, 2, 3))
                    .and("mask", Tensor.of(new long[] {1, 0, 1, 0, 0, 1}, 2, 3)));
            assertThat(answer.get("total").longs()).containsExactly(4, 6);
            assertThat(answer.get("mean").doubles()).containsExactly(2, 5);
        }
    }

    @Test
    void the_outputs_of_a_tuple_have_the_names_they_are_given_or_numbers() {
        try (OpenModel model = open("both.pt", "x FP32[-1,3]")) {
            assertThat(model.outputs())
                    .containsExactly(
                            spec("output_0", TensorType.FP32, -1L, 3L), spec("output_1", TensorType.FP32, -1L));
        }
        try (OpenModel model = open("both.pt", "x FP32[-1,3]", "more, sum")) {
            assertThat(model.outputs()).extracting(TensorSpec::name).containsExactly("more", "sum");
            assertThat(model.run(Tensors.of("x", Tensor.of(new float[] {1, 2, 3}, 1, 3)))
                            .scalar("sum"))
                    .isEqualTo(6);
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> open("both.pt", "x FP32[-1,3]", "sum"))
                .withMessage("options.outputs names 1 outputs, [sum], but the model gives 2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> open("sums.pt", "ids INT64[-1,-1], mask INT64[-1,-1]", "total"))
                .withMessageStartingWith("options.outputs names [total], but the model gives [");
    }

    @ParameterizedTest
    @EnumSource(
            value = TensorType.class,
            names = {"FP32", "FP64", "FP16", "INT8", "INT32", "INT64", "UINT8", "BOOL"})
    void a_tensor_of_each_type_comes_back_as_it_went(TensorType type) {
        Object values = switch (type) {
            case FP32 -> new float[] {-1.5f, Float.MAX_VALUE};
            case FP64 -> new double[] {-1.5, Double.MIN_VALUE};
            case INT64 -> new long[] {Long.MIN_VALUE, Long.MAX_VALUE};
            case INT32 -> new int[] {Integer.MIN_VALUE, Integer.MAX_VALUE};
            case INT8 -> new byte[] {-128, 127};
            case UINT8 -> new short[] {0, 255};
            case BOOL -> new boolean[] {true, false};
            default -> new short[] {0x3c00, (short) 0xc000};
        };
        try (OpenModel model = open("same.pt", "x " + type + "[-1]")) {
            Tensor back = model.run(Tensors.of("x", Tensor.of(type, values, 2))).get("output");
            assertThat(back.type()).isEqualTo(type);
            assertThat(back.values()).isEqualTo(values);
        }
    }

    @Test
    void scalars_and_empty_tensors_go_through() {
        try (OpenModel scalar = open("same.pt", "x FP32[]");
                OpenModel row = open("same.pt", "x FP32[-1]")) {
            assertThat(scalar.run(Tensors.of("x", Tensor.of(new float[] {7}))).scalar("output"))
                    .isEqualTo(7);
            assertThat(row.run(Tensors.of("x", Tensor.of(new float[0], 0)))
                            .get("output")
                            .shape())
                    .containsExactly(0);
        }
    }

    @Test
    void a_type_that_pytorch_or_its_binding_does_not_have_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> open("same.pt", "x UINT64[-1]"))
                .withMessageStartingWith("the TorchScript engine takes no tensors of UINT64");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> open("same.pt", "x BF16[-1]"))
                .withMessageStartingWith("the TorchScript engine takes no tensors of BF16");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> open("short.pt", "x FP32[-1]"))
                .withMessage(
                        "it gives a tensor of a type that DJL does not know, such as BF16 or INT16; cast it in forward");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> open("same.pt", "x BYTES[-1]"))
                .withMessage("options.inputs: 'BYTES' is no type of tensors; write one such as FP32 or INT64");
    }

    @Test
    void inputs_that_are_not_declared_or_are_not_those_of_forward_are_refused() {
        String takes =
                " The model's forward takes [ids: Tensor, mask: Tensor, scale: float]: write name, type and shape of each"
                        + " tensor in this order, such as 'x FP32[-1,4]'";
        assertThatIllegalArgumentException()
                .isThrownBy(() -> open("sums.pt", ""))
                .withMessage("options.inputs is missing: a TorchScript file does not say which types and shapes its"
                        + " inputs have." + takes);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> open("sums.pt", "mask INT64[-1,-1], ids INT64[-1,-1]"))
                .withMessage("options.inputs declares [mask INT64[-1, -1], ids INT64[-1, -1]]." + takes);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> open("sums.pt", "ids INT64[-1,-1], mask"))
                .withMessage("options.inputs cannot be read from ' mask' on." + takes);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> open("sums.pt", "ids INT64[-1,-1], mask INT64[-1,-1], scale FP32[]"))
                .withMessageStartingWith("options.inputs declares [ids INT64[-1, -1], mask");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> open("flower.pt", "x FP32[-1,5]"))
                .withMessageStartingWith(
                        "the model does not take its inputs as options.inputs declares them, [x FP32[-1, 5]]: ")
                .withMessageContaining("shapes cannot be multiplied (1x5 and 4x3)");
    }

    @Test
    void what_the_model_is_given_must_be_what_it_takes() {
        try (OpenModel model = open("flower.pt", "x FP32[-1,4]")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> model.run(Tensors.of("x", Tensor.of(new float[5], 1, 5))))
                    .withMessage("input 'x' is FP32[1, 5], but the model takes x FP32[-1, 4]");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> model.run(Tensors.of("y", Tensor.of(new float[4], 1, 4))))
                    .withMessage("input 'x' is missing; the model takes [x FP32[-1, 4]]");
        }
    }

    @Test
    void a_failure_inside_the_model_is_told_in_its_own_words_and_the_model_goes_on() {
        try (OpenModel model = open("broken.pt", "x FP32[-1]")) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> model.run(Tensors.of("x", Tensor.of(new float[] {-1}, 1))))
                    .withMessage("PyTorch failed: a number is negative");
            assertThat(model.run(Tensors.of("x", Tensor.of(new float[] {1}, 1))).scalar("output"))
                    .isOne();
        }
    }

    @Test
    void what_is_no_model_is_refused_with_the_reason() throws Exception {
        assertRefused(
                Files.copy(MODELS.resolve("weights.pt"), folder.resolve("weights.pt")),
                "weights.pt is no TorchScript archive: it has weights but no code, as torch.save writes them; save"
                        + " torch.jit.script(model) or torch.jit.trace(model, example) instead");
        assertRefused(
                Files.writeString(folder.resolve("text.pt"), "no model"),
                "text.pt is no TorchScript archive: it is no zip");
        assertRefused(
                Files.write(folder.resolve("empty.pt"), new byte[0]),
                "empty.pt is no TorchScript archive: it is no zip");
        byte[] whole = Files.readAllBytes(MODELS.resolve("flower.pt"));
        assertRefused(
                Files.write(folder.resolve("half.pt"), java.util.Arrays.copyOf(whole, whole.length / 2)),
                "half.pt is no TorchScript archive: it is no zip");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> open("number.pt", "x FP32[-1]"))
                .withMessage(
                        "output 'output' is no tensor but of type int; let forward return tensors, a tuple or a dictionary"
                                + " of them");
    }

    @Test
    void damaged_weights_are_refused() throws IOException {
        byte[] damaged = Files.readAllBytes(MODELS.resolve("flower.pt"));
        int class_ = new String(damaged, java.nio.charset.StandardCharsets.ISO_8859_1).indexOf("FloatStorage");
        damaged[class_] = 'X';
        Path file = Files.write(folder.resolve("damaged.pt"), damaged);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RUNTIME.open(file, new ModelOptions(1, Map.of("inputs", "x FP32[-1,4]"))))
                .withMessageStartingWith("PyTorch refuses damaged.pt: ");
    }

    private static void assertRefused(Path file, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RUNTIME.open(file, new ModelOptions(1, Map.of("inputs", "x FP32[-1,4]"))))
                .withMessage(message);
    }

    @Test
    void options_that_are_not_there_are_refused() {
        assertOption(
                Map.of("gpu", "1"),
                1,
                "option 'gpu' is not known to the TorchScript engine; there are inputs, outputs, device (cpu, cuda)");
        assertOption(
                Map.of("device", "tpu"),
                1,
                "option device=tpu is not known to the TorchScript engine; there are cpu and cuda");
        assertOption(
                Map.of("device", "cuda"),
                1,
                "device 'cuda' is not available here: it needs a CUDA device, and pytorch-native-cu128 in place of"
                        + " pytorch-native-cpu in the engine's folder; or use device 'cpu'");
        assertOption(
                Map.of(),
                2,
                "threads is 2, but PyTorch has one number for the process, and the first model set it to 1; give all"
                        + " TorchScript models the same");
    }

    private static void assertOption(Map<String, String> options, int threads, String message) {
        Map<String, String> all = new HashMap<>(options);
        all.put("inputs", "x FP32[-1,4]");
        open("flower.pt", "x FP32[-1,4]").close();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RUNTIME.open(MODELS.resolve("flower.pt"), new ModelOptions(threads, all)))
                .withMessage(message);
    }

    @Test
    void many_threads_get_their_own_answers() {
        try (OpenModel model = open("both.pt", "x FP32[-1,3]")) {
            assertThat(IntStream.range(0, 5_000)
                            .parallel()
                            .filter(i -> model.run(Tensors.of("x", Tensor.of(new float[] {i, 1, 2}, 1, 3)))
                                            .scalar("output_1")
                                    != i + 3)
                            .count())
                    .isZero();
        }
    }

    @Test
    void models_that_are_opened_and_closed_leave_nothing_behind() throws Exception {
        cycles(150);
        long before = resident();
        cycles(300);
        assertThat(resident() - before).as("bytes kept by 300 models").isLessThan(30_000_000);
    }

    private static void cycles(int count) {
        for (int i = 0; i < count; i++) {
            try (OpenModel model = open("flower.pt", "x FP32[-1,4]")) {
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
