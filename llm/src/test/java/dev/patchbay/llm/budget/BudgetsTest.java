package dev.patchbay.llm.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.api.InferenceException;
import dev.patchbay.llm.chat.ChatMessage;
import dev.patchbay.llm.chat.ChatMessage.Role;
import dev.patchbay.llm.chat.ChatRequest;
import dev.patchbay.llm.chat.Usage;
import dev.patchbay.llm.config.LlmConfig;
import dev.patchbay.llm.config.LlmConfigReader;
import dev.patchbay.llm.model.Models;
import dev.patchbay.llm.model.Target;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/// What a call may use up is reserved before it, and what it used is settled after it.
class BudgetsTest {

    private static final String CONFIG = """
            {"providers": {"p": {"url": "http://localhost:1"}},
             "models": {"default": {"provider": "p", "model": "priced"},
                        "free": {"provider": "p", "model": "unpriced"}},
             "prices": {"version": "1", "models": {"priced": {"input": 1.0, "cache_read": 0.1, "output": 10.0}}},
             "budgets": [%s]}""";
    private static final ChatRequest QUESTION = new ChatRequest(
            "m",
            List.of(ChatMessage.of(Role.USER, "How was the night? Was it quiet, was it dry?")),
            JsonNodeFactory.instance.objectNode(),
            null,
            Map.of());
    private static final int MOST_OUTPUT = 100;

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-21T10:15:00Z"));
    private final Clock clock = new Clock() {
        @Override
        public java.time.ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(java.time.ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now.get();
        }
    };
    private Budgets budgets = new Budgets(clock);

    @TempDir
    Path folder;

    private LlmConfig configured(String budget) {
        LlmConfig config = LlmConfigReader.read(JsonMapper.shared()
                .readValue(CONFIG.formatted(budget), new tools.jackson.core.type.TypeReference<>() {}));
        budgets.configure(config.budgets(), null);
        return config;
    }

    private Budgets.Reservation reserve(LlmConfig config, String tenant, String model) {
        List<Target> targets = Objects.requireNonNull(
                Models.NONE.with(config, System::nanoTime).targets(model));
        return budgets.reserve(tenant, "ask", targets, config.prices(), QUESTION, MOST_OUTPUT);
    }

    private static Bill used(LlmConfig config, Usage usage) {
        Bill bill = new Bill(config.prices(), QUESTION);
        Target target = Objects.requireNonNull(
                        Models.NONE.with(config, System::nanoTime).targets("default"))
                .getFirst();
        bill.answered(target, usage, "");
        return bill;
    }

