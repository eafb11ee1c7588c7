package dev.patchbay.core.execution;

/// Takes the parts of a streamed answer on behalf of a caller that wants them.
public interface PartSink {

    /// Sends one part and waits while the caller reads slower than the module writes.
    ///
    /// @param json the part, valid by its schema
    /// @throws InterruptedException when the call was cancelled or timed out while waiting
    void part(byte[] json) throws InterruptedException;
}
