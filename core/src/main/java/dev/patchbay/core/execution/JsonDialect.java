package dev.patchbay.core.execution;

import tools.jackson.databind.JsonNode;

/// The task's own JSON.
///
/// @param question as it was read
public record JsonDialect(JsonNode question) implements Dialect {

    @Override
    public Object decode(Callee callee) {
        return callee.codec().decode(question);
    }

    @Override
    public byte[] encode(Callee callee, Object answer) {
        return callee.codec().encode(answer);
    }

    @Override
    public byte[] encodePart(Callee callee, Object part) {
        return callee.codec().encodePart(part);
    }
}
