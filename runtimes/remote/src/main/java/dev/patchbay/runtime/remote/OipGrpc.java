package dev.patchbay.runtime.remote;

import com.google.protobuf.Message;
import dev.patchbay.api.Call;
import dev.patchbay.api.Tensor;
import dev.patchbay.api.TensorSpec;
import dev.patchbay.api.TensorType;
import dev.patchbay.api.Tensors;
import dev.patchbay.oip.tensor.InvalidTensor;
import dev.patchbay.oip.tensor.RawTensor;
import dev.patchbay.oip.tensor.TensorContents;
import dev.patchbay.oip.v2.ModelInferRequest;
import dev.patchbay.oip.v2.ModelInferResponse;
import dev.patchbay.oip.v2.ModelInferResponse.InferOutputTensor;
import dev.patchbay.oip.v2.ModelMetadataRequest;
import dev.patchbay.oip.v2.ModelMetadataResponse;
import dev.patchbay.oip.v2.ModelReadyRequest;
import dev.patchbay.oip.v2.ModelReadyResponse;
import io.grpc.CallOptions;
import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/// A model behind the Open Inference Protocol over gRPC. Tensors go as bytes, and come as the server likes.
final class OipGrpc implements TensorServer, AutoCloseable {

    private static final String SERVICE = "inference.GRPCInferenceService";
    private static final long ENDS_SECONDS = 2;

    private static final MethodDescriptor<ModelReadyRequest, ModelReadyResponse> READY =
            method("ModelReady", ModelReadyRequest.getDefaultInstance(), ModelReadyResponse.getDefaultInstance());
    private static final MethodDescriptor<ModelMetadataRequest, ModelMetadataResponse> METADATA = method(
            "ModelMetadata", ModelMetadataRequest.getDefaultInstance(), ModelMetadataResponse.getDefaultInstance());
    private static final MethodDescriptor<ModelInferRequest, ModelInferResponse> INFER =
            method("ModelInfer", ModelInferRequest.getDefaultInstance(), ModelInferResponse.getDefaultInstance());

    private final Target target;
    private final RemoteModel model;
    private final ManagedChannel channel;

    OipGrpc(Target target, ChannelCredentials credentials, RemoteModel model, int mostBytes) {
        this.target = target;
        this.model = model;
        this.channel =
                inHost(() -> Grpc.newChannelBuilderForAddress(target.url().getHost(), target.port(), credentials)
                        .maxInboundMessageSize(mostBytes)
                        .directExecutor()
                        .build());
    }

