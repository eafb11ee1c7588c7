package dev.patchbay.core.execution;

import dev.patchbay.api.Batch;
import dev.patchbay.api.BatchModule;
import dev.patchbay.api.Call;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The line of a version whose module answers several calls at once. The life of a batched call, top to bottom:
///
/// 1. *admit*: it joins the line, or is turned away; the first call of an idle version starts a thread
/// 2. *take*: the thread takes the calls that came first, up to the largest batch
/// 3. *decode*: each request is checked and bound; one that is refused is answered and leaves
/// 4. *group*: those that may be with the first one stay, the others go back to the head of the line
/// 5. *answer*: whoever expired or left meanwhile stays out; the module answers the rest together. If it fails,
///    each half is tried again, so that in the end one bad request fails alone
/// 6. *end*: each answer is checked, written and given apart; the thread goes on with those who came meanwhile
///
/// A short batch is not worth a second thread: while one runs, the next one gathers. Only when it has run for
/// [#PATIENCE], or a whole batch waits, another thread of the lane takes over. Modules that need as long for a single
/// call share out what waits among all threads.
final class BatchLine implements Line {

    private static final Logger log = LoggerFactory.getLogger(BatchLine.class);
    private static final long PATIENCE = Duration.ofMillis(5).toNanos();

    private final Callee callee;
    private final BatchModule<Object, Object> module;
    private final ExecutionLimits limits;
    private final int largest;
    private final int concurrency;
    private final long patience;
    private final Executor threads;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition joined = lock.newCondition();
    private final ArrayDeque<Execution> line = new ArrayDeque<>();
    /// Threads that take batches, or were asked to.
    private int running;
    /// When a thread last began, by [System#nanoTime].
    private long begun;
    /// How long a batch holds its thread, and how long by each of its calls, as moving averages.
    private long batchNanos;
    private long callNanos;

    @SuppressWarnings("unchecked")
    BatchLine(Callee callee, ExecutionLimits limits, Executor threads) {
        this.callee = callee;
        this.module = (BatchModule<Object, Object>) callee.module();
        this.limits = limits;
        this.largest = limits.batchOf(callee.module());
        this.concurrency = limits.concurrencyOn(callee.lane());
        this.patience = PATIENCE + limits.batchWait().toNanos();
        this.threads = threads;
    }

    @Override
    public Admission admit(Execution call, long now) {
        lock.lock();
        try {
            if (running == concurrency) {
                if (line.size() >= limits.queue()) {
                    return Admission.LINE_FULL;
                }
                if (call.deadline() - now < expectedWait()) {
                    return Admission.TOO_LATE;
                }
            }
            line.add(call);
            if (line.size() >= largest) {
                joined.signal();
            }
            if (!mayStart(now)) {
                return Admission.TAKEN;
            }
            start(now);
        } finally {
            lock.unlock();
        }
        threads.execute(this::work);
        return Admission.TAKEN;
    }

    @Override
    public void look(long now) {
        lock.lock();
        try {
            if (line.isEmpty() || !mayStart(now)) {
                return;
            }
            start(now);
        } finally {
            lock.unlock();
        }
        threads.execute(this::work);
    }

    private boolean mayStart(long now) {
        if (running == 0 || running == concurrency) {
            return running == 0;
        }
        return line.size() >= Math.min(largest, limits.queue()) || now - begun >= patience;
    }

    private void start(long now) {
        running++;
        begun = now;
    }

    /// A thread of the lane answers batch after batch while there are calls.
    private void work() {
        while (true) {
            List<Execution> taken = take();
            if (taken.isEmpty()) {
                return;
            }
            int size = taken.size();
            long from = System.nanoTime();
            serve(taken);
            took(System.nanoTime() - from, size);
            letJoin();
        }
    }

    /// On a busy machine those who are about to join need the processor that this thread has: they get it as long as
    /// the line grows by it. On another machine this costs nothing.
    private void letJoin() {
        int before;
        int now = waiting();
        do {
            before = now;
            Thread.yield();
            now = waiting();
        } while (now > before && now < largest);
    }

