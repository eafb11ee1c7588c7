package dev.patchbay.runtime.python;

import dev.patchbay.api.Call;
import dev.patchbay.api.ErrorCode;
import dev.patchbay.api.InferenceException;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// One process with the module, from its start to its end. What happens inside it costs at most the calls that are in
/// it.
final class Worker {

    private static final int PROTOCOL = 1;
    private static final Duration POLL = Duration.ofMillis(5);
    private static final Duration EXIT = Duration.ofSeconds(2);
    private static final int SIGNALLED = 128;

    private final Launch launch;
    private final Process process;
    private final WorkerLog log;
    private final Frames frames;
    /// What comes before the module is loaded.
    private final LinkedBlockingQueue<JsonNode> starting = new LinkedBlockingQueue<>();
    private final Map<Long, Pending> inside = new ConcurrentHashMap<>();
    private final AtomicLong numbers = new AtomicLong();
    private final AtomicLong answered = new AtomicLong();
    private final CompletableFuture<String> death = new CompletableFuture<>();
    private volatile boolean over;
    private volatile int lost;
    /// Why the gateway ended it; null if it did not.
    private volatile @Nullable String ended;

    /// A call that is inside.
    ///
    /// @param freed told once when the process is done with it
    private record Pending(CompletableFuture<JsonNode> answer, Future<?> tooLong, Runnable freed) {}

    /// What a loaded module takes and gives.
    record Loaded(Worker worker, JsonNode request, JsonNode response) {}

    private Worker(Launch launch, Process process, WorkerLog log, Frames frames, String name) {
        this.launch = launch;
        this.process = process;
        this.log = log;
        this.frames = frames;
        Thread reader = Thread.ofPlatform()
                .daemon()
                .inheritInheritableThreadLocals(false)
                .name(name + "-reader")
                .unstarted(this::readAll);
        reader.setContextClassLoader(Worker.class.getClassLoader());
        reader.start();
    }

    // --- start ---

    /// Starts a process and waits until its module is loaded.
    ///
    /// @throws WorkerLost if it does not come up, saying why
    static Loaded start(Launch launch, String name) throws WorkerLost, InterruptedException {
        long end = System.nanoTime() + launch.settings().start().toNanos();
        Process process = null;
        Worker worker = null;
        boolean up = false;
        try (Door door = Door.open()) {
            process = door.spawn(launch);
            WorkerLog log = new WorkerLog(process.getInputStream(), launch.logger(), name);
            SocketChannel channel = door.await(launch, process, log, end);
            worker = new Worker(launch, process, log, new Frames(channel, name), name);
            Loaded loaded = worker.load(door.token(), end);
            up = true;
            return loaded;
        } catch (IOException e) {
            throw new WorkerLost("The gateway cannot start a Python process: " + e.getMessage());
        } finally {
            if (!up && worker != null) {
                worker.kill("it was given up");
            } else if (!up && process != null) {
                destroy(process);
            }
        }
    }

    private Loaded load(String token, long end) throws WorkerLost, InterruptedException {
        JsonNode hello = next(end, "did not say hello");
        if (!Door.isSame(token, hello.path("token").asString(""))) {
            throw new WorkerLost("Somebody without the token came to the socket of the worker");
        }
        if (hello.path("protocol").asInt(0) != PROTOCOL) {
            throw new WorkerLost("The worker speaks protocol %s, the gateway %d"
                    .formatted(hello.path("protocol").asString("?"), PROTOCOL));
        }
        try {
            frames.write(launch.order());
        } catch (Frames.TooLong e) {
            throw new WorkerLost("python.config is too long: " + e.getMessage());
        }
        JsonNode loaded = next(end, "did not load its module");
        if (loaded.path("type").asString("").equals("failed")) {
            String stage = loaded.path("stage").asString("");
            launch.logger()
                    .log(
                            System.Logger.Level.WARNING,
                            "python: " + loaded.path("traceback").asString(""));
            throw new WorkerLost("%s %s.py failed: %s"
                    .formatted(
                            switch (stage) {
                                case "import" -> "Importing";
                                case "schema" -> "Reading the type hints of";
                                default -> "Loading";
                            },
                            launch.settings().module(),
                            loaded.path("message").asString("")));
        }
        frames.limit(launch.settings().maxFrame());
        return new Loaded(this, loaded.path("request"), loaded.path("response"));
    }

    private JsonNode next(long end, String missing) throws WorkerLost, InterruptedException {
        while (true) {
            JsonNode frame = starting.poll(POLL.toNanos(), TimeUnit.NANOSECONDS);
            if (frame != null) {
                return frame;
            }
            if (death.isDone() && starting.isEmpty()) {
                throw new WorkerLost(
                        "The Python process %s while it started%s".formatted(death.join(), log.lastWords()));
            }
            if (System.nanoTime() - end >= 0) {
                throw WorkerLost.late(launch, missing, log);
            }
        }
    }

    // --- calls ---

    boolean isAlive() {
        return !over;
    }

    long answered() {
        return answered.get();
    }

