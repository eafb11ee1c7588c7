package dev.patchbay.testkit.conformance;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import dev.patchbay.oip.v2.ModelInferRequest;
import dev.patchbay.oip.v2.ModelInferRequest.InferInputTensor;
import dev.patchbay.oip.v2.ModelInferResponse;
import dev.patchbay.oip.v2.ModelMetadataRequest;
import dev.patchbay.oip.v2.ModelMetadataResponse;
import dev.patchbay.oip.v2.ModelMetadataResponse.TensorMetadata;
import dev.patchbay.oip.v2.ModelReadyRequest;
import dev.patchbay.oip.v2.ModelReadyResponse;
import dev.patchbay.oip.v2.ServerLiveRequest;
import dev.patchbay.oip.v2.ServerLiveResponse;
import dev.patchbay.oip.v2.ServerMetadataRequest;
import dev.patchbay.oip.v2.ServerMetadataResponse;
import dev.patchbay.oip.v2.ServerReadyRequest;
import dev.patchbay.oip.v2.ServerReadyResponse;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ServerCalls;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A small gRPC server with one model, `twice`, that has one fault at most.
final class GrpcStandIn implements AutoCloseable {

    private static final String SERVICE = "inference.GRPCInferenceService";

    /// What can be wrong with it, and the rule that finds it.
    enum Fault {
        NONE(""),
        IS_DEAD("grpc-server-live"),
        HAS_NO_NAME("grpc-server-metadata"),
        UNKNOWN_MODEL_IS_READY("grpc-model-ready-unknown"),
        UNKNOWN_MODEL_IS_A_FAULT("grpc-model-metadata-unknown"),
        VERSION_FAILS("grpc-infer-version"),
        ID_IS_LOST("grpc-infer-id"),
        ALL_OUTPUTS_ALWAYS("grpc-infer-outputs"),
        UNKNOWN_OUTPUT_PASSED_OVER("grpc-refuses-unknown-output"),
        RAW_BESIDE_TYPED("grpc-infer"),
        ONE_RAW_TOO_FEW("grpc-infer"),
        SHAPE_IS_WRONG("grpc-infer-size"),
        RAW_IS_BIG_ENDIAN("grpc-infer-raw"),
        RAW_SIZE_UNCHECKED("grpc-refuses-raw-size"),
        BOTH_FORMS_TAKEN("grpc-refuses-raw-and-typed"),
        COUNT_UNCHECKED("grpc-refuses-shape-mismatch"),
        BOMB_EXPLODES("grpc-refuses-shape-bomb"),
        DATATYPE_UNCHECKED("grpc-refuses-unknown-datatype"),
        INPUTS_UNCHECKED("grpc-refuses-missing-input");

        final String rule;

        Fault(String rule) {
            this.rule = rule;
        }
    }

    private final Fault fault;
    private final io.grpc.Server server;

    GrpcStandIn(Fault fault) throws IOException {
        this.fault = fault;
        ServerServiceDefinition.Builder service = ServerServiceDefinition.builder(SERVICE);
        add(
                service,
                "ServerLive",
                ServerLiveRequest.getDefaultInstance(),
                ServerLiveResponse.getDefaultInstance(),
                request -> ServerLiveResponse.newBuilder()
                        .setLive(fault != Fault.IS_DEAD)
                        .build());
        add(
                service,
                "ServerReady",
                ServerReadyRequest.getDefaultInstance(),
                ServerReadyResponse.getDefaultInstance(),
                request -> ServerReadyResponse.newBuilder().setReady(true).build());
        add(
                service,
                "ServerMetadata",
                ServerMetadataRequest.getDefaultInstance(),
                ServerMetadataResponse.getDefaultInstance(),
                request -> ServerMetadataResponse.newBuilder()
                        .setName(fault == Fault.HAS_NO_NAME ? "" : "stand-in")
                        .setVersion("1")
                        .build());
        add(
                service,
                "ModelReady",
                ModelReadyRequest.getDefaultInstance(),
                ModelReadyResponse.getDefaultInstance(),
                request -> ModelReadyResponse.newBuilder()
                        .setReady(request.getName().equals("twice") || fault == Fault.UNKNOWN_MODEL_IS_READY)
                        .build());
        add(
                service,
                "ModelMetadata",
                ModelMetadataRequest.getDefaultInstance(),
                ModelMetadataResponse.getDefaultInstance(),
                this::metadata);
        add(
                service,
                "ModelInfer",
                ModelInferRequest.getDefaultInstance(),
                ModelInferResponse.getDefaultInstance(),
                this::infer);
        server = Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
                .addService(service.build())
                .build()
                .start();
    }

    private static <Q extends Message, A extends Message> void add(
            ServerServiceDefinition.Builder service, String name, Q question, A answer, Function<Q, A> answering) {
        MethodDescriptor<Q, A> method = MethodDescriptor.<Q, A>newBuilder(
                        ProtoUtils.marshaller(question), ProtoUtils.marshaller(answer))
                .setType(MethodDescriptor.MethodType.UNARY)
                .setFullMethodName(SERVICE + "/" + name)
                .build();
        service.addMethod(method, ServerCalls.asyncUnaryCall((request, observer) -> {
            try {
                observer.onNext(answering.apply(request));
                observer.onCompleted();
            } catch (StatusRuntimeException refused) {
                observer.onError(refused);
            }
        }));
    }

