package dev.patchbay.core.execution;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Lets a thread give way to those that answer calls: where it competes for a core it gets a tenth of it, and a core
/// that is idle it gets whole.
///
/// Java's own thread priorities do nothing on Linux unless the whole process is started for it, and then they raise
/// the JVM's threads as well. So this is `nice(2)`, which on Linux means the calling thread; elsewhere nothing
/// happens, because there it would mean the process.
public final class Niceness {

    private static final Logger log = LoggerFactory.getLogger(Niceness.class);
    /// Ten steps are a tenth of the weight.
    private static final int STEPS = 10;

    private Niceness() {}

    /// Lets the calling thread give way until it ends: without rights a process cannot take that back. Threads that it
    /// starts inherit it, also those of native libraries; so it is for work that starts none.
    public static void giveWay() {
        if (!System.getProperty("os.name").equals("Linux")) {
            return;
        }
        try {
            Linker linker = Linker.nativeLinker();
            MethodHandle nice = linker.downcallHandle(
                    linker.defaultLookup().findOrThrow("nice"),
                    FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
            int now = (int) nice.invokeExact(STEPS);
            log.debug("{} gives way, at {}", Thread.currentThread().getName(), now);
        } catch (Throwable e) {
            // it goes on like any other, then
            log.debug("{} does not give way", Thread.currentThread().getName(), e);
        }
    }
}
