package dev.patchbay.core.execution;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/// What threads spent is counted while they run and after they ended, once.
class LaneThreadsTest {

    private static final long WORK = 30_000_000;
    private static final int MEGABYTES = 16;

    private final LaneThreads lane =
            new LaneThreads(Thread.ofPlatform().daemon().factory());

    /// Uses a processor for [#WORK] nanoseconds and allocates.
    private static void work() {
        long begin = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        byte[][] kept = new byte[MEGABYTES][];
        for (int i = 0; i < MEGABYTES; i++) {
            kept[i] = new byte[1 << 20];
        }
        while (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - begin < WORK) {
            kept[0][0]++;
        }
    }

    @Test
    void aRunningThreadIsCountedAndAnEndedOneStaysCounted() throws Exception {
        CountDownLatch worked = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        Thread thread = lane.newThread(() -> {
            work();
            worked.countDown();
            try {
                end.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        assertThat(lane.use()).isEqualTo(new LaneUse(0, 0));
        thread.start();
        worked.await();
        LaneUse running = lane.use();
        assertThat(running.cpuNanos()).isGreaterThanOrEqualTo(WORK);
        assertThat(running.allocatedBytes()).isGreaterThanOrEqualTo((long) MEGABYTES << 20);
        end.countDown();
        thread.join();
        LaneUse ended = lane.use();
        assertThat(ended.cpuNanos()).isBetween(running.cpuNanos(), running.cpuNanos() + WORK);
        assertThat(ended.allocatedBytes()).isGreaterThanOrEqualTo(running.allocatedBytes());

        Thread another = lane.newThread(LaneThreadsTest::work);
        another.start();
        another.join();
        assertThat(lane.use().cpuNanos()).isGreaterThanOrEqualTo(2 * WORK);
        assertThat(lane.use().allocatedBytes()).isGreaterThanOrEqualTo(2L * MEGABYTES << 20);
    }

    @Test
    void aThreadThatDiesIsCounted() throws Exception {
        Thread thread = lane.newThread(() -> {
            work();
            throw new IllegalStateException("planned");
        });
        thread.setUncaughtExceptionHandler((_, _) -> {});
        thread.start();
        thread.join();
        assertThat(lane.use().cpuNanos()).isGreaterThanOrEqualTo(WORK);
    }
}
