package dev.patchbay.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import dev.patchbay.oip.health.HealthCheckRequest;
import dev.patchbay.oip.health.HealthCheckResponse;
import dev.patchbay.oip.reflection.ServerReflectionRequest;
import dev.patchbay.oip.reflection.ServerReflectionResponse;
import dev.patchbay.oip.v2.InferParameter;
import dev.patchbay.oip.v2.InferTensorContents;
import dev.patchbay.oip.v2.ModelInferRequest;
import dev.patchbay.oip.v2.ModelInferRequest.InferInputTensor;
import dev.patchbay.oip.v2.ModelInferResponse;
import dev.patchbay.oip.v2.ModelMetadataRequest;
import dev.patchbay.oip.v2.ModelMetadataResponse;
import dev.patchbay.oip.v2.ModelReadyRequest;
import dev.patchbay.oip.v2.ModelReadyResponse;
import dev.patchbay.oip.v2.ModelStatistics;
import dev.patchbay.oip.v2.ModelStatisticsRequest;
import dev.patchbay.oip.v2.ModelStatisticsResponse;
import dev.patchbay.oip.v2.ModelStreamInferResponse;
import dev.patchbay.oip.v2.RepositoryIndexRequest;
import dev.patchbay.oip.v2.RepositoryIndexResponse;
import dev.patchbay.oip.v2.RepositoryModelUnloadRequest;
import dev.patchbay.oip.v2.RepositoryModelUnloadResponse;
import dev.patchbay.oip.v2.ServerLiveRequest;
import dev.patchbay.oip.v2.ServerLiveResponse;
import dev.patchbay.oip.v2.ServerMetadataRequest;
import dev.patchbay.oip.v2.ServerMetadataResponse;
import dev.patchbay.oip.v2.ServerReadyRequest;
import dev.patchbay.oip.v2.ServerReadyResponse;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The Open Inference Protocol over gRPC, asked by grpc-java on the port that answers REST.
class OipGrpcTest {

    private static final String OIP = "inference.GRPCInferenceService/";

    @TempDir
    static Path folder;

    static RunningGateway gateway;
    static ManagedChannel channel;

    @BeforeAll
    static void start() throws Exception {
        gateway = new RunningGateway(folder.resolve("served"), """
                        limits: {body: 64KiB}
                        inference:
                          all: {default_version: 1.0.0}
                          pair: {default_version: 1.0.0}
                          greeting:
                            default_version: 1.0.0
                            experiments:
                              - {name: beta, tenants: [tenant_b], version: 2.0.0}
                        """)
                .with("greeting-1.0.0", SourceModule.echo("greeting", "1.0.0"))
                .with("greeting-2.0.0", SourceModule.echo("greeting", "2.0.0"));
        EchoRuntime.module(
                gateway.module("all-1.0.0"),
                "all",
                "1.0.0",
                Arrays.stream(dev.patchbay.api.TensorType.values())
                        .map(type -> type.name().toLowerCase(java.util.Locale.ROOT) + " " + type + " -1")
                        .toArray(String[]::new));
        EchoRuntime.module(gateway.module("pair-1.0.0"), "pair", "1.0.0", "a FP32 -1 2", "b INT64 -1");
        gateway.start();
        channel = ManagedChannelBuilder.forAddress("127.0.0.1", gateway.server().port())
                .usePlaintext()
                .build();
    }

    @AfterAll
    static void stop() throws Exception {
        channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
        gateway.close();
    }

    private static <Q extends Message, A extends Message> MethodDescriptor<Q, A> method(
            MethodType type, String name, Q question, A answer) {
        return MethodDescriptor.<Q, A>newBuilder(ProtoUtils.marshaller(question), ProtoUtils.marshaller(answer))
                .setType(type)
                .setFullMethodName(name)
                .build();
    }

    private static <Q extends Message, A extends Message> A ask(String name, Q question, A answerType) {
        return ClientCalls.blockingUnaryCall(
                channel,
                method(MethodType.UNARY, name, question, answerType),
                CallOptions.DEFAULT.withDeadlineAfter(10, TimeUnit.SECONDS),
                question);
    }

    private static ModelInferResponse infer(ModelInferRequest request) {
        return ask(OIP + "ModelInfer", request, ModelInferResponse.getDefaultInstance());
    }

    private static Status refused(Runnable call) {
        return catchThrowableOfType(StatusRuntimeException.class, call::run).getStatus();
    }

