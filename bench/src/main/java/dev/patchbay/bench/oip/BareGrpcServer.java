package dev.patchbay.bench.oip;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.patchbay.oip.v2.ModelInferRequest;
import dev.patchbay.oip.v2.ModelInferResponse;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.grpc.server.GrpcServer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// The least a gRPC server of the same stack can do: read the message, run the model on the event loop, answer.
@Command(
        name = "bare-grpc",
        description = "A bare Vert.x gRPC server: answers ModelInfer with a model x[N,k] -> [N,m].")
final class BareGrpcServer implements Callable<Integer> {

    @Option(names = "--port", required = true)
    private int port;

    @Option(names = "--model", required = true)
    @SuppressWarnings("NullAway.Init")
    private Path model;

    public static void main(String[] args) {
        int exit = new CommandLine(new BareGrpcServer()).execute(args);
        if (exit != 0) {
            System.exit(exit);
        }
    }

    @Override
    public Integer call() throws OrtException {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        OrtSession session;
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            session = environment.createSession(model.toString(), options);
        }
        Vertx.vertx()
                .deployVerticle(
                        () -> new Listener(environment, session, port),
                        new DeploymentOptions()
                                .setInstances(Runtime.getRuntime().availableProcessors()))
                .await();
        return 0;
    }

    private static final class Listener extends AbstractVerticle {
        private final OrtEnvironment environment;
        private final OrtSession session;
        private final int port;

        Listener(OrtEnvironment environment, OrtSession session, int port) {
            this.environment = environment;
            this.session = session;
            this.port = port;
        }

        @Override
        public void start() {
            GrpcServer server = GrpcServer.server(vertx);
            server.callHandler(request -> request.handler(message -> {
                try {
                    var _ = request.response().end(Buffer.buffer(answer(message.getBytes())));
                } catch (OrtException | InvalidProtocolBufferException | RuntimeException e) {
                    request.response().fail(e);
                }
            }));
            var _ = vertx.createHttpServer().requestHandler(server).listen(port, "127.0.0.1");
        }

        private byte[] answer(byte[] message) throws OrtException, InvalidProtocolBufferException {
            ModelInferRequest request = ModelInferRequest.parseFrom(message);
            FloatBuffer floats = request.getRawInputContents(0)
                    .asReadOnlyByteBuffer()
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asFloatBuffer();
            float[] row = new float[floats.remaining()];
            floats.get(row);
            try (OnnxTensor x =
                            OnnxTensor.createTensor(environment, FloatBuffer.wrap(row), new long[] {1, row.length});
                    OrtSession.Result result = session.run(Map.of("x", x))) {
                FloatBuffer scores = ((OnnxTensor) result.get(0)).getFloatBuffer();
                ByteBuffer raw =
                        ByteBuffer.allocate(scores.remaining() * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
                raw.asFloatBuffer().put(scores.duplicate());
                return ModelInferResponse.newBuilder()
                        .setModelName(request.getModelName())
                        .addOutputs(ModelInferResponse.InferOutputTensor.newBuilder()
                                .setName("y")
                                .setDatatype("FP32")
                                .addShape(1)
                                .addShape(scores.remaining()))
                        .addRawOutputContents(ByteString.copyFrom(raw))
                        .build()
                        .toByteArray();
            }
        }
    }
}
