package dev.patchbay.llm.budget;

import dev.patchbay.api.ErrorCode;
import dev.patchbay.api.InferenceException;
import dev.patchbay.llm.budget.BudgetLedger.Account;
import dev.patchbay.llm.chat.ChatRequest;
import dev.patchbay.llm.chat.Usage;
import dev.patchbay.llm.config.LlmConfig;
import dev.patchbay.llm.config.LlmConfig.Budget;
import dev.patchbay.llm.config.LlmConfig.Prices;
import dev.patchbay.llm.model.Target;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The budgets of one process, in its memory and, if it has one, in a [BudgetLedger]. A call reserves what it may use
/// up at most by estimate, and settles
/// what it did use when it ends.
///
/// **Overshoot.** A reservation is refused when it does not fit, so calls that stay within their estimate never
/// overshoot, however many there are at a time. What a budget can be overshot by is the sum of what the calls inside
/// use beyond their own reservations: prompts that are longer than [Tokens] estimates, and providers that ignore
/// `max_tokens` or are asked more than once for one answer. With a ledger that holds over restarts too: the calls that
/// were inside when the process died count with all they reserved.
public final class Budgets {

    private final Clock clock;
    private final Map<Account, Balance> balances = new ConcurrentHashMap<>();
    private volatile List<Budget> budgets = List.of();
    private volatile @Nullable BudgetLedger ledger;

    /// Makes budgets that bound nothing yet.
    public Budgets(Clock clock) {
        this.clock = clock;
    }

    /// Sets the bounds. What was used up stays used up.
    ///
    /// @param kept where it is written down; null if nowhere
    public void configure(List<Budget> next, @Nullable BudgetLedger kept) {
        if (kept != null && kept != ledger) {
            for (BudgetLedger.Entry sum : kept.sums()) {
                Balance balance = balances.computeIfAbsent(sum.account(), account -> new Balance());
                synchronized (balance) {
                    balance.begin(sum.until());
                    balance.tokens += sum.tokens();
                    balance.cost += sum.cost();
                }
            }
        }
        ledger = kept;
        budgets = next;
    }

    /// What was used up in one period. Guarded by its monitor.
    private static final class Balance {
        /// The end of the period.
        private long until = Long.MIN_VALUE;
        private long tokens;
        private double cost;

        void begin(long periodUntil) {
            if (until != periodUntil) {
                until = periodUntil;
                tokens = 0;
                cost = 0;
            }
        }
    }

    /// What a call holds of one budget.
    private record Held(Account account, Balance balance, long until, long tokens, double cost) {}

    /// What a call holds of all budgets that it is under. Settled exactly once.
    public final class Reservation {

        private final List<Held> held = new ArrayList<>();
        private @Nullable IOException unwritten;

        /// Takes what was used in place of what was held.
        public void settle(Bill bill) {
            held.forEach(each -> correct(each, bill.usage().total() - each.tokens(), bill.knownCost() - each.cost()));
            held.clear();
        }

        /// Tells why what was used up could not be written down; empty if it was.
        public Optional<IOException> unwritten() {
            return Optional.ofNullable(unwritten);
        }

        private void giveBack() {
            held.forEach(each -> correct(each, -each.tokens(), -each.cost()));
            held.clear();
        }

        private void correct(Held each, long tokensMore, double costMore) {
            Balance balance = each.balance();
            synchronized (balance) {
                if (balance.until == each.until()) {
                    balance.tokens += tokensMore;
                    balance.cost += costMore;
                }
            }
            write(each, tokensMore, costMore);
        }

        private void add(Held each) {
            held.add(each);
            write(each, each.tokens(), each.cost());
        }

        private void write(Held each, long tokensMore, double costMore) {
            BudgetLedger to = ledger;
            Account of = each.account();
            if (to != null && (tokensMore != 0 || costMore != 0)) {
                try {
                    to.add(new BudgetLedger.Entry(
                            of.budget(), of.tenant(), of.task(), each.until(), tokensMore, costMore));
                } catch (IOException e) {
                    unwritten = e;
                }
            }
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
                reservation.add(hold(budget, tenant, task, most.total(), cost));
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
        long until = (Math.floorDiv(now, length) + 1) * length;
        Balance balance = balances.computeIfAbsent(account, a -> new Balance());
        synchronized (balance) {
            balance.begin(until);
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
                                .formatted(budget.name(), left, (until - now + 999) / 1000),
                        List.of(),
                        Duration.ofMillis(until - now),
                        null);
            }
            balance.tokens += tokens;
            balance.cost += cost;
        }
        return new Held(account, balance, until, tokens, cost);
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
