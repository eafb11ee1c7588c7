package dev.patchbay.core.execution;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ThreadFactory;

/// The platform threads of one version's lane, and what they spent: the system counts for each thread, so that calls
/// pay nothing for it. Safe for threads.
final class LaneThreads implements ThreadFactory {

    private final ThreadMXBean system = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final ThreadFactory factory;
    private final Set<Thread> running = new HashSet<>();
    private long endedNanos;
    private long endedBytes;

    LaneThreads(ThreadFactory factory) {
        this.factory = factory;
    }

    @Override
    public Thread newThread(Runnable work) {
        return factory.newThread(() -> {
            begun();
            try {
                work.run();
            } finally {
                ended();
            }
        });
    }

    private synchronized void begun() {
        running.add(Thread.currentThread());
    }

    private synchronized void ended() {
        running.remove(Thread.currentThread());
        endedNanos += Math.max(0, system.getCurrentThreadCpuTime());
        endedBytes += Math.max(0, system.getCurrentThreadAllocatedBytes());
    }

    synchronized LaneUse use() {
        long nanos = endedNanos;
        long bytes = endedBytes;
        for (Thread thread : running) {
            nanos += Math.max(0, system.getThreadCpuTime(thread.threadId()));
            bytes += Math.max(0, system.getThreadAllocatedBytes(thread.threadId()));
        }
        return new LaneUse(nanos, bytes);
    }
}
