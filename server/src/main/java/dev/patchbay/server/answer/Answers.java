package dev.patchbay.server.answer;

import dev.patchbay.server.http.Answer;
import dev.patchbay.server.http.AnswerHeaders;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Makes answers of the usual kinds.
public final class Answers {

    private static final JsonMapper JSON = JsonMapper.shared();

    private Answers() {}

    /// Answers with JSON.
    public static Answer json(int status, JsonNode body) {
        return new Answer(status, AnswerHeaders.contentType("application/json"), JSON.writeValueAsBytes(body));
    }

    /// Answers with a problem and its own status.
    public static Answer problem(Problem problem) {
        return problem(problem, problem.status());
    }

    static Answer problem(Problem problem, int status) {
        AnswerHeaders headers = AnswerHeaders.contentType(Problem.MEDIA_TYPE);
        String retryAfter = problem.retryAfterSeconds();
        if (retryAfter != null) {
            headers.add("retry-after", retryAfter);
        }
        return new Answer(status, headers, problem.json(status));
    }
}
