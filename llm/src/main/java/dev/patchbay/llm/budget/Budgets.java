package dev.patchbay.llm.budget;

import dev.patchbay.api.ErrorCode;
import dev.patchbay.api.InferenceException;
import dev.patchbay.llm.chat.ChatRequest;
import dev.patchbay.llm.chat.Usage;
import dev.patchbay.llm.config.LlmConfig;
import dev.patchbay.llm.config.LlmConfig.Budget;
import dev.patchbay.llm.config.LlmConfig.Prices;
import dev.patchbay.llm.model.Target;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The budgets of one process, in its memory. A call reserves what it may use up at most by estimate, and settles
/// what it did use when it ends.
///
/// **Overshoot.** A reservation is refused when it does not fit, so calls that stay within their estimate never
/// overshoot, however many there are at a time. What a budget can be overshot by is the sum of what the calls inside
/// use beyond their own reservations: prompts that are longer than [Tokens] estimates, and providers that ignore
/// `max_tokens` or are asked more than once for one answer.
public final class Budgets {

    private final Clock clock;
    private final Map<Account, Balance> balances = new ConcurrentHashMap<>();
    private volatile List<Budget> budgets = List.of();

    /// Makes budgets that bound nothing yet.
    public Budgets(Clock clock) {
        this.clock = clock;
    }

    /// Sets the bounds. What was used up stays used up.
    public void configure(List<Budget> next) {
        budgets = next;
    }

    private record Account(String budget, String tenant, String task) {}

    /// What was used up in one period. Guarded by its monitor.
    private static final class Balance {
        private long period = Long.MIN_VALUE;
        private long tokens;
        private double cost;
    }

    /// What a call holds of one budget.
    private record Held(Balance balance, long period, long tokens, double cost) {

        void correct(long tokensMore, double costMore) {
            synchronized (balance) {
                if (balance.period == period) {
                    balance.tokens += tokensMore;
                    balance.cost += costMore;
                }
            }
        }
    }

    /// What a call holds of all budgets that it is under. Settled exactly once.
    public static final class Reservation {

        private final List<Held> held = new ArrayList<>();

        /// Takes what was used in place of what was held.
        public void settle(Bill bill) {
            held.forEach(each -> each.correct(bill.usage().total() - each.tokens(), bill.knownCost() - each.cost()));
            held.clear();
        }

        private void giveBack() {
            held.forEach(each -> each.correct(-each.tokens(), -each.cost()));
            held.clear();
        }
    }

    /// Reserves what a call may use up.
    ///
    /// @param tenant null if the caller has none
    /// @param targets those that may be asked; the dearest counts
    /// @param mostOutput the most tokens that may be answered
    /// @throws InferenceException `budget-exhausted` if it does not fit, or if a budget bounds cost and a
    ///     target has no price
    public Reservation reserve(
            @Nullable String tenant,
            String task,
            List<Target> targets,
            Prices prices,
            ChatRequest request,
            long mostOutput) {
        Reservation reservation = new Reservation();
        List<Budget> bounds = budgets;
        if (bounds.isEmpty()) {
            return reservation;
        }
        Usage most = new Usage(Tokens.prompt(request), 0, 0, mostOutput);
        for (Budget budget : bounds) {
            if (!holds(budget.tenant(), tenant) || !holds(budget.task(), task)) {
                continue;
            }
            try {
                double cost = budget.cost() == null ? 0 : cost(budget, targets, prices, most);
                reservation.held.add(hold(budget, tenant, task, most.total(), cost));
            } catch (InferenceException e) {
                reservation.giveBack();
                throw e;
            }
        }
        return reservation;
    }

    private static boolean holds(@Nullable String bound, @Nullable String value) {
        return bound == null || (value != null && (bound.equals("*") || bound.equals(value)));
    }

    private static double cost(Budget budget, List<Target> targets, Prices prices, Usage most) {
        double dearest = 0;
        for (Target target : targets) {
            Double cost = Bill.cost(prices, target.name(), most);
            if (cost == null) {
                throw new InferenceException(
                        ErrorCode.BUDGET_EXHAUSTED,
                        "Budget '%s' bounds cost, but %s has no price, and a price that is not known is not zero. Add llm.prices.models.%s"
                                .formatted(budget.name(), target, target.name().model()));
            }
            dearest = Math.max(dearest, cost);
        }
        return dearest;
    }

    private Held hold(Budget budget, @Nullable String tenant, String task, long tokens, double cost) {
        Account account = new Account(
                budget.name(),
                "*".equals(budget.tenant()) ? String.valueOf(tenant) : "",
                "*".equals(budget.task()) ? task : "");
        long length = budget.period().toMillis();
        long now = clock.millis();
        long period = Math.floorDiv(now, length);
        Balance balance = balances.computeIfAbsent(account, a -> new Balance());
        synchronized (balance) {
            if (balance.period != period) {
                balance.period = period;
                balance.tokens = 0;
                balance.cost = 0;
            }
            long mostTokens = budget.tokens() == null ? Long.MAX_VALUE : budget.tokens();
            double mostCost = budget.cost() == null ? Double.MAX_VALUE : budget.cost();
            boolean tooMany = balance.tokens + tokens > mostTokens;
            if (tooMany || balance.cost + cost > mostCost) {
                String left = tooMany
                        ? "%d of %d tokens are left and this call may need %d"
                                .formatted(Math.max(0, mostTokens - balance.tokens), mostTokens, tokens)
                        : "%.4f of %.4f are left and this call may cost %.4f"
                                .formatted(Math.max(0, mostCost - balance.cost), mostCost, cost);
                throw new InferenceException(
                        ErrorCode.BUDGET_EXHAUSTED,
                        "Budget '%s' is used up: %s. It begins anew in %d s"
                                .formatted(budget.name(), left, ((period + 1) * length - now + 999) / 1000),
                        List.of(),
                        Duration.ofMillis((period + 1) * length - now),
                        null);
            }
            balance.tokens += tokens;
            balance.cost += cost;
        }
        return new Held(balance, period, tokens, cost);
    }

    /// What a budget has used up in the period that runs, its reservations included.
    ///
    /// @param tenant the tenant's own part; empty if it has none
    public long usedTokens(LlmConfig.Budget budget, String tenant, String task) {
        Balance balance = balances.get(new Account(budget.name(), tenant, task));
        if (balance == null) {
            return 0;
        }
        synchronized (balance) {
            return balance.tokens;
        }
    }
}
