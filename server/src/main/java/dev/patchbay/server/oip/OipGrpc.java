package dev.patchbay.server.oip;

import com.google.protobuf.Message;
import dev.patchbay.api.ErrorCode;
import dev.patchbay.api.InferenceException;
import dev.patchbay.api.TensorSpec;
import dev.patchbay.core.Gateway;
import dev.patchbay.core.InferenceReply;
import dev.patchbay.core.InferenceRequest;
import dev.patchbay.core.execution.CallContext;
import dev.patchbay.core.execution.Outcome;
import dev.patchbay.core.schema.JsonReader;
import dev.patchbay.oip.v2.ModelInferRequest;
import dev.patchbay.oip.v2.ModelInferResponse;
import dev.patchbay.oip.v2.ModelMetadataRequest;
import dev.patchbay.oip.v2.ModelMetadataResponse;
import dev.patchbay.oip.v2.ModelReadyRequest;
import dev.patchbay.oip.v2.ModelReadyResponse;
import dev.patchbay.oip.v2.ModelStatisticsRequest;
import dev.patchbay.oip.v2.ModelStatisticsResponse;
import dev.patchbay.oip.v2.ModelStreamInferResponse;
import dev.patchbay.oip.v2.RepositoryIndexRequest;
import dev.patchbay.oip.v2.RepositoryIndexResponse;
import dev.patchbay.oip.v2.RepositoryModelLoadRequest;
import dev.patchbay.oip.v2.RepositoryModelLoadResponse;
import dev.patchbay.oip.v2.RepositoryModelUnloadRequest;
import dev.patchbay.oip.v2.RepositoryModelUnloadResponse;
import dev.patchbay.oip.v2.ServerLiveResponse;
import dev.patchbay.oip.v2.ServerMetadataResponse;
import dev.patchbay.oip.v2.ServerReadyResponse;
import dev.patchbay.server.grpc.GrpcCall;
import dev.patchbay.server.grpc.GrpcRoute;
import dev.patchbay.server.grpc.GrpcStatus;
import dev.patchbay.server.grpc.GrpcStream;
import dev.patchbay.server.http.Route;
import dev.patchbay.server.inference.Headers;
import dev.patchbay.server.inference.InferenceHandler;
import dev.patchbay.server.inference.RequestIds;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The protocol over gRPC, method by method.
final class OipGrpc {

    static final List<String> EXTENSIONS =
            List.of("binary_tensor_data", "model_repository", "parameters", "generate", "statistics");
    private static final String SERVICE = "/inference.GRPCInferenceService/";

    private final Gateway gateway;
    private final JsonReader json;
    private final ModelDirectory models;
    private final Repository repository;
    private final Statistics statistics;
    private final Supplier<List<String>> notReady;
    private final String productVersion;
    private final int longest;
    private final RequestIds ids = new RequestIds();

    OipGrpc(OipRoutes.Parts parts, ModelDirectory models, Repository repository, Statistics statistics) {
        this.gateway = parts.gateway();
        this.json = parts.json();
        this.models = models;
        this.repository = repository;
        this.statistics = statistics;
        this.notReady = parts.notReady();
        this.productVersion = parts.productVersion();
        this.longest = parts.longestMessage();
    }

    List<Route> routes() {
        return List.of(
                answering(
                        "ServerLive",
                        (call, message) ->
                                ServerLiveResponse.newBuilder().setLive(true).build()),
                answering(
                        "ServerReady",
                        (call, message) -> ServerReadyResponse.newBuilder()
                                .setReady(notReady.get().isEmpty())
                                .build()),
                answering(
                        "ServerMetadata",
                        (call, message) -> ServerMetadataResponse.newBuilder()
                                .setName("patchbay")
                                .setVersion(productVersion)
                                .addAllExtensions(EXTENSIONS)
                                .build()),
                answering("ModelReady", this::modelReady),
                answering("ModelMetadata", this::modelMetadata),
                answering("ModelStatistics", (call, message) -> modelStatistics(message)),
                GrpcRoute.unary(SERVICE + "ModelInfer", this::infer),
                GrpcRoute.streaming(SERVICE + "ModelStreamInfer", longest, this::streamInfer),
                answering("RepositoryIndex", (call, message) -> index(message)),
                answering("RepositoryModelLoad", (call, message) -> operatorsOnly()),
                answering("RepositoryModelUnload", (call, message) -> operatorsOnly()));
    }

    List<Route> adminRoutes() {
        return List.of(
                waiting("RepositoryIndex", this::index),
                waiting("RepositoryModelLoad", this::load),
                waiting("RepositoryModelUnload", this::unload));
    }

