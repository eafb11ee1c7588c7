package dev.patchbay.server.http;

import io.vertx.core.http.HttpServer;
import java.util.List;

/// One address on which requests are taken.
public final class HttpListener {

    private final Listening listening;
    private final List<HttpServer> servers;

    HttpListener(Listening listening, List<HttpServer> servers) {
        this.listening = listening;
        this.servers = servers;
    }

    /// The port that is bound, also when the settings left the choice open.
    public int port() {
        return servers.getFirst().actualPort();
    }

    /// How many connections are open.
    public int openConnections() {
        return listening.open();
    }

    Listening listening() {
        return listening;
    }

    List<HttpServer> servers() {
        return servers;
    }
}
