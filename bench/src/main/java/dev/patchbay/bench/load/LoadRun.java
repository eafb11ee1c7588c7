package dev.patchbay.bench.load;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAccumulator;

/// One run of a plan, on as few threads as can make the calls.
public final class LoadRun implements AutoCloseable {
    private static final int PROCESSORS_PER_THREAD = 4;

    private final LoadPlan plan;
    private final long start = System.nanoTime();
    private final AtomicLong calls = new AtomicLong();
    private final List<CallerLoop> loops = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicLong lastAnswer = new AtomicLong();
    private final LongAccumulator longestGap = new LongAccumulator(Math::max, 0);
    private volatile boolean stopped;

    private LoadRun(LoadPlan plan) {
        this.plan = plan;
    }

    /// Starts the load and returns at once.
    public static LoadRun start(LoadPlan plan) {
        LoadRun run = new LoadRun(plan);
        List<ByteBuffer> requests = plan.bodies().stream()
                .map(body -> direct(Connection.request("POST", plan.target(), plan.headers(), body)))
                .toList();
        int most = Math.max(1, Runtime.getRuntime().availableProcessors() / PROCESSORS_PER_THREAD);
        int threads = Math.min(most, plan.connections());
        for (int i = 0; i < threads; i++) {
            int connections = (plan.connections() + i) / threads;
            CallerLoop loop = new CallerLoop(plan, run, connections, requests);
            run.loops.add(loop);
            run.threads.add(Thread.ofPlatform().daemon().name("callers-" + i).start(loop));
        }
        return run;
    }

    /// A copy that is sent without being copied again.
    private static ByteBuffer direct(byte[] bytes) {
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }

    /// Lets calls under way come to their end, starts no new ones, and sums up.
    public LoadReport stop() {
        stopped = true;
        return await();
    }

    /// Waits for the end of the plan and sums up.
    public LoadReport await() {
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for the last answers", e);
        }
        double seconds = elapsed() / 1e9;
        stopped = true;
        Tally sum = new Tally();
        loops.forEach(loop -> loop.callers().forEach(caller -> sum.add(caller.tally())));
        return LoadReport.of(sum, seconds, longestGap.get());
    }

    @Override
    public void close() {
        stopped = true;
    }

    long elapsed() {
        return System.nanoTime() - start;
    }

    /// Notes the time from one answer to the next, on whatever connection they came.
    void answered() {
        long now = elapsed();
        longestGap.accumulate(now - lastAnswer.getAndAccumulate(now, Math::max));
    }

    /// The number of the next call, or -1 when the plan is done.
    long nextCall() {
        long call = calls.getAndIncrement();
        boolean over =
                stopped || call >= plan.calls() || elapsed() >= plan.duration().toNanos();
        return over ? -1 : call;
    }
}
