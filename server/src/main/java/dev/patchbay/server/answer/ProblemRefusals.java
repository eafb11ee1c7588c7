package dev.patchbay.server.answer;

import dev.patchbay.api.ErrorCode;
import dev.patchbay.server.grpc.GrpcStatus;
import dev.patchbay.server.http.Answer;
import dev.patchbay.server.http.AnswerHeaders;
import dev.patchbay.server.http.Refusal;
import dev.patchbay.server.http.Refusals;
import tools.jackson.databind.node.JsonNodeFactory;

/// Gives what the transport refuses the form of all other errors; below `/v2` that of the
/// Open Inference Protocol, and on the paths of gRPC methods a status of gRPC.
public final class ProblemRefusals implements Refusals {

    private static final byte[] NOTHING = {};

    @Override
    public Answer answer(Refusal refusal, String path, String detail) {
        ErrorCode code = switch (refusal) {
            case MALFORMED_REQUEST, UNSUPPORTED_TRANSFER_ENCODING, EXPECTATION_FAILED, VERSION_NOT_SUPPORTED ->
                ErrorCode.MALFORMED_REQUEST;
            case NOT_FOUND -> ErrorCode.NOT_FOUND;
            case METHOD_NOT_ALLOWED -> ErrorCode.METHOD_NOT_ALLOWED;
            case REQUEST_TIMEOUT -> ErrorCode.REQUEST_TIMEOUT;
            case PAYLOAD_TOO_LARGE -> ErrorCode.PAYLOAD_TOO_LARGE;
            case URI_TOO_LONG -> ErrorCode.URI_TOO_LONG;
            case HEADERS_TOO_LARGE -> ErrorCode.HEADERS_TOO_LARGE;
            case INTERNAL_ERROR -> ErrorCode.INTERNAL;
        };
        String text = refusal == Refusal.INTERNAL_ERROR
                ? "The gateway failed on this request; the cause is in its log under " + detail
                : detail;
        if (path.equals("/v2") || path.startsWith("/v2/")) {
            return Answers.json(
                    refusal.status(), JsonNodeFactory.instance.objectNode().put("error", text));
        }
        if (path.startsWith("/inference.") || path.startsWith("/grpc.")) {
            AnswerHeaders status = new GrpcStatus(code.grpcStatus(), text).addTo(AnswerHeaders.none());
            return new Answer(200, AnswerHeaders.contentType("application/grpc"), NOTHING, status);
        }
        return Answers.problem(Problem.of(code, text), refusal.status());
    }
}
