package dev.patchbay.core.execution;

import dev.patchbay.api.Call;
import dev.patchbay.api.CallMode;
import dev.patchbay.api.ErrorCode;
import dev.patchbay.api.InferenceException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/// A call as the module sees it.
///
/// @param abandoned tells whether nobody waits any more
public record ModuleCall(Callee callee, CallContext context, TaskCaller tasks, BooleanSupplier abandoned)
        implements Call {

    @Override
    public String requestId() {
        return context.requestId();
    }

    @Override
    public String task() {
        return callee.task();
    }

    @Override
    public String version() {
        return callee.version();
    }

    @Override
    public Optional<String> tenant() {
        return Optional.ofNullable(context.tenant());
    }

    @Override
    public CallMode mode() {
        return context.mode();
    }

    @Override
    public Duration remaining() {
        return Duration.ofNanos(Math.max(0, context.deadline() - System.nanoTime()));
    }

    @Override
    public boolean isCancelled() {
        return abandoned.getAsBoolean();
    }

    @Override
    public String traceparent() {
        return context.trace().traceparent();
    }

    @Override
    public Optional<String> tracestate() {
        return Optional.ofNullable(context.trace().state());
    }

    @Override
    public <C extends Record> C config(Class<C> type) {
        Record settings = callee.settings()
                .of(context.tenant())
                .orElseThrow(() -> new IllegalArgumentException(
                        "%s takes no settings; name the record in @Module(config = %s.class)"
                                .formatted(callee.name(), type.getSimpleName())));
        if (!type.isInstance(settings)) {
            throw new IllegalArgumentException("the settings of %s are a %s, not a %s"
                    .formatted(callee.name(), settings.getClass().getSimpleName(), type.getSimpleName()));
        }
        return type.cast(settings);
    }

    @Override
    public void noStore() {
        context.reuse().refuse();
    }

    @Override
    public <O> O infer(String task, Object request, Class<O> response) {
        CancelSignal signal = new CancelSignal();
        try {
            return switch (tasks.ask(
                    task,
                    callee.codec().write(request),
                    context.askedBy(callee.task() + "@" + callee.version(), signal))) {
                case Outcome.Answer(byte[] json) -> callee.codec().read(json, response);
                case Outcome.Failure(InferenceException error) -> throw seenFromHere(task, error);
            };
        } catch (InterruptedException e) {
            signal.cancel();
            Thread.currentThread().interrupt();
            throw new InferenceException(
                    ErrorCode.CANCELLED, "The call ended while it waited for task '" + task + "'", List.of(), null, e);
        }
    }

    /// A request that another task refuses is this module's fault, not its caller's; the rest keeps its meaning.
    private InferenceException seenFromHere(String task, InferenceException error) {
        String message = "Task '" + task + "', asked by '" + callee.task() + "': " + error.getMessage();
        ErrorCode code = switch (error.code()) {
            case CANCELLED,
                    DEADLINE_EXCEEDED,
                    OVERLOADED,
                    VERSION_UNAVAILABLE,
                    CIRCUIT_OPEN,
                    SHUTTING_DOWN,
                    CALL_CYCLE,
                    RATE_LIMITED -> error.code();
            default -> ErrorCode.DEPENDENCY_FAILED;
        };
        return new InferenceException(
                code, message, List.of(), error.retryAfter().orElse(null), error);
    }
}