    private static InferInputTensor.Builder input(String name, String datatype, long... shape) {
        InferInputTensor.Builder input =
                InferInputTensor.newBuilder().setName(name).setDatatype(datatype);
        Arrays.stream(shape).forEach(input::addShape);
        return input;
    }

    private static ModelInferRequest.Builder pair() {
        return ModelInferRequest.newBuilder()
                .setModelName("pair")
                .setId("mine")
                .addInputs(input("a", "FP32", 1, 2)
                        .setContents(InferTensorContents.newBuilder()
                                .addFp32Contents(1.5f)
                                .addFp32Contents(-2)))
                .addInputs(input("b", "INT64", 1)
                        .setContents(InferTensorContents.newBuilder().addInt64Contents(Long.MIN_VALUE)));
    }

    private static final InferParameter NOT_RAW =
            InferParameter.newBuilder().setBoolParam(false).build();

    private static ModelInferRequest greeting(String json) {
        return ModelInferRequest.newBuilder()
                .setModelName("greeting")
                .addInputs(input("request", "BYTES", 1)
                        .setContents(InferTensorContents.newBuilder().addBytesContents(ByteString.copyFromUtf8(json))))
                .build();
    }

    @Test
    void serverAndModelsTellOfThemselves() {
        assertThat(ask(
                                OIP + "ServerLive",
                                ServerLiveRequest.getDefaultInstance(),
                                ServerLiveResponse.getDefaultInstance())
                        .getLive())
                .isTrue();
        assertThat(ask(
                                OIP + "ServerReady",
                                ServerReadyRequest.getDefaultInstance(),
                                ServerReadyResponse.getDefaultInstance())
                        .getReady())
                .isTrue();
        ServerMetadataResponse server = ask(
                OIP + "ServerMetadata",
                ServerMetadataRequest.getDefaultInstance(),
                ServerMetadataResponse.getDefaultInstance());
        assertThat(server.getName()).isEqualTo("patchbay");
        assertThat(server.getExtensionsList()).contains("binary_tensor_data");
        assertThat(ready("pair", "1.0.0")).isTrue();
        ModelMetadataResponse pair = ask(
                OIP + "ModelMetadata",
                ModelMetadataRequest.newBuilder().setName("pair").build(),
                ModelMetadataResponse.getDefaultInstance());
        assertThat(pair.getVersionsList()).containsExactly("1.0.0");
        assertThat(pair.getInputs(0).getShapeList()).containsExactly(-1L, 2L);
        assertThat(pair.getInputs(1).getDatatype()).isEqualTo("INT64");
        Status unknown = refused(() -> ready("pear", ""));
        assertThat(unknown.getCode()).isEqualTo(Status.Code.NOT_FOUND);
        assertThat(unknown.getDescription()).contains("There is no task 'pear'");
    }

    @Test
    void statisticsAreToldOfVersionsThatAreThere() {
        infer(pair().build());
        ModelStatistics pair = statistics("pair").getModelStats(0);
        assertThat(pair.getVersion()).isEqualTo("1.0.0");
        assertThat(pair.getInferenceCount()).isPositive();
        assertThat(pair.getInferenceStats().getComputeInfer().getNs()).isPositive();
        assertThat(statistics("").getModelStatsList())
                .extracting(ModelStatistics::getName)
                .contains("all", "greeting", "pair");
        assertThat(refused(() -> statistics("pear")).getCode()).isEqualTo(Status.Code.NOT_FOUND);
    }

    private static ModelStatisticsResponse statistics(String name) {
        return ask(
                OIP + "ModelStatistics",
                ModelStatisticsRequest.newBuilder().setName(name).build(),
                ModelStatisticsResponse.getDefaultInstance());
    }

    private static boolean ready(String name, String version) {
        return ask(
                        OIP + "ModelReady",
                        ModelReadyRequest.newBuilder()
                                .setName(name)
                                .setVersion(version)
                                .build(),
                        ModelReadyResponse.getDefaultInstance())
                .getReady();
    }