    String address() {
        return "127.0.0.1:" + server.getPort();
    }

    private static StatusRuntimeException no(Status.Code code, String why) {
        return code.toStatus().withDescription(why).asRuntimeException();
    }

    private static StatusRuntimeException invalid(String why) {
        return no(Status.Code.INVALID_ARGUMENT, why);
    }

    private ModelMetadataResponse metadata(ModelMetadataRequest request) {
        if (!request.getName().equals("twice")) {
            throw no(
                    fault == Fault.UNKNOWN_MODEL_IS_A_FAULT ? Status.Code.INTERNAL : Status.Code.NOT_FOUND,
                    "no such model");
        }
        ModelMetadataResponse.Builder response = ModelMetadataResponse.newBuilder()
                .setName("twice")
                .addVersions("1")
                .setPlatform("tests");
        for (String name : List.of("a", "b")) {
            TensorMetadata.Builder tensor = TensorMetadata.newBuilder()
                    .setName(name)
                    .setDatatype("FP32")
                    .addShape(-1)
                    .addShape(2);
            response.addInputs(tensor).addOutputs(tensor);
        }
        return response.build();
    }

    private ModelInferResponse infer(ModelInferRequest request) {
        if (!request.getModelName().equals("twice")) {
            throw no(Status.Code.NOT_FOUND, "no such model");
        }
        if (!request.getModelVersion().isEmpty() && fault == Fault.VERSION_FAILS) {
            throw no(Status.Code.UNKNOWN, "versions fail");
        }
        boolean raw = request.getRawInputContentsCount() > 0;
        if (request.getInputsCount() != 2 && fault != Fault.INPUTS_UNCHECKED) {
            throw invalid("a and b are wanted");
        }
        ModelInferResponse.Builder response =
                ModelInferResponse.newBuilder().setModelName("twice").setModelVersion("1");
        if (fault != Fault.ID_IS_LOST) {
            response.setId(request.getId());
        }
        List<String> wanted = request.getOutputsList().stream()
                .map(output -> output.getName())
                .toList();
        if (!List.of("a", "b").containsAll(wanted) && fault != Fault.UNKNOWN_OUTPUT_PASSED_OVER) {
            throw invalid("no such output");
        }
        for (int i = 0; i < request.getInputsCount(); i++) {
            InferInputTensor input = request.getInputs(i);
            float[] values = values(input, raw ? request.getRawInputContents(i) : null);
            if (wanted.isEmpty() || wanted.contains(input.getName()) || fault == Fault.ALL_OUTPUTS_ALWAYS) {
                answer(response, input, values);
            }
        }
        if (fault == Fault.ONE_RAW_TOO_FEW) {
            response.clearRawOutputContents().addRawOutputContents(ByteString.copyFrom(new byte[16]));
        }
        return response.build();
    }

    private float[] values(InferInputTensor input, @Nullable ByteString raw) {
        if (!input.getDatatype().equals("FP32") && fault != Fault.DATATYPE_UNCHECKED) {
            throw invalid("FP32 is wanted");
        }
        long count = input.getShapeList().stream().reduce(1L, (one, other) -> one * other);
        if (count > 1 << 20) {
            throw fault == Fault.BOMB_EXPLODES ? no(Status.Code.UNKNOWN, "out of memory") : invalid("too large");
        }
        float[] values = new float[(int) count];
        if (raw == null) {
            if (input.getContents().getFp32ContentsCount() != count && fault != Fault.COUNT_UNCHECKED) {
                throw invalid("the values do not fill the shape");
            }
            for (int i = 0; i < Math.min(count, input.getContents().getFp32ContentsCount()); i++) {
                values[i] = input.getContents().getFp32Contents(i);
            }
            return values;
        }
        if (input.hasContents() && fault != Fault.BOTH_FORMS_TAKEN) {
            throw invalid("both forms");
        }
        if (raw.size() != count * 4 && fault != Fault.RAW_SIZE_UNCHECKED) {
            throw invalid("the bytes do not fill the shape");
        }
        ByteBuffer bytes = raw.asReadOnlyByteBuffer()
                .order(fault == Fault.RAW_IS_BIG_ENDIAN ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            values[i] = bytes.getFloat();
        }
        return values;
    }

    private void answer(ModelInferResponse.Builder response, InferInputTensor input, float[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * 4).order(ByteOrder.LITTLE_ENDIAN);
        ModelInferResponse.InferOutputTensor.Builder output = response.addOutputsBuilder()
                .setName(input.getName())
                .setDatatype("FP32")
                .addAllShape(input.getShapeList());
        if (fault == Fault.SHAPE_IS_WRONG) {
            output.addShape(7);
        }
        for (float value : values) {
            bytes.putFloat(value * 2);
            if (fault == Fault.RAW_BESIDE_TYPED) {
                output.getContentsBuilder().addFp32Contents(value * 2);
            }
        }
        response.addRawOutputContents(ByteString.copyFrom(bytes.flip()));
    }

    @Override
    public void close() {
        server.shutdownNow();
    }
}
