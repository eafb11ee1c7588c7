package dev.patchbay.core.execution;

/// Where calls of one instance wait for a thread of its lane. Safe for threads.
interface Line {

    /// Whether a call may wait.
    enum Admission {
        TAKEN,
        LINE_FULL,
        TOO_LATE
    }

    /// Starts the execution or lets it wait. It is turned away when the line is full, and also when its
    /// deadline would pass before its turn: a late answer helps nobody and delays the others.
    Admission admit(Execution execution, long now);

    /// Drops an execution that nobody waits for, so that it does not take up room.
    ///
    /// @return whether it was still in line
    boolean leave(Execution execution);

    /// Looks whether one that waits may start by now, after time has passed.
    void look(long now);

    /// Counts the executions that wait.
    int waiting();

    /// Gives how many threads of the lane are used at most.
    int concurrency();

    /// Estimates how long a call that joins now would wait.
    long waitNanos();
}
