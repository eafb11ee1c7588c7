package dev.patchbay.bench.swap;

import dev.patchbay.bench.load.Answer;
import dev.patchbay.bench.load.AnswerCheck;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// Every answer must be of the version it names, and of none that was replaced before the call was sent.
final class VersionCheck implements AnswerCheck {
    private final SwapModel model;
    private volatile int inForce;

    VersionCheck(SwapModel model) {
        this.model = model;
    }

    void inForce(int change) {
        inForce = change;
    }

    @Override
    public long mark() {
        return inForce;
    }

    @Override
    public @Nullable String objection(long mark, Answer answer) {
        String version = answer.header("inference-version");
        if (version == null || !version.startsWith("1.0.")) {
            return "an answer without its version";
        }
        int change = Integer.parseInt(version.substring(4));
        if (change < mark) {
            return "answered by %s although %s was in force when the call was sent"
                    .formatted(version, SwappedGateway.version((int) mark));
        }
        return model.objection(change, JsonMapper.shared().readTree(answer.content()));
    }
}
