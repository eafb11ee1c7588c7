package dev.patchbay.bench.jmh;

import dev.patchbay.api.Call;
import dev.patchbay.api.InferenceModule;
import dev.patchbay.api.Lane;
import dev.patchbay.bench.peer.FraudRequest;
import dev.patchbay.core.Gateway;
import dev.patchbay.core.InferenceReply;
import dev.patchbay.core.InferenceRequest;
import dev.patchbay.core.access.RateLimits;
import dev.patchbay.core.config.ConfigParser;
import dev.patchbay.core.execution.CallContext;
import dev.patchbay.core.execution.CallTimings;
import dev.patchbay.core.execution.Callee;
import dev.patchbay.core.execution.Deadlines;
import dev.patchbay.core.execution.ExecutionLimits;
import dev.patchbay.core.execution.JsonDialect;
import dev.patchbay.core.execution.ModuleExecutor;
import dev.patchbay.core.execution.Outcome;
import dev.patchbay.core.execution.TraceContext;
import dev.patchbay.core.registry.ModuleInstance;
import dev.patchbay.core.registry.ModuleKey;
import dev.patchbay.core.registry.ModuleLease;
import dev.patchbay.core.registry.ModuleRegistry;
import dev.patchbay.core.routing.Resolution;
import dev.patchbay.core.routing.RouteQuery;
import dev.patchbay.core.routing.Router;
import dev.patchbay.core.schema.Codec;
import dev.patchbay.core.schema.JsonReader;
import dev.patchbay.core.telemetry.CallLedger;
import dev.patchbay.core.telemetry.CallRecord;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What the gateway itself adds to a call, part by part and as a whole: the choice of a version among a tenant rule
/// and a sticky experiment, the gate, the metrics. The module does nothing and runs on the caller's thread; reading
/// the body of 30 floats is in the whole, and alone in [RequestParsing].
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class GatewayPath {
    private static final ModuleKey KEY = new ModuleKey("fraud_score", "1.0.0");
    private static final String CONFIG = """
            inference:
              fraud_score:
                default_version: "1.0.0"
                experiments:
                  - name: legacy
                    tenants: [tenant_a]
                    version: "1.0.0"
                  - name: canary
                    rollout: 10
                    unit: account
                    version: "1.0.0"
            """;

    private final Router router = new Router();
    private final ModuleRegistry modules = new ModuleRegistry();
    private final Deadlines deadlines = new Deadlines();
    private final CallLedger ledger = new CallLedger(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT), modules);
    private final Gateway gateway = new Gateway(
            new JsonReader(64), new RateLimits(task -> router.table().rate(task)), router, modules, ledger);
    private final byte[] body =
            FraudRequest.example().replace("{", "{\"account\":\"a-4711\",").getBytes(StandardCharsets.UTF_8);
    private final JsonNode tree = JsonMapper.shared().readTree(body);
    private final RouteQuery query = new RouteQuery("fraud_score", "tenant_b", null, "r1", tree, Map.of());
    private final CallContext context =
            CallContext.incoming("r1", "tenant_b", Duration.ofHours(1), TraceContext.from(null, null));
    private CallRecord finished = record(null);

    @Setup
    public void deploy() {
        Callee callee = new Callee(
                KEY.task(),
                KEY.version(),
                "fraud_score@1.0.0#1",
                new Nothing(),
                new Untouched(),
                tenant -> Optional.empty(),
                GatewayPath.class.getClassLoader(),
                Lane.INLINE);
        ledger.added(KEY);
        modules.put(new ModuleInstance(
                KEY, 1, new ModuleExecutor(callee, ExecutionLimits.DEFAULT, deadlines, gateway, stuck -> {})));
        router.ready(KEY);
        router.activate(1, ConfigParser.parse(CONFIG).config());
        finished = record(router.resolve(query));
    }

    private CallRecord record(@org.jspecify.annotations.Nullable Resolution resolution) {
        return new CallRecord(
                context,
                KEY.task(),
                resolution,
                new Outcome.Answer(body),
                new CallTimings(context.arrived()),
                new JsonDialect(tree),
                context.arrived() + 40_000);
    }

    @TearDown
    public void close() {
        deadlines.close();
    }

    @Benchmark
    public Resolution route() {
        return router.resolve(query);
    }

    @Benchmark
    public Object gate() {
        ModuleLease lease = Objects.requireNonNull(modules.lease(KEY));
        lease.close();
        return lease;
    }

    @Benchmark
    public void metrics() {
        ledger.record(finished);
    }

    @Benchmark
    public InferenceReply whole() throws Exception {
        return gateway.infer(new InferenceRequest(
                        "fraud_score",
                        null,
                        new InferenceRequest.Body.Bytes(body),
                        Map.of(),
                        CallContext.incoming("r1", "tenant_b", Duration.ofHours(1), TraceContext.from(null, null)),
                        null))
                .get();
    }

    private static final class Nothing implements InferenceModule<Object, Object> {
        @Override
        public Object predict(Object request, Call call) {
            return request;
        }
    }

    private final class Untouched implements Codec {
        @Override
        public Object decode(JsonNode request) {
            return request;
        }

        @Override
        public byte[] encode(Object response) {
            return body;
        }

        @Override
        public byte[] encodePart(Object part) {
            return body;
        }

        @Override
        public JsonNode part(Object part) {
            throw new UnsupportedOperationException();
        }

        @Override
        public JsonNode write(Object value) {
            return tree;
        }

        @Override
        public <T> T read(byte[] json, Class<T> type) {
            throw new IllegalStateException("asks no other task");
        }

        @Override
        public JsonNode requestSchema() {
            return tree;
        }

        @Override
        public JsonNode responseSchema() {
            return tree;
        }
    }
}
