package dev.patchbay.server.http;

import io.netty.bootstrap.ServerBootstrap;
import io.vertx.core.impl.transports.NioTransport;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.transport.Transport;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The way to a listening socket that Vert.x itself does not offer: a gate stands there before Vert.x sees a
/// connection.
final class GatedTransport extends NioTransport implements Transport {

    private final Map<Integer, AcceptGate> gates = new ConcurrentHashMap<>();

    /// @param port as in the options of the server that will listen
    void put(int port, AcceptGate gate) {
        gates.put(port, gate);
    }

    @Override
    public void configure(NetServerOptions options, boolean domainSocket, ServerBootstrap bootstrap) {
        super.configure(options, domainSocket, bootstrap);
        AcceptGate gate = gates.get(options.getPort());
        if (gate == null) {
            throw new IllegalStateException("no gate for port " + options.getPort());
        }
        bootstrap.handler(gate);
    }

    @Override
    public String name() {
        return "nio";
    }

    @Override
    public boolean available() {
        return true;
    }

    @Override
    public @Nullable Throwable unavailabilityCause() {
        return null;
    }

    @Override
    public io.vertx.core.spi.transport.Transport implementation() {
        return this;
    }
}
