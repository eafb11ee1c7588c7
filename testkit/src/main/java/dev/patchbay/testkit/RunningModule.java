package dev.patchbay.testkit;

import dev.patchbay.api.InferenceException;
import dev.patchbay.core.InferenceRequest;
import dev.patchbay.core.deploy.ModuleDescriptor;
import dev.patchbay.core.deploy.ModuleStatus;
import dev.patchbay.core.execution.CallContext;
import dev.patchbay.core.execution.TraceContext;
import dev.patchbay.core.registry.ModuleKey;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A module that runs in a [TestGateway], asked the way callers ask it: JSON in, JSON out, checked by its schemas.
/// May be used by many threads at a time.
public final class RunningModule {

    private static final JsonMapper MAPPER = JsonMapper.shared();
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final TestGateway gateway;
    private final Path artifact;
    private final ModuleKey key;
    private final ModuleDescriptor descriptor;
    private final ModuleStatus.Live live;
    private final AtomicLong requests = new AtomicLong();

    RunningModule(
            TestGateway gateway, Path artifact, ModuleKey key, ModuleDescriptor descriptor, ModuleStatus.Live live) {
        this.gateway = gateway;
        this.artifact = artifact;
        this.key = key;
        this.descriptor = descriptor;
        this.live = live;
    }

    /// Asks with a request as JSON text.
    public Reply ask(String json) throws InterruptedException {
        return ask(json.getBytes(StandardCharsets.UTF_8), null);
    }

    /// Asks with a request as a tree.
    public Reply ask(JsonNode request) throws InterruptedException {
        return ask(request, null);
    }

    /// Asks as a tenant.
    public Reply ask(JsonNode request, @Nullable String tenant) throws InterruptedException {
        return ask(MAPPER.writeValueAsBytes(request), tenant);
    }

    private Reply ask(byte[] json, @Nullable String tenant) throws InterruptedException {
        return gateway.ask(request(json, tenant));
    }

    /// Asks with a record of the request's shape and reads the answer into a record of the answer's shape. They
    /// need not be the module's own: both go through JSON, as between services.
    ///
    /// @throws InferenceException with the error a caller would get
    public <O> O predict(Object request, Class<O> answer) throws InterruptedException {
        return switch (ask(MAPPER.valueToTree(request), null)) {
            case Reply.Answer given -> MAPPER.convertValue(given.json(), answer);
            case Reply.Refusal refusal -> throw refusal.error();
        };
    }

    /// Sends a request on its way without waiting for its reply, for load. The future never fails.
    public CompletableFuture<Reply> send(byte[] json) {
        return gateway.send(request(json, null));
    }

    private InferenceRequest request(byte[] json, @Nullable String tenant) {
        return new InferenceRequest(
                key.task(),
                key.version(),
                new InferenceRequest.Body.Bytes(json),
                Map.of(),
                CallContext.incoming(
                        "test-" + requests.incrementAndGet(), tenant, PATIENCE, TraceContext.from(null, null)),
                null);
    }

    /// Names the task and the version.
    public ModuleKey key() {
        return key;
    }

    /// Gives where it was deployed from.
    public Path artifact() {
        return artifact;
    }

    /// Gives what the artifact says about itself.
    public ModuleDescriptor descriptor() {
        return descriptor;
    }

    /// Gives the JSON Schema of requests.
    public JsonNode requestSchema() {
        return live.requestSchema();
    }

    /// Gives the JSON Schema of answers.
    public JsonNode responseSchema() {
        return live.responseSchema();
    }

    /// Gives the class loader of the module; whoever keeps it keeps the module from being unloaded.
    public ClassLoader loader() {
        return gateway.loaderOf(key);
    }

    @Override
    public String toString() {
        return key.toString();
    }
}
