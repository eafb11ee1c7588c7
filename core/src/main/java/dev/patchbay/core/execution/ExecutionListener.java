package dev.patchbay.core.execution;

/// Is told what goes wrong with a version beyond single calls. Told on threads of calls: does not block.
@FunctionalInterface
public interface ExecutionListener {

    /// So many calls ignore their end that the version may get no more.
    void stuck(String cause);

    /// A call goes on long after its end, the first one or the first after a time without.
    ///
    /// @param where the place in the module, or `an unknown place`
    /// @param limit calls like this that make it [#stuck]
    default void lingers(String where, int limit) {}

    /// A call ended with an error of the JVM's own.
    default void broke(Breakage breakage) {}

    /// The module was asked, or still answered, when its teardown had begun. Never happens, if we are right.
    default void calledAfterTeardown(String requestId) {}

    /// The version rests after failures.
    default void circuitOpened(String why) {}

    /// A call succeeded after the version had rested.
    default void circuitClosed() {}
}
