package dev.patchbay.core.cache;

import dev.patchbay.core.execution.Callee;
import dev.patchbay.core.execution.TaskDialect;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A dialect that notes the answer in the task's own JSON, which can be said in any other.
final class Noting implements TaskDialect {

    private final TaskDialect dialect;
    private volatile byte @Nullable [] json;

    Noting(TaskDialect dialect) {
        this.dialect = dialect;
    }

    /// Gives the answer of a call that was answered.
    byte[] json() {
        return Objects.requireNonNull(json);
    }

    @Override
    public JsonNode question(Callee callee) {
        return dialect.question(callee);
    }

    @Override
    public byte[] say(Callee callee, byte[] answer) {
        json = answer;
        return dialect.say(callee, answer);
    }

    @Override
    public byte[] encodePart(Callee callee, Object part) {
        return dialect.encodePart(callee, part);
    }
}
