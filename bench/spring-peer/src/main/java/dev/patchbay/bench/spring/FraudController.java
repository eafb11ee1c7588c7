package dev.patchbay.bench.spring;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.util.Map;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

@RestController
class FraudController {
    record Transaction(float[] features) {}

    record Score(float prob) {}

    private final OrtEnvironment environment;
    private final OrtSession session;

    FraudController(OrtEnvironment environment, OrtSession session) {
        this.environment = environment;
        this.session = session;
    }

    @PostMapping("/v1/inference/fraud_score")
    Score score(@RequestBody Transaction transaction) throws OrtException {
        float[][] row = {transaction.features()};
        try (OnnxTensor x = OnnxTensor.createTensor(environment, row);
                OrtSession.Result result = session.run(Map.of("x", x))) {
            float[][] prob = (float[][]) result.get(0).getValue();
            return new Score(prob[0][0]);
        }
    }
}
