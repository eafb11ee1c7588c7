package dev.patchbay.runtime.python;

import dev.patchbay.api.Call;
import dev.patchbay.api.ErrorCode;
import dev.patchbay.api.InferenceException;
import dev.patchbay.api.Metrics;
import dev.patchbay.api.runtime.Folder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The processes of one module. One that ends is started again, sooner the longer it had lived.
final class WorkerPool implements AutoCloseable {

    private static final Duration LIVED = Duration.ofSeconds(10);
    private static final long FIRST_PAUSE_MILLIS = 100;
    private static final long LONGEST_PAUSE_MILLIS = 30_000;
    private static final int MOST_DOUBLINGS = 9;
    private static final Duration SLICE = Duration.ofMillis(50);

    private final Launch launch;
    private final Metrics.Counter restarts;
    private final Consumer<String> events;
    /// A worker is in it as often as it can take another call.
    private final LinkedBlockingQueue<Worker> free = new LinkedBlockingQueue<>();
    private final List<Place> places = new ArrayList<>();
    private final AtomicInteger up = new AtomicInteger();
    private volatile boolean closed;
    private volatile String lastEnd = "has not come up yet";

    /// Where one process after the other runs.
    private static final class Place {
        private final String name;
        private final CompletableFuture<Worker.Loaded> first = new CompletableFuture<>();
        private @Nullable Thread supervisor;
        private volatile @Nullable Worker worker;

        Place(String name) {
            this.name = name;
        }
    }

    /// @param events told when a process was lost, in words for an operator
    WorkerPool(Launch launch, Metrics metrics, Consumer<String> events) {
        this.launch = launch;
        this.events = events;
        this.restarts = metrics.counter("python.restarts");
        metrics.gauge("python.workers", up::get);
    }

    /// Starts all processes.
    ///
    /// @return what the module takes and gives
    /// @throws WorkerLost if one does not come up, saying why
    Worker.Loaded start() throws WorkerLost, InterruptedException {
        for (int i = 1; i <= launch.settings().workers(); i++) {
            Place place = new Place("%s-python-%d".formatted(launch.name(), i));
            Thread supervisor =
                    Thread.ofVirtual().name(place.name + "-supervisor").unstarted(() -> supervise(place));
            supervisor.setContextClassLoader(WorkerPool.class.getClassLoader());
            place.supervisor = supervisor;
            places.add(place);
            supervisor.start();
        }
        Worker.Loaded loaded = null;
        for (Place place : places) {
            try {
                loaded = place.first.get();
            } catch (ExecutionException e) {
                if (e.getCause() instanceof WorkerLost lost) {
                    throw lost;
                }
                throw new IllegalStateException(e);
            }
        }
        return java.util.Objects.requireNonNull(loaded);
    }

    private void supervise(Place place) {
        int failures = 0;
        try {
            while (!closed) {
                long since = System.nanoTime();
                boolean good = false;
                place.worker = null;
                try {
                    Worker.Loaded loaded = Worker.start(launch, place.name);
                    since = System.nanoTime();
                    good = live(place, loaded);
                } catch (WorkerLost e) {
                    if (place.first.completeExceptionally(e)) {
                        return;
                    }
                    lastEnd = e.getMessage() == null ? "did not come up" : e.getMessage();
                }
                if (closed) {
                    return;
                }
                failures = good && System.nanoTime() - since > LIVED.toNanos() ? 0 : failures + 1;
                long pause = pauseMillis(failures);
                String next = "it is started again " + (pause == 0 ? "at once" : "in " + pause + " ms");
                launch.logger().log(System.Logger.Level.INFO, "python: the process %s; %s".formatted(lastEnd, next));
                events.accept("%s: a Python process %s%s; %s".formatted(launch.name(), lastEnd, inside(place), next));
                restarts.add(1);
                Thread.sleep(pause);
            }
        } catch (InterruptedException e) {
            // the module is torn down
        } finally {
            place.first.completeExceptionally(new WorkerLost("The module was torn down while it started"));
        }
    }

