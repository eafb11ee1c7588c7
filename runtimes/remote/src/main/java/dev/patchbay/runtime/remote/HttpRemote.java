package dev.patchbay.runtime.remote;

import dev.patchbay.api.Call;
import dev.patchbay.api.InferenceModule;
import dev.patchbay.api.ModuleContext;
import dev.patchbay.api.runtime.Folder;
import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A module that is answered by a service that speaks JSON over HTTP.
final class HttpRemote implements InferenceModule<Object, Object> {

    private final RemoteSettings settings;
    private final HttpMapping mapping;
    private final Folder folder;
    private final RemoteKind kind;
    private @Nullable HttpCalls http;

    HttpRemote(RemoteSettings settings, HttpMapping mapping, Folder folder, RemoteKind kind) {
        this.settings = settings;
        this.mapping = mapping;
        this.folder = folder;
        this.kind = kind;
    }

    @Override
    public void load(ModuleContext context) throws InterruptedException {
        Target target = kind.use(settings, context);
        HttpCalls opened = settings.http(target, context, false);
        String health = mapping.health();
        if (health != null) {
            var question = HttpCalls.Question.get(target.at(health));
            Readiness.Probe probe = patience -> opened.ask(question, patience).statusCode() < 300;
            Readiness.await(target, settings, probe);
            Watch.begin(context, target, settings, probe);
        }
        http = opened;
    }

    /// Asks nothing: nobody knows what a question means to the service.
    @Override
    public void warmup(List<Object> examples, Call call) {}

    @Override
    public Object predict(Object request, Call call) throws InterruptedException {
        HttpCalls calls = Objects.requireNonNull(http);
        Patience patience = Patience.of(call.remaining(), settings.timeout());
        Map<String, String> headers = new LinkedHashMap<>(Headers.of(call, patience));
        headers.put("accept", "application/json");
        byte[] body = null;
        if (mapping.request() != null) {
            headers.put("content-type", "application/json");
            Object filled = mapping.request().fill(request);
            body = JsonText.MAPPER.writeValueAsBytes(filled == Template.MISSING ? null : filled);
        }
        var question = new HttpCalls.Question(
                mapping.method(), calls.target().at(mapping.address(request)), headers, body, mapping.repeatable());
        long from = System.nanoTime();
        HttpResponse<byte[]> response;
        try {
            response = calls.ask(question, patience);
        } finally {
            folder.modelRan(from, System.nanoTime());
        }
        Object answer = response.body().length == 0
                ? null
                : JsonText.MAPPER.treeToValue(
                        JsonText.read(calls.target(), response.body(), response.body().length), Object.class);
        Object filled = mapping.response().fill(answer);
        if (filled == Template.MISSING || filled == null) {
            throw RemoteFailure.of(
                    calls.target(), "answers without what remote.response of the module looks for", null);
        }
        return filled;
    }
}
