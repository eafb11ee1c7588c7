package dev.patchbay.llm.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.patchbay.llm.budget.Bill;
import dev.patchbay.llm.chat.ChatMessage;
import dev.patchbay.llm.chat.ChatMessage.Role;
import dev.patchbay.llm.chat.ChatRequest;
import dev.patchbay.llm.config.LlmConfig;
import dev.patchbay.llm.config.LlmConfigReader;
import dev.patchbay.llm.fake.FakeProvider;
import dev.patchbay.llm.fake.Reply;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.JsonNodeFactory;

/// How much goes to a target within a minute, and who is asked when that is used up.
class TargetRateTest {

    private static final Duration NOT_AT_ALL = Duration.ZERO;
    private static final Duration LONG = Duration.ofMinutes(5);

    private final AtomicLong now = new AtomicLong(5_000_000_000L);
    private final FakeProvider first = FakeProvider.start(request -> Reply.text("first"));
    private final FakeProvider second = FakeProvider.start(request -> Reply.text("second"));

    @AfterEach
    void stop() {
        first.close();
        second.close();
    }

    private TargetRate rate(long requests, long tokens) {
        return new TargetRate(new LlmConfig.Rate(requests, tokens), now::get);
    }

    private void passes(Duration time) {
        now.addAndGet(time.toNanos());
    }

    @Test
    void requestsBeyondThoseOfAMinuteWaitForTheirTurn() {
        TargetRate rate = rate(2, 0);
        assertThat(rate.take(1_000_000, NOT_AT_ALL)).isZero();
        assertThat(rate.take(1_000_000, NOT_AT_ALL)).isZero();
        assertThat(rate.take(1, NOT_AT_ALL)).isEqualTo(Duration.ofSeconds(30));
        assertThat(rate.take(1, LONG)).isEqualTo(Duration.ofSeconds(30));
        assertThat(rate.take(1, LONG)).isEqualTo(Duration.ofSeconds(60));
        passes(Duration.ofSeconds(90));
        assertThat(rate.take(1, NOT_AT_ALL)).isZero();
    }

    @Test
    void tokensThatWereNotUsedAreGivenBack() {
        TargetRate rate = rate(0, 1200);
        assertThat(rate.take(1000, NOT_AT_ALL)).isZero();
        assertThat(rate.take(400, NOT_AT_ALL)).isEqualTo(Duration.ofSeconds(10));
        rate.settle(1000, 700);
        assertThat(rate.take(400, NOT_AT_ALL)).isZero();
        rate.settle(400, 1000);
        // 600 more than it took
        assertThat(rate.take(100, NOT_AT_ALL)).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void aCallThatNeedsMoreThanAMinuteHoldsWaitsForAFullBucketOnly() {
        TargetRate rate = rate(0, 600);
        assertThat(rate.take(5_000, NOT_AT_ALL)).isZero();
        assertThat(rate.take(1, NOT_AT_ALL)).isGreaterThan(Duration.ofMinutes(7));
    }

    private Models models(String requestsPerMinute) {
        return Models.NONE.with(
                LlmConfigReader.read(Map.of(
                        "providers",
                        Map.of(
                                "a", Map.of("url", first.url().toString()),
                                "b", Map.of("url", second.url().toString())),
                        "retry",
                        Map.of("attempts", 1),
                        "models",
                        Map.of(
                                "default",
                                List.of(
                                        Map.of(
                                                "provider",
                                                "a",
                                                "model",
                                                "m",
                                                "requests_per_minute",
                                                Integer.parseInt(requestsPerMinute)),
                                        Map.of("provider", "b", "model", "m"))))),
                now::get);
    }

    private static String ask(Models models, Duration remaining) throws ModelFailed, InterruptedException {
        ChatRequest request = new ChatRequest(
                "",
                List.of(ChatMessage.of(Role.USER, "Who is it?")),
                JsonNodeFactory.instance.objectNode(),
                null,
                Map.of());
        return new ModelCall(
                        Objects.requireNonNull(models.targets("default")),
                        models.config().timeouts(),
                        models.config().retry(),
                        null,
                        AfterFirstToken.FAIL,
                        () -> remaining,
                        new Bill(models.config().prices(), request))
                .ask(request, null)
                .text();
    }

    @Test
    void whoTakesNoMoreIsPassedOver() throws Exception {
        Models models = models("1");
        assertThat(ask(models, LONG)).isEqualTo("first");
        assertThat(ask(models, LONG)).isEqualTo("second");
        passes(Duration.ofMinutes(1));
        assertThat(ask(models, LONG)).isEqualTo("first");
    }

    @Test
    void whoWasPassedOverIsWaitedForWhenTheOthersFail() throws Exception {
        Models models = models("1");
        ask(models, LONG);
        passes(Duration.ofMillis(59_900));
        second.then(Reply.status(500, "the engine died"));
        assertThat(ask(models, Duration.ofSeconds(5))).isEqualTo("first");
    }

    @Test
    void aCallThatCannotWaitSoLongIsToldWhen() throws Exception {
        Models models = models("1");
        ask(models, LONG);
        second.then(Reply.status(500, "the engine died"));
        ModelFailed failed = catchThrowableOfType(ModelFailed.class, () -> ask(models, Duration.ofSeconds(5)));
        assertThat(failed.failures().getLast())
                .hasMessage(
                        "What llm.models allows a/m a minute is used up for another 60000 ms, which is longer than the call can wait");
        assertThat(failed.failures().getLast().retryAfter()).contains(Duration.ofMinutes(1));
    }
}