    /// Makes an answer at once.
    private interface Answering {
        Message answer(GrpcCall call, ByteBuffer message);
    }

    private static Route answering(String method, Answering answering) {
        return GrpcRoute.unary(
                SERVICE + method, (call, message) -> call.reply(GrpcMessages.framed(answering.answer(call, message))));
    }

    /// Makes an answer that may take its time.
    private interface Waiting {
        Message answer(ByteBuffer message) throws InterruptedException;
    }

    private static Route waiting(String method, Waiting waiting) {
        return GrpcRoute.unary(
                SERVICE + method,
                (call, message) -> Thread.ofPlatform()
                        .daemon()
                        .name("patchbay-admin")
                        .start(() -> {
                            try {
                                call.reply(GrpcMessages.framed(waiting.answer(message)));
                            } catch (InferenceException error) {
                                call.fail(GrpcStatus.of(error));
                            } catch (RuntimeException | InterruptedException bug) {
                                call.bug(bug);
                            }
                        }));
    }

    private static @Nullable String orNull(String text) {
        return text.isEmpty() ? null : text;
    }

    // --- a model ---

    private Message modelReady(GrpcCall call, ByteBuffer message) {
        ModelReadyRequest request = GrpcMessages.read(ModelReadyRequest.parser(), message);
        boolean ready = true;
        try {
            models.ready(request.getName(), orNull(request.getVersion()), tenant(call));
        } catch (InferenceException e) {
            if (e.code() != ErrorCode.VERSION_UNAVAILABLE) {
                throw e;
            }
            ready = false;
        }
        return ModelReadyResponse.newBuilder().setReady(ready).build();
    }

    private static @Nullable String tenant(GrpcCall call) {
        return Headers.tenant(call.metadata("inference-tenant"));
    }

    private Message modelMetadata(GrpcCall call, ByteBuffer message) {
        ModelMetadataRequest request = GrpcMessages.read(ModelMetadataRequest.parser(), message);
        ModelDirectory.Model model = models.describe(request.getName(), orNull(request.getVersion()), tenant(call));
        return ModelMetadataResponse.newBuilder()
                .setName(model.name())
                .addAllVersions(model.versions())
                .setPlatform(model.platform())
                .addAllInputs(tensors(model.inputs()))
                .addAllOutputs(tensors(model.outputs()))
                // no properties: under their number the definition of MLServer has another type, which its clients fail
                // on
                .build();
    }

    private static List<ModelMetadataResponse.TensorMetadata> tensors(List<TensorSpec> specs) {
        return specs.stream()
                .map(spec -> ModelMetadataResponse.TensorMetadata.newBuilder()
                        .setName(spec.name())
                        .setDatatype(spec.type().name())
                        .addAllShape(spec.shape())
                        .build())
                .toList();
    }

    private Message modelStatistics(ByteBuffer message) {
        ModelStatisticsRequest request = GrpcMessages.read(ModelStatisticsRequest.parser(), message);
        return ModelStatisticsResponse.newBuilder()
                .addAllModelStats(statistics.of(orNull(request.getName()), orNull(request.getVersion())))
                .build();
    }

    // --- inference ---

    private void infer(GrpcCall call, ByteBuffer message) {
        long arrived = System.nanoTime();
        String requestId = ids.of(call.metadata("inference-request-id"));
        call.answerMetadata().add("inference-request-id", requestId);
        InferenceRequest asked;
        try {
            OipCaller caller = caller(heads(call::metadata, call::allMetadata), requestId, arrived, call.timeout());
            asked = asked(GrpcMessages.read(ModelInferRequest.parser(), message), caller, response -> response);
        } catch (InferenceException refused) {
            gateway.refused("", OipCaller.unread(requestId, arrived), refused);
            throw refused;
        }
        call.onCancel(asked.context().cancel()::cancel);
        gateway.infer(asked).whenComplete((reply, bug) -> {
            if (bug != null) {
                call.bug(bug);
                return;
            }
            InferenceHandler.route(call.answerMetadata(), reply.record().resolution());
            switch (reply.outcome()) {
                case Outcome.Answer(byte[] framed) -> call.reply(framed);
                case Outcome.Failure(InferenceException error) -> call.fail(GrpcStatus.of(error));
            }
        });
    }

    private InferenceRequest asked(
            ModelInferRequest message, OipCaller caller, Function<ModelInferResponse, Message> envelope) {
        InferRequest request = GrpcMessages.request(message);
        InferDialect dialect = new InferDialect(request, new GrpcAnswer(envelope), json);
        CallContext context = caller.context(request.parameters());
        return new InferenceRequest(
                message.getModelName(),
                orNull(message.getModelVersion()),
                new InferenceRequest.Body.Foreign(dialect, dialect.seen()),
                caller.attributes(request.parameters()),
                context,
                null);
    }

