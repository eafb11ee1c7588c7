package dev.patchbay.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.patchbay.api.TensorType;
import dev.patchbay.oip.v2.InferParameter;
import dev.patchbay.oip.v2.InferTensorContents;
import dev.patchbay.oip.v2.ModelInferRequest;
import dev.patchbay.oip.v2.ModelInferRequest.InferInputTensor;
import dev.patchbay.oip.v2.ModelInferRequest.InferRequestedOutputTensor;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/// Whatever is sent to `ModelInfer`, the call ends with an answer or with a status that names the caller's fault.
@SuppressWarnings("NullAway.Init") // by @BeforeContainer
class GrpcFuzzTest {

    private static final int LONGEST = 64 << 10;
    /// OK, INVALID_ARGUMENT, NOT_FOUND, RESOURCE_EXHAUSTED, UNIMPLEMENTED
    private static final Set<String> FINE = Set.of("0", "3", "5", "8", "12");

    private static RunningGateway gateway;
    private static Vertx vertx;
    private static HttpClient client;

    @BeforeContainer
    static void start() throws Exception {
        Path folder = Files.createTempDirectory("grpc-fuzz");
        gateway = new RunningGateway(folder, """
                        limits: {body: 64KiB}
                        inference:
                          all: {default_version: 1.0.0}
                          one: {default_version: 1.0.0}
                          greeting: {default_version: 1.0.0}
                        """).with("greeting-1.0.0", SourceModule.echo("greeting", "1.0.0"));
        EchoRuntime.module(
                gateway.module("all-1.0.0"),
                "all",
                "1.0.0",
                Arrays.stream(TensorType.values())
                        .map(type -> name(type) + " " + type + " -1")
                        .toArray(String[]::new));
        EchoRuntime.module(gateway.module("one-1.0.0"), "one", "1.0.0", "x FP32 -1 -1");
        gateway.start();
        vertx = Vertx.vertx();
        client = vertx.createHttpClient(
                new HttpClientOptions().setProtocolVersion(HttpVersion.HTTP_2).setHttp2ClearTextUpgrade(false));
    }

    @AfterContainer
    static void stop() throws Exception {
        client.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        gateway.close();
    }

    private static String name(TensorType type) {
        return type.name().toLowerCase(Locale.ROOT);
    }

    /// Sends a body as it is and gives the status and its message.
    private static String status(byte[] body) throws Exception {
        return client.request(new RequestOptions()
                        .setMethod(HttpMethod.POST)
                        .setHost("127.0.0.1")
                        .setPort(gateway.server().port())
                        .setURI("/inference.GRPCInferenceService/ModelInfer"))
                .compose(request -> {
                    request.putHeader("content-type", "application/grpc").putHeader("te", "trailers");
                    Future<String> status = request.response()
                            .compose(response -> response.body().map(all -> {
                                String inHead = response.getHeader("grpc-status");
                                return inHead != null
                                        ? inHead
                                        : response.getTrailer("grpc-status") + " "
                                                + response.getTrailer("grpc-message");
                            }));
                    request.end(Buffer.buffer(body));
                    return status;
                })
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
    }

    private static void endsWell(byte[] body) throws Exception {
        String status = status(body);
        assertThat(status.split(" ", 2)[0]).as(status).isIn(FINE);
    }

    private static byte[] framed(byte[] message) {
        return ByteBuffer.allocate(5 + message.length)
                .put((byte) 0)
                .putInt(message.length)
                .put(message)
                .array();
    }

    @Property(tries = 2000)
    void anyTensors(@ForAll("requests") ModelInferRequest request) throws Exception {
        endsWell(framed(request.toByteArray()));
    }

    @Property(tries = 1000)
    void aRequestWithAnyBytesPutIn(
            @ForAll("requests") ModelInferRequest request, @ForAll int place, @ForAll byte[] put, @ForAll int cut)
            throws Exception {
        byte[] message = request.toByteArray();
        int from = Math.floorMod(place, message.length);
        System.arraycopy(put, 0, message, from, Math.min(put.length, message.length - from));
        // every other one ends too early
        int length = cut % 2 == 0 ? message.length : Math.floorMod(cut, message.length);
        endsWell(framed(Arrays.copyOf(message, length)));
    }

    @Property(tries = 1000)
    void anyFrame(@ForAll byte flag, @ForAll("lengths") int length, @ForAll byte[] message) throws Exception {
        endsWell(ByteBuffer.allocate(5 + message.length)
                .put(flag)
                .putInt(length)
                .put(message)
                .array());
    }

    @Property(tries = 300)
    void anyBody(@ForAll byte[] body) throws Exception {
        endsWell(body);
    }

