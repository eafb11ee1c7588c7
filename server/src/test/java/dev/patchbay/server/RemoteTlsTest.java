package dev.patchbay.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Message;
import dev.patchbay.oip.v2.ModelInferRequest;
import dev.patchbay.oip.v2.ModelInferResponse;
import dev.patchbay.oip.v2.ModelMetadataRequest;
import dev.patchbay.oip.v2.ModelMetadataResponse;
import dev.patchbay.oip.v2.ModelReadyRequest;
import dev.patchbay.oip.v2.ModelReadyResponse;
import io.grpc.Grpc;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.TlsServerCredentials;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.net.InetAddress;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import javax.net.ssl.SSLServerSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Servers with certificates that Java does not know, and servers that want to see one of the gateway's.
class RemoteTlsTest {

    private static final String SERVICE = "inference.GRPCInferenceService";

    @TempDir
    static Path certificates;

    static Certificate server;
    static Certificate client;

    @TempDir
    Path folder;

    private RunningGateway gateway;

    @BeforeAll
    static void make() throws Exception {
        server = Certificate.of("server", certificates);
        client = Certificate.of("client", certificates);
    }

    @BeforeEach
    void start() throws Exception {
        gateway = new RunningGateway(folder.resolve("served"), "inference: {}").start();
    }

    @AfterEach
    void stop() throws Exception {
        gateway.close();
    }

    private static StandIn secured(boolean wantsToSee) throws Exception {
        SSLServerSocket socket = (SSLServerSocket) server.serving(client)
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        socket.setNeedClientAuth(wantsToSee);
        return new StandIn((request, in, out) -> StandIn.json(out, 200, "{\"score\": 1}"), socket);
    }

    /// Lets the config have a server, and waits until it is in force.
    private void target(String target) throws Exception {
        String before = gateway.admin("revisions").toString();
        gateway.save("remote: {targets: {scores: %s}}\ninference: {}".formatted(target));
        await().until(() -> !gateway.admin("revisions").toString().equals(before));
    }

    private HttpResponse<String> ask(String task, String remote, String request) throws Exception {
        Path made = Files.createDirectories(folder.resolve("made-" + task));
        Files.writeString(made.resolve("module.yaml"), """
                task: %s
                version: 1.0.0
                owner: tests
                remote: %s
                """.formatted(task, remote));
        Files.move(made, gateway.module(task + "-1.0.0"));
        await().atMost(Duration.ofSeconds(20))
                .until(() -> gateway.admin("modules").toString().contains("\"state\":\"ready\""));
        return gateway.post("/v1/inference/" + task + "/versions/1.0.0", request);
    }

    private static String tls(String... names) {
        StringBuilder tls = new StringBuilder();
        for (String name : names) {
            Path file = switch (name) {
                case "ca" -> server.pem();
                case "certificate" -> client.pem();
                default -> client.keyPem();
            };
            tls.append(tls.isEmpty() ? "" : ", ")
                    .append(name)
                    .append(": \"file:")
                    .append(file)
                    .append('"');
        }
        return "{" + tls + "}";
    }

    @Test
    void aServerIsTrustedByItsOwnAuthority() throws Exception {
        try (StandIn scores = secured(false)) {
            target("{url: \"https://127.0.0.1:%d\", tls: %s}".formatted(scores.port(), tls("ca")));
            assertThat(ask("scores", "{protocol: http, target: scores}", "{}").body())
                    .isEqualTo("{\"score\":1}");
        }
    }

    @ParameterizedTest
    @CsvSource({"'', false", "ca, true"})
    void whoDoesNotTrustTheOtherSaysSo(String has, boolean wantsToSee) throws Exception {
        try (StandIn scores = secured(wantsToSee)) {
            target("{url: \"https://127.0.0.1:%d\"%s}"
                    .formatted(scores.port(), has.isEmpty() ? "" : ", tls: " + tls(has)));
            HttpResponse<String> answer = ask("scores", "{protocol: http, target: scores}", "{}");
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(502);
            assertThat(answer.body())
                    .contains("remote-failed")
                    .contains("The server scores (127.0.0.1:%d) and the gateway do not agree on TLS"
                            .formatted(scores.port()));
            assertThat(scores.seen()).isEmpty();
        }
    }