    @Test
    void theAnswerIsRawAndTypedForThoseWhoAskSo() {
        ModelInferResponse raw = infer(pair().build());
        assertThat(raw.getRawOutputContents(0)
                        .asReadOnlyByteBuffer()
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .getFloat(0))
                .isEqualTo(1.5f);
        assertThat(raw.getRawOutputContentsCount()).isEqualTo(2);
        assertThat(raw.getOutputs(0).hasContents()).isFalse();
        ModelInferResponse answer =
                infer(pair().putParameters("binary_data_output", NOT_RAW).build());
        assertThat(answer.getId()).isEqualTo("mine");
        assertThat(answer.getModelName()).isEqualTo("pair");
        assertThat(answer.getModelVersion()).isEqualTo("1.0.0");
        assertThat(answer.getOutputs(0).getContents().getFp32ContentsList()).containsExactly(1.5f, -2f);
        assertThat(answer.getOutputs(0).getShapeList()).containsExactly(1L, 2L);
        assertThat(answer.getOutputs(1).getContents().getInt64ContentsList()).containsExactly(Long.MIN_VALUE);
        assertThat(answer.getRawOutputContentsCount()).isZero();
    }

    @Test
    void rawContentsAreAnsweredRaw() {
        ByteString floats = ByteString.copyFrom(ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putFloat(1.5f)
                .putFloat(-2)
                .flip());
        ByteString longs = ByteString.copyFrom(new byte[] {7, 0, 0, 0, 0, 0, 0, 0});
        ModelInferResponse answer = infer(ModelInferRequest.newBuilder()
                .setModelName("pair")
                .addInputs(input("a", "FP32", 1, 2))
                .addInputs(input("b", "INT64", 1))
                .addRawInputContents(floats)
                .addRawInputContents(longs)
                .addOutputs(ModelInferRequest.InferRequestedOutputTensor.newBuilder()
                        .setName("b"))
                .build());
        assertThat(answer.getRawOutputContentsList()).containsExactly(longs);
        assertThat(answer.getOutputsList()).hasSize(1);
        assertThat(answer.getOutputs(0).hasContents()).isFalse();
    }

