package dev.patchbay.core.rollout;

import dev.patchbay.api.ErrorCode;
import dev.patchbay.api.InferenceException;
import dev.patchbay.core.config.ConfigControl;
import dev.patchbay.core.config.Experiment;
import dev.patchbay.core.config.GatewayConfig;
import dev.patchbay.core.config.GuardConfig;
import dev.patchbay.core.config.RolloutOverride;
import dev.patchbay.core.config.TaskConfig;
import dev.patchbay.core.routing.Placement;
import dev.patchbay.core.routing.Resolution;
import dev.patchbay.core.schema.Nearest;
import dev.patchbay.core.statistics.Verdict;
import dev.patchbay.core.telemetry.CallObserver;
import dev.patchbay.core.telemetry.CallRecord;
import dev.patchbay.core.telemetry.EventLog;
import dev.patchbay.core.telemetry.EventLog.Level;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Watches every experiment that has a share, and acts for it: each second
///
/// 1. the calls since the last second go to the experiment's guard
/// 2. a version that does harm gets no more calls: a revision that saving the file does not undo
/// 3. a version that has passed, for as long as a step lasts, takes its next step
///
/// People do the same by [#promote], [#pause], [#resume], [#abort] and [#acknowledge]. Everything that is decided is a
/// config revision with author and reason. Safe for threads.
public final class Rollouts implements CallObserver, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Rollouts.class);
    /// Where a person's `promote` goes when the config has no steps, in thousandths of a percent.
    private static final List<Long> LADDER = List.of(1_000L, 5_000L, 25_000L, 50_000L, 100_000L);

    private static final String GUARD = "guard";

    private final ConfigControl config;
    private final EventLog events;
    private final Clock clock;
    private final ScheduledExecutorService timer;
    private volatile Map<String, Map<String, Rollout>> running = Map.of();
    private GatewayConfig seen = GatewayConfig.EMPTY;

    /// Makes a watch that does nothing before [#start].
    public Rollouts(ConfigControl config, EventLog events, Clock clock) {
        this.config = config;
        this.events = events;
        this.clock = clock;
        this.timer = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("patchbay-rollouts").factory());
    }

    /// Looks now, and each second from now on.
    public void start() {
        safeTick();
        timer.scheduleAtFixedRate(this::safeTick, 1, 1, TimeUnit.SECONDS);
    }

    private void safeTick() {
        try {
            tick();
        } catch (RuntimeException e) {
            log.error("experiments could not be judged; the next second tries again", e);
        }
    }

    @Override
    public void finished(CallRecord call) {
        Resolution resolution = call.resolution();
        if (resolution == null || resolution.placements().isEmpty()) {
            return;
        }
        Map<String, Rollout> ofTask = running.get(call.task());
        if (ofTask == null) {
            return;
        }
        for (Placement placement : resolution.placements()) {
            Rollout rollout = ofTask.get(placement.rule());
            if (rollout != null) {
                rollout.take(placement, resolution, call);
            }
        }
    }

    /// Judges every experiment once and acts.
    public synchronized void tick() {
        follow();
        for (Rollout rollout : all()) {
            Instant now = clock.instant();
            Judgement judgement = rollout.judge(now);
            if (rollout.isHalted()) {
                continue;
            }
            GuardConfig.Mode mode = rollout.experiment().plan().guard().mode();
            if (judgement.verdict() == Verdict.FAIL && mode == GuardConfig.Mode.ROLLBACK) {
                halt(rollout, GUARD, judgement.words(), Level.ALARM);
            } else if (rollout.isNews()) {
                tell(rollout, judgement, mode);
            }
            if (rollout.isReadyForMore(now)) {
                Long next = rollout.next();
                if (next != null) {
                    share(rollout, next, GUARD, judgement.words());
                }
            }
        }
    }

    /// Takes up what the config in force says.
    private void follow() {
        GatewayConfig now = config.config();
        if (now == seen) {
            return;
        }
        Map<String, Map<String, Rollout>> next = new HashMap<>();
        now.inference().forEach((task, section) -> {
            Map<String, Rollout> ofTask = new TreeMap<>();
            for (Experiment experiment : section.experiments()) {
                if (experiment.rollout() != null) {
                    ofTask.put(experiment.name(), follow(task, section, experiment));
                }
            }
            if (!ofTask.isEmpty()) {
                next.put(task, Map.copyOf(ofTask));
            }
        });
        running = Map.copyOf(next);
        seen = now;
    }

    private Rollout follow(String task, TaskConfig section, Experiment experiment) {
        String version = section.resolve(experiment.version());
        String standard = section.defaultVersion();
        String control = standard == null ? null : section.resolve(standard);
        Rollout before = running.getOrDefault(task, Map.of()).get(experiment.name());
        if (before != null && before.isStill(experiment, version, control)) {
            before.update(experiment, clock.instant());
            return before;
        }
        return new Rollout(task, experiment, version, control, clock.instant());
    }

    private void tell(Rollout rollout, Judgement judgement, GuardConfig.Mode mode) {
        switch (judgement.verdict()) {
            case FAIL -> {
                if (mode == GuardConfig.Mode.OBSERVE) {
                    event(
                            Level.ALARM,
                            "rollout-harm",
                            rollout,
                            "would be taken away if its guard did more than observe: " + judgement.words());
                }
            }
            case HOLD -> event(Level.WARN, "rollout-hold", rollout, "takes no further step: " + judgement.words());
            case PASS -> event(Level.INFO, "rollout-pass", rollout, "has passed: " + judgement.words());
            case INCONCLUSIVE -> {}
        }
    }

    private void event(Level level, String kind, Rollout rollout, String what) {
        events.add(
                level,
                kind,
                rollout.task,
                rollout.version,
                "%s (experiment %s) %s"
                        .formatted(rollout.version, rollout.experiment().name(), what));
    }

    /// Lists every experiment that has a share, by task and name.
    public synchronized List<RolloutStatus> status() {
        follow();
        return all().stream().map(Rollout::status).toList();
    }

    private List<Rollout> all() {
        List<Rollout> all = new ArrayList<>();
        new TreeMap<>(running).values().forEach(ofTask -> all.addAll(new TreeMap<>(ofTask).values()));
        return all;
    }

    /// Gives an experiment more calls, as a person decides.
    ///
    /// @param experiment may be null if the task has one only
    /// @param to the share in thousandths of a percent; null takes the next step
    /// @throws InferenceException `unknown-task`, `invalid-request` or `conflict`
    public synchronized RolloutStatus promote(
            String task, @Nullable String experiment, @Nullable Long to, String author, String reason) {
        Rollout rollout = find(task, experiment);
        if (rollout.isHalted()) {
            throw conflict("%s is halted and cannot be promoted. Look at why, then: patchbay rollout acknowledge %s"
                    .formatted(name(rollout), task));
        }
        long reserved = rollout.experiment().reserved();
        Long next = to != null ? to : nextOf(rollout);
        if (next == null) {
            throw conflict(
                    "%s has %s %% already, which is the last step. To give it to everybody, set inference.%s.default_version to %s and remove the experiment"
                            .formatted(name(rollout), percent(rollout.share()), task, rollout.version));
        }
        if (next <= 0 || next > Rollout.WHOLE) {
            throw InferenceException.invalid("/to", "is a percentage above 0 and up to 100");
        }
        if (rollout.experiment().layer() != null && next > reserved) {
            throw conflict("%s shares its layer with others and can have %s %% at most, as the config says"
                    .formatted(name(rollout), percent(reserved)));
        }
        share(rollout, next, author, reason);
        return find(task, rollout.experiment().name()).status();
    }

    private static @Nullable Long nextOf(Rollout rollout) {
        List<Long> steps = rollout.experiment().plan().steps();
        return (steps.isEmpty() ? LADDER : steps)
                .stream().filter(step -> step > rollout.share()).findFirst().orElse(null);
    }

    /// Lets an experiment take no step by itself.
    ///
    /// @throws InferenceException `unknown-task`, `invalid-request` or `conflict`
    public synchronized RolloutStatus pause(String task, @Nullable String experiment, String author, String reason) {
        return pause(find(task, experiment), true, author, reason);
    }

    /// Lets an experiment take its steps again.
    ///
    /// @throws InferenceException `unknown-task`, `invalid-request` or `conflict`
    public synchronized RolloutStatus resume(String task, @Nullable String experiment, String author, String reason) {
        return pause(find(task, experiment), false, author, reason);
    }

    private RolloutStatus pause(Rollout rollout, boolean paused, String author, String reason) {
        if (rollout.isHalted()) {
            throw conflict("%s is halted; there is nothing to pause or resume".formatted(name(rollout)));
        }
        override(rollout, false, paused, rollout.share(), rollout.since(), author, reason);
        event(Level.INFO, paused ? "rollout-paused" : "rollout-resumed", rollout, "by " + author + ": " + reason);
        return find(rollout.task, rollout.experiment().name()).status();
    }

    /// Takes a version's calls away until somebody acknowledges it. Every request that starts after this returns goes
    /// elsewhere.
    ///
    /// @throws InferenceException `unknown-task`, `invalid-request` or `conflict`
    public synchronized RolloutStatus abort(String task, @Nullable String experiment, String author, String reason) {
        Rollout rollout = find(task, experiment);
        if (rollout.isHalted()) {
            throw conflict(name(rollout) + " is halted already");
        }
        halt(rollout, author, reason, Level.WARN);
        return find(task, rollout.experiment().name()).status();
    }

    /// Lifts a halt: what the file says about the experiment holds again, from its first step on.
    ///
    /// @return where the experiment stands; empty if the file has it no more
    /// @throws InferenceException `unknown-task`, `invalid-request` or `conflict`
    public synchronized Optional<RolloutStatus> acknowledge(
            String task, @Nullable String experiment, String author, String reason) {
        if (experiment != null && isHaltOfNoExperiment(task, experiment)) {
            config.override(task, experiment, null, author, reason, "acknowledge");
            return Optional.empty();
        }
        Rollout rollout = find(task, experiment);
        if (!rollout.isHalted()) {
            throw conflict(name(rollout) + " is not halted; there is nothing to acknowledge");
        }
        config.override(task, rollout.experiment().name(), null, author, reason, "acknowledge");
        event(Level.INFO, "rollout-acknowledged", rollout, "by " + author + ": " + reason);
        follow();
        return Optional.of(find(task, rollout.experiment().name()).status());
    }

    /// The file may have lost the experiment since it was halted.
    private boolean isHaltOfNoExperiment(String task, String experiment) {
        follow();
        return config.config().overrides().getOrDefault(task, Map.of()).containsKey(experiment)
                && !running.getOrDefault(task, Map.of()).containsKey(experiment);
    }

    /// Adds an outcome that was told of an answer to the evidence of the experiments that looked at its call.
    public void outcome(
            String task, Collection<Placement> placements, String version, String name, double value, boolean higher) {
        Map<String, Rollout> ofTask = running.getOrDefault(task, Map.of());
        for (Placement placement : placements) {
            Rollout rollout = ofTask.get(placement.rule());
            if (rollout != null && version.equals(placement.inside() ? rollout.version : rollout.control)) {
                rollout.outcome(name, value, placement.inside(), higher);
            }
        }
    }

    private void halt(Rollout rollout, String author, String reason, Level level) {
        override(rollout, true, false, null, clock.instant(), author, reason);
        event(level, "rollout-halted", rollout, "gets no more calls, by " + author + ": " + reason);
    }

    private void share(Rollout rollout, long share, String author, String reason) {
        String before = percent(rollout.share());
        override(rollout, false, rollout.isPaused(), share, clock.instant(), author, reason);
        event(
                Level.INFO,
                "rollout-promoted",
                rollout,
                "goes from %s %% to %s %%, by %s: %s".formatted(before, percent(share), author, reason));
    }

    private void override(
            Rollout rollout,
            boolean halted,
            boolean paused,
            @Nullable Long share,
            Instant since,
            String author,
            String reason) {
        RolloutOverride override =
                new RolloutOverride(rollout.experiment().version(), halted, paused, share, author, reason, since);
        config.override(
                rollout.task, rollout.experiment().name(), override, author, reason, halted ? "halt" : "rollout");
        follow();
    }

    private Rollout find(String task, @Nullable String experiment) {
        follow();
        Map<String, Rollout> ofTask = running.get(task);
        if (ofTask == null) {
            throw new InferenceException(
                    ErrorCode.UNKNOWN_TASK,
                    "Task '%s' has no experiment with a share%s"
                            .formatted(task, Nearest.question(task, running.keySet())));
        }
        if (experiment == null) {
            if (ofTask.size() > 1) {
                throw InferenceException.invalid(
                        "/experiment",
                        "names one of the experiments of '%s': %s"
                                .formatted(task, String.join(", ", new TreeMap<>(ofTask).keySet())));
            }
            return ofTask.values().iterator().next();
        }
        Rollout rollout = ofTask.get(experiment);
        if (rollout == null) {
            throw InferenceException.invalid(
                    "/experiment",
                    "is '%s', which is no experiment of '%s' with a share. There are: %s"
                            .formatted(experiment, task, String.join(", ", new TreeMap<>(ofTask).keySet())));
        }
        return rollout;
    }

    private static String name(Rollout rollout) {
        return "Experiment '%s' of '%s'".formatted(rollout.experiment().name(), rollout.task);
    }

    private static InferenceException conflict(String message) {
        return new InferenceException(ErrorCode.CONFLICT, message);
    }

    private static String percent(long thousandths) {
        return BigDecimal.valueOf(thousandths, 3).stripTrailingZeros().toPlainString();
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
