package dev.patchbay.llm.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.patchbay.llm.budget.Bill;
import dev.patchbay.llm.chat.ChatAnswer;
import dev.patchbay.llm.chat.ChatMessage;
import dev.patchbay.llm.chat.ChatMessage.Role;
import dev.patchbay.llm.chat.ChatRequest;
import dev.patchbay.llm.chat.Delta;
import dev.patchbay.llm.config.LlmConfigReader;
import dev.patchbay.llm.fake.FakeProvider;
import dev.patchbay.llm.fake.Fault;
import dev.patchbay.llm.fake.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.JsonNodeFactory;

/// A second target is asked beside one that is slow: who is sooner answers, and the other is ended and billed.
class HedgeTest {

    private static final Reply SLOW = Reply.text("slow").failing(Fault.SILENCE, 0);
    private static final Map<String, ?> SOON = Map.of("after", "60ms");

    private final FakeProvider first = FakeProvider.start(request -> Reply.text("from the first"));
    private final FakeProvider second = FakeProvider.start(request -> Reply.text("from the second"));
    private final ChatRequest question = new ChatRequest(
            "",
            List.of(ChatMessage.of(Role.USER, "Who is it?")),
            JsonNodeFactory.instance.objectNode().put("max_tokens", 50),
            null,
            Map.of());
    private final StringBuilder read = new StringBuilder();

    @AfterEach
    void stop() {
        first.close();
        second.close();
    }

    private Models models(Map<String, ?> hedge, double share) {
        return Models.NONE.with(
                LlmConfigReader.read(Map.of(
                        "providers",
                        Map.of(
                                "a", Map.of("url", first.url().toString()),
                                "b", Map.of("url", second.url().toString())),
                        "retry",
                        Map.of("attempts", 1, "share", share),
                        "hedge",
                        hedge,
                        "models",
                        Map.of(
                                "default",
                                List.of(
                                        Map.of("provider", "a", "model", "m"),
                                        Map.of("provider", "b", "model", "m"))))),
                System::nanoTime);
    }

    private Bill bill(Models models) {
        return new Bill(models.config().prices(), question);
    }

    private ChatAnswer ask(Models models, Bill bill, boolean stream) throws ModelFailed, InterruptedException {
        StreamSink sink = new StreamSink() {
            @Override
            public void take(Delta delta) {
                read.append(delta instanceof Delta.Text(String text) ? text : "");
            }

            @Override
            public void restarted() {
                read.setLength(0);
            }
        };
        return ask(models, bill, stream ? sink : null);
    }

    private ChatAnswer ask(Models models, Bill bill, @Nullable StreamSink sink)
            throws ModelFailed, InterruptedException {
        return new ModelCall(
                        Objects.requireNonNull(models.targets("default")),
                        models.config().timeouts(),
                        models.config().retry(),
                        models.config().hedge(),
                        AfterFirstToken.FAIL,
                        () -> Duration.ofSeconds(30),
                        bill)
                .ask(question, sink);
    }

