package dev.patchbay.llm.model;

import dev.patchbay.llm.chat.ChatAnswer;
import dev.patchbay.llm.chat.ChatMessage;
import dev.patchbay.llm.chat.ChatRequest;
import dev.patchbay.llm.chat.Delta;
import dev.patchbay.llm.chat.ProviderFailure;
import dev.patchbay.llm.chat.Timeouts;
import dev.patchbay.llm.chat.Usage;
import dev.patchbay.llm.config.LlmConfig;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One question to a model: its targets one after the other, each as often as its retries allow, until one gives a
/// whole answer. Until the reader has seen content, another try costs nothing; after that [AfterFirstToken] holds.
///
/// @param targets in the order in which they are asked; those that rest are asked last
/// @param timeouts of each try; all tries together end with the call
/// @param hedge when a second target is asked as well; null if never
/// @param remaining how long the caller still waits
public record ModelCall(
        List<Target> targets,
        Timeouts timeouts,
        LlmConfig.Retry retry,
        LlmConfig.@Nullable Hedge hedge,
        AfterFirstToken afterFirstToken,
        Supplier<Duration> remaining,
        Attempts attempts) {

    private static final Duration FIRST_WAIT = Duration.ofMillis(100);

    /// Asks.
    ///
    /// @param sink takes the answer as it comes; null if nobody wants it before it is whole
    /// @throws ModelFailed if no target gave a whole answer
    public ChatAnswer ask(ChatRequest request, @Nullable StreamSink sink) throws ModelFailed, InterruptedException {
        return new Run(request, sink).run();
    }

    /// Those that rest come last, so that they are asked only when everybody else failed.
    private List<Target> order() {
        List<Target> order = new ArrayList<>(targets);
        order.sort(java.util.Comparator.comparing(Target::isResting));
        return order;
    }

    /// The state of one question. Used by one thread at a time: in a race, by the one that leads while the other waits.
    private final class Run {

        private final ChatRequest original;
        private final @Nullable StreamSink sink;
        private final List<ProviderFailure> failures = new ArrayList<>();
        /// What the reader has seen of the answer in this try, and in those that it continues.
        private final StringBuilder seen = new StringBuilder();
        private String continued = "";
        private boolean committed;
        /// Tokens that the present try took from its target's rate.
        private long needed;
        private ChatRequest request;
        /// Those that were not asked yet.
        private final Deque<Target> order = new ArrayDeque<>(order());
        /// Whose try it was that failed.
        private Target asked;
        private boolean hedged;

        Run(ChatRequest request, @Nullable StreamSink sink) {
            this.original = request;
            this.request = request;
            this.sink = sink;
            this.asked = targets.getFirst();
        }

        ChatAnswer run() throws ModelFailed, InterruptedException {
            Set<Target> passedOver = new HashSet<>();
            for (Target target = order.poll(); target != null; target = order.poll()) {
                boolean last = order.isEmpty();
                boolean patient = last || passedOver.contains(target);
                for (int attempt = 1; ; attempt++) {
                    if (!admitted(target, patient)) {
                        if (!patient && attempt == 1) {
                            passedOver.add(target);
                            order.addLast(target);
                        }
                        break;
                    }
                    try {
                        asked = target;
                        return isHedged() ? race(target) : attempt(target);
                    } catch (ProviderFailure failure) {
                        lost(asked, failure);
                        if (!wait(asked, failure, attempt, last)) {
                            break;
                        }
                    }
                }
            }
            throw new ModelFailed(failures, committed);
        }

        /// Waits until the target's rate lets the call pass. While there are others nobody waits: the target is asked
        /// again when they failed.
        ///
        /// @return false if it does not within the call's time
        private boolean admitted(Target target, boolean patient) throws InterruptedException {
            needed = attempts.estimate(request);
            Duration longest = patient ? remaining.get() : Duration.ZERO;
            Duration wait = target.rate().take(needed, longest);
            if (wait.compareTo(longest) <= 0) {
                Thread.sleep(wait);
                return true;
            }
            if (patient) {
                failures.add(new ProviderFailure(
                        ProviderFailure.Kind.RATE_LIMITED,
                        target.name().provider(),
                        "What llm.models allows %s a minute is used up for another %d ms, which is longer than the call can wait"
                                .formatted(target, wait.toMillis()),
                        wait,
                        null,
                        null));
            }
            return false;
        }

        private ChatAnswer attempt(Target target) throws ProviderFailure, InterruptedException {
            try {
                return won(target, ask(target, sink == null ? null : this::took));
            } catch (RuntimeException | InterruptedException e) {
                attempts.stopped(target, seen.substring(continued.length()));
                throw e;
            }
        }

        private ChatAnswer ask(Target target, @Nullable Consumer<Delta> deltas)
                throws ProviderFailure, InterruptedException {
            target.called();
            ChatRequest sent = request.to(target.name().model());
            Timeouts patience = timeouts.within(remaining.get());
            return deltas == null
                    ? target.client().complete(sent, patience)
                    : target.client().stream(sent, patience, deltas);
        }

        private ChatAnswer won(Target target, ChatAnswer answer) {
            target.succeeded();
            target.rate()
                    .settle(
                            needed,
                            answer.usage() == null ? needed : answer.usage().total());
            attempts.answered(target, answer.usage(), answer.text());
            return continued.isEmpty() ? answer : answer.withText(continued + answer.text());
        }

        /// A question is hedged once, and never after its reader saw content.
        private boolean isHedged() {
            return hedge != null && !hedged && !committed && !order.isEmpty();
        }

        private ChatAnswer race(Target first) throws ProviderFailure, InterruptedException {
            LlmConfig.Hedge rule = Objects.requireNonNull(hedge);
            Waits waits = first.waits(sink != null);
            Duration usual = Duration.ofNanos(rule.percentile() == 0 ? 0 : waits.percentile(rule.percentile()));
            Duration delay = usual.compareTo(rule.after()) > 0 ? usual : rule.after();
            Race race = new Race(this::ask, sink == null ? null : this::took);
            Race.Runner finished;
            try {
                finished = race.run(first, delay, () -> second(first));
            } catch (InterruptedException e) {
                race.runners()
                        .forEach(runner ->
                                attempts.stopped(runner.target(), race.isAhead(runner) ? seen.toString() : ""));
                throw e;
            }
            for (Race.Runner other : race.runners()) {
                if (other != finished) {
                    beaten(other, other == race.runners().getFirst());
                }
            }
            asked = finished.target();
            ProviderFailure failure = finished.failure();
            if (failure != null) {
                throw failure;
            }
            asked.waits(sink != null).add(finished.waitedNanos());
            ChatAnswer answer = finished.answer();
            if (answer != null) {
                return won(asked, answer);
            }
            attempts.stopped(asked, seen.toString());
            switch (finished.broken()) {
                case InterruptedException e -> throw e;
                case RuntimeException e -> throw e;
                case Error e -> throw e;
                case null, default -> throw new IllegalStateException(finished.broken());
            }
        }

        /// Picks who is asked beside the first: the next that does not rest and takes a call now. It counts as a retry
        /// of the first.
        private @Nullable Target second(Target first) {
            hedged = true;
            for (Target other : order) {
                if (!other.isResting()
                        && first.hasRetry()
                        && other.rate().take(needed, Duration.ZERO).isZero()) {
                    if (first.takeRetry()) {
                        attempts.hedged(other);
                        return other;
                    }
                    other.rate().settle(needed, 0);
                }
            }
            return null;
        }

        /// Notes what came of the one that was not the first to answer.
        private void beaten(Race.Runner runner, boolean byHedge) {
            Target target = runner.target();
            ProviderFailure failure = runner.failure();
            if (failure != null) {
                noted(target, failure, "");
                return;
            }
            ChatAnswer late = runner.answer();
            Usage usage = late == null ? null : late.usage();
            target.rate().settle(needed, usage == null ? needed : usage.total());
            // longer than that, but how long nobody knows: left away, what is usual would seem ever shorter
            target.waits(sink != null).add(runner.waitedNanos());
            attempts.overtaken(target, usage, late == null ? "" : late.text(), byHedge);
        }

        private void took(Delta delta) {
            if (delta.isContent()) {
                committed = true;
                if (delta instanceof Delta.Text(String piece)) {
                    seen.append(piece);
                }
            }
            Objects.requireNonNull(sink).take(delta);
        }

        /// Notes a failure, and decides what the next try has to begin with.
        private void lost(Target target, ProviderFailure failure) throws ModelFailed {
            noted(target, failure, seen.substring(continued.length()));
            if (!failure.kind().fallsBack() && !failure.kind().isRetryable()) {
                throw new ModelFailed(failures, committed);
            }
            if (!committed) {
                return;
            }
            switch (afterFirstToken) {
                case FAIL -> throw new ModelFailed(failures, true);
                case RESTART -> {
                    Objects.requireNonNull(sink).restarted();
                    seen.setLength(0);
                }
                case CONTINUE -> {
                    continued = seen.toString();
                    List<ChatMessage> more = new ArrayList<>(original.messages());
                    more.add(ChatMessage.of(ChatMessage.Role.ASSISTANT, continued));
                    request = original.saying(more);
                }
            }
        }

        private void noted(Target target, ProviderFailure failure, String text) {
            target.failed(failure);
            target.rate().settle(needed, failure.usage().map(Usage::total).orElse(ran(failure) ? needed : 0));
            failures.add(failure);
            attempts.failed(target, failure, text);
        }

        private static boolean ran(ProviderFailure failure) {
            return switch (failure.kind()) {
                case UNREACHABLE, RATE_LIMITED, OVERLOADED, QUOTA, KEY_REFUSED, UNKNOWN_MODEL, BAD_REQUEST -> false;
                default -> true;
            };
        }

        /// Waits until the same target may be asked again.
        ///
        /// @return false if the next target is to be asked instead
        private boolean wait(Target target, ProviderFailure failure, int attempt, boolean last)
                throws InterruptedException {
            boolean another = !last && failure.retryAfter().isPresent();
            if (!failure.kind().isRetryable() || attempt >= retry.attempts() || another) {
                return false;
            }
            long backoff = FIRST_WAIT.toMillis() << Math.min(6, attempt - 1);
            Duration wait = failure.retryAfter()
                    .orElseGet(
                            () -> Duration.ofMillis(ThreadLocalRandom.current().nextLong(backoff / 2, backoff + 1)));
            if (wait.compareTo(retry.longestWait()) > 0
                    || wait.compareTo(remaining.get()) >= 0
                    || !target.takeRetry()) {
                return false;
            }
            Thread.sleep(wait);
            attempts.retried(target);
            return true;
        }
    }
}
