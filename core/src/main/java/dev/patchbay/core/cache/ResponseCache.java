package dev.patchbay.core.cache;

import dev.patchbay.api.CallMode;
import dev.patchbay.api.ErrorCode;
import dev.patchbay.api.InferenceException;
import dev.patchbay.core.config.CacheConfig;
import dev.patchbay.core.execution.CallContext;
import dev.patchbay.core.execution.CancelSignal;
import dev.patchbay.core.execution.Dialect;
import dev.patchbay.core.execution.EmbeddingCall;
import dev.patchbay.core.execution.Outcome;
import dev.patchbay.core.execution.TaskDialect;
import dev.patchbay.core.registry.ModuleInstance;
import dev.patchbay.core.routing.RoutingTable;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Gives answers again, and lets equal calls share one: only where a task's config says so, only to live calls that
/// can be said in the task's own JSON, and never beyond a tenant, a module instance or a config revision. A revision
/// may change what
/// any task that is asked on the way answers, so that with it everything is asked anew. Failures are shared with
/// nobody.
/// Safe for threads.
public final class ResponseCache {

    private static final Logger log = LoggerFactory.getLogger(ResponseCache.class);

    private final MeterRegistry meters;
    private final Embedder embedder;
    private final Map<String, TaskCache> tasks = new ConcurrentHashMap<>();

    /// Makes an empty cache.
    ///
    /// @param embedder asked for tasks whose config lets answers be given to questions that only mean the same
    public ResponseCache(MeterRegistry meters, Embedder embedder) {
        this.meters = meters;
        this.embedder = embedder;
    }

    /// Makes the embedding of a text.
    @FunctionalInterface
    public interface Embedder {

        /// Asks a task. Never throws.
        ///
        /// @param task or `task@version`
        CompletableFuture<Outcome> embed(String task, String text, CallContext context);
    }

    /// A call that has its version.
    ///
    /// @param revision the config revision by which it has it
    /// @param streams whether its answer is wanted as it comes
    public record Asked(
            ModuleInstance instance, CallContext context, long revision, Dialect dialect, boolean streams) {}

    /// Lets the version answer a call.
    @FunctionalInterface
    public interface Run {

        /// Begins; the outcome is told once, on any thread.
        ///
        /// @param dialect reads the question and writes the answer
        /// @throws RuntimeException if it does not begin; no outcome is told then
        void begin(Dialect dialect, Consumer<Outcome> outcome);
    }

    /// Answers a call: with what is kept, with what an equal call is given, or by letting it run.
    ///
    /// @param table what routing looked at
    /// @param release told instead of a run that the version is not needed any more
    /// @param answer told the outcome, once, on any thread
    /// @throws RuntimeException if the call runs at once and does not begin; no outcome is told then
    public void answer(
            Asked asked, RoutingTable table, Run run, Runnable release, BiConsumer<Outcome, CacheResult> answer) {
        TaskCache cache = of(asked, table);
        if (cache == null || !(asked.dialect() instanceof TaskDialect dialect)) {
            run.begin(asked.dialect(), outcome -> answer.accept(outcome, CacheResult.NONE));
            return;
        }
        JsonNode question = dialect.question(asked.instance().executor().callee());
        new Sharing(cache, keyOf(asked, question), question, asked, dialect, embedder, run, release, answer).begin();
    }

    private static CacheKey keyOf(Asked asked, JsonNode request) {
        return CacheKey.of(asked.instance().number(), asked.context().tenant(), asked.streams(), request);
    }

    /// Gives the cache that a call may use; null if none.
    private @Nullable TaskCache of(Asked asked, RoutingTable table) {
        ModuleInstance instance = asked.instance();
        CacheConfig config = table.cache(instance.key().task());
        return config == CacheConfig.NONE
                        || table.revision() != asked.revision()
                        || asked.context().mode() != CallMode.LIVE
                        || !config.keeps(instance.key().version(), instance.deterministic())
                ? null
                : of(instance.key().task(), asked.revision(), config);
    }

    /// Gives the cache of a task for a revision, emptied if the task's cache is older; null if it is newer.
    private @Nullable TaskCache of(String task, long revision, CacheConfig config) {
        TaskCache known = tasks.get(task);
        if (known == null || known.revision() < revision) {
            known = tasks.compute(task, (name, before) -> {
                if (before != null && before.revision() >= revision) {
                    return before;
                }
                if (before != null) {
                    before.close();
                }
                return new TaskCache(name, revision, config, meters);
            });
        }
        return known.revision() == revision ? known : null;
    }