    private static List<String> tries(Bill bill) {
        return bill.tries().stream()
                .map(each -> each.target() + " " + each.ended())
                .toList();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theSecondAnswersForOneThatIsSlowAndThatOneIsEnded(boolean stream) throws Exception {
        first.then(SLOW);
        Models models = models(SOON, 0.2);
        Bill bill = bill(models);

        assertThat(ask(models, bill, stream).text()).isEqualTo("from the second");

        assertThat(read.toString()).isEqualTo(stream ? "from the second" : "");
        assertThat(tries(bill)).containsExactly("a/m overtaken", "b/m answered");
        assertThat(bill.hedges()).isOne();
        assertThat(bill.hedgesWon()).isOne();
        assertThat(bill.failures()).isZero();
        assertThat(bill.tries().getFirst().counted()).isFalse();
        assertThat(bill.tries().getFirst().usage().input())
                .as("the prompt was sent")
                .isPositive();
        assertThat(bill.usage().input())
                .isEqualTo(bill.tries().getFirst().usage().input() + 10);
        await().untilAsserted(() -> assertThat(first.abandoned()).isOne());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whoAnswersInTimeIsNotHedged(boolean stream) throws Exception {
        Models models = models(Map.of("after", "10s"), 0.2);
        Bill bill = bill(models);

        assertThat(ask(models, bill, stream).text()).isEqualTo("from the first");

        assertThat(tries(bill)).containsExactly("a/m answered");
        assertThat(bill.hedges()).isZero();
        assertThat(second.received()).isEmpty();
    }

    @Test
    void theFirstMayStillBeSoonerThanTheSecond() throws Exception {
        first.then(Reply.text("from the first").failing(Fault.SLOW_FIRST_TOKEN).paced(Duration.ofMillis(400)));
        second.then(SLOW);
        Models models = models(SOON, 0.2);
        Bill bill = bill(models);

        assertThat(ask(models, bill, true).text()).isEqualTo("from the first");

        assertThat(tries(bill)).containsExactly("b/m overtaken", "a/m answered");
        assertThat(bill.hedges()).isOne();
        assertThat(bill.hedgesWon()).isZero();
        await().untilAsserted(() -> assertThat(second.abandoned()).isOne());
    }

    @Test
    void nobodyElseIsAskedOnceTheReaderSawContent() throws Exception {
        first.then(Reply.text("from the first one").paced(Duration.ofMillis(600)));
        Models models = models(Map.of("after", "2s"), 0.2);
        Bill bill = bill(models);

        assertThat(ask(models, bill, true).text()).isEqualTo("from the first one");

        assertThat(second.received()).isEmpty();
    }

    @Test
    void anAnswerThatBreaksOffAfterItsContentIsNotReplaced() {
        first.then(SLOW);
        second.then(Reply.text("from the second").failing(Fault.CUT, 1));
        Models models = models(SOON, 0.2);
        Bill bill = bill(models);

        ModelFailed failed = catchThrowableOfType(ModelFailed.class, () -> ask(models, bill, true));

        assertThat(failed.seen()).isTrue();
        assertThat(failed.failures())
                .singleElement()
                .satisfies(failure -> assertThat(failure.provider()).isEqualTo("b"));
        assertThat(tries(bill)).containsExactly("a/m overtaken", "b/m cut");
        assertThat(read.toString()).isEqualTo("from");
    }

    @Test
    void aSecondThatFailsLeavesTheFirstItsTime() throws Exception {
        first.then(Reply.text("from the first").failing(Fault.SLOW_FIRST_TOKEN).paced(Duration.ofMillis(400)));
        second.then(Reply.status(500, "the engine died"));
        Models models = models(SOON, 0.2);
        Bill bill = bill(models);

        assertThat(ask(models, bill, true).text()).isEqualTo("from the first");

        assertThat(tries(bill)).containsExactly("b/m overloaded", "a/m answered");
    }

    @Test
    void aFirstThatFailsLeavesTheSecondItsTime() throws Exception {
        first.then(Reply.text("never").failing(Fault.TRUNCATED, 0).paced(Duration.ofMillis(150)));
        second.then(
                Reply.text("from the second").failing(Fault.SLOW_FIRST_TOKEN).paced(Duration.ofMillis(500)));
        Models models = models(SOON, 0.2);
        Bill bill = bill(models);

        assertThat(ask(models, bill, true).text()).isEqualTo("from the second");
        assertThat(second.received()).hasSize(1);
    }

    @Test
    void whenBothFailTheNextTryIsAnOrdinaryOne() throws Exception {
        first.then(SLOW);
        second.then(Reply.status(500, "the engine died"), Reply.text("from the second"));
        Models models = Models.NONE.with(
                LlmConfigReader.read(Map.of(
                        "providers",
                        Map.of(
                                "a", Map.of("url", first.url().toString()),
                                "b", Map.of("url", second.url().toString())),
                        "timeouts",
                        Map.of("first_token", "300ms"),
                        "retry",
                        Map.of("attempts", 1),
                        "hedge",
                        SOON,
                        "models",
                        Map.of(
                                "default",
                                List.of(
                                        Map.of("provider", "a", "model", "m"),
                                        Map.of("provider", "b", "model", "m"))))),
                System::nanoTime);
        Bill bill = bill(models);

        assertThat(ask(models, bill, true).text()).isEqualTo("from the second");

        assertThat(tries(bill)).containsExactly("b/m overloaded", "a/m first-token-timeout", "b/m answered");
        assertThat(bill.hedges()).as("a call is hedged once").isOne();
    }

    @Test
    void hedgesComeOutOfTheBudgetOfRetries() throws Exception {
        first.answering(request ->
                Reply.text("from the first").failing(Fault.SLOW_FIRST_TOKEN).paced(Duration.ofMillis(150)));
        Models models = models(SOON, 0);
        int hedges = 0;
        for (int i = 0; i < 14; i++) {
            Bill bill = bill(models);
            ask(models, bill, true);
            hedges += bill.hedges();
        }
        // a target begins with ten retries, and with a share of 0 it never earns another
        assertThat(hedges).isEqualTo(10);
        assertThat(second.received()).hasSize(10);
    }

    @Test
    void whatIsUsualForATargetIsWaitedForIfThatIsLonger() throws Exception {
        first.answering(request ->
                Reply.text("from the first").failing(Fault.SLOW_FIRST_TOKEN).paced(Duration.ofMillis(120)));
        Models models = models(Map.of("after", "400ms", "percentile", 90), 0.2);
        for (int i = 0; i < 20; i++) {
            ask(models, bill(models), true);
        }
        Target target = Objects.requireNonNull(models.targets("default")).getFirst();
        assertThat(Duration.ofNanos(target.waits(true).percentile(90)))
                .isBetween(Duration.ofMillis(115), Duration.ofMillis(390));
        assertThat(target.waits(false).percentile(90))
                .as("whole answers are counted apart")
                .isZero();
        Models sooner = models.with(
                models(Map.of("after", "5ms", "percentile", 99), 0.2).config(), System::nanoTime);
        Bill bill = bill(sooner);
        first.then(Reply.text("from the first").failing(Fault.SLOW_FIRST_TOKEN).paced(Duration.ofMillis(60)));

        ask(sooner, bill, true);

        assertThat(bill.hedges()).as("120 ms are usual, so 5 ms are too soon").isZero();
    }

    @Test
    void aCallerThatLeavesEndsBoth() throws Exception {
        first.then(SLOW);
        second.then(SLOW);
        Models models = models(SOON, 0.2);
        Bill bill = bill(models);
        List<Throwable> thrown = new ArrayList<>();
        Thread caller = Thread.ofVirtual().start(() -> {
            try {
                ask(models, bill, true);
            } catch (Exception e) {
                thrown.add(e);
            }
        });
        await().until(() -> second.inside() == 1);
        caller.interrupt();
        caller.join();

        assertThat(thrown).singleElement().isInstanceOf(InterruptedException.class);
        assertThat(tries(bill)).containsExactly("a/m stopped", "b/m stopped");
        await().untilAsserted(
                        () -> assertThat(first.abandoned() + second.abandoned()).isEqualTo(2));
    }

    @Test
    void aReaderThatWantsNoMoreEndsTheCall() {
        first.then(SLOW);
        Models models = models(SOON, 0.2);
        Bill bill = bill(models);
        StreamSink full = new StreamSink() {
            @Override
            public void take(Delta delta) {
                throw new IllegalStateException("the reader has enough");
            }

            @Override
            public void restarted() {}
        };

        assertThatThrownBy(() -> ask(models, bill, full)).hasMessage("the reader has enough");

        assertThat(tries(bill)).containsExactly("a/m overtaken", "b/m stopped");
    }

    @Test
    void theConfigIsReadStrictly() {
        assertThatThrownBy(() -> LlmConfigReader.read(Map.of("hedge", Map.of("percentile", 95))))
                .hasMessage("hedge.after: is missing; it is how long the first target is waited for, such as 800ms");
        assertThatThrownBy(
                        () -> LlmConfigReader.read(Map.of("hedge", Map.of("after", "1s", "models", List.of("chat")))))
                .hasMessage("hedge.models: there is no model 'chat'; there are: none");
        assertThatThrownBy(() -> LlmConfigReader.read(Map.of("hedge", Map.of("after", "1s", "percentile", 100))))
                .hasMessageContaining("hedge.percentile");
    }
}