    private static <Q extends Message, A extends Message> MethodDescriptor<Q, A> method(String name, Q ask, A answer) {
        return MethodDescriptor.<Q, A>newBuilder()
                .setType(MethodDescriptor.MethodType.UNARY)
                .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, name))
                .setRequestMarshaller(ProtoUtils.marshaller(ask))
                .setResponseMarshaller(ProtoUtils.marshaller(answer))
                .build();
    }

    /// Threads that gRPC starts are shared by all channels and keep the context class loader they were made under: it
    /// must not be that of a module.
    private static <T> T inHost(java.util.function.Supplier<T> step) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(OipGrpc.class.getClassLoader());
        try {
            return step.get();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private String version() {
        return model.version() == null ? "" : model.version();
    }

    @Override
    public boolean isReady(Patience patience) throws InterruptedException {
        return ask(
                        READY,
                        ModelReadyRequest.newBuilder()
                                .setName(model.name())
                                .setVersion(version())
                                .build(),
                        Map.of(),
                        patience)
                .getReady();
    }

    @Override
    public Signature signature(Patience patience) throws InterruptedException {
        ModelMetadataResponse metadata = ask(
                METADATA,
                ModelMetadataRequest.newBuilder()
                        .setName(model.name())
                        .setVersion(version())
                        .build(),
                Map.of(),
                patience);
        return new Signature(specs(metadata.getInputsList()), specs(metadata.getOutputsList()))
                .whole(target, model.name());
    }

    private List<TensorSpec> specs(List<ModelMetadataResponse.TensorMetadata> tensors) {
        return tensors.stream()
                .map(tensor -> Signature.told(target, tensor.getName(), tensor.getDatatype(), tensor.getShapeList()))
                .toList();
    }

    @Override
    public Tensors infer(Tensors inputs, Signature signature, Call call, Patience patience)
            throws InterruptedException {
        ModelInferRequest.Builder request = ModelInferRequest.newBuilder()
                .setModelName(model.name())
                .setModelVersion(version())
                .setId(call.requestId());
        inputs.byName().forEach((name, tensor) -> {
            var input = ModelInferRequest.InferInputTensor.newBuilder()
                    .setName(name)
                    .setDatatype(tensor.type().name());
            for (long size : tensor.shape()) {
                input.addShape(size);
            }
            request.addInputs(input).addRawInputContents(TensorContents.raw(tensor));
        });
        for (TensorSpec output : signature.outputs()) {
            request.addOutputs(
                    ModelInferRequest.InferRequestedOutputTensor.newBuilder().setName(output.name()));
        }
        return read(ask(INFER, request.build(), Headers.of(call, patience), patience), signature);
    }

    private Tensors read(ModelInferResponse response, Signature signature) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        int raw = response.getRawOutputContentsCount();
        if (raw > 0 && raw != response.getOutputsCount()) {
            throw RemoteFailure.of(
                    target,
                    "answers with %d outputs and %d raw_output_contents".formatted(response.getOutputsCount(), raw),
                    null);
        }
        try {
            for (int i = 0; i < response.getOutputsCount(); i++) {
                InferOutputTensor output = response.getOutputs(i);
                TensorType type = Signature.type(output.getDatatype());
                if (type == null) {
                    throw RemoteFailure.of(
                            target,
                            "answers with the datatype '%s', which is none of the protocol"
                                    .formatted(RemoteFailure.excerpt(output.getDatatype())),
                            null);
                }
                long[] shape = output.getShapeList().stream()
                        .mapToLong(Long::longValue)
                        .toArray();
                tensors.put(
                        output.getName(),
                        raw > 0
                                ? RawTensor.read(
                                        output.getName(),
                                        type,
                                        shape,
                                        response.getRawOutputContents(i).asReadOnlyByteBuffer())
                                : TensorContents.read(output.getName(), type, shape, output.getContents()));
            }
        } catch (InvalidTensor e) {
            throw RemoteFailure.of(target, "answers with a tensor '%s' that %s".formatted(e.tensor(), e.what()), null);
        }
        return Answered.of(target, tensors, signature);
    }

    private <Q, A> A ask(MethodDescriptor<Q, A> method, Q request, Map<String, String> headers, Patience patience)
            throws InterruptedException {
        Metadata metadata = new Metadata();
        headers.forEach((name, value) -> metadata.put(key(name), value));
        target.sent().forEach((name, value) -> metadata.put(key(name), value));
        Future<A> answer = inHost(() -> ClientCalls.futureUnaryCall(
                io.grpc.ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(metadata))
                        .newCall(
                                method,
                                CallOptions.DEFAULT.withDeadlineAfter(patience.leftNanos(), TimeUnit.NANOSECONDS)),
                request));
        boolean done = false;
        try {
            A got = answer.get(patience.leftNanos(), TimeUnit.NANOSECONDS);
            done = true;
            return got;
        } catch (TimeoutException e) {
            throw patience.over(target);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof StatusRuntimeException status
                    ? failed(status, patience)
                    : RemoteFailure.of(target, "cannot be asked", e.getCause());
        } finally {
            if (!done) {
                answer.cancel(true);
            }
        }
    }

    private static Metadata.Key<String> key(String name) {
        return Metadata.Key.of(name.toLowerCase(java.util.Locale.ROOT), Metadata.ASCII_STRING_MARSHALLER);
    }

    private RuntimeException failed(StatusRuntimeException failure, Patience patience) {
        SSLException tls = RemoteFailure.tls(failure);
        if (tls != null) {
            return RemoteFailure.of(target, tls);
        }
        String words = String.valueOf(failure.getStatus().getDescription());
        String code = failure.getStatus().getCode().name();
        return switch (failure.getStatus().getCode()) {
            case INVALID_ARGUMENT -> RemoteFailure.refused(target, words, null);
            case DEADLINE_EXCEEDED -> patience.over(target);
            case RESOURCE_EXHAUSTED ->
                words.contains("exceeds maximum size")
                        ? RemoteFailure.of(
                                target, "sends a longer answer than remote.max_answer of the module allows", failure)
                        : RemoteFailure.overloaded(target, null, failure);
            case UNAVAILABLE -> RemoteFailure.of(target, "cannot be reached or is not ready (UNAVAILABLE)", failure);
            case NOT_FOUND ->
                RemoteFailure.of(
                        target,
                        "has no model %s%s (NOT_FOUND)"
                                .formatted(model.name(), version().isEmpty() ? "" : " of version " + version()),
                        failure);
            case UNAUTHENTICATED, PERMISSION_DENIED ->
                RemoteFailure.of(
                        target,
                        "answers %s: it does not know us; see remote.targets.NAME.auth in patchbay.yaml"
                                .formatted(code),
                        failure);
            default -> RemoteFailure.of(target, "answers " + code, failure);
        };
    }

    @Override
    public void close() throws InterruptedException {
        channel.shutdownNow().awaitTermination(ENDS_SECONDS, TimeUnit.SECONDS);
    }
}
