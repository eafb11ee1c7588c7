package dev.patchbay.core;

import dev.patchbay.api.ErrorCode;
import dev.patchbay.api.InferenceException;
import dev.patchbay.core.access.RateLimits;
import dev.patchbay.core.cache.CacheResult;
import dev.patchbay.core.cache.ResponseCache;
import dev.patchbay.core.config.ResilienceConfig;
import dev.patchbay.core.execution.CallContext;
import dev.patchbay.core.execution.CallTimings;
import dev.patchbay.core.execution.Dialect;
import dev.patchbay.core.execution.EmbeddingCall;
import dev.patchbay.core.execution.JsonDialect;
import dev.patchbay.core.execution.Outcome;
import dev.patchbay.core.execution.TaskCaller;
import dev.patchbay.core.execution.TaskDialect;
import dev.patchbay.core.execution.TraceContext;
import dev.patchbay.core.flag.Flags;
import dev.patchbay.core.registry.ModuleKey;
import dev.patchbay.core.registry.ModuleLease;
import dev.patchbay.core.registry.ModuleRegistry;
import dev.patchbay.core.routing.FlagQuestion;
import dev.patchbay.core.routing.Reason;
import dev.patchbay.core.routing.Resolution;
import dev.patchbay.core.routing.RouteQuery;
import dev.patchbay.core.routing.Router;
import dev.patchbay.core.schema.JsonReader;
import dev.patchbay.core.telemetry.CallLedger;
import dev.patchbay.core.telemetry.CallRecord;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The life of a request, top to bottom:
///
/// 1. *read*: the body becomes a tree, within its limits
/// 2. *limit*: a tenant that asks too often is refused
/// 3. *route*: one look at one immutable table says which version answers, and why; if a flag of another system has a
///    say, it is asked before, on a thread of its own
/// 4. *lease*: the version is held, so that it is not torn down under the call
/// 5. *run*, unless the answer is there already: on the version's own lane, its request is checked and bound, the
///    module answers, the answer is checked and written. The version is let go when the module has really returned,
///    which may be later than the answer
/// 6. *finish*: the record of the call is complete; metrics and log read it; the caller is told
///
/// Should it fail, the task's config may send it through steps 3 to 6 again: to the same rules (`retry`), or to another
/// version or task (`fallback`), which is said in its answer.
///
/// The thread that brings a request does steps 1 to 4, which take microseconds and never block; the lane does
/// the rest.
public final class Gateway implements TaskCaller {

    private static final Logger log = LoggerFactory.getLogger(Gateway.class);
    /// Versions that left one after the other while one call looked for one; more than there can be.
    private static final int MOST_LOOKS = 10_000;

    private final JsonReader json;
    private final RateLimits rates;
    private final Router router;
    private final ModuleRegistry modules;
    private final CallLedger ledger;
    private final Resilience resilience;
    private final ResponseCache cache;
    private final @Nullable Flags flags;
    private final UnaryOperator<TraceContext> tracing;

    /// Puts the gateway together from its parts, which others change while it runs.
    public Gateway(JsonReader json, RateLimits rates, Router router, ModuleRegistry modules, CallLedger ledger) {
        this(json, rates, router, modules, ledger, null, UnaryOperator.identity());
    }

    /// Puts a gateway together that asks flags and says which traces are recorded.
    ///
    /// @param flags null if there are none
    /// @param tracing decides about a trace when a call comes, as far as that can be known then
    public Gateway(
            JsonReader json,
            RateLimits rates,
            Router router,
            ModuleRegistry modules,
            CallLedger ledger,
            @Nullable Flags flags,
            UnaryOperator<TraceContext> tracing) {
        this.flags = flags;
        this.tracing = tracing;
        this.json = json;
        this.rates = rates;
        this.router = router;
        this.modules = modules;
        this.ledger = ledger;
        this.resilience = new Resilience(router, ledger);
        this.cache = new ResponseCache(ledger.meters(), this::embed);
    }

