package dev.patchbay.server.oip;

import dev.patchbay.api.ErrorCode;
import dev.patchbay.api.InferenceException;
import dev.patchbay.core.routing.Resolution;
import dev.patchbay.server.answer.Answers;
import dev.patchbay.server.http.Answer;
import dev.patchbay.server.http.AnswerHeaders;
import dev.patchbay.server.inference.InferenceHandler;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/// The protocol's answers over REST.
final class OipAnswers {

    private static final JsonMapper JSON = JsonMapper.shared();

    private OipAnswers() {}

    /// Gives an error that is not about a call.
    static Answer error(InferenceException error) {
        return Answers.json(
                status(error.code()), JsonNodeFactory.instance.objectNode().put("error", error.getMessage()));
    }

    /// Gives the error of a call.
    static Answer error(InferenceException error, String requestId, @Nullable Resolution resolution) {
        AnswerHeaders headers =
                InferenceHandler.identity(AnswerHeaders.contentType("application/json"), requestId, resolution);
        error.retryAfter().map(OipAnswers::seconds).ifPresent(wait -> headers.add("retry-after", wait));
        return new Answer(
                status(error.code()),
                headers,
                JSON.writeValueAsBytes(JsonNodeFactory.instance.objectNode().put("error", error.getMessage())));
    }

    private static String seconds(Duration wait) {
        return Long.toString(Math.max(1, wait.plusMillis(999).toSeconds()));
    }

    /// Clients of the protocol know 400 for every request that does not fit.
    static int status(ErrorCode code) {
        return switch (code) {
            case INVALID_REQUEST -> 400;
            case CANCELLED -> 408;
            default -> code.httpStatus();
        };
    }
}
