package dev.patchbay.bench.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// The calls of many connections on one thread. A thread for each would wake up for every answer, and on a machine
/// that the driver shares with the server that is taken from the server.
final class CallerLoop implements Runnable {
    private static final long TICK_MILLIS = 100;

    private final LoadRun run;
    private final Selector selector;
    private final List<Caller> callers = new ArrayList<>();
    /// Those whose call is not due yet.
    private final PriorityQueue<Caller> waiting = new PriorityQueue<>(Comparator.comparingLong(Caller::startsAt));

    private int open;

    CallerLoop(LoadPlan plan, LoadRun run, int connections, List<ByteBuffer> requests) {
        this.run = run;
        try {
            selector = Selector.open();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        for (int i = 0; i < connections; i++) {
            callers.add(new Caller(plan, run, selector, requests));
        }
    }

    /// Read after the thread has ended.
    List<Caller> callers() {
        return callers;
    }

    @Override
    public void run() {
        // a selector waits for whole milliseconds, calls are due in between
        try (ScheduledExecutorService alarm = Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().daemon().name("alarm").factory());
                selector) {
            open = callers.size();
            callers.forEach(this::next);
            long alarmFor = -1;
            long lookedAt = run.elapsed();
            while (open > 0) {
                Caller first = waiting.peek();
                if (first != null && first.startsAt() != alarmFor) {
                    alarmFor = first.startsAt();
                    alarm.schedule(selector::wakeup, alarmFor - run.elapsed(), TimeUnit.NANOSECONDS);
                }
                selector.select(this::ready, TICK_MILLIS);
                startDue();
                if (run.elapsed() - lookedAt > TimeUnit.MILLISECONDS.toNanos(TICK_MILLIS)) {
                    lookedAt = run.elapsed();
                    callers.stream().filter(Caller::breakIfOverdue).forEach(this::next);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void ready(SelectionKey key) {
        Caller caller = (Caller) key.attachment();
        if (key.isValid() && caller.ready(key)) {
            next(caller);
        }
    }

    private void startDue() {
        while (!waiting.isEmpty() && waiting.element().startsAt() <= run.elapsed()) {
            start(waiting.remove());
        }
    }

    private void next(Caller caller) {
        if (!caller.take()) {
            open--;
        } else if (caller.startsAt() <= run.elapsed()) {
            start(caller);
        } else {
            waiting.add(caller);
        }
    }

    private void start(Caller caller) {
        if (caller.send()) {
            next(caller);
        }
    }
}
