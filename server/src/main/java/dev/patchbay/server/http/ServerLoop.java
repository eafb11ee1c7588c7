package dev.patchbay.server.http;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.impl.HttpServerConnection;
import java.util.List;

/// The part of a listener that runs on one event loop.
final class ServerLoop extends VerticleBase {

    private static final int CHUNK_BYTES = 64 << 10;

    private final HttpSettings settings;
    private final int port;
    private final List<HttpServer> servers;

    /// @param port a negative one is one free port for all loops that name it
    /// @param servers takes up the server of this loop
    ServerLoop(HttpSettings settings, int port, List<HttpServer> servers) {
        this.settings = settings;
        this.port = port;
        this.servers = servers;
    }

    @Override
    public Future<HttpServer> start() {
        HttpServer server = vertx.createHttpServer(options())
                .connectionHandler(ServerLoop::attach)
                .requestHandler(request -> request.connection().close());
        servers.add(server);
        return server.listen();
    }

    /// Gives the guard of a connection a say in its requests.
    private static void attach(HttpConnection opened) {
        HttpServerConnection connection = (HttpServerConnection) opened;
        ConnectionGuard guard = connection.channelHandlerContext().pipeline().get(ConnectionGuard.class);
        RequestGate gate = new RequestGate(guard);
        connection.handler(gate);
        connection.invalidRequestHandler(gate::undecodable);
        if (connection instanceof io.vertx.core.http.impl.Http1xServerConnection) {
            return;
        }
        guard.speaksHttp2();
    }

    /// Every limit is written down here, also where it is the default. Time limits are the guard's: those of Vert.x
    /// would cut a quiet call.
    private HttpServerOptions options() {
        return new HttpServerOptions()
                .setHost(settings.host())
                .setPort(port)
                .setIdleTimeout(0)
                .setMaxInitialLineLength(settings.request().lineBytes())
                .setMaxHeaderSize(settings.request().headerBytes())
                .setMaxChunkSize(CHUNK_BYTES)
                .setHandle100ContinueAutomatically(false)
                .setCompressionSupported(false)
                .setDecompressionSupported(false)
                .setPerFrameWebSocketCompressionSupported(false)
                .setPerMessageWebSocketCompressionSupported(false)
                .setHttp2ClearTextEnabled(true)
                .setInitialSettings(new Http2Settings()
                        .setMaxConcurrentStreams(settings.connection().streams())
                        .setMaxHeaderListSize(settings.request().headerBytes()));
    }
}
