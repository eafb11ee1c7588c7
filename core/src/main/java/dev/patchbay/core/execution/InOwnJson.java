package dev.patchbay.core.execution;

/// A question as its caller put it, answered in the version's own JSON: how a shadow is asked.
///
/// @param asked how the caller put it
public record InOwnJson(Dialect asked) implements Dialect {

    @Override
    public Object decode(Callee callee) {
        return asked.decode(callee);
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