    /// Gives the answers that are kept.
    public ResponseCache cache() {
        return cache;
    }

    /// Answers a request. Never throws and never blocks; every request gets exactly one reply.
    public CompletableFuture<InferenceReply> infer(InferenceRequest asked) {
        CallContext came = asked.context();
        InferenceRequest request = asked.in(came.in(tracing.apply(came.trace())));
        var reply = new CompletableFuture<InferenceReply>();
        var timings = new CallTimings(request.context().arrived());
        try {
            Question question = read(request.body());
            timings.read();
            rates.take(request.task(), request.context().tenant());
            attempt(new Ongoing(request, question, timings, new Resilience.Attempt(1, null), reply));
        } catch (InferenceException refused) {
            reply.complete(finish(request, null, null, new Outcome.Failure(refused), timings, CacheResult.NONE));
        } catch (RuntimeException | Error bug) {
            reply.complete(
                    finish(request, null, null, new Outcome.Failure(ours(request, bug)), timings, CacheResult.NONE));
        }
        return reply;
    }

    /// Notes a request that another protocol's reader refused, so that it is counted and logged as others are.
    ///
    /// @param task as the caller named it
    public void refused(String task, CallContext context, InferenceException why) {
        ledger.record(new CallRecord(
                context,
                task,
                null,
                new Outcome.Failure(why),
                new CallTimings(context.arrived()),
                null,
                System.nanoTime()));
    }

    /// One way of a call through steps 3 to 6.
    private record Ongoing(
            InferenceRequest request,
            Question question,
            CallTimings timings,
            Resilience.Attempt attempt,
            CompletableFuture<InferenceReply> reply) {

        Ongoing again(InferenceRequest again) {
            return new Ongoing(again, question, clock(again), attempt.next(), reply);
        }

        Ongoing instead(InferenceRequest instead, String label, CompletableFuture<InferenceReply> answered) {
            return new Ongoing(instead, question, clock(instead), new Resilience.Attempt(1, label), answered);
        }
    }

    /// Steps 3 to 5 of a call.
    private void attempt(Ongoing call) {
        InferenceRequest request = call.request();
        var query = new RouteQuery(
                request.task(),
                request.context().tenant(),
                request.pin(),
                request.context().requestId(),
                call.question().seen(),
                request.baggage());
        Flags asked = flags;
        FlagQuestion flag = asked == null ? null : router.table().flagQuestion(query);
        if (asked == null || flag == null) {
            attempt(call, query);
        } else {
            asked.ask(flag).thenAccept(said -> attempt(call, query.with(said)));
        }
    }

    private void attempt(Ongoing call, RouteQuery query) {
        InferenceRequest request = call.request();
        Resolution resolution = null;
        try {
            Route route = route(request, query);
            String label = call.attempt().label();
            resolution = label == null ? route.resolution() : route.resolution().asFallback(label);
            run(call, resolution, route.lease());
            tellIfPassedBy(query, route.resolution());
        } catch (InferenceException refused) {
            ended(call, resolution, new Outcome.Failure(refused), CacheResult.NONE);
        } catch (RuntimeException | Error bug) {
            ended(call, resolution, new Outcome.Failure(ours(request, bug)), CacheResult.NONE);
        }
    }

    private void tellIfPassedBy(RouteQuery query, Resolution chosen) {
        String named = query.flag() == null ? null : query.flag().version();
        if (named != null && chosen.reason() != Reason.FLAG && flags != null) {
            FlagQuestion question = router.table().flagQuestion(query);
            if (question != null) {
                flags.passedBy(question, named);
            }
        }
    }

