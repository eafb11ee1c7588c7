package dev.patchbay.testkit.conformance;

import com.google.protobuf.ByteString;
import dev.patchbay.oip.v2.InferTensorContents;
import dev.patchbay.oip.v2.ModelInferRequest;
import dev.patchbay.oip.v2.ModelInferRequest.InferInputTensor;
import dev.patchbay.oip.v2.ModelInferRequest.InferRequestedOutputTensor;
import dev.patchbay.oip.v2.ModelInferResponse;
import dev.patchbay.oip.v2.ModelInferResponse.InferOutputTensor;
import dev.patchbay.oip.v2.ModelMetadataRequest;
import dev.patchbay.oip.v2.ModelMetadataResponse;
import dev.patchbay.oip.v2.ModelReadyRequest;
import dev.patchbay.oip.v2.ModelReadyResponse;
import dev.patchbay.oip.v2.ServerLiveRequest;
import dev.patchbay.oip.v2.ServerLiveResponse;
import dev.patchbay.oip.v2.ServerMetadataRequest;
import dev.patchbay.oip.v2.ServerMetadataResponse;
import dev.patchbay.oip.v2.ServerReadyRequest;
import dev.patchbay.oip.v2.ServerReadyResponse;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The rules of the protocol over gRPC, each with its check, in the order of its text. A server need not speak it: if
/// nobody answers, all are skipped.
final class GrpcChecks {

    private static final String SPEC = "inference_grpc.md#";
    private static final List<Status.Code> NOT_THERE = List.of(Status.Code.NOT_FOUND, Status.Code.INVALID_ARGUMENT);
    private static final List<Status.Code> REFUSED = List.of(Status.Code.INVALID_ARGUMENT);

    private final GrpcServer server;
    private final String model;
    private final @Nullable JsonNode request;
    private final @Nullable String silent;
    private final List<Check> all = new ArrayList<>();

    /// @param request what the model answers over REST; null if that is not known
    GrpcChecks(GrpcServer server, String address, String model, @Nullable JsonNode request) {
        this.server = server;
        this.model = model;
        this.request = request;
        this.silent = silence(address);
        server();
        models();
        inference();
        refusals();
    }

    List<Check> all() {
        return all;
    }

    private @Nullable String silence(String address) {
        try {
            live();
            return null;
        } catch (Broken nobody) {
            return "%s does not speak gRPC: %s; name another address with --grpc"
                    .formatted(address, nobody.getMessage());
        }
    }

    private void must(String id, String section, String says, Runnable body) {
        all.add(new Check(new Rule("grpc-" + id, says, SPEC + section, true), () -> {
            if (silent != null) {
                throw Broken.notApplicable(silent);
            }
            body.run();
        }));
    }

    // --- the server ---

    private ServerLiveResponse live() {
        return server.ask(
                "ServerLive", ServerLiveRequest.getDefaultInstance(), ServerLiveResponse.getDefaultInstance());
    }

    private void server() {
        must("server-live", "server-live", "ServerLive says live", () -> require(live().getLive(), "live is false"));
        must("server-ready", "server-ready", "ServerReady says ready", () -> {
            ServerReadyResponse ready = server.ask(
                    "ServerReady", ServerReadyRequest.getDefaultInstance(), ServerReadyResponse.getDefaultInstance());
            require(ready.getReady(), "ready is false");
        });
        must("server-metadata", "server-metadata", "ServerMetadata tells name and version", () -> {
            ServerMetadataResponse told = server.ask(
                    "ServerMetadata",
                    ServerMetadataRequest.getDefaultInstance(),
                    ServerMetadataResponse.getDefaultInstance());
            require(!told.getName().isEmpty() && !told.getVersion().isEmpty(), "name or version is empty");
        });
    }

    private static void require(boolean kept, String otherwise) {
        if (!kept) {
            throw Broken.because(otherwise);
        }
    }

    // --- models ---

    private String model() {
        if (model.isEmpty()) {
            throw Broken.notApplicable("no model is known; name one with --model");
        }
        return model;
    }

