package dev.patchbay.bench.peer;

import ai.onnxruntime.OrtException;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/// The least a server of Patchbay's stack can do: read the request, answer from the event loop.
@Command(name = "bare", description = "A bare Vert.x server: answers the sum, or the model's score.")
final class BareServer implements Callable<Integer> {
    record Sum(float sum) {}

    record Score(float prob) {}

    @Option(names = "--port", required = true)
    private int port;

    @Option(names = "--model", description = "Answer with this ONNX model instead of the sum.")
    private @Nullable Path model;

    public static void main(String[] args) {
        int exit = new CommandLine(new BareServer()).execute(args);
        if (exit != 0) {
            System.exit(exit);
        }
    }

    @Override
    public Integer call() throws OrtException {
        Answerer answerer = answerer();
        Vertx.vertx()
                .deployVerticle(
                        () -> new Listener(answerer, port),
                        new DeploymentOptions()
                                .setInstances(Runtime.getRuntime().availableProcessors()))
                .await();
        return 0;
    }

    private Answerer answerer() throws OrtException {
        if (model == null) {
            return request -> new Sum(sum(request.features()));
        }
        FraudModel fraud = new FraudModel(model);
        return request -> new Score(fraud.score(request.features()));
    }

    private static float sum(float[] numbers) {
        float sum = 0;
        for (float number : numbers) {
            sum += number;
        }
        return sum;
    }

    private interface Answerer {
        Object answer(FraudRequest request) throws OrtException;
    }

    private static final class Listener extends AbstractVerticle {
        private final JsonMapper mapper = JsonMapper.shared();
        private final Answerer answerer;
        private final int port;

        Listener(Answerer answerer, int port) {
            this.answerer = answerer;
            this.port = port;
        }

        @Override
        public void start() {
            var _ = vertx.createHttpServer()
                    .requestHandler(request -> request.body().onSuccess(body -> answer(request, body)))
                    .listen(port, "127.0.0.1")
                    .onFailure(cause -> {
                        System.err.println("cannot listen on port " + port + ": " + cause.getMessage());
                        System.exit(1);
                    });
        }

        private void answer(HttpServerRequest request, Buffer body) {
            try {
                Object answer = answerer.answer(mapper.readValue(body.getBytes(), FraudRequest.class));
                var _ = request.response()
                        .putHeader("content-type", "application/json")
                        .end(Buffer.buffer(mapper.writeValueAsBytes(answer)));
            } catch (OrtException | RuntimeException e) {
                var _ = request.response().setStatusCode(500).end(String.valueOf(e.getMessage()));
            }
        }
    }
}
