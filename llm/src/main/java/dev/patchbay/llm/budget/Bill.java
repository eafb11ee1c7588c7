package dev.patchbay.llm.budget;

import dev.patchbay.llm.chat.ChatRequest;
import dev.patchbay.llm.chat.ProviderFailure;
import dev.patchbay.llm.chat.Usage;
import dev.patchbay.llm.config.LlmConfig;
import dev.patchbay.llm.config.LlmConfig.Price;
import dev.patchbay.llm.config.LlmConfig.Prices;
import dev.patchbay.llm.model.Attempts;
import dev.patchbay.llm.model.Target;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What one call used up, over all its tries. Used by one thread.
public final class Bill implements Attempts {

    private static final Usage NOTHING = new Usage(0, 0, 0, 0);

    private final Prices prices;
    private final ChatRequest request;
    private Usage usage = NOTHING;
    private double cost;
    private boolean costKnown = true;
    private int retries;
    private int failures;
    private int hedges;
    private int hedgesWon;
    private final List<Try> tries = new ArrayList<>();

    /// One try at a target.
    ///
    /// @param target `provider/model`
    /// @param ended `answered`, `stopped`, `overtaken`, or the kind of failure
    /// @param counted whether the provider counted; if not, it is an estimate
    public record Try(String target, String ended, Usage usage, boolean counted) {}

    /// Opens a bill.
    public Bill(Prices prices, ChatRequest request) {
        this.prices = prices;
        this.request = request;
    }

    @Override
    public long estimate(ChatRequest asked) {
        return Tokens.prompt(asked) + asked.mostOutputTokens();
    }

    @Override
    public void answered(Target target, @Nullable Usage told, String text) {
        add(target, "answered", told == null ? guess(text) : told, told != null);
    }

    @Override
    public void failed(Target target, ProviderFailure failure, String text) {
        failures++;
        if (failure.usage().isPresent()) {
            add(target, failure.kind().label(), failure.usage().get(), true);
            return;
        }
        switch (failure.kind()) {
            case UNREACHABLE,
                    RATE_LIMITED,
                    OVERLOADED,
                    QUOTA,
                    KEY_REFUSED,
                    UNKNOWN_MODEL,
                    TOO_LONG,
                    BAD_REQUEST,
                    WRONG_TYPE -> {
                // no model ran
                tries.add(new Try(target.toString(), failure.kind().label(), NOTHING, true));
            }
            default -> add(target, failure.kind().label(), guess(text), false);
        }
    }

    @Override
    public void stopped(Target target, String text) {
        add(target, "stopped", guess(text), false);
    }

    @Override
    public void retried(Target target) {
        retries++;
    }

    @Override
    public void hedged(Target second) {
        hedges++;
    }

    @Override
    public void overtaken(Target target, @Nullable Usage told, String text, boolean byHedge) {
        hedgesWon += byHedge ? 1 : 0;
        add(target, "overtaken", told == null ? guess(text) : told, told != null);
    }

    private Usage guess(String text) {
        return new Usage(Tokens.prompt(request), 0, 0, Tokens.of(text));
    }

    private void add(Target target, String ended, Usage used, boolean counted) {
        tries.add(new Try(target.toString(), ended, used, counted));
        usage = usage.plus(used);
        Double price = cost(prices, target.name(), used);
        if (price == null) {
            costKnown = false;
        } else {
            cost += price;
        }
    }

    /// Prices tokens.
    ///
    /// @return null if the table has no price for the target
    static @Nullable Double cost(Prices prices, LlmConfig.Target target, Usage used) {
        Price exact = prices.models().get(target.toString());
        Price price = exact == null ? prices.models().get(target.model()) : exact;
        return price == null
                ? null
                : (used.input() * price.input()
                                + used.cacheRead() * price.cacheRead()
                                + used.cacheWrite() * price.cacheWrite()
                                + used.output() * price.output())
                        / 1_000_000;
    }

    /// Gives all tokens, as counted by the providers; estimated where they did not say.
    public Usage usage() {
        return usage;
    }

    /// Gives the cost; null if one of the tries has no price. It is not known then, and not zero.
    public @Nullable Double cost() {
        return costKnown ? cost : null;
    }

    /// Gives what the tries with a price cost.
    public double knownCost() {
        return cost;
    }

    /// Lists the tries, in their order.
    public List<Try> tries() {
        return List.copyOf(tries);
    }

    /// Counts the tries again at the same target.
    public int retries() {
        return retries;
    }

    /// Counts the tries that failed.
    public int failures() {
        return failures;
    }

    /// Counts the times that a second target was asked beside another.
    public int hedges() {
        return hedges;
    }

    /// Counts those of them in which the second was sooner.
    public int hedgesWon() {
        return hedgesWon;
    }
}