    /// Answers one request after the other, in their order. An error is an answer; the stream goes on.
    private void streamInfer(GrpcStream stream) throws Exception {
        AtomicReference<@Nullable CallContext> inside = new AtomicReference<>();
        stream.onCancel(() -> {
            CallContext context = inside.get();
            if (context != null) {
                context.cancel().cancel();
            }
        });
        Duration limit = stream.timeout();
        long end = System.nanoTime() + (limit == null ? OipCaller.LONGEST : limit).toNanos();
        ByteBuffer message = stream.next();
        while (message != null) {
            long arrived = System.nanoTime();
            String requestId = ids.of(null);
            ModelInferRequest request = counted(message, requestId, arrived);
            try {
                OipCaller caller = caller(
                        heads(stream::metadata, stream::allMetadata),
                        requestId,
                        arrived,
                        Duration.ofNanos(Math.max(1, end - arrived)));
                InferenceRequest asked = asked(request, caller, OipGrpc::streamed);
                inside.set(asked.context());
                stream.write(answer(gateway.infer(asked), request));
            } catch (InferenceException refused) {
                gateway.refused(request.getModelName(), OipCaller.unread(requestId, arrived), refused);
                stream.write(failed(request, refused));
            } finally {
                inside.set(null);
            }
            message = stream.next();
        }
    }

    /// Reads a message. One that is none ends the stream, because nobody knows what it was an answer to; it counts as
    /// every other request that cannot be read.
    private ModelInferRequest counted(ByteBuffer message, String requestId, long arrived) {
        try {
            return GrpcMessages.read(ModelInferRequest.parser(), message);
        } catch (InferenceException refused) {
            gateway.refused("", OipCaller.unread(requestId, arrived), refused);
            throw refused;
        }
    }

    private static Message streamed(ModelInferResponse response) {
        return ModelStreamInferResponse.newBuilder().setInferResponse(response).build();
    }

    private static byte[] answer(CompletableFuture<InferenceReply> reply, ModelInferRequest request)
            throws InterruptedException, ExecutionException {
        return switch (reply.get().outcome()) {
            case Outcome.Answer(byte[] framed) -> framed;
            case Outcome.Failure(InferenceException error) -> failed(request, error);
        };
    }

    private static byte[] failed(ModelInferRequest request, InferenceException error) {
        return GrpcMessages.framed(ModelStreamInferResponse.newBuilder()
                .setErrorMessage(error.getMessage())
                .setInferResponse(ModelInferResponse.newBuilder()
                        .setModelName(request.getModelName())
                        .setId(request.getId()))
                .build());
    }

    private static OipCaller caller(OipCaller.Heads heads, String requestId, long arrived, @Nullable Duration limit) {
        OipCaller caller = OipCaller.of(heads, requestId, arrived);
        return limit == null ? caller : caller.within(limit);
    }

    private static OipCaller.Heads heads(Function<String, @Nullable String> first, Function<String, List<String>> all) {
        return new OipCaller.Heads() {
            @Override
            public @Nullable String first(String name) {
                return first.apply(name);
            }

            @Override
            public List<String> all(String name) {
                return all.apply(name);
            }
        };
    }

    // --- the repository ---

    private Message index(ByteBuffer message) {
        RepositoryIndexRequest request = GrpcMessages.read(RepositoryIndexRequest.parser(), message);
        RepositoryIndexResponse.Builder response = RepositoryIndexResponse.newBuilder();
        for (ModelDirectory.Entry entry : repository.index(request.getReady())) {
            response.addModelsBuilder()
                    .setName(entry.key().task())
                    .setVersion(entry.key().version())
                    .setState(entry.state())
                    .setReason(entry.reason());
        }
        return response.build();
    }

    private static Message operatorsOnly() {
        throw OipRoutes.operatorsOnly();
    }

    private Message load(ByteBuffer message) throws InterruptedException {
        RepositoryModelLoadRequest request = GrpcMessages.read(RepositoryModelLoadRequest.parser(), message);
        Repository.requireNoOverride(request.getParametersMap().keySet());
        repository.load(request.getModelName());
        return RepositoryModelLoadResponse.getDefaultInstance();
    }

    private Message unload(ByteBuffer message) {
        repository.unload(GrpcMessages.read(RepositoryModelUnloadRequest.parser(), message)
                .getModelName());
        return RepositoryModelUnloadResponse.getDefaultInstance();
    }
}