    /// What is kept for a task.
    ///
    /// @param bytes that it takes
    /// @param evicted answers that had to go for others, since the config revision came into force
    public record Kept(long answers, long bytes, long evicted) {}

    /// Tells what is kept, by task.
    public Map<String, Kept> kept() {
        Map<String, Kept> kept = new TreeMap<>();
        tasks.forEach((task, cache) -> kept.put(task, cache.kept()));
        return kept;
    }

    /// Forgets all answers of a task.
    ///
    /// @return what was forgotten
    public Kept clear(String task) {
        TaskCache cache = tasks.remove(task);
        if (cache == null) {
            return new Kept(0, 0, 0);
        }
        Kept kept = cache.kept();
        cache.close();
        return kept;
    }

    /// One call on its way through the cache.
    private record Sharing(
            TaskCache cache,
            CacheKey key,
            JsonNode question,
            Asked asked,
            TaskDialect dialect,
            Embedder embedder,
            Run run,
            Runnable release,
            BiConsumer<Outcome, CacheResult> answer) {

        void begin() {
            if (!asked.context().reuse().takes()) {
                alone(CacheResult.BYPASS, null);
                return;
            }
            while (true) {
                byte[] kept = cache.find(key);
                if (kept != null) {
                    given(kept, CacheResult.HIT);
                    return;
                }
                if (asked.streams()) {
                    // who wants an answer as it comes does not wait for that of another to be whole
                    look(json -> given(json, CacheResult.SIMILAR), place -> alone(CacheResult.MISS, place));
                    return;
                }
                Flight mine = new Flight();
                Flight other = cache.flights().putIfAbsent(key, mine);
                if (other == null) {
                    lead(mine);
                    return;
                }
                // a module that waits for another must not wait for a call that waits for it
                int most = asked.context().path().isEmpty()
                        ? asked.instance().executor().limits().queue()
                        : 0;
                CompletableFuture<Flight.Landing> seat = other.join(most);
                if (seat != null) {
                    wait(other, seat);
                    return;
                }
                if (cache.flights().get(key) == other) {
                    alone(CacheResult.MISS, null);
                    return;
                }
            }
        }

        /// Answers with what another call was answered.
        private void given(byte[] json, CacheResult from) {
            Outcome outcome;
            try {
                outcome = new Outcome.Answer(
                        dialect.say(asked.instance().executor().callee(), json));
            } catch (InferenceException cannotBeSaid) {
                outcome = new Outcome.Failure(cannotBeSaid);
            } catch (RuntimeException | Error bug) {
                outcome = new Outcome.Failure(ours(bug));
            } finally {
                release.run();
            }
            answer.accept(outcome, from);
        }

        private void alone(CacheResult result, @Nullable Place place) {
            Noting noting = new Noting(dialect);
            run.begin(noting, outcome -> {
                keep(outcome, noting, place);
                answer.accept(outcome, result);
            });
        }

        private void lead(Flight flight) {
            look(
                    json -> {
                        cache.flights().remove(key, flight);
                        flight.land(new Flight.Landing.Shared(json, CacheResult.SIMILAR));
                        given(json, CacheResult.SIMILAR);
                    },
                    place -> lead(flight, place));
        }

        /// Looks for the answer to a question that means the same, if the task's config allows that, before the version
        /// is asked. That takes a call to another task; should it fail, the version answers.
        ///
        /// @param otherwise told where the text stands; null if that is not known
        private void look(Consumer<byte[]> found, Consumer<@Nullable Place> otherwise) {
            CacheConfig.Similar similar = cache.similar();
            TextField.Parted parted =
                    similar == null ? null : TextField.at(similar.field()).part(question);
            if (similar == null || parted == null) {
                otherwise.accept(null);
                return;
            }
            CancelSignal signal = new CancelSignal();
            asked.context().cancel().onCancel(signal::cancel);
            String asking = asked.instance().key().toString();
            embedder.embed(similar.task(), parted.text(), asked.context().askedBy(asking, signal))
                    .thenAccept(outcome -> begun(() -> {
                        Place place = place(similar, parted, outcome);
                        byte[] json = place == null ? null : cache.find(place, similar.threshold());
                        if (json == null) {
                            otherwise.accept(place);
                        } else {
                            found.accept(json);
                        }
                    }));
        }

        private @Nullable Place place(CacheConfig.Similar similar, TextField.Parted parted, Outcome outcome) {
            JsonNode numbers = outcome instanceof Outcome.Answer(byte[] json)
                    ? EmbeddingCall.numbers(JsonMapper.shared().readTree(json))
                    : null;
            Place place = numbers == null ? null : Place.of(keyOf(asked, parted.rest()), numbers);
            if (place == null && cache.isFirstUnplaced()) {
                log.warn(
                        "{} made no embedding for inference.{}.cache.similar, so that the version answers: {}. patchbay_cache_embedding_failures_total counts on",
                        similar.task(),
                        asked.instance().key().task(),
                        outcome instanceof Outcome.Failure failure
                                ? failure.error().getMessage()
                                : "its answer has no list of numbers with a direction");
            }
            return place;
        }

        private void lead(Flight flight, @Nullable Place place) {
            Noting noting = new Noting(dialect);
            try {
                run.begin(noting, outcome -> {
                    landed(flight, outcome, noting, place);
                    answer.accept(outcome, CacheResult.MISS);
                });
            } catch (RuntimeException | Error refused) {
                cache.flights().remove(key, flight);
                flight.land(new Flight.Landing.Alone());
                throw refused;
            }
        }

        private void landed(Flight flight, Outcome outcome, Noting noting, @Nullable Place place) {
            if (outcome instanceof Outcome.Failure(InferenceException error)
                    && (error.code() == ErrorCode.CANCELLED || error.code() == ErrorCode.DEADLINE_EXCEEDED)) {
                // that is about this caller, not about the question
                if (!flight.handOver()) {
                    cache.flights().remove(key, flight);
                }
                return;
            }
            boolean kept = keep(outcome, noting, place);
            cache.flights().remove(key, flight);
            flight.land(
                    kept
                            ? new Flight.Landing.Shared(noting.json(), CacheResult.COALESCED)
                            : new Flight.Landing.Alone());
        }

        private boolean keep(Outcome outcome, Noting noting, @Nullable Place place) {
            boolean keep =
                    outcome instanceof Outcome.Answer && asked.context().reuse().gives();
            if (keep) {
                cache.keep(key, noting.json(), place);
            }
            return keep;
        }

        private void wait(Flight flight, CompletableFuture<Flight.Landing> seat) {
            CallContext context =
                    asked.context().within(asked.instance().executor().limits().timeout());
            // before the seat is looked at: a call that runs after all names its own way to be cancelled
            context.cancel()
                    .onCancel(() -> seat.complete(
                            over(ErrorCode.CANCELLED, "The caller went away before the answer was there")));
            seat.completeOnTimeout(
                    over(ErrorCode.DEADLINE_EXCEEDED, tooLate(context)),
                    Math.max(0, context.deadline() - System.nanoTime()),
                    TimeUnit.NANOSECONDS);
            seat.thenAccept(landing -> {
                switch (landing) {
                    case Flight.Landing.Shared(byte[] json, CacheResult from) -> given(json, from);
                    case Flight.Landing.Over(Outcome.Failure failure) -> {
                        release.run();
                        answer.accept(failure, CacheResult.MISS);
                    }
                    case Flight.Landing.Lead() -> begun(() -> lead(flight));
                    case Flight.Landing.Alone() -> begun(() -> alone(CacheResult.MISS, null));
                }
            });
        }

        /// A call that waited is told of a refusal like of any other outcome.
        private void begun(Runnable begin) {
            try {
                begin.run();
            } catch (InferenceException refused) {
                refused(refused);
            } catch (RuntimeException | Error bug) {
                refused(ours(bug));
            }
        }

        private InferenceException ours(Throwable bug) {
            String id = asked.context().requestId();
            log.error("request {} to {} failed inside the gateway", id, asked.instance(), bug);
            return new InferenceException(
                    ErrorCode.INTERNAL,
                    "The gateway failed on this request; the cause is in its log under request id " + id);
        }

        private void refused(InferenceException why) {
            release.run();
            answer.accept(new Outcome.Failure(why), CacheResult.MISS);
        }

        private static Flight.Landing over(ErrorCode code, String message) {
            return new Flight.Landing.Over(new Outcome.Failure(new InferenceException(code, message)));
        }

        private String tooLate(CallContext context) {
            String task = asked.instance().key().task();
            return "%s %s did not answer within %d ms; the call waited for an equal one that runs. Allow more time with Inference-Timeout or inference.%s.limits.timeout"
                    .formatted(
                            task,
                            asked.instance().key().version(),
                            Duration.ofNanos(context.deadline() - context.arrived())
                                    .toMillis(),
                            task);
        }
    }
}
