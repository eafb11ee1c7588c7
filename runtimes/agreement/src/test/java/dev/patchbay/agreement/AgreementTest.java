package dev.patchbay.agreement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import dev.patchbay.oip.v2.InferParameter;
import dev.patchbay.oip.v2.ModelInferRequest;
import dev.patchbay.oip.v2.ModelInferResponse;
import dev.patchbay.testkit.Reply;
import dev.patchbay.testkit.RunningModule;
import dev.patchbay.testkit.TestGateway;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.MethodDescriptor;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ClientCalls;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The same small classifier in every format gives the same numbers in every way it can be asked.
class AgreementTest {

    /// Engines compute in single precision, PMML in double.
    private static final double ROUNDING = 1e-6;

    private static final JsonMapper JSON = JsonMapper.shared();

    @TempDir
    static Path folder;

    static Served served;
    static ManagedChannel channel;

    @BeforeAll
    static void start() throws Exception {
        Flowers.addEngines();
        served = new Served(folder.resolve("served"));
        channel = ManagedChannelBuilder.forAddress("127.0.0.1", served.port())
                .usePlaintext()
                .build();
    }

    @AfterAll
    static void stop() throws Exception {
        channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
        served.close();
    }

    static List<String> formats() throws Exception {
        return Flowers.formats();
    }

    /// Those that the Open Inference Protocol asks in tensors of their own; a Python class takes JSON.
    static List<String> formatsOfTensors() throws Exception {
        return formats().stream().filter(format -> !format.equals("python")).toList();
    }

    @Test
    void every_format_is_there() throws Exception {
        assertThat(formats()).contains("onnx", "pmml", "python", "tensorflow", "torchscript");
    }

    @ParameterizedTest
    @MethodSource("formats")
    void by_rest(String format) throws Exception {
        for (double[] measures : Flowers.EXAMPLES) {
            HttpResponse<String> answer =
                    served.post("/v1/inference/flower_" + format, Flowers.request(format, measures));
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertSame(Flowers.probabilities(format, JSON.readTree(answer.body())), measures);
        }
    }

    @ParameterizedTest
    @MethodSource("formats")
    void in_process(String format) throws Exception {
        try (TestGateway gateway = TestGateway.start()) {
            RunningModule module = gateway.deploy(Path.of("src/test/models", format));
            for (double[] measures : Flowers.EXAMPLES) {
                Reply reply = module.ask(Flowers.request(format, measures));
                assertThat(reply).as(reply.describe()).isInstanceOf(Reply.Answer.class);
                assertSame(Flowers.probabilities(format, ((Reply.Answer) reply).json()), measures);
            }
        }
    }

