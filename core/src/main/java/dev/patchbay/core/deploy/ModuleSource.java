package dev.patchbay.core.deploy;

import java.nio.file.Path;

/// A place that artifacts appear in and disappear from.
public interface ModuleSource extends AutoCloseable {

    /// Told what happens in the place, by one thread.
    interface Listener {

        /// An artifact is there, whole, or has other content than before.
        void appeared(Path artifact);

        /// An artifact is on its way.
        ///
        /// @param why what is waited for
        void incomplete(Path artifact, String why);

        /// An artifact is no longer there.
        void disappeared(Path artifact);
    }

    /// Tells the listener what is there, and then what changes.
    void start(Listener listener);

    /// Looks at the place now; returns when the listener was told.
    void scan();

    @Override
    void close();
}
