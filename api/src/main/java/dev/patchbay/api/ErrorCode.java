package dev.patchbay.api;

/// The errors a caller or an operator can meet, with their status on each protocol. Ids are stable; a new
/// error gets a new id.
public enum ErrorCode {
    MALFORMED_REQUEST("malformed-request", Kind.CALLER, 400, Grpc.INVALID_ARGUMENT, "The request cannot be read"),
    UNAUTHENTICATED("unauthenticated", Kind.CALLER, 401, Grpc.UNAUTHENTICATED, "Nobody is logged in"),
    PERMISSION_DENIED("permission-denied", Kind.CALLER, 403, Grpc.PERMISSION_DENIED, "The caller may not do this"),
    NOT_FOUND("not-found", Kind.CALLER, 404, Grpc.UNIMPLEMENTED, "There is nothing at this path"),
    UNKNOWN_TASK("unknown-task", Kind.CALLER, 404, Grpc.NOT_FOUND, "There is no such task"),
    UNKNOWN_VERSION("unknown-version", Kind.CALLER, 404, Grpc.NOT_FOUND, "The task has no such version"),
    UNKNOWN_REVISION("unknown-revision", Kind.CALLER, 404, Grpc.NOT_FOUND, "There is no such config revision"),
    UNKNOWN_REQUEST("unknown-request", Kind.CALLER, 404, Grpc.NOT_FOUND, "No such request is remembered"),
    METHOD_NOT_ALLOWED("method-not-allowed", Kind.CALLER, 405, Grpc.UNIMPLEMENTED, "The path takes other methods"),
    NOT_ACCEPTABLE("not-acceptable", Kind.CALLER, 406, Grpc.INVALID_ARGUMENT, "The answer has no such form"),
    REQUEST_TIMEOUT("request-timeout", Kind.CALLER, 408, Grpc.DEADLINE_EXCEEDED, "The request came too slowly"),
    CONFLICT("conflict", Kind.CALLER, 409, Grpc.ABORTED, "The state does not allow this"),
    PAYLOAD_TOO_LARGE("payload-too-large", Kind.CALLER, 413, Grpc.RESOURCE_EXHAUSTED, "The body is too large"),
    URI_TOO_LONG("uri-too-long", Kind.CALLER, 414, Grpc.INVALID_ARGUMENT, "The request line is too long"),
    UNSUPPORTED_MEDIA_TYPE(
            "unsupported-media-type", Kind.CALLER, 415, Grpc.INVALID_ARGUMENT, "The body is not of a type taken here"),
    INVALID_REQUEST("invalid-request", Kind.CALLER, 422, Grpc.INVALID_ARGUMENT, "The request does not fit the schema"),
    HEADERS_TOO_LARGE("headers-too-large", Kind.CALLER, 431, Grpc.RESOURCE_EXHAUSTED, "The headers are too large"),
    BLOCKED("blocked", Kind.CALLER, 422, Grpc.FAILED_PRECONDITION, "A rule of the task does not allow this"),
    CONFIG_INVALID("config-invalid", Kind.CALLER, 422, Grpc.FAILED_PRECONDITION, "The config is refused"),
    RATE_LIMITED("rate-limited", Kind.CAPACITY, 429, Grpc.RESOURCE_EXHAUSTED, "The caller asks too often"),
    BUDGET_EXHAUSTED("budget-exhausted", Kind.CAPACITY, 429, Grpc.RESOURCE_EXHAUSTED, "A budget is used up"),
    CANCELLED("cancelled", Kind.CALLER, 499, Grpc.CANCELLED, "The caller went away"),
    INTERNAL("internal", Kind.GATEWAY, 500, Grpc.INTERNAL, "The gateway failed"),
    MODULE_FAILED("module-failed", Kind.MODULE, 500, Grpc.INTERNAL, "The module failed"),
    INVALID_RESPONSE("invalid-response", Kind.MODULE, 500, Grpc.INTERNAL, "The answer does not fit its schema"),
    CALL_CYCLE("call-cycle", Kind.MODULE, 500, Grpc.FAILED_PRECONDITION, "Tasks call each other in a circle"),
    DEPENDENCY_FAILED("dependency-failed", Kind.UPSTREAM, 502, Grpc.UNAVAILABLE, "Something the module needs failed"),
    REMOTE_FAILED(
            "remote-failed",
            Kind.UPSTREAM,
            502,
            Grpc.UNAVAILABLE,
            "The server that runs the model did not answer well"),
    WORKER_LOST("worker-lost", Kind.MODULE, 503, Grpc.UNAVAILABLE, "The process that runs the module is gone"),
    OVERLOADED("overloaded", Kind.CAPACITY, 503, Grpc.UNAVAILABLE, "The version has more work than it can do"),
    VERSION_UNAVAILABLE(
            "version-unavailable", Kind.MODULE, 503, Grpc.UNAVAILABLE, "No version can answer at the moment"),
    CIRCUIT_OPEN("circuit-open", Kind.MODULE, 503, Grpc.UNAVAILABLE, "The version fails too often and rests"),
    SHUTTING_DOWN("shutting-down", Kind.GATEWAY, 503, Grpc.UNAVAILABLE, "The gateway is stopping"),
    DEADLINE_EXCEEDED("deadline-exceeded", Kind.CAPACITY, 504, Grpc.DEADLINE_EXCEEDED, "Time ran out");

    /// Who has to act.
    public enum Kind {
        /// The caller: the request must change.
        CALLER,
        /// The author of the module.
        MODULE,
        /// The operator: more room, or fewer calls.
        CAPACITY,
        /// Whoever runs what the module depends on.
        UPSTREAM,
        /// Us.
        GATEWAY
    }

    private final String id;
    private final Kind kind;
    private final int httpStatus;
    private final int grpcStatus;
    private final String title;

    ErrorCode(String id, Kind kind, int httpStatus, int grpcStatus, String title) {
        this.id = id;
        this.kind = kind;
        this.httpStatus = httpStatus;
        this.grpcStatus = grpcStatus;
        this.title = title;
    }

    /// Gives the stable id, such as `unknown-task`.
    public String id() {
        return id;
    }

    /// Tells who has to act.
    public Kind kind() {
        return kind;
    }

    /// Gives the HTTP status.
    public int httpStatus() {
        return httpStatus;
    }

    /// Gives the number of the gRPC status.
    public int grpcStatus() {
        return grpcStatus;
    }

    /// Gives a short title, the same for every occurrence.
    public String title() {
        return title;
    }

    /// The numbers of [gRPC's status codes](https://grpc.io/docs/guides/status-codes/).
    private static final class Grpc {
        static final int CANCELLED = 1;
        static final int INVALID_ARGUMENT = 3;
        static final int DEADLINE_EXCEEDED = 4;
        static final int NOT_FOUND = 5;
        static final int PERMISSION_DENIED = 7;
        static final int RESOURCE_EXHAUSTED = 8;
        static final int FAILED_PRECONDITION = 9;
        static final int ABORTED = 10;
        static final int UNIMPLEMENTED = 12;
        static final int INTERNAL = 13;
        static final int UNAVAILABLE = 14;
        static final int UNAUTHENTICATED = 16;

        private Grpc() {}
    }
}