    /// All examples in one request, a row each.
    @ParameterizedTest
    @MethodSource("formatsOfTensors")
    void by_the_open_inference_protocol_over_rest(String format) throws Exception {
        var request = JSON.createObjectNode();
        var inputs = request.putArray("inputs");
        for (Columns column : Columns.of(format)) {
            var input = inputs.addObject()
                    .put("name", column.name())
                    .put("datatype", format.equals("pmml") ? "FP64" : "FP32");
            column.shape().forEach(input.withArray("shape")::add);
            column.values().forEach(input.withArray("data")::add);
        }
        HttpResponse<String> answer = served.post("/v2/models/flower_" + format + "/infer", request.toString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        JsonNode outputs = JSON.readTree(answer.body()).path("outputs");
        assertRows(format, (name, at) -> {
            for (JsonNode output : outputs) {
                if (output.path("name").asString().equals(name)) {
                    return output.path("data").required(at).doubleValue();
                }
            }
            throw new AssertionError("no output " + name + " in " + outputs);
        });
    }

    @ParameterizedTest
    @MethodSource("formatsOfTensors")
    void by_the_open_inference_protocol_over_grpc(String format) {
        ModelInferRequest.Builder request = ModelInferRequest.newBuilder()
                .setModelName("flower_" + format)
                .putParameters(
                        "binary_data_output",
                        InferParameter.newBuilder().setBoolParam(false).build());
        for (Columns column : Columns.of(format)) {
            var input = request.addInputsBuilder().setName(column.name()).addAllShape(column.shape());
            if (format.equals("pmml")) {
                input.setDatatype("FP64").getContentsBuilder().addAllFp64Contents(column.values());
            } else {
                input.setDatatype("FP32")
                        .getContentsBuilder()
                        .addAllFp32Contents(
                                column.values().stream().map(Double::floatValue).toList());
            }
        }
        ModelInferResponse answer = ask(
                "inference.GRPCInferenceService/ModelInfer", request.build(), ModelInferResponse.getDefaultInstance());
        assertRows(format, (name, at) -> {
            for (var output : answer.getOutputsList()) {
                if (output.getName().equals(name)) {
                    return format.equals("pmml")
                            ? output.getContents().getFp64Contents(at)
                            : output.getContents().getFp32Contents(at);
                }
            }
            throw new AssertionError("no output " + name + " in " + answer);
        });
    }

    /// What takes JSON takes it as a text, a request each.
    @Test
    void python_by_the_open_inference_protocol_over_rest() throws Exception {
        for (double[] measures : Flowers.EXAMPLES) {
            var request = JSON.createObjectNode();
            var input = request.putArray("inputs").addObject();
            input.put("name", "request")
                    .put("datatype", "BYTES")
                    .putArray("shape")
                    .add(1);
            input.putArray("data").add(Flowers.request("python", measures));
            HttpResponse<String> answer = served.post("/v2/models/flower_python/infer", request.toString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            String response = JSON.readTree(answer.body())
                    .required("outputs")
                    .required(0)
                    .required("data")
                    .required(0)
                    .stringValue();
            assertSame(Flowers.probabilities("python", JSON.readTree(response)), measures);
        }
    }

    @Test
    void python_by_the_open_inference_protocol_over_grpc() {
        for (double[] measures : Flowers.EXAMPLES) {
            ModelInferRequest.Builder request = ModelInferRequest.newBuilder()
                    .setModelName("flower_python")
                    .putParameters(
                            "binary_data_output",
                            InferParameter.newBuilder().setBoolParam(false).build());
            request.addInputsBuilder()
                    .setName("request")
                    .setDatatype("BYTES")
                    .addShape(1)
                    .getContentsBuilder()
                    .addBytesContents(ByteString.copyFromUtf8(Flowers.request("python", measures)));
            ModelInferResponse answer = ask(
                    "inference.GRPCInferenceService/ModelInfer",
                    request.build(),
                    ModelInferResponse.getDefaultInstance());
            String response =
                    answer.getOutputs(0).getContents().getBytesContents(0).toStringUtf8();
            assertSame(Flowers.probabilities("python", JSON.readTree(response)), measures);
        }
    }

    private static <Q extends Message, A extends Message> A ask(String name, Q question, A answer) {
        return ClientCalls.blockingUnaryCall(
                channel,
                MethodDescriptor.<Q, A>newBuilder(ProtoUtils.marshaller(question), ProtoUtils.marshaller(answer))
                        .setType(MethodDescriptor.MethodType.UNARY)
                        .setFullMethodName(name)
                        .build(),
                CallOptions.DEFAULT.withDeadlineAfter(10, TimeUnit.SECONDS),
                question);
    }

    /// An input of all examples.
    private record Columns(String name, List<Long> shape, List<Double> values) {

        static List<Columns> of(String format) {
            long rows = Flowers.EXAMPLES.length;
            List<Columns> columns = new ArrayList<>();
            if (!format.equals("pmml")) {
                List<Double> all = new ArrayList<>();
                for (double[] example : Flowers.EXAMPLES) {
                    for (double measure : example) {
                        all.add(measure);
                    }
                }
                columns.add(new Columns("x", List.of(rows, (long) Flowers.MEASURES.size()), all));
                return columns;
            }
            for (int i = 0; i < Flowers.MEASURES.size(); i++) {
                List<Double> column = new ArrayList<>();
                for (double[] example : Flowers.EXAMPLES) {
                    column.add(example[i]);
                }
                columns.add(new Columns(Flowers.MEASURES.get(i), List.of(rows), column));
            }
            return columns;
        }
    }

    /// Gives a value of an output by its name and its place.
    private interface Output {
        double at(String name, int place);
    }

    private static void assertRows(String format, Output output) {
        for (int row = 0; row < Flowers.EXAMPLES.length; row++) {
            double[] probabilities = new double[Flowers.KINDS.size()];
            for (int kind = 0; kind < probabilities.length; kind++) {
                probabilities[kind] = format.equals("pmml")
                        ? output.at(Flowers.KINDS.get(kind), row)
                        : output.at("probabilities", row * probabilities.length + kind);
            }
            assertSame(probabilities, Flowers.EXAMPLES[row]);
        }
    }

    private static void assertSame(double[] probabilities, double[] measures) {
        assertThat(probabilities).containsExactly(Flowers.expected(measures), within(ROUNDING));
    }
}
