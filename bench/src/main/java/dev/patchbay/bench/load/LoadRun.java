package dev.patchbay.bench.load;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAccumulator;

/// One run of a plan: a platform thread per connection, which costs less than a virtual one for blocking reads.
public final class LoadRun implements AutoCloseable {
    private final LoadPlan plan;
    private final long start = System.nanoTime();
    private final AtomicLong calls = new AtomicLong();
    private final List<Caller> callers = new ArrayList<>();
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
        for (int i = 0; i < plan.connections(); i++) {
            Caller caller = new Caller(plan, run);
            run.callers.add(caller);
            run.threads.add(Thread.ofPlatform().daemon().name("caller-" + i).start(caller));
        }
        run.threads.add(Thread.ofPlatform().daemon().name("timeouts").start(run::breakOverdueCalls));
        return run;
    }

    /// Lets calls under way come to their end, starts no new ones, and sums up.
    public LoadReport stop() {
        stopped = true;
        return await();
    }

    /// Waits for the end of the plan and sums up.
    public LoadReport await() {
        try {
            for (Thread thread : threads.subList(0, callers.size())) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for the last answers", e);
        }
        double seconds = elapsed() / 1e9;
        stopped = true;
        Tally sum = new Tally();
        callers.forEach(caller -> sum.add(caller.tally()));
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

    private void breakOverdueCalls() {
        while (!stopped) {
            try {
                Thread.sleep(100);
            } catch (InterruptedException e) {
                return;
            }
            callers.forEach(caller -> caller.breakIfOverdue(plan.timeout().toNanos()));
        }
    }
}
