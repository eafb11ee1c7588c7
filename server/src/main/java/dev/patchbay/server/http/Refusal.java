package dev.patchbay.server.http;

/// Why the transport answers a request itself.
public enum Refusal {
    MALFORMED_REQUEST(400),
    UNSUPPORTED_TRANSFER_ENCODING(400),
    NOT_FOUND(404),
    METHOD_NOT_ALLOWED(405),
    REQUEST_TIMEOUT(408),
    PAYLOAD_TOO_LARGE(413),
    URI_TOO_LONG(414),
    EXPECTATION_FAILED(417),
    HEADERS_TOO_LARGE(431),
    INTERNAL_ERROR(500),
    VERSION_NOT_SUPPORTED(505);

    private final int status;

    Refusal(int status) {
        this.status = status;
    }

    public int status() {
        return status;
    }
}
