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
class DigitController {
    record Image(float[] pixels) {}

    record Digit(float[] probs) {}

    private final OrtEnvironment environment;
    private final OrtSession session;

    DigitController(OrtEnvironment environment, OrtSession session) {
        this.environment = environment;
        this.session = session;
    }

    @PostMapping("/v1/inference/digit")
    Digit recognize(@RequestBody Image image) throws OrtException {
        float[][] row = {image.pixels()};
        try (OnnxTensor x = OnnxTensor.createTensor(environment, row);
                OrtSession.Result result = session.run(Map.of("x", x))) {
            float[][] probs = (float[][]) result.get(0).getValue();
            return new Digit(probs[0]);
        }
    }
}
