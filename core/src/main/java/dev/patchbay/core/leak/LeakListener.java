package dev.patchbay.core.leak;

/// Is told what an operator should know of retired loaders. Called by the thread that collected; must not block.
public interface LeakListener {

    /// A loader is leaked.
    ///
    /// @param name as it was tracked, such as `behavior_score@3.0.0#1`
    /// @param words what is known, for people
    void leaked(String name, String words);

    /// A loader that was leaked was collected after all.
    ///
    /// @param name as it was tracked
    /// @param words what is known, for people
    void unloadedAfterAll(String name, String words);
}
