package dev.patchbay.core.execution;

import tools.jackson.databind.JsonNode;

/// The way from a module back into the gateway, to ask another task.
@FunctionalInterface
public interface TaskCaller {

    /// Asks a task and waits for its answer.
    ///
    /// @param task the task, or `task@version` for one of its versions
    Outcome ask(String task, JsonNode request, CallContext context) throws InterruptedException;
}
