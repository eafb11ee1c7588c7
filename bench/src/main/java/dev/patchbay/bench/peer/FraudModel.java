package dev.patchbay.bench.peer;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Map;

/// A model `x[N,k] -> [N,1]` run one row at a time; many threads may share it.
final class FraudModel {
    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final OrtSession session;

    FraudModel(Path model) throws OrtException {
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            session = environment.createSession(model.toString(), options);
        }
    }

    float score(float[] row) throws OrtException {
        try (OnnxTensor x = OnnxTensor.createTensor(environment, FloatBuffer.wrap(row), new long[] {1, row.length});
                OrtSession.Result result = session.run(Map.of("x", x))) {
            return ((OnnxTensor) result.get(0)).getFloatBuffer().get(0);
        }
    }
}