    private static String inside(Place place) {
        Worker worker = place.worker;
        int lost = worker == null ? 0 : worker.lostCalls();
        return switch (lost) {
            case 0 -> "";
            case 1 -> " with 1 call inside, which is lost";
            default -> " with %d calls inside, which are lost".formatted(lost);
        };
    }

    private static long pauseMillis(int failures) {
        return failures <= 1
                ? 0
                : Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << Math.min(failures - 2, MOST_DOUBLINGS));
    }

    /// Lends a process to calls as long as it lives.
    ///
    /// @return whether it answered anything
    private boolean live(Place place, Worker.Loaded loaded) throws InterruptedException {
        Worker worker = loaded.worker();
        place.worker = worker;
        if (closed) {
            worker.kill("was torn down");
        }
        up.incrementAndGet();
        for (int i = 0; i < launch.settings().concurrency(); i++) {
            free.add(worker);
        }
        place.first.complete(loaded);
        try {
            lastEnd = worker.awaitDeath();
        } finally {
            up.decrementAndGet();
            free.removeIf(each -> each == worker);
        }
        return worker.answered() > 0;
    }

    /// Answers a call in a process that is free, waiting for one if need be.
    ///
    /// @param clock told how long the process had the call
    /// @throws InferenceException if there is none in time, or it ends with the call inside
    JsonNode ask(Object request, Call call, Folder clock) throws InterruptedException {
        Worker worker = take(call);
        long from = System.nanoTime();
        try {
            return worker.ask(request, call, () -> giveBack(worker));
        } catch (WorkerLost e) {
            throw lost("The process that ran this call %s".formatted(e.getMessage()));
        } finally {
            clock.modelRan(from, System.nanoTime());
        }
    }

    private void giveBack(Worker worker) {
        if (worker.isAlive()) {
            free.add(worker);
            if (!worker.isAlive()) {
                free.removeIf(each -> each == worker);
            }
        }
    }

    private Worker take(Call call) throws InterruptedException {
        while (true) {
            Duration left = call.remaining();
            boolean waits = launch.settings().waits();
            Duration slice = waits || left.compareTo(SLICE) < 0 ? left : SLICE;
            Worker worker = free.poll(slice.toNanos(), TimeUnit.NANOSECONDS);
            if (worker != null && worker.isAlive()) {
                return worker;
            }
            if (worker == null && up.get() == 0 && (!waits || call.remaining().isZero())) {
                throw lost("No process of this module is up; the last one " + lastEnd);
            }
            if (worker == null && call.remaining().isZero()) {
                throw new InferenceException(
                        ErrorCode.DEADLINE_EXCEEDED, "All processes of %s were busy".formatted(launch.name()));
            }
        }
    }

    /// What a process said stays in the log; what it was ended for is no secret.
    private InferenceException lost(String message) {
        launch.logger().log(System.Logger.Level.WARNING, "python: " + message);
        int words = message.indexOf(". Its last words");
        return new InferenceException(
                ErrorCode.WORKER_LOST,
                "%s: %s. Try again".formatted(launch.name(), words < 0 ? message : message.substring(0, words)));
    }

    /// Tears all processes down; none is left when it returns.
    @Override
    public void close() throws InterruptedException {
        closed = true;
        List<Worker> workers = new ArrayList<>();
        for (Place place : places) {
            Worker worker = place.worker;
            if (worker != null && worker.isAlive()) {
                worker.tearDown();
                workers.add(worker);
            }
            Thread supervisor = place.supervisor;
            if (supervisor != null) {
                supervisor.interrupt();
            }
        }
        for (Worker worker : workers) {
            worker.endWithin(launch.settings().grace());
        }
        for (Place place : places) {
            Thread supervisor = place.supervisor;
            if (supervisor != null) {
                supervisor.join();
            }
            Worker worker = place.worker;
            if (worker != null && worker.isAlive()) {
                worker.endWithin(Duration.ZERO);
            }
        }
    }
}
