package dev.patchbay.api;

/// The kind of threads a module's calls run on. Each version has lanes of its own, so that a slow version
/// never holds the threads of another.
public enum Lane {
    /// On the thread that read the request. Only for calls that end within microseconds and never block: a
    /// blocking call here stalls every connection that shares the thread, and cannot be interrupted.
    INLINE,
    /// On a bounded set of platform threads: computation in Java or in a native engine.
    COMPUTE,
    /// On a virtual thread per call: waiting for networks, files or other tasks.
    IO
}