    /// Step 5. Whoever ends the work gives the lease back: the executor when the module has really returned, or the
    /// cache when it answers by itself; here only if neither begins. Giving it back twice does no harm.
    private void run(Ongoing call, Resolution chosen, ModuleLease lease) {
        InferenceRequest request = call.request();
        try {
            if (request.parts() != null) {
                request.parts().routed(chosen);
            }
            var asked = new ResponseCache.Asked(
                    lease.instance(),
                    request.context(),
                    chosen.revision(),
                    call.question().dialect(),
                    request.parts() != null);
            ResponseCache.Run run = (dialect, outcome) -> lease.instance()
                    .executor()
                    .submit(request.context(), dialect, request.parts(), call.timings(), outcome, lease::close);
            cache.answer(
                    asked, router.table(), run, lease::close, (outcome, from) -> ended(call, chosen, outcome, from));
        } catch (RuntimeException | Error refused) {
            lease.close();
            throw refused;
        }
    }

    /// Step 6, unless the task has another way to an answer: the version once more, or what it falls back to.
    private void ended(Ongoing call, @Nullable Resolution resolution, Outcome outcome, CacheResult from) {
        switch (resilience.after(call.request(), call.attempt(), outcome)) {
            case Resilience.Next.Stands _ -> call.reply().complete(finish(call, resolution, outcome, from));
            case Resilience.Next.Again(InferenceRequest again) -> attempt(call.again(again));
            case Resilience.Next.Instead(ResilienceConfig.Fallback fallback, boolean inTime) ->
                fallBack(call, fallback, finish(call, resolution, outcome, from), inTime);
        }
    }

    /// Lets another answer. The failure was recorded as what it is; if there is nobody to answer instead, it stands.
    private void fallBack(Ongoing call, ResilienceConfig.Fallback fallback, InferenceReply failed, boolean inTime) {
        InferenceRequest request = call.request();
        if (fallback instanceof ResilienceConfig.Fallback.Constant(ObjectNode answer)) {
            byte[] said = constant(call.question().dialect(), failed, answer);
            if (said != null) {
                ledger.fellBack(request.task(), fallback.label());
            }
            call.reply()
                    .complete(
                            said == null
                                    ? failed
                                    : new InferenceReply(
                                            failed.record().answeredBy(new Outcome.Answer(said), fallback.label())));
            return;
        }
        if (!inTime) {
            call.reply().complete(failed);
            return;
        }
        InferenceRequest instead = fallback instanceof ResilienceConfig.Fallback.Version(String version)
                ? request.to(request.task(), version)
                : request.to(((ResilienceConfig.Fallback.Task) fallback).task(), null);
        var answered = new CompletableFuture<InferenceReply>();
        attempt(call.instead(instead, fallback.label(), answered));
        answered.thenAccept(other -> {
            boolean worked = other.outcome() instanceof Outcome.Answer;
            if (worked) {
                ledger.fellBack(request.task(), fallback.label());
            }
            call.reply().complete(worked ? other : failed);
        });
    }

    /// Says a constant as the caller wants it.
    ///
    /// @return null if it cannot be said so: to who asked for tensors, or when no version is there to say it for
    private byte @Nullable [] constant(Dialect dialect, InferenceReply failed, ObjectNode answer) {
        byte[] json = answer.toString().getBytes(StandardCharsets.UTF_8);
        Resolution resolution = failed.record().resolution();
        if (dialect instanceof JsonDialect) {
            return json;
        }
        return !(dialect instanceof TaskDialect own) || resolution == null
                ? null
                : modules.find(new ModuleKey(failed.record().task(), resolution.version()))
                        .map(instance -> own.say(instance.executor().callee(), json))
                        .orElse(null);
    }

    private static CallTimings clock(InferenceRequest request) {
        CallTimings timings = new CallTimings(request.context().arrived());
        timings.read();
        return timings;
    }

