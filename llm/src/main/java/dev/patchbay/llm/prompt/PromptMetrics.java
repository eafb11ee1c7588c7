package dev.patchbay.llm.prompt;

import dev.patchbay.api.InferenceException;
import dev.patchbay.api.Metrics;
import dev.patchbay.llm.budget.Bill;
import dev.patchbay.llm.chat.Usage;
import dev.patchbay.llm.guard.Rails;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/// What a prompt counts about itself: `patchbay_module_llm_…` with task and version.
final class PromptMetrics {

    private final Metrics.Counter input;
    private final Metrics.Counter cached;
    private final Metrics.Counter output;
    private final Metrics.Counter cost;
    private final Metrics.Counter costUnknown;
    private final Metrics.Counter retries;
    private final Metrics.Counter hedges;
    private final Metrics.Counter hedgesWon;
    private final Metrics.Counter failures;
    private final Metrics.Counter fallbacks;
    private final Metrics.Counter truncations;
    private final Metrics.Counter reasks;
    private final Metrics.Counter lost;
    private final Metrics.Counter spendingLost;
    private final Map<Rails.OnFail, Metrics.Counter> rails = new EnumMap<>(Rails.OnFail.class);
    private final System.Logger log;

    PromptMetrics(Metrics metrics, System.Logger log) {
        this.input = metrics.counter("llm.tokens.input");
        this.cached = metrics.counter("llm.tokens.cached");
        this.output = metrics.counter("llm.tokens.output");
        this.cost = metrics.counter("llm.cost");
        this.costUnknown = metrics.counter("llm.cost.unknown");
        this.retries = metrics.counter("llm.retries");
        this.hedges = metrics.counter("llm.hedges");
        this.hedgesWon = metrics.counter("llm.hedges.won");
        this.failures = metrics.counter("llm.failures");
        this.fallbacks = metrics.counter("llm.fallbacks");
        this.truncations = metrics.counter("llm.truncated");
        this.reasks = metrics.counter("llm.reasks");
        this.lost = metrics.counter("llm.records.lost");
        this.spendingLost = metrics.counter("llm.budget.unwritten");
        for (Rails.OnFail onFail : Rails.OnFail.values()) {
            rails.put(onFail, metrics.counter("llm.rails." + onFail.name().toLowerCase(Locale.ROOT)));
        }
        this.log = log;
    }

    void billed(Bill bill) {
        Usage usage = bill.usage();
        input.add(usage.input() + usage.cacheWrite());
        cached.add(usage.cacheRead());
        output.add(usage.output());
        retries.add(bill.retries());
        hedges.add(bill.hedges());
        hedgesWon.add(bill.hedgesWon());
        failures.add(bill.failures());
        cost.add(bill.knownCost());
        if (bill.cost() == null) {
            costUnknown.add(1);
        }
    }

    void found(String where, Rails.Kind kind, Rails.OnFail onFail) {
        Objects.requireNonNull(rails.get(onFail)).add(1);
        log.log(System.Logger.Level.DEBUG, "rail {0} of {1}: {2}", kind, where, onFail);
    }

    void reasked() {
        reasks.add(1);
    }

    void recordLost(String requestId, IOException why) {
        lost.add(1);
        log.log(System.Logger.Level.WARNING, "the record of request {0} could not be written: {1}", requestId, why);
    }

    void spendingLost(String requestId, IOException why) {
        spendingLost.add(1);
        log.log(
                System.Logger.Level.WARNING,
                "what request {0} used up could not be written to the ledger of budgets, and is forgotten with this process: {1}",
                requestId,
                why);
    }

    void notRehearsed(Exception why) {
        log.log(System.Logger.Level.DEBUG, "the first call will be slow: its rehearsal failed", why);
    }

    void truncated() {
        truncations.add(1);
    }

    void fellBack(String requestId, String to, InferenceException why) {
        fallbacks.add(1);
        log.log(System.Logger.Level.WARNING, "request {0} goes to {1}: {2}", requestId, to, why.getMessage());
    }
}
