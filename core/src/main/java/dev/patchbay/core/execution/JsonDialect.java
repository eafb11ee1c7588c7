package dev.patchbay.core.execution;

import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// The task's own JSON.
///
/// @param question as it was read
public record JsonDialect(JsonNode question) implements TaskDialect {

    @Override
    public JsonNode question(Callee callee) {
        return question;
    }

    @Override
    public byte[] say(Callee callee, byte[] json) {
        return json;
    }

    @Override
    public byte[] encodePart(Callee callee, Object part) {
        return callee.codec().encodePart(part);
    }

    @Override
    public Optional<Dialect> again() {
        return Optional.of(this);
    }

    @Override
    public Optional<byte[]> inOwnJson(byte[] answer) {
        return Optional.of(answer);
    }
}
