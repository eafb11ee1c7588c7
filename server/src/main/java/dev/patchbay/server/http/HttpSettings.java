package dev.patchbay.server.http;

/// Where a listener listens and what it puts up with.
///
/// @param host a name or address to bind
/// @param port 0 takes a free one
/// @param request what one request may take
/// @param connection what one connection may take
public record HttpSettings(String host, int port, RequestLimits request, ConnectionLimits connection) {

    public HttpSettings {
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("port " + port + " is not between 0 and 65535");
        }
    }

    public static HttpSettings at(String host, int port) {
        return new HttpSettings(host, port, RequestLimits.standard(), ConnectionLimits.standard());
    }
}