    @Test
    void sixtyFourCallersAtATimeNeverOvershoot() throws Exception {
        LlmConfig config = configured("{\"name\": \"acme\", \"tenant\": \"acme\", \"tokens\": 5000}");
        AtomicLong spent = new AtomicLong();
        AtomicLong refused = new AtomicLong();
        CountDownLatch together = new CountDownLatch(1);
        try (ExecutorService callers = Executors.newFixedThreadPool(64)) {
            List<Future<?>> calls = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                calls.add(callers.submit(() -> {
                    together.await();
                    for (int n = 0; n < 20; n++) {
                        try {
                            Budgets.Reservation held = reserve(config, "acme", "default");
                            Thread.yield();
                            Usage usage = new Usage(12, 0, 0, MOST_OUTPUT);
                            spent.addAndGet(usage.total());
                            held.settle(used(config, usage));
                        } catch (InferenceException e) {
                            refused.incrementAndGet();
                        }
                    }
                    return null;
                }));
            }
            together.countDown();
            for (Future<?> call : calls) {
                call.get();
            }
        }
        assertThat(spent.get()).isBetween(4700L, 5000L);
        assertThat(refused.get()).isGreaterThan(1000);
        assertThat(budgets.usedTokens(config.budgets().getFirst(), "", "")).isEqualTo(spent.get());
    }

    @Test
    void anErrorSaysWhatIsLeftAndWhenItBeginsAnew() {
        LlmConfig config =
                configured("{\"name\": \"acme\", \"tenant\": \"acme\", \"tokens\": 130, \"period\": \"1h\"}");
        reserve(config, "acme", "default").settle(used(config, new Usage(12, 0, 0, 30)));

        assertThatThrownBy(() -> reserve(config, "acme", "default"))
                .isInstanceOfSatisfying(InferenceException.class, e -> {
                    assertThat(e.code().id()).isEqualTo("budget-exhausted");
                    assertThat(e.retryAfter()).contains(Duration.ofMinutes(45));
                })
                .hasMessage(
                        "Budget 'acme' is used up: 88 of 130 tokens are left and this call may need 125. It begins anew in 2700 s");

        now.set(Instant.parse("2026-11-21T11:00:00Z"));
        reserve(config, "acme", "default");
    }

    @Test
    void oneTenantsBudgetIsNotAnothers() {
        LlmConfig config = configured("{\"name\": \"each\", \"tenant\": \"*\", \"tokens\": 130}");
        reserve(config, "a", "default");
        reserve(config, "b", "default");
        assertThatThrownBy(() -> reserve(config, "a", "default")).hasMessageContaining("Budget 'each' is used up");
    }

    @Test
    void aRefusedCallGivesBackWhatItHadOfOtherBudgets() {
        LlmConfig config = configured(
                "{\"name\": \"all\", \"tokens\": 1000}, {\"name\": \"small\", \"task\": \"ask\", \"tokens\": 10}");
        assertThatThrownBy(() -> reserve(config, "a", "default")).hasMessageContaining("Budget 'small'");
        assertThat(budgets.usedTokens(config.budgets().getFirst(), "", "")).isZero();
    }

    @Test
    void cachedTokensHaveTheirOwnPrice() {
        LlmConfig config = configured("{\"name\": \"all\", \"cost\": 1}");
        assertThat(used(config, new Usage(1000, 9000, 0, 100)).cost()).isEqualTo((1000 + 900 + 1000) / 1e6);
    }

    @Test
    void aPriceThatIsNotKnownIsNotZero() {
        LlmConfig config = configured("{\"name\": \"money\", \"cost\": 100}");
        assertThatThrownBy(() -> reserve(config, "a", "free"))
                .hasMessage(
                        "Budget 'money' bounds cost, but p/unpriced has no price, and a price that is not known is not zero. Add llm.prices.models.unpriced");
    }

    /// Begins anew with what was written down, as a process that died or was ended does.
    private void restarted(LlmConfig config) {
        budgets = new Budgets(clock);
        budgets.configure(config.budgets(), BudgetLedger.open(folder, clock));
    }

    @Test
    void whatWasUsedUpIsStillUsedUpAfterARestart() {
        LlmConfig config = configured("{\"name\": \"each\", \"tenant\": \"*\", \"tokens\": 200, \"period\": \"1h\"}");
        LlmConfig.Budget each = config.budgets().getFirst();
        restarted(config);
        reserve(config, "a", "default").settle(used(config, new Usage(12, 0, 0, 30)));
        reserve(config, "b", "default").settle(used(config, new Usage(12, 0, 0, 20)));

        restarted(config);
        restarted(config);
        assertThat(budgets.usedTokens(each, "a", "")).isEqualTo(42);
        assertThat(budgets.usedTokens(each, "b", "")).isEqualTo(32);

        now.set(Instant.parse("2026-11-21T11:00:00Z"));
        restarted(config);
        assertThat(budgets.usedTokens(each, "a", "")).isZero();
    }

    @Test
    void aCallThatWasInsideWhenTheProcessDiedCountsWithAllItReserved() {
        LlmConfig config = configured("{\"name\": \"all\", \"tokens\": 200}");
        restarted(config);
        reserve(config, "a", "default");

        restarted(config);
        assertThat(budgets.usedTokens(config.budgets().getFirst(), "", "")).isEqualTo(125);
        assertThatThrownBy(() -> reserve(config, "a", "default"))
                .hasMessageStartingWith("Budget 'all' is used up: 75 of 200 tokens are left");
    }

    @Test
    void aLineThatWasCutIsNotReadAndDoesNotSpoilTheNext() throws Exception {
        LlmConfig config = configured("{\"name\": \"all\", \"tokens\": 2000}");
        restarted(config);
        reserve(config, "a", "default").settle(used(config, new Usage(12, 0, 0, 30)));
        Path file = folder.resolve("budgets.jsonl");
        String whole = Files.readString(file);
        Files.writeString(file, whole + whole.substring(0, 25));

        restarted(config);
        reserve(config, "a", "default").settle(used(config, new Usage(12, 0, 0, 30)));
        restarted(config);
        assertThat(budgets.usedTokens(config.budgets().getFirst(), "", "")).isEqualTo(84);
    }

    @Test
    void aFileThatIsNoLedgerIsRefused() throws Exception {
        Files.writeString(folder.resolve("budgets.jsonl"), "hello\nworld\n");
        assertThatThrownBy(() -> BudgetLedger.open(folder, clock))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "ledger.folder: %s cannot be used: java.io.IOException: line 1 is no change of a budget; move the file away to begin anew"
                                .formatted(folder.resolve("budgets.jsonl")));
    }

    @Test
    void theLedgerStaysSmallAndKeepsItsSums() throws Exception {
        BudgetLedger ledger = BudgetLedger.open(folder, clock, 2000);
        long until = now.get().plusSeconds(60).toEpochMilli();
        for (int i = 0; i < 1000; i++) {
            ledger.add(new BudgetLedger.Entry("all", "", "", until, 3, 0.5));
            assertThat(Files.size(folder.resolve("budgets.jsonl"))).isLessThanOrEqualTo(2000);
        }
        assertThat(BudgetLedger.open(folder, clock).sums())
                .containsExactly(new BudgetLedger.Entry("all", "", "", until, 3000, 500));
    }
}
