package dev.patchbay.bench.jmh;

import dev.patchbay.bench.peer.FraudRequest;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What reading `{"features":[30 floats]}` costs as a tree, as a record and as a stream of tokens.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class RequestParsing {
    private final JsonMapper mapper = JsonMapper.shared();
    private final byte[] request = FraudRequest.example().getBytes(StandardCharsets.UTF_8);

    @Benchmark
    public float[] tree() {
        JsonNode features = mapper.readTree(request).get("features");
        float[] values = new float[features.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = features.get(i).floatValue();
        }
        return values;
    }

    @Benchmark
    public float[] record() {
        return mapper.readValue(request, FraudRequest.class).features();
    }

    @Benchmark
    public float[] stream() {
        float[] values = new float[30];
        int filled = 0;
        try (JsonParser parser = mapper.createParser(request)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token.isNumeric()) {
                    values[filled++] = parser.getFloatValue();
                }
            }
        }
        return values;
    }
}