    @Test
    void everyDatatypeComesAndGoes() {
        ModelInferRequest.Builder typed = ModelInferRequest.newBuilder().setModelName("all");
        ModelInferRequest.Builder raw = ModelInferRequest.newBuilder().setModelName("all");
        for (dev.patchbay.api.TensorType type : dev.patchbay.api.TensorType.values()) {
            String name = type.name().toLowerCase(java.util.Locale.ROOT);
            InferTensorContents.Builder contents = InferTensorContents.newBuilder();
            byte[] bytes = switch (type) {
                case BOOL -> {
                    contents.addBoolContents(true);
                    yield new byte[] {1};
                }
                case INT8 -> {
                    contents.addIntContents(-2);
                    yield new byte[] {-2};
                }
                case INT16 -> {
                    contents.addIntContents(-2);
                    yield new byte[] {-2, -1};
                }
                case INT32 -> {
                    contents.addIntContents(-2);
                    yield new byte[] {-2, -1, -1, -1};
                }
                case INT64 -> {
                    contents.addInt64Contents(-2);
                    yield new byte[] {-2, -1, -1, -1, -1, -1, -1, -1};
                }
                case UINT8 -> {
                    contents.addUintContents(254);
                    yield new byte[] {-2};
                }
                case UINT16 -> {
                    contents.addUintContents(65534);
                    yield new byte[] {-2, -1};
                }
                case UINT32 -> {
                    contents.addUintContents(-2);
                    yield new byte[] {-2, -1, -1, -1};
                }
                case UINT64 -> {
                    contents.addUint64Contents(-2);
                    yield new byte[] {-2, -1, -1, -1, -1, -1, -1, -1};
                }
                case FP32 -> {
                    contents.addFp32Contents(1);
                    yield new byte[] {0, 0, -128, 63};
                }
                case FP64 -> {
                    contents.addFp64Contents(1);
                    yield new byte[] {0, 0, 0, 0, 0, 0, -16, 63};
                }
                case BYTES -> {
                    contents.addBytesContents(ByteString.copyFromUtf8("ü"));
                    yield new byte[] {2, 0, 0, 0, -61, -68};
                }
                case FP16, BF16 -> new byte[] {0, 60};
            };
            raw.addInputs(input(name, type.name(), 1)).addRawInputContents(ByteString.copyFrom(bytes));
            boolean half = type == dev.patchbay.api.TensorType.FP16 || type == dev.patchbay.api.TensorType.BF16;
            typed.addInputs(input(name, type.name(), half ? 0 : 1).setContents(contents));
        }
        assertThat(infer(raw.build()).getRawOutputContentsList()).isEqualTo(raw.getRawInputContentsList());
        Status halves = refused(() -> infer(typed.build()));
        assertThat(halves.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(halves.getDescription()).contains("which only raw_input_contents can say");
    }

    @Test
    void whatDoesNotFitIsAnInvalidArgument() {
        ModelInferRequest.Builder mixed =
                pair().addRawInputContents(ByteString.EMPTY).addRawInputContents(ByteString.EMPTY);
        assertInvalid(mixed, "has contents, but there are raw_input_contents");
        assertInvalid(pair().addRawInputContents(ByteString.EMPTY), "2 inputs, but 1 raw_input_contents");
        assertInvalid(pair().setInputs(0, input("a", "FP32", 2147483647, 2147483647)), "holds 4611686014132420609");
        assertInvalid(pair().setInputs(0, input("a", "FP32", -1, 2)), "never negative");
        assertInvalid(pair().setInputs(0, input("a", "FP31", 1, 2)), "datatype 'FP31'");
        assertInvalid(pair().removeInputs(1), "Input 'b' is missing");
        assertInvalid(
                ModelInferRequest.newBuilder()
                        .setModelName("all")
                        .addInputs(input("int8", "INT8", 1)
                                .setContents(InferTensorContents.newBuilder().addIntContents(128))),
                "is 128, which INT8 cannot hold");
    }

    private static void assertInvalid(ModelInferRequest.Builder request, String reason) {
        Status status = refused(() -> infer(request.build()));
        assertThat(status.getCode()).as(status.toString()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(status.getDescription()).contains(reason);
    }

    @Test
    void versionsTenantsAndHeadersAreThoseOfEveryCall() {
        ModelInferRequest asked = greeting("{\"name\": \"felix\"}");
        assertThat(infer(asked).getModelVersion()).isEqualTo("1.0.0");
        assertThat(infer(asked.toBuilder().setModelVersion("2.0.0").build()).getModelVersion())
                .isEqualTo("2.0.0");
        assertThat(infer(asked.toBuilder()
                                .putParameters(
                                        "tenant",
                                        InferParameter.newBuilder()
                                                .setStringParam("tenant_b")
                                                .build())
                                .build())
                        .getModelVersion())
                .isEqualTo("2.0.0");
        Metadata metadata = new Metadata();
        metadata.put(Metadata.Key.of("inference-tenant", Metadata.ASCII_STRING_MARSHALLER), "tenant_b");
        var heads = new java.util.concurrent.atomic.AtomicReference<Metadata>();
        ModelInferResponse answer = ClientCalls.blockingUnaryCall(
                ClientInterceptors.intercept(
                        channel,
                        MetadataUtils.newAttachHeadersInterceptor(metadata),
                        MetadataUtils.newCaptureMetadataInterceptor(
                                heads, new java.util.concurrent.atomic.AtomicReference<>())),
                method(MethodType.UNARY, OIP + "ModelInfer", asked, ModelInferResponse.getDefaultInstance()),
                CallOptions.DEFAULT,
                asked);
        assertThat(answer.getModelVersion()).isEqualTo("2.0.0");
        assertThat(heads.get().get(Metadata.Key.of("inference-route", Metadata.ASCII_STRING_MARSHALLER)))
                .startsWith("reason=TENANT;rule=beta");
        assertThat(heads.get().get(Metadata.Key.of("inference-request-id", Metadata.ASCII_STRING_MARSHALLER)))
                .isNotBlank();
    }

    @Test
    void aDeadlineEndsTheCall() {
        ModelInferRequest slow = greeting("{\"name\": \"felix\", \"sleep\": 20000}");
        long from = System.nanoTime();
        StatusRuntimeException late = catchThrowableOfType(
                StatusRuntimeException.class,
                () -> ClientCalls.blockingUnaryCall(
                        channel,
                        method(MethodType.UNARY, OIP + "ModelInfer", slow, ModelInferResponse.getDefaultInstance()),
                        CallOptions.DEFAULT.withDeadlineAfter(200, TimeUnit.MILLISECONDS),
                        slow));
        assertThat(late.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
        assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - from)).isLessThan(10);
        nothingIsInside();
    }

    @Test
    void aCallThatIsCancelledEndsInTheModule() throws Exception {
        ModelInferRequest slow = greeting("{\"name\": \"felix\", \"sleep\": 20000}");
        ClientCall<ModelInferRequest, ModelInferResponse> call = channel.newCall(
                method(MethodType.UNARY, OIP + "ModelInfer", slow, ModelInferResponse.getDefaultInstance()),
                CallOptions.DEFAULT);
        var answer = ClientCalls.futureUnaryCall(call, slow);
        org.awaitility.Awaitility.await().until(() -> inside() > 0);
        answer.cancel(true);
        nothingIsInside();
    }

    private static void nothingIsInside() {
        org.awaitility.Awaitility.await().until(() -> inside() == 0);
    }

    private static long inside() throws Exception {
        long inside = 0;
        for (var module : gateway.admin("modules").path("modules")) {
            inside += module.path("in_flight").asLong(0);
        }
        return inside;
    }

    @Test
    void aStreamAnswersInOrderAndSurvivesAnError() throws Exception {
        BlockingQueue<ModelStreamInferResponse> answers = new LinkedBlockingQueue<>();
        CompletableFuture<@org.jspecify.annotations.Nullable Throwable> ended = new CompletableFuture<>();
        StreamObserver<ModelInferRequest> questions = ClientCalls.asyncBidiStreamingCall(
                channel.newCall(
                        method(
                                MethodType.BIDI_STREAMING,
                                OIP + "ModelStreamInfer",
                                ModelInferRequest.getDefaultInstance(),
                                ModelStreamInferResponse.getDefaultInstance()),
                        CallOptions.DEFAULT),
                observer(answers, ended));
        questions.onNext(pair().setId("1").build());
        assertThat(answers.poll(10, TimeUnit.SECONDS).getInferResponse().getId())
                .isEqualTo("1");
        questions.onNext(pair().setId("2").removeInputs(0).build());
        questions.onNext(pair().setId("3").build());
        ModelStreamInferResponse failed = answers.poll(10, TimeUnit.SECONDS);
        assertThat(failed.getErrorMessage()).contains("Input 'a' is missing");
        assertThat(failed.getInferResponse().getId()).isEqualTo("2");
        assertThat(answers.poll(10, TimeUnit.SECONDS).getInferResponse().getId())
                .isEqualTo("3");
        questions.onCompleted();
        assertThat(ended.get(10, TimeUnit.SECONDS)).isNull();
    }

    @Test
    void aStreamThatSaysNonsenseEndsAndIsCounted() throws Exception {
        double before = refusedAsInvalid();
        BlockingQueue<byte[]> answers = new LinkedBlockingQueue<>();
        CompletableFuture<@org.jspecify.annotations.Nullable Throwable> ended = new CompletableFuture<>();
        StreamObserver<byte[]> questions = ClientCalls.asyncBidiStreamingCall(
                channel.newCall(
                        MethodDescriptor.newBuilder(BYTES, BYTES)
                                .setType(MethodType.BIDI_STREAMING)
                                .setFullMethodName(OIP + "ModelStreamInfer")
                                .build(),
                        CallOptions.DEFAULT),
                observer(answers, ended));
        questions.onNext(pair().build().toByteArray());
        assertThat(answers.poll(10, TimeUnit.SECONDS)).isNotEmpty();
        questions.onNext(new byte[] {-1, -1, -1, -1});
        assertThat(Status.fromThrowable(ended.get(10, TimeUnit.SECONDS)).getCode())
                .isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(refusedAsInvalid()).isEqualTo(before + 1);
    }

    private static double refusedAsInvalid() throws Exception {
        return gateway.admin("GET", "/metrics", "")
                .body()
                .lines()
                .filter(line -> line.startsWith("patchbay_requests_unrouted_total{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private static final MethodDescriptor.Marshaller<byte[]> BYTES = new MethodDescriptor.Marshaller<>() {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    };

    private static <A> StreamObserver<A> observer(
            BlockingQueue<A> answers, CompletableFuture<@org.jspecify.annotations.Nullable Throwable> ended) {
        return new StreamObserver<>() {
            @Override
            public void onNext(A answer) {
                answers.add(answer);
            }

            @Override
            public void onError(Throwable error) {
                ended.complete(error);
            }

            @Override
            public void onCompleted() {
                ended.complete(null);
            }
        };
    }

    @Test
    void aMessageBeyondTheLimitIsRefusedAsSuch() {
        ModelInferRequest large = pair().putParameters(
                        "x",
                        InferParameter.newBuilder()
                                .setStringParam("y".repeat(100_000))
                                .build())
                .build();
        Status status = refused(() -> infer(large));
        assertThat(status.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(status.getDescription()).contains("longer than 65536 bytes");
        assertThat(refused(() -> ask("inference.GRPCInferenceService/Nothing", large, large))
                        .getCode())
                .isEqualTo(Status.Code.UNIMPLEMENTED);
    }

    @Test
    void healthIsToldOfTheServerAndOfEachTask() throws Exception {
        for (String service : List.of("", "inference.GRPCInferenceService", "pair")) {
            assertThat(ask(
                                    "grpc.health.v1.Health/Check",
                                    HealthCheckRequest.newBuilder()
                                            .setService(service)
                                            .build(),
                                    HealthCheckResponse.getDefaultInstance())
                            .getStatus())
                    .isEqualTo(HealthCheckResponse.ServingStatus.SERVING);
        }
        HealthCheckRequest unknown =
                HealthCheckRequest.newBuilder().setService("pear").build();
        assertThat(refused(() -> ask("grpc.health.v1.Health/Check", unknown, HealthCheckResponse.getDefaultInstance()))
                        .getCode())
                .isEqualTo(Status.Code.NOT_FOUND);
        var watch = ClientCalls.blockingServerStreamingCall(
                channel,
                method(
                        MethodType.SERVER_STREAMING,
                        "grpc.health.v1.Health/Watch",
                        unknown,
                        HealthCheckResponse.getDefaultInstance()),
                CallOptions.DEFAULT.withDeadlineAfter(5, TimeUnit.SECONDS),
                unknown);
        assertThat(watch.next().getStatus()).isEqualTo(HealthCheckResponse.ServingStatus.SERVICE_UNKNOWN);
    }

    @Test
    void toolsLearnWhatCanBeCalled() throws Exception {
        BlockingQueue<ServerReflectionResponse> answers = new LinkedBlockingQueue<>();
        CompletableFuture<@org.jspecify.annotations.Nullable Throwable> ended = new CompletableFuture<>();
        StreamObserver<ServerReflectionRequest> questions = ClientCalls.asyncBidiStreamingCall(
                channel.newCall(
                        method(
                                MethodType.BIDI_STREAMING,
                                "grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
                                ServerReflectionRequest.getDefaultInstance(),
                                ServerReflectionResponse.getDefaultInstance()),
                        CallOptions.DEFAULT),
                observer(answers, ended));
        questions.onNext(
                ServerReflectionRequest.newBuilder().setListServices("").build());
        assertThat(answers.poll(10, TimeUnit.SECONDS).getListServicesResponse().getServiceList())
                .extracting(service -> service.getName())
                .contains("inference.GRPCInferenceService", "grpc.health.v1.Health");
        questions.onNext(ServerReflectionRequest.newBuilder()
                .setFileContainingSymbol("inference.GRPCInferenceService.ModelInfer")
                .build());
        assertThat(answers.poll(10, TimeUnit.SECONDS)
                        .getFileDescriptorResponse()
                        .getFileDescriptorProtoCount())
                .isEqualTo(1);
        questions.onNext(ServerReflectionRequest.newBuilder()
                .setFileContainingSymbol("no.Such")
                .build());
        assertThat(answers.poll(10, TimeUnit.SECONDS).getErrorResponse().getErrorCode())
                .isEqualTo(5);
        questions.onCompleted();
        assertThat(ended.get(10, TimeUnit.SECONDS)).isNull();
    }

    @Test
    void operatorsLoadAndUnloadOnTheirPort() throws Exception {
        RepositoryIndexResponse index = ask(
                OIP + "RepositoryIndex",
                RepositoryIndexRequest.getDefaultInstance(),
                RepositoryIndexResponse.getDefaultInstance());
        assertThat(index.getModelsList()).extracting(model -> model.getName()).contains("pair", "greeting");
        RepositoryModelUnloadRequest unload =
                RepositoryModelUnloadRequest.newBuilder().setModelName("pair").build();
        assertThat(refused(() -> ask(
                                OIP + "RepositoryModelUnload",
                                unload,
                                RepositoryModelUnloadResponse.getDefaultInstance()))
                        .getCode())
                .isEqualTo(Status.Code.PERMISSION_DENIED);
        ManagedChannel admin = ManagedChannelBuilder.forAddress(
                        "127.0.0.1", gateway.server().adminPort())
                .usePlaintext()
                .build();
        try {
            Status routed = refused(() -> ClientCalls.blockingUnaryCall(
                    admin,
                    method(
                            MethodType.UNARY,
                            OIP + "RepositoryModelUnload",
                            unload,
                            RepositoryModelUnloadResponse.getDefaultInstance()),
                    CallOptions.DEFAULT,
                    unload));
            assertThat(routed.getCode()).isEqualTo(Status.Code.ABORTED);
            assertThat(routed.getDescription()).contains("pair@1.0.0 is still named by");
        } finally {
            admin.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
        }
    }
}