    private ModelMetadataResponse described(String version) {
        return server.ask(
                "ModelMetadata",
                ModelMetadataRequest.newBuilder()
                        .setName(model())
                        .setVersion(version)
                        .build(),
                ModelMetadataResponse.getDefaultInstance());
    }

    private List<String> versions() {
        List<String> versions = described("").getVersionsList();
        if (versions.isEmpty()) {
            throw Broken.notApplicable("the model has no versions");
        }
        return versions;
    }

    private boolean ready(String name, String version) {
        return server.ask(
                        "ModelReady",
                        ModelReadyRequest.newBuilder()
                                .setName(name)
                                .setVersion(version)
                                .build(),
                        ModelReadyResponse.getDefaultInstance())
                .getReady();
    }

    private void models() {
        must(
                "model-ready",
                "model-ready",
                "ModelReady says ready",
                () -> require(ready(model(), ""), "ready is false"));
        must("model-ready-unknown", "model-ready", "a model that is not there is not ready", () -> {
            boolean ready;
            try {
                ready = ready(RestChecks.UNKNOWN, "");
            } catch (Broken refused) {
                ready = false;
            }
            require(!ready, "ready is true");
        });
        must("model-metadata", "model-metadata", "ModelMetadata tells name, platform, inputs and outputs", () -> {
            ModelMetadataResponse told = described("");
            require(told.getName().equals(model()) && told.getOutputsCount() > 0, told.toString());
            for (var tensors : List.of(told.getInputsList(), told.getOutputsList())) {
                tensors.forEach(tensor -> require(
                        !tensor.getName().isEmpty()
                                && Tensors.isDatatype(tensor.getDatatype())
                                && tensor.getShapeList().stream().allMatch(size -> size >= -1),
                        "the tensor %s has not name, datatype and shape of the protocol".formatted(tensor)));
            }
        });
        must(
                "model-metadata-unknown",
                "model-metadata",
                "a model that is not there is NOT_FOUND or INVALID_ARGUMENT",
                () -> server.refused(
                        "ModelMetadata",
                        ModelMetadataRequest.newBuilder()
                                .setName(RestChecks.UNKNOWN)
                                .build(),
                        ModelMetadataResponse.getDefaultInstance(),
                        NOT_THERE));
        must("version-metadata", "model-metadata", "every version that is listed tells of itself and is ready", () -> {
            for (String version : versions()) {
                described(version);
                require(ready(model(), version), version + " is not ready");
            }
        });
    }

    // --- inference ---

    private ModelInferRequest.Builder typed() {
        return infer(true);
    }

    private ModelInferRequest.Builder raw() {
        return infer(false);
    }

    private ModelInferRequest.Builder infer(boolean typed) {
        JsonNode known = request;
        if (known == null) {
            throw Broken.notApplicable("no model answers a request of zeros; give one with --model and --request");
        }
        ModelInferRequest.Builder infer = ModelInferRequest.newBuilder().setModelName(model());
        for (JsonNode given : known.path("inputs")) {
            String datatype = given.path("datatype").asString("");
            InferInputTensor.Builder input = infer.addInputsBuilder()
                    .setName(given.path("name").asString(""))
                    .setDatatype(datatype);
            given.path("shape").forEach(size -> input.addShape(size.longValue()));
            if (typed) {
                input.setContents(contents(datatype, given.path("data")));
            } else {
                infer.addRawInputContents(ByteString.copyFrom(Tensors.raw(datatype, given.path("data"))));
            }
        }
        return infer;
    }