    /// Answers a module that asks another task.
    @Override
    public Outcome ask(String task, JsonNode body, CallContext context) throws InterruptedException {
        int at = task.indexOf('@');
        var request = new InferenceRequest(
                at < 0 ? task : task.substring(0, at),
                at < 0 ? null : task.substring(at + 1),
                new InferenceRequest.Body.Tree(body),
                Map.of(),
                context,
                null);
        try {
            InferenceReply reply = infer(request).get();
            Resolution resolution = reply.record().resolution();
            if (resolution != null && resolution.reason() == Reason.FALLBACK) {
                context.reuse().refuse();
            }
            return reply.outcome();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a reply never fails", e);
        }
    }

    private CompletableFuture<Outcome> embed(String task, String text, CallContext context) {
        int at = task.indexOf('@');
        return infer(new InferenceRequest(
                        at < 0 ? task : task.substring(0, at),
                        at < 0 ? null : task.substring(at + 1),
                        new InferenceRequest.Body.Foreign(
                                new EmbeddingCall(text), JsonNodeFactory.instance.objectNode()),
                        Map.of(),
                        context,
                        null))
                .thenApply(InferenceReply::outcome);
    }

    /// A version may ask another version of its task by name, but nobody asks a version that waits for it.
    private static void refuseCycle(InferenceRequest request, Resolution resolution) {
        String asked = request.task() + "@" + (request.pin() == null ? "" : resolution.version());
        if (request.context().path().stream()
                .anyMatch(waiting -> request.pin() == null ? waiting.startsWith(asked) : waiting.equals(asked))) {
            throw new InferenceException(
                    ErrorCode.CALL_CYCLE,
                    "Task '%s' is asked while it is being answered: %s → %s"
                            .formatted(
                                    request.task(),
                                    String.join(" → ", request.context().path()),
                                    request.task()));
        }
    }

    /// @param seen what routing may look at
    private record Question(JsonNode seen, Dialect dialect) {

        Question(JsonNode json) {
            this(json, new JsonDialect(json));
        }
    }

    private Question read(InferenceRequest.Body body) {
        return switch (body) {
            case InferenceRequest.Body.Bytes(byte[] bytes) -> new Question(json.read(bytes));
            case InferenceRequest.Body.Tree(JsonNode tree) -> new Question(tree);
            case InferenceRequest.Body.Foreign(Dialect dialect, JsonNode seen) -> new Question(seen, dialect);
        };
    }

    private record Route(Resolution resolution, ModuleLease lease) {}

    /// Chooses a version and holds it. A version may leave between the two; its leaving was published before
    /// its gate closed, so that looking again finds the table without it.
    private Route route(InferenceRequest request, RouteQuery query) {
        Resolution resolution = router.resolve(query);
        for (int look = 1; look <= MOST_LOOKS; look++) {
            refuseCycle(request, resolution);
            ModuleLease lease = modules.lease(new ModuleKey(request.task(), resolution.version()));
            if (lease != null) {
                return new Route(resolution, lease);
            }
            Thread.onSpinWait();
            resolution = router.resolve(query);
        }
        throw new IllegalStateException("rules choose %s@%s again and again, which nobody may call"
                .formatted(request.task(), resolution.version()));
    }

    private InferenceReply finish(Ongoing call, @Nullable Resolution resolution, Outcome outcome, CacheResult from) {
        return finish(call.request(), call.question(), resolution, outcome, call.timings(), from);
    }

    private InferenceReply finish(
            InferenceRequest request,
            @Nullable Question question,
            @Nullable Resolution resolution,
            Outcome outcome,
            CallTimings timings,
            CacheResult from) {
        var record = new CallRecord(
                request.context(),
                request.task(),
                resolution,
                outcome,
                timings,
                question == null ? null : question.dialect(),
                from,
                System.nanoTime());
        ledger.record(record);
        return new InferenceReply(record);
    }

    private static InferenceException ours(InferenceRequest request, Throwable bug) {
        log.error(
                "request {} to {} failed inside the gateway", request.context().requestId(), request.task(), bug);
        return new InferenceException(
                ErrorCode.INTERNAL,
                "The gateway failed on this request; the cause is in its log under request id "
                        + request.context().requestId());
    }
}
