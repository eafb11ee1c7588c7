package dev.patchbay.testkit.load;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import dev.patchbay.testkit.Reply;
import dev.patchbay.testkit.RunningModule;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Phaser;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/// Asks a module many times. At a rate, a call's latency counts from the moment it was due, not from when it could
/// be sent: a module that stands still for a second is charged with every call that was due in that second
/// (no [coordinated omission](https://www.infoq.com/presentations/latency-response-time/)).
final class LoadRun {

    private static final int DIGITS = 3;
    private static final long A_SECOND = 1_000_000_000L;

    private final RunningModule module;
    private final List<byte[]> requests;
    private final Recorder recorder = new Recorder(DIGITS);
    private final Map<String, LongAdder> errors = new ConcurrentHashMap<>();
    private final LongAdder answered = new LongAdder();
    private final Phaser inside = new Phaser(1);

    private LoadRun(RunningModule module, List<byte[]> requests) {
        this.module = module;
        this.requests = requests;
    }

    /// Runs a plan.
    ///
    /// @param requests that take turns
    static LoadResult of(RunningModule module, List<byte[]> requests, LoadPlan plan) throws InterruptedException {
        new LoadRun(module, requests).run(plan, plan.warmUp());
        return new LoadRun(module, requests).run(plan, plan.time());
    }

    private LoadResult run(LoadPlan plan, Duration time) throws InterruptedException {
        long heapBefore = heap();
        long allocatedBefore = allocated();
        others();
        long from = System.nanoTime();
        List<Histogram> seconds = new ArrayList<>();
        Thread clock = Thread.ofVirtual().start(() -> bySecond(seconds));
        if (plan.rate() > 0) {
            atRate(plan.rate(), from, time);
        } else {
            closedLoop(plan.callers(), from + time.toNanos());
        }
        inside.arriveAndAwaitAdvance();
        long elapsed = System.nanoTime() - from;
        double others = others();
        clock.interrupt();
        clock.join();
        seconds.add(recorder.getIntervalHistogram());
        Histogram all = new Histogram(DIGITS);
        seconds.forEach(all::add);
        Map<String, Long> failures = new TreeMap<>();
        errors.forEach((code, count) -> failures.put(code, count.sum()));
        long calls = Math.max(1, all.getTotalCount());
        return new LoadResult(
                all,
                List.copyOf(seconds),
                answered.sum(),
                Map.copyOf(failures),
                elapsed,
                (allocated() - allocatedBefore) / calls,
                heap() - heapBefore,
                others);
    }

    /// What other processes take of all processors since this was asked before.
    private static double others() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
                ? Math.max(0, system.getCpuLoad() - Math.max(0, system.getProcessCpuLoad()))
                : 0;
    }

    private void bySecond(List<Histogram> seconds) {
        try {
            while (true) {
                Thread.sleep(Duration.ofSeconds(1));
                seconds.add(recorder.getIntervalHistogram());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void atRate(int rate, long from, Duration time) throws InterruptedException {
        long calls = rate * time.toMillis() / 1000;
        for (long i = 0; i < calls; i++) {
            long due = from + i * A_SECOND / rate;
            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                LockSupport.parkNanos(left);
            }
            inside.register();
            module.send(request(i)).thenAccept(reply -> {
                count(reply, due);
                inside.arriveAndDeregister();
            });
        }
    }

    private void closedLoop(int callers, long end) throws InterruptedException {
        List<Future<?>> all = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int caller = 0; caller < callers; caller++) {
                long first = caller;
                all.add(threads.submit(() -> {
                    for (long i = first; System.nanoTime() < end; i += callers) {
                        long sent = System.nanoTime();
                        count(module.send(request(i)).join(), sent);
                    }
                }));
            }
            for (Future<?> each : all) {
                each.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("a reply never fails", e);
        }
    }

    private byte[] request(long i) {
        return requests.get((int) (i % requests.size()));
    }

    private void count(Reply reply, long since) {
        recorder.recordValue(Math.max(1, System.nanoTime() - since));
        switch (reply) {
            case Reply.Answer _ -> answered.increment();
            case Reply.Refusal refusal ->
                errors.computeIfAbsent(refusal.error().code().id(), code -> new LongAdder())
                        .increment();
        }
    }

    private static long allocated() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getTotalThreadAllocatedBytes();
    }

    @SuppressWarnings("PMD.DoNotCallGarbageCollectionExplicitly")
    private static long heap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
