package dev.patchbay.core.outcome;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.patchbay.api.ErrorCode;
import dev.patchbay.api.InferenceException;
import dev.patchbay.core.config.ConfigControl;
import dev.patchbay.core.config.Experiment;
import dev.patchbay.core.config.TaskConfig;
import dev.patchbay.core.execution.Outcome;
import dev.patchbay.core.registry.ModuleKey;
import dev.patchbay.core.rollout.Rollouts;
import dev.patchbay.core.routing.Placement;
import dev.patchbay.core.routing.Resolution;
import dev.patchbay.core.routing.RouteQuery;
import dev.patchbay.core.routing.Router;
import dev.patchbay.core.schema.Nearest;
import dev.patchbay.core.telemetry.CallObserver;
import dev.patchbay.core.telemetry.CallRecord;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.node.JsonNodeFactory;

/// Joins feedback to the version that gave the answer, and to the experiments that looked at the call.
///
/// Answers of tasks with `outcomes` in their config are remembered for a day, [#REMEMBERED] at most. Each outcome of an
/// answer counts once: the first word stands. Safe for threads.
public final class Outcomes implements CallObserver {

    /// Answers that feedback can be told about by their request id.
    public static final int REMEMBERED = 100_000;

    private static final Duration PATIENCE = Duration.ofHours(24);

    private final ConfigControl config;
    private final Router router;
    private final Rollouts rollouts;
    private final MeterRegistry meters;
    private final Cache<String, Answered> answers = Caffeine.newBuilder()
            .maximumSize(REMEMBERED)
            .expireAfterWrite(PATIENCE)
            .build();
    private final Cache<UnitOutcome, Boolean> units = Caffeine.newBuilder()
            .maximumSize(REMEMBERED)
            .expireAfterWrite(PATIENCE)
            .build();
    private final Map<Key, OutcomeTally> tallies = new ConcurrentHashMap<>();

    /// @param told the outcomes that were told of it
    private record Answered(String task, String version, List<Placement> placements, Set<String> told) {}

    private record UnitOutcome(String task, String unit, String name) {}

    private record Key(ModuleKey version, String name) {}

    /// Remembers nothing yet.
    public Outcomes(ConfigControl config, Router router, Rollouts rollouts, MeterRegistry meters) {
        this.config = config;
        this.router = router;
        this.rollouts = rollouts;
        this.meters = meters;
    }

    @Override
    public void finished(CallRecord call) {
        Resolution resolution = call.resolution();
        if (resolution == null
                || !(call.outcome() instanceof Outcome.Answer)
                || config.config().task(call.task()).outcomes().isEmpty()) {
            return;
        }
        answers.put(
                call.context().requestId(),
                new Answered(
                        call.task(), resolution.version(), resolution.placements(), ConcurrentHashMap.newKeySet(2)));
    }

    /// Takes feedback.
    ///
    /// @throws InferenceException `unknown-request` if no such answer is remembered, `unknown-task`, or
    ///     `invalid-request` if the task has no such outcome
    public Joined tell(Feedback feedback) {
        if (feedback.requestId() != null) {
            return tellOfRequest(feedback, feedback.requestId());
        }
        if (feedback.unit() == null || feedback.task() == null) {
            throw InferenceException.invalid(
                    "", "needs a request_id, or a task and a unit, to know which answer it is about");
        }
        return tellOfUnit(feedback, feedback.task(), feedback.unit());
    }

    private Joined tellOfRequest(Feedback feedback, String requestId) {
        Answered answer = answers.getIfPresent(requestId);
        if (answer == null) {
            throw new InferenceException(
                    ErrorCode.UNKNOWN_REQUEST,
                    "No answer '%s' is remembered: the answers of tasks with outcomes in their config are, for %d hours and %d at most"
                            .formatted(requestId, PATIENCE.toHours(), REMEMBERED));
        }
        if (feedback.task() != null && !feedback.task().equals(answer.task())) {
            throw InferenceException.invalid(
                    "/task", "is '%s', but '%s' answered this request".formatted(feedback.task(), answer.task()));
        }
        boolean higher = better(answer.task(), feedback.name());
        boolean first = answer.told().add(feedback.name());
        if (first) {
            count(answer.task(), answer.version(), answer.placements(), feedback, higher);
        }
        return new Joined(first, answer.task(), answer.version());
    }

    private Joined tellOfUnit(Feedback feedback, String task, String unit) {
        boolean higher = better(task, feedback.name());
        if (config.config().task(task).flag() != null) {
            throw InferenceException.invalid(
                    "/unit",
                    "tells nothing about '%s', whose versions a flag decides. Give the request_id of the answer"
                            .formatted(task));
        }
        Map<String, String> attributes = new HashMap<>();
        config.config().task(task).experiments().stream()
                .map(Experiment::unit)
                .filter(Objects::nonNull)
                .forEach(attribute -> attributes.put(attribute, unit));
        Resolution resolution = router.resolve(new RouteQuery(
                task, feedback.tenant(), null, "feedback", JsonNodeFactory.instance.objectNode(), attributes));
        boolean first = units.asMap().putIfAbsent(new UnitOutcome(task, unit, feedback.name()), Boolean.TRUE) == null;
        if (first) {
            count(task, resolution.version(), resolution.placements(), feedback, higher);
        }
        return new Joined(first, task, resolution.version());
    }

    /// Tells whether a higher value of an outcome is better.
    private boolean better(String task, String name) {
        TaskConfig section = config.config().task(task);
        Boolean higher = section.outcomes().get(name);
        if (higher == null) {
            Set<String> names = new TreeSet<>(section.outcomes().keySet());
            throw InferenceException.invalid(
                    "/name",
                    names.isEmpty()
                            ? "is '%s', but task '%s' takes no feedback. Name its outcomes under inference.%s.outcomes"
                                    .formatted(name, task, task)
                            : "is '%s', which is no outcome of '%s'.%s Outcomes: %s"
                                    .formatted(name, task, Nearest.question(name, names), String.join(", ", names)));
        }
        return higher;
    }

    private void count(
            String task, String version, List<Placement> placements, Feedback feedback, boolean higherIsBetter) {
        ModuleKey key = new ModuleKey(task, version);
        tallies.computeIfAbsent(new Key(key, feedback.name()), k -> new OutcomeTally())
                .add(feedback.value());
        Counter.builder("patchbay.outcome")
                .description("Outcomes that callers told of answers")
                .tags("task", task, "version", version, "metric", feedback.name())
                .register(meters)
                .increment();
        if (feedback.value() instanceof Feedback.Value.Amount(double number, boolean _)) {
            rollouts.outcome(task, placements, version, feedback.name(), number, higherIsBetter);
        }
    }

    /// Lists what was told so far, by task, version and name.
    public List<OutcomeSummary> summaries() {
        return tallies.entrySet().stream()
                .map(entry -> entry.getValue()
                        .summary(entry.getKey().version(), entry.getKey().name()))
                .sorted(Comparator.comparing(OutcomeSummary::key).thenComparing(OutcomeSummary::name))
                .toList();
    }
}