    private static InferTensorContents contents(String datatype, JsonNode data) {
        InferTensorContents.Builder contents = InferTensorContents.newBuilder();
        Consumer<JsonNode> add = switch (datatype) {
            case "BOOL" -> value -> contents.addBoolContents(value.asBoolean(false));
            case "INT8", "INT16", "INT32" ->
                value -> contents.addIntContents(value.numberValue().intValue());
            case "INT64" ->
                value -> contents.addInt64Contents(value.numberValue().longValue());
            case "UINT8", "UINT16", "UINT32" ->
                value -> contents.addUintContents(value.numberValue().intValue());
            case "UINT64" ->
                value -> contents.addUint64Contents(value.numberValue().longValue());
            case "FP32" -> value -> contents.addFp32Contents(value.numberValue().floatValue());
            case "FP64" -> value -> contents.addFp64Contents(value.numberValue().doubleValue());
            case "BYTES" -> value -> contents.addBytesContents(ByteString.copyFromUtf8(value.asString("")));
            default -> throw Broken.notApplicable(datatype + " has no typed contents");
        };
        Tensors.flat(data).forEach(add);
        return contents.build();
    }

    private ModelInferResponse answer(ModelInferRequest.Builder asked) {
        return server.ask("ModelInfer", asked.build(), ModelInferResponse.getDefaultInstance());
    }

    /// Gives the bytes of an output, in whichever form it came.
    private static ByteString bytes(ModelInferResponse response, int output) {
        if (response.getRawOutputContentsCount() > 0) {
            return response.getRawOutputContents(output);
        }
        InferOutputTensor tensor = response.getOutputs(output);
        return ByteString.copyFrom(Tensors.raw(tensor.getDatatype(), Contents.json(tensor)));
    }

    private static void requireWhole(ModelInferResponse response) {
        int raws = response.getRawOutputContentsCount();
        require(
                raws == 0 || raws == response.getOutputsCount(),
                "%d outputs, %d raw_output_contents".formatted(response.getOutputsCount(), raws));
    }

    private static List<ByteString> bytes(ModelInferResponse response) {
        requireWhole(response);
        List<ByteString> all = new ArrayList<>();
        for (int i = 0; i < response.getOutputsCount(); i++) {
            all.add(bytes(response, i));
        }
        return all;
    }

    private void inference() {
        String response = "inference";
        must(
                "infer",
                response,
                "ModelInfer answers typed contents, every output once, raw or typed and never both",
                () -> {
                    ModelInferResponse answer = answer(typed());
                    int raws = answer.getRawOutputContentsCount();
                    require(answer.getOutputsCount() > 0, "there are no outputs");
                    requireWhole(answer);
                    for (InferOutputTensor output : answer.getOutputsList()) {
                        require(
                                raws == 0 || !output.hasContents(),
                                "output '%s' has contents beside raw_output_contents".formatted(output.getName()));
                        require(Tensors.isDatatype(output.getDatatype()), "the datatype is " + output.getDatatype());
                    }
                });
        must("infer-size", "tensor-data", "the size of an output is that of its shape and datatype", () -> {
            ModelInferResponse answer = answer(typed());
            requireWhole(answer);
            for (int i = 0; i < answer.getOutputsCount(); i++) {
                InferOutputTensor output = answer.getOutputs(i);
                long elements = output.getShapeList().stream().reduce(1L, (one, other) -> one * other);
                long width = Tensors.width(output.getDatatype());
                require(
                        width == 0 || bytes(answer, i).size() == elements * width,
                        "output '%s' %s%s has %d bytes"
                                .formatted(
                                        output.getName(),
                                        output.getDatatype(),
                                        output.getShapeList(),
                                        bytes(answer, i).size()));
            }
        });
        must("infer-raw", "tensor-data", "raw_input_contents are answered as typed contents are", () -> {
            List<ByteString> typed = bytes(answer(typed()));
            List<ByteString> raw = bytes(answer(raw()));
            require(typed.equals(raw), "typed contents gave %s, raw ones %s".formatted(typed, raw));
        });
        must("infer-id", response, "the id of the request comes back", () -> {
            String id = answer(typed().setId("conformance-17")).getId();
            require(id.equals("conformance-17"), "the id was '%s'".formatted(id));
        });
        must("infer-outputs", response, "only the outputs that are asked for come", () -> {
            String name = answer(typed()).getOutputs(0).getName();
            ModelInferResponse one = answer(
                    typed().addOutputs(InferRequestedOutputTensor.newBuilder().setName(name)));
            require(
                    one.getOutputsCount() == 1 && one.getOutputs(0).getName().equals(name),
                    "%s was asked for, but %d outputs came".formatted(name, one.getOutputsCount()));
        });
        must("infer-version", response, "every version that is listed answers by its name", () -> {
            for (String version : versions()) {
                String named = answer(typed().setModelVersion(version)).getModelVersion();
                require(
                        named.isEmpty() || named.equals(version),
                        "version %s was asked, %s answered".formatted(version, named));
            }
        });
    }