    @Test
    void theGatewayShowsItsCertificate() throws Exception {
        try (StandIn scores = secured(true)) {
            target("{url: \"https://127.0.0.1:%d\", tls: %s}"
                    .formatted(scores.port(), tls("ca", "certificate", "key")));
            assertThat(ask("scores", "{protocol: http, target: scores}", "{}").body())
                    .isEqualTo("{\"score\":1}");
        }
    }

    @Test
    void certificatesThatAreReplacedAreTakenUpWithoutARestart() throws Exception {
        Path ca = Files.copy(server.pem(), folder.resolve("ca.pem"));
        Path own = Files.copy(client.pem(), folder.resolve("own.pem"));
        Path key = Files.copy(client.keyPem(), folder.resolve("own.key"));
        int port;
        try (StandIn scores = secured(true)) {
            port = scores.port();
            target("{url: \"https://127.0.0.1:%d\", tls: {ca: \"file:%s\", certificate: \"file:%s\", key: \"file:%s\"}}"
                    .formatted(port, ca, own, key));
            assertThat(ask("scores", "{protocol: http, target: scores}", "{}").body())
                    .isEqualTo("{\"score\":1}");
        }
        Certificate newServer = Certificate.of("new-server", certificates);
        Certificate newClient = Certificate.of("new-client", certificates);
        SSLServerSocket socket = (SSLServerSocket) newServer
                .serving(newClient)
                .getServerSocketFactory()
                .createServerSocket(port, 50, InetAddress.getLoopbackAddress());
        socket.setNeedClientAuth(true);
        try (StandIn scores = new StandIn((request, in, out) -> StandIn.json(out, 200, "{\"score\": 2}"), socket)) {
            assertThat(gateway.post("/v1/inference/scores/versions/1.0.0", "{}").body())
                    .contains("do not agree on TLS");
            Files.writeString(ca, "half a certif");
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> gateway.admin("events").toString().contains("certificate-unusable"));
            Files.copy(newServer.pem(), ca, StandardCopyOption.REPLACE_EXISTING);
            Files.copy(newClient.pem(), own, StandardCopyOption.REPLACE_EXISTING);
            Files.copy(newClient.keyPem(), key, StandardCopyOption.REPLACE_EXISTING);
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> gateway.post("/v1/inference/scores/versions/1.0.0", "{}")
                            .body()
                            .equals("{\"score\":2}"));
        }
    }

    @Test
    void bothSidesKnowEachOtherOverGrpc() throws Exception {
        Server models = Grpc.newServerBuilderForPort(
                        0,
                        TlsServerCredentials.newBuilder()
                                .keyManager(
                                        server.pem().toFile(), server.keyPem().toFile())
                                .trustManager(client.pem().toFile())
                                .clientAuth(TlsServerCredentials.ClientAuth.REQUIRE)
                                .build())
                .addService(echo())
                .build()
                .start();
        try {
            target("{url: \"grpcs://127.0.0.1:%d\", tls: %s}"
                    .formatted(models.getPort(), tls("ca", "certificate", "key")));
            assertThat(ask("scores", "{target: scores, model: m}", "{\"x\": [1.5, 2.5]}")
                            .body())
                    .isEqualTo("{\"x\":[1.5,2.5]}");
        } finally {
            models.shutdownNow();
        }
    }

    @Test
    void aServerThatTheGatewayDoesNotTrustOverGrpcFailsTheVersion() throws Exception {
        Server models = Grpc.newServerBuilderForPort(
                        0,
                        TlsServerCredentials.create(
                                server.pem().toFile(), server.keyPem().toFile()))
                .addService(echo())
                .build()
                .start();
        try {
            Path made = Files.createDirectories(folder.resolve("made"));
            Files.writeString(made.resolve("module.yaml"), """
                    task: scores
                    version: 1.0.0
                    owner: tests
                    remote: {url: "grpcs://127.0.0.1:%d", model: m, ready_within: 1s}
                    """.formatted(models.getPort()));
            Files.move(made, gateway.module("scores-1.0.0"));
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> gateway.admin("modules")
                            .toString()
                            .contains("do not agree on TLS (unable to find valid certification path"));
        } finally {
            models.shutdownNow();
        }
    }

    /// A model that gives back what it takes.
    private static ServerServiceDefinition echo() {
        return ServerServiceDefinition.builder(SERVICE)
                .addMethod(
                        method(
                                "ModelReady",
                                ModelReadyRequest.getDefaultInstance(),
                                ModelReadyResponse.getDefaultInstance()),
                        ServerCalls.asyncUnaryCall(
                                (ModelReadyRequest request, StreamObserver<ModelReadyResponse> answer) -> {
                                    answer.onNext(ModelReadyResponse.newBuilder()
                                            .setReady(true)
                                            .build());
                                    answer.onCompleted();
                                }))
                .addMethod(
                        method(
                                "ModelMetadata",
                                ModelMetadataRequest.getDefaultInstance(),
                                ModelMetadataResponse.getDefaultInstance()),
                        ServerCalls.asyncUnaryCall(
                                (ModelMetadataRequest request, StreamObserver<ModelMetadataResponse> answer) -> {
                                    var x = ModelMetadataResponse.TensorMetadata.newBuilder()
                                            .setName("x")
                                            .setDatatype("FP32")
                                            .addShape(-1)
                                            .addShape(2);
                                    answer.onNext(ModelMetadataResponse.newBuilder()
                                            .addInputs(x)
                                            .addOutputs(x)
                                            .build());
                                    answer.onCompleted();
                                }))
                .addMethod(
                        method(
                                "ModelInfer",
                                ModelInferRequest.getDefaultInstance(),
                                ModelInferResponse.getDefaultInstance()),
                        ServerCalls.asyncUnaryCall(
                                (ModelInferRequest request, StreamObserver<ModelInferResponse> answer) -> {
                                    var x = ModelInferResponse.InferOutputTensor.newBuilder()
                                            .setName("x")
                                            .setDatatype("FP32")
                                            .addAllShape(request.getInputs(0).getShapeList());
                                    answer.onNext(ModelInferResponse.newBuilder()
                                            .addOutputs(x)
                                            .addRawOutputContents(request.getRawInputContents(0))
                                            .build());
                                    answer.onCompleted();
                                }))
                .build();
    }

    private static <Q extends Message, A extends Message> MethodDescriptor<Q, A> method(String name, Q ask, A answer) {
        return MethodDescriptor.<Q, A>newBuilder(ProtoUtils.marshaller(ask), ProtoUtils.marshaller(answer))
                .setType(MethodDescriptor.MethodType.UNARY)
                .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, name))
                .build();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {url: "http://x", tls: {ca: "file:/nowhere"}} | targets.scores.tls: is for https:// and grpcs://, but the url is http://
            {url: "https://x", tls: {ca: "file:/nowhere"}} | targets.scores.tls.ca: /nowhere cannot be read
            {url: "https://x", tls: {ca: "/etc/ca.pem"}} | targets.scores.tls.ca: must be a file: file:/path, in PEM
            {url: "https://x", tls: {ca: "file:EMPTY"}} | holds no certificate in PEM
            {url: "https://x", tls: {certificate: "file:CLIENT"}} | targets.scores.tls.key: is missing
            {url: "https://x", tls: {certificate: "file:CLIENT", key: "file:CLIENT"}} | targets.scores.tls.key:
            {url: "https://x", tls: {cert: "file:CLIENT"}} | targets.scores.tls.cert: is no key here
            """)
    void aSlipInTheConfigIsNamed(String target, String words) throws Exception {
        Path empty = Files.writeString(folder.resolve("empty.pem"), "");
        gateway.save("remote: {targets: {scores: %s}}\ninference: {}"
                .formatted(target.replace("EMPTY", empty.toString())
                        .replace("CLIENT", client.pem().toString())));
        await().untilAsserted(
                        () -> assertThat(gateway.admin("status").toString()).contains(words));
    }
}