    /// Asks and waits until the caller's deadline. The process may go on with the call after that: `freed` is told when
    /// it has not.
    ///
    /// @throws WorkerLost if the process ended with the call inside
    /// @throws InferenceException if the module refused the request, or time ran out
    /// @throws PythonFailed if the module failed
    JsonNode ask(Object request, Call call, Runnable freed) throws WorkerLost, InterruptedException {
        long number = numbers.incrementAndGet();
        long allowed = call.remaining().toNanos();
        Map<String, Object> frame = frame(number, request, call, allowed);
        Future<?> tooLong = launch.spawner()
                .clock()
                .schedule(
                        () -> stuck(number), allowed + launch.settings().grace().toNanos(), TimeUnit.NANOSECONDS);
        Pending pending = new Pending(new CompletableFuture<>(), tooLong, freed);
        inside.put(number, pending);
        try {
            frames.write(frame);
        } catch (Frames.TooLong e) {
            over(number);
            throw new InferenceException(
                    ErrorCode.PAYLOAD_TOO_LARGE, "The request is too long for its module: " + e.getMessage());
        }
        if (over) {
            // nobody else looks after what came in after the end
            loses(number);
        }
        boolean done = false;
        try {
            JsonNode answer = pending.answer().get(allowed, TimeUnit.NANOSECONDS);
            done = true;
            return answer(answer);
        } catch (ExecutionException e) {
            done = true;
            throw new WorkerLost(death.join());
        } catch (TimeoutException e) {
            throw new InferenceException(
                    ErrorCode.DEADLINE_EXCEEDED,
                    "%s did not answer within %d ms".formatted(launch.name(), allowed / 1_000_000));
        } finally {
            if (!done) {
                cancel(number);
            }
        }
    }

    private static Map<String, Object> frame(long number, Object request, Call call, long allowedNanos) {
        Map<String, Object> frame = new LinkedHashMap<>();
        frame.put("type", "predict");
        frame.put("id", number);
        frame.put("request_id", call.requestId());
        call.tenant().ifPresent(tenant -> frame.put("tenant", tenant));
        frame.put("traceparent", call.traceparent());
        call.tracestate().ifPresent(state -> frame.put("tracestate", state));
        frame.put("mode", call.mode().name().toLowerCase(Locale.ROOT));
        frame.put("remaining_ms", allowedNanos / 1e6);
        frame.put("request", request);
        return frame;
    }

    private JsonNode answer(JsonNode frame) {
        if (frame.path("type").asString("").equals("answer")) {
            return frame.path("answer");
        }
        String message = frame.path("message").asString("");
        throw switch (frame.path("kind").asString("")) {
            case "refused" -> InferenceException.invalid(frame.path("path").asString(""), message);
            case "cancelled" ->
                new InferenceException(ErrorCode.DEADLINE_EXCEEDED, "The deadline passed before the module began");
            default -> new PythonFailed(message, frame.path("traceback").asString(""));
        };
    }

    private void cancel(long number) {
        if (inside.containsKey(number)) {
            try {
                frames.write(Map.of("type", "cancel", "id", number));
            } catch (Frames.TooLong e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private void stuck(long number) {
        if (inside.containsKey(number)) {
            kill("was ended by the gateway, because a call went on %d ms after its deadline (python.grace)"
                    .formatted(launch.settings().grace().toMillis()));
        }
    }

    private @Nullable Pending over(long number) {
        Pending pending = inside.remove(number);
        if (pending != null) {
            pending.tooLong().cancel(false);
            pending.freed().run();
        }
        return pending;
    }

    private void loses(long number) {
        Pending pending = over(number);
        if (pending != null) {
            pending.answer().completeExceptionally(new WorkerLost(death.join()));
        }
    }

    private void readAll() {
        String broken = null;
        try {
            for (JsonNode frame = frames.read(); frame != null; frame = frames.read()) {
                take(frame);
            }
        } catch (IOException e) {
            broken = "was ended by the gateway, because " + e.getMessage();
            destroy(process);
        } finally {
            die(broken);
        }
    }

    private void take(JsonNode frame) {
        switch (frame.path("type").asString("")) {
            case "answer", "error" -> {
                Pending pending = over(frame.path("id").asLong(0));
                if (pending != null) {
                    answered.incrementAndGet();
                    pending.answer().complete(frame);
                }
            }
            case "hello", "loaded", "failed" -> starting.add(frame);
            default -> {
                // bye: its end follows
            }
        }
    }

    // --- end ---

    private void die(@Nullable String broken) {
        String why = ended != null ? ended : broken;
        try {
            if (!process.waitFor(EXIT.toMillis(), TimeUnit.MILLISECONDS)) {
                destroy(process);
                process.waitFor();
            }
        } catch (InterruptedException e) {
            destroy(process);
        }
        String reason = why != null ? why : exit(process);
        over = true;
        List<Long> numbersInside = List.copyOf(inside.keySet());
        lost = numbersInside.size();
        death.complete(reason);
        numbersInside.forEach(this::loses);
        try {
            frames.close();
        } catch (IOException e) {
            // it is gone all the same
        }
    }

    /// Counts the calls that ended with the process.
    int lostCalls() {
        return lost;
    }

    /// Waits for the end.
    ///
    /// @return how it ended, as the end of a sentence about the process
    String awaitDeath() throws InterruptedException {
        try {
            return death.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Asks the module to tear itself down and the process to end.
    void tearDown() {
        ended = "was torn down";
        try {
            frames.write(Map.of("type", "teardown"));
        } catch (Frames.TooLong e) {
            throw new IllegalStateException(e);
        }
    }

    /// Waits for the end of the process, and ends it if it does not by itself.
    void endWithin(Duration patience) throws InterruptedException {
        try {
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                launch.logger()
                        .log(
                                System.Logger.Level.WARNING,
                                "python: the process did not end within " + patience.toMillis()
                                        + " ms of its teardown, and was ended");
            }
        } finally {
            destroy(process);
        }
        death.join();
    }

    void kill(String why) {
        if (ended == null) {
            ended = why;
        }
        destroy(process);
    }

    /// Ends a process and all that it started.
    private static void destroy(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    /// Tells how a process ended, as the end of a sentence about it.
    static String exit(Process process) {
        try {
            int code = process.exitValue();
            return code > SIGNALLED ? "was killed by signal " + (code - SIGNALLED) : "ended with exit code " + code;
        } catch (IllegalThreadStateException e) {
            return "closed its socket";
        }
    }
}