    // --- what is refused ---

    private void refused(ModelInferRequest.Builder asked, List<Status.Code> fitting) {
        server.refused("ModelInfer", asked.build(), ModelInferResponse.getDefaultInstance(), fitting);
    }

    private void refusals() {
        String place = "inference";
        must(
                "refuses-unknown-model",
                place,
                "a model that is not there is NOT_FOUND or INVALID_ARGUMENT",
                () -> refused(typed().setModelName(RestChecks.UNKNOWN), NOT_THERE));
        must(
                "refuses-missing-input",
                place,
                "a request without its inputs is INVALID_ARGUMENT",
                () -> refused(typed().clearInputs(), REFUSED));
        must("refuses-unknown-datatype", "tensor-data-types", "an unknown datatype is INVALID_ARGUMENT", () -> {
            ModelInferRequest.Builder asked = typed();
            asked.getInputsBuilder(0).setDatatype("FP31");
            refused(asked, REFUSED);
        });
        must("refuses-shape-mismatch", "tensor-data", "fewer values than the shape says are INVALID_ARGUMENT", () -> {
            ModelInferRequest.Builder asked = typed();
            asked.getInputsBuilder(0).clearContents();
            refused(asked, REFUSED);
        });
        must("refuses-raw-size", "tensor-data", "raw bytes that are not as the shape says are INVALID_ARGUMENT", () -> {
            ModelInferRequest.Builder asked = raw();
            asked.setRawInputContents(0, asked.getRawInputContents(0).concat(ByteString.copyFrom(new byte[3])));
            refused(asked, REFUSED);
        });
        must(
                "refuses-raw-and-typed",
                "tensor-data",
                "typed and raw contents in one request are INVALID_ARGUMENT",
                () -> {
                    ModelInferRequest.Builder asked = typed();
                    refused(asked.addAllRawInputContents(raw().getRawInputContentsList()), REFUSED);
                });
        must("refuses-shape-bomb", "tensor-data", "a shape beyond all memory is INVALID_ARGUMENT", () -> {
            ModelInferRequest.Builder asked = typed();
            asked.getInputsBuilder(0).clearShape().addAllShape(Arrays.asList(2147483647L, 2147483647L));
            refused(asked, REFUSED);
        });
        must(
                "refuses-unknown-output",
                place,
                "an output that is not there is refused",
                () -> refused(
                        typed().addOutputs(
                                        InferRequestedOutputTensor.newBuilder().setName("no_such_output")),
                        NOT_THERE));
    }

    /// Typed contents as lists of JSON.
    private static final class Contents {

        private Contents() {}

        static JsonNode json(InferOutputTensor output) {
            InferTensorContents contents = output.getContents();
            Object values = switch (output.getDatatype()) {
                case "BOOL" -> contents.getBoolContentsList();
                case "INT8", "INT16", "INT32" -> contents.getIntContentsList();
                case "INT64" -> contents.getInt64ContentsList();
                case "UINT8", "UINT16", "UINT32" -> contents.getUintContentsList();
                case "UINT64" -> contents.getUint64ContentsList();
                case "FP32" -> contents.getFp32ContentsList();
                case "FP64" -> contents.getFp64ContentsList();
                default ->
                    contents.getBytesContentsList().stream()
                            .map(ByteString::toStringUtf8)
                            .toList();
            };
            return Server.JSON.valueToTree(values);
        }
    }
}