    private List<Execution> take() {
        lock.lock();
        try {
            gather();
            int share = callNanos < PATIENCE ? line.size() : Math.ceilDiv(line.size(), concurrency);
            int size = Math.min(largest, share);
            List<Execution> taken = new ArrayList<>(size);
            while (taken.size() < size) {
                taken.add(line.remove());
            }
            begun = System.nanoTime();
            if (taken.isEmpty()) {
                running--;
            }
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /// Waits for more, if the config says so: until the batch is full or its first call has waited long enough.
    private void gather() {
        Execution first = line.peek();
        long left = first == null ? 0 : first.arrived() + limits.batchWait().toNanos() - System.nanoTime();
        while (left > 0 && !line.isEmpty() && line.size() < largest) {
            try {
                left = joined.awaitNanos(left);
            } catch (InterruptedException e) {
                // the lane is closed, which happens when no call is inside
                return;
            }
        }
    }

    private void took(long nanos, int size) {
        lock.lock();
        try {
            batchNanos += (nanos - batchNanos) / 8;
            callNanos += (nanos / size - callNanos) / 8;
        } finally {
            lock.unlock();
        }
    }

    private void serve(List<Execution> taken) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(callee.loader());
        var together = new Together(thread);
        try {
            decode(taken, together);
            group(taken);
            together.begin(taken);
            answer(taken);
        } catch (RuntimeException | Error bug) {
            log.error("{} failed around a batch", callee.name(), bug);
            taken.forEach(call -> call.fail(bug));
        } finally {
            together.end();
            thread.setContextClassLoader(before);
            taken.forEach(Execution::end);
        }
    }

    /// Lets in who is not over yet, and reads what they ask. The others are over.
    private void decode(List<Execution> taken, Together together) {
        List<Execution> decoded = new ArrayList<>(taken.size());
        for (Execution call : taken) {
            call.expire(System.nanoTime());
            if (call.enter(together) && call.decode(module)) {
                decoded.add(call);
            } else {
                call.end();
            }
        }
        keep(taken, decoded);
    }

    /// Keeps those that may be answered with the first one, and gives the others their place in line back.
    private void group(List<Execution> taken) {
        if (taken.size() < 2) {
            return;
        }
        Object key = taken.getFirst().batchKey();
        List<Execution> same = new ArrayList<>(taken.size());
        List<Execution> others = new ArrayList<>();
        for (Execution call : taken) {
            (call.batchKey().equals(key) ? same : others).add(call);
        }
        if (!others.isEmpty()) {
            keep(taken, same);
            giveBack(others);
        }
    }

    private static void keep(List<Execution> taken, List<Execution> left) {
        taken.clear();
        taken.addAll(left);
    }

    private void giveBack(List<Execution> others) {
        List<Execution> over = new ArrayList<>();
        boolean more;
        lock.lock();
        try {
            for (Execution call : others.reversed()) {
                if (call.stepBack()) {
                    line.addFirst(call);
                } else {
                    over.add(call);
                }
            }
            // they need not wait for this batch
            more = !line.isEmpty() && running < concurrency;
            if (more) {
                start(System.nanoTime());
            }
        } finally {
            lock.unlock();
        }
        over.forEach(Execution::end);
        if (more) {
            threads.execute(this::work);
        }
    }

    private void answer(List<Execution> calls) {
        List<Execution> waiting = new ArrayList<>(calls.size());
        for (Execution call : calls) {
            call.expire(System.nanoTime());
            if (!call.isAnswered()) {
                waiting.add(call);
            }
        }
        if (waiting.isEmpty()) {
            return;
        }
        CallTimings together = new CallTimings(System.nanoTime());
        if (waiting.size() == 1) {
            waiting.getFirst().answerAlone(together);
            return;
        }
        List<Object> answers;
        try {
            answers = ScopedValue.where(CurrentCall.TIMINGS, together).call(() -> predictAll(waiting));
            together.predicted();
        } catch (Throwable t) {
            log.debug("{} failed on a batch of {}; each half is tried again", callee.name(), waiting.size());
            int middle = waiting.size() / 2;
            answer(waiting.subList(0, middle));
            answer(waiting.subList(middle, waiting.size()));
            return;
        }
        for (int i = 0; i < waiting.size(); i++) {
            waiting.get(i).answered(answers.get(i), together, waiting.size(), i == 0);
        }
    }

    private List<Object> predictAll(List<Execution> calls) throws Exception {
        List<Object> requests = new ArrayList<>(calls.size());
        List<Call> seen = new ArrayList<>(calls.size());
        for (Execution call : calls) {
            requests.add(call.input());
            seen.add(call.seen());
        }
        List<Object> answers = module.predictAll(requests, new Batch(seen));
        if (answers == null || answers.size() != requests.size()) {
            throw new IllegalStateException("predictAll was asked %d requests and gave %s answers"
                    .formatted(requests.size(), answers == null ? "no" : answers.size()));
        }
        // a list of the module's own making may fail when it is read
        return new ArrayList<>(answers);
    }

    /// What the calls of a batch have in common: the thread, which is interrupted when the last of them is abandoned.
    private static final class Together implements Execution.Holder {

        private final AtomicBoolean stuck = new AtomicBoolean();
        private @Nullable Thread thread;
        private List<Execution> calls = List.of();

        Together(Thread thread) {
            this.thread = thread;
        }

        synchronized void begin(List<Execution> those) {
            calls = those;
        }

        @Override
        public synchronized void abandoned() {
            if (thread != null && !calls.isEmpty() && calls.stream().allMatch(Execution::isAnswered)) {
                thread.interrupt();
            }
        }

        /// After this no interrupt can reach the thread any more; one that came late must not reach its next call.
        synchronized void end() {
            thread = null;
            Thread.interrupted();
        }

        @Override
        public boolean firstToBeStuck() {
            return stuck.compareAndSet(false, true);
        }

        @Override
        public synchronized String where(Callee callee) {
            Thread inside = thread;
            return Breakage.where(inside == null ? new StackTraceElement[0] : inside.getStackTrace(), callee);
        }
    }

    @Override
    public boolean leave(Execution execution) {
        lock.lock();
        try {
            return line.remove(execution);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int waiting() {
        lock.lock();
        try {
            return line.size();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int concurrency() {
        return concurrency;
    }

    @Override
    public long waitNanos() {
        lock.lock();
        try {
            return expectedWait();
        } finally {
            lock.unlock();
        }
    }

    private long expectedWait() {
        return batchNanos * (line.size() / largest + 1) / concurrency;
    }
}