    @Property(tries = 20)
    void aMessageBeyondTheLimit(@ForAll("requests") ModelInferRequest request) throws Exception {
        byte[] large = request.toBuilder()
                .addRawInputContents(ByteString.copyFrom(new byte[LONGEST]))
                .build()
                .toByteArray();
        assertThat(status(framed(large))).startsWith("8 ");
    }

    @Provide
    Arbitrary<Integer> lengths() {
        return Arbitraries.oneOf(Arbitraries.integers().between(0, 300), Arbitraries.of(-1, Integer.MAX_VALUE));
    }

    @Provide
    Arbitrary<ModelInferRequest> requests() {
        Arbitrary<List<InferInputTensor>> inputs = inputs().list().ofMinSize(1).ofMaxSize(4);
        Arbitrary<List<ByteString>> raw = Arbitraries.frequencyOf(
                Tuple.of(2, Arbitraries.just(List.of())),
                Tuple.of(3, raw().list().ofMaxSize(4)));
        Arbitrary<String> output = Arbitraries.of("", "x", "fp32", "response", "y");
        return Combinators.combine(Arbitraries.of("all", "one", "greeting", "none"), inputs, raw, output)
                .as((model, tensors, bytes, wanted) -> {
                    ModelInferRequest.Builder request = ModelInferRequest.newBuilder()
                            .setModelName(model)
                            .setId("mine")
                            .addAllInputs(tensors)
                            .addAllRawInputContents(bytes)
                            .putParameters(
                                    "binary_data_output",
                                    InferParameter.newBuilder()
                                            .setBoolParam(bytes.isEmpty())
                                            .build());
                    if (!wanted.isEmpty()) {
                        request.addOutputs(
                                InferRequestedOutputTensor.newBuilder().setName(wanted));
                    }
                    return request.build();
                });
    }

    private static Arbitrary<InferInputTensor> inputs() {
        Arbitrary<String> types =
                Arbitraries.oneOf(Arbitraries.of(TensorType.class).map(Enum::name), Arbitraries.of("FP8", "", "fp32"));
        Arbitrary<Long> sizes = Arbitraries.frequencyOf(
                Tuple.of(6, Arbitraries.longs().between(0, 3)),
                Tuple.of(1, Arbitraries.of(2147483647L, 4294967296L, Long.MAX_VALUE, Long.MIN_VALUE, -1L)));
        Arbitrary<Boolean> namedAsItsType = Arbitraries.frequency(Tuple.of(4, true), Tuple.of(1, false));
        return Combinators.combine(types, sizes.list().ofMaxSize(3), namedAsItsType, contents())
                .as((type, shape, own, contents) -> InferInputTensor.newBuilder()
                        .setName(own ? type.toLowerCase(Locale.ROOT) : "x")
                        .setDatatype(type)
                        .addAllShape(shape)
                        .setContents(contents)
                        .build());
    }

    /// Values of any types, right or not.
    private static Arbitrary<InferTensorContents> contents() {
        return Combinators.combine(
                        Arbitraries.integers().list().ofMaxSize(3),
                        Arbitraries.floats().list().ofMaxSize(3),
                        Arbitraries.longs().list().ofMaxSize(3),
                        raw().list().ofMaxSize(3),
                        Arbitraries.integers().between(0, 7))
                .as((ints, floats, longs, texts, which) -> {
                    InferTensorContents.Builder contents = InferTensorContents.newBuilder();
                    switch (which) {
                        case 0 -> contents.addAllIntContents(ints);
                        case 1 -> contents.addAllUintContents(ints);
                        case 2 -> contents.addAllFp32Contents(floats);
                        case 3 -> contents.addAllInt64Contents(longs);
                        case 4 -> contents.addAllUint64Contents(longs);
                        case 5 -> contents.addAllBytesContents(texts);
                        case 6 ->
                            contents.addAllBoolContents(
                                    ints.stream().map(value -> value > 0).toList());
                        default -> {
                            // nothing
                        }
                    }
                    return contents.build();
                });
    }

    /// Some bytes, among them elements of BYTES whose lengths lie.
    private static Arbitrary<ByteString> raw() {
        Arbitrary<byte[]> some = Arbitraries.bytes().array(byte[].class).ofMaxSize(24);
        Arbitrary<byte[]> elements = Combinators.combine(
                        Arbitraries.of(0, 1, 3, 4, 5, 1 << 20, Integer.MAX_VALUE, -1), some)
                .as((length, bytes) -> ByteBuffer.allocate(4 + bytes.length)
                        .order(java.nio.ByteOrder.LITTLE_ENDIAN)
                        .putInt(length)
                        .put(bytes)
                        .array());
        Arbitrary<byte[]> whole = Arbitraries.of(4, 8, 12, 16).map(byte[]::new);
        return Arbitraries.oneOf(some, elements, whole).map(ByteString::copyFrom);
    }
}
