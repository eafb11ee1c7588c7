package dev.patchbay.server.chat;

import dev.patchbay.core.Gateway;
import dev.patchbay.core.deploy.ModuleStatus;
import dev.patchbay.core.schema.JsonReader;
import dev.patchbay.server.http.Route;
import java.util.List;
import java.util.function.Supplier;

/// The paths of the chat protocols.
public final class ChatRoutes {

    private final ChatHandler openAi;
    private final ChatHandler anthropic;
    private final Embeddings embeddings;
    private final ModelList models;

    /// Makes the routes.
    ///
    /// @param modules what is there
    public ChatRoutes(Gateway gateway, JsonReader reader, Supplier<List<ModuleStatus>> modules) {
        this.openAi = new ChatHandler(gateway, reader, new OpenAiProtocol());
        this.anthropic = new ChatHandler(gateway, reader, new AnthropicProtocol());
        this.embeddings = new Embeddings(gateway, reader);
        this.models = new ModelList(modules);
    }

    /// Lists the paths.
    public List<Route> routes() {
        return List.of(
                new Route("POST", "/v1/chat/completions", openAi::handle),
                new Route("POST", "/v1/embeddings", embeddings::handle),
                new Route("POST", "/v1/messages", anthropic::handle),
                new Route("GET", "/v1/models", exchange -> exchange.respond(models.list())),
                new Route(
                        "GET",
                        "/v1/models/{model}",
                        exchange -> exchange.respond(models.one(exchange.pathParameter("model")))));
    }
}
