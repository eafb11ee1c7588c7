package dev.patchbay.llm.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.patchbay.llm.chat.ChatAnswer;
import dev.patchbay.llm.chat.ProviderFailure;
import dev.patchbay.llm.chat.ProviderFailure.Kind;
import dev.patchbay.llm.fake.Fault;
import dev.patchbay.llm.fake.Reply;
import dev.patchbay.llm.wire.ProviderSettings.Format;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Every fault of a provider, before and after the first token, streaming and not, in all formats.
class ProviderFaultsTest {

    private static final String TEXT = "The night was quiet and dry";

    private record Case(Fault fault, int after, boolean streaming, Kind kind, String message) {}

    static Stream<Arguments> faults() {
        List<Case> cases = new ArrayList<>();
        for (int after : new int[] {0, 3}) {
            cases.add(new Case(
                    Fault.TRUNCATED,
                    after,
                    true,
                    Kind.TRUNCATED,
                    "The answer of provider 'fake' ended without its finish reason"));
            cases.add(new Case(
                    Fault.CUT,
                    after,
                    true,
                    Kind.CUT,
                    "The connection to provider 'fake' broke before its answer was whole"));
            cases.add(new Case(
                    Fault.ERROR_EVENT,
                    after,
                    true,
                    Kind.ERROR_IN_STREAM,
                    "Provider 'fake' sent an error in place of an answer: the engine died"));
            cases.add(new Case(
                    Fault.GARBLED, after, true, Kind.GARBLED, "Provider 'fake' sent an event that is no JSON"));
            cases.add(new Case(
                    Fault.HALF_CHARACTER,
                    after,
                    true,
                    Kind.TRUNCATED,
                    "The answer of provider 'fake' ended without its finish reason"));
            cases.add(new Case(
                    Fault.ENDLESS,
                    after,
                    true,
                    Kind.TOO_LARGE,
                    "Provider 'fake' sent more than 200000 bytes; llm.providers.fake.most_bytes allows more"));
        }
        cases.add(new Case(
                Fault.SILENCE, 0, true, Kind.FIRST_TOKEN_TIMEOUT, "Provider 'fake' sent no first token within 400 ms"));
        cases.add(new Case(Fault.SILENCE, 3, true, Kind.IDLE_TIMEOUT, "Provider 'fake' sent nothing more for 300 ms"));
        cases.add(new Case(
                Fault.ONLY_KEEP_ALIVES,
                0,
                true,
                Kind.FIRST_TOKEN_TIMEOUT,
                "Provider 'fake' sent no first token within 400 ms"));
        cases.add(new Case(
                Fault.ONLY_KEEP_ALIVES, 3, true, Kind.IDLE_TIMEOUT, "Provider 'fake' sent nothing more for 300 ms"));
        cases.add(new Case(
                Fault.NO_END_MARKER,
                0,
                true,
                Kind.TRUNCATED,
                "The answer of provider 'fake' ended without its end marker"));
        cases.add(new Case(
                Fault.NO_FINISH_REASON,
                0,
                true,
                Kind.TRUNCATED,
                "The answer of provider 'fake' ended without its finish reason"));
        cases.add(new Case(
                Fault.WRONG_TYPE,
                0,
                true,
                Kind.WRONG_TYPE,
                "Provider 'fake' answered with 'text/html', not with text/event-stream; is its url right?"));
        cases.add(new Case(
                Fault.EMPTY, 0, true, Kind.TRUNCATED, "The answer of provider 'fake' ended without its finish reason"));
        cases.add(new Case(
                Fault.TRUNCATED,
                0,
                false,
                Kind.TRUNCATED,
                "The answer of provider 'fake' ended without its finish reason"));
        cases.add(new Case(
                Fault.CUT, 0, false, Kind.CUT, "The connection to provider 'fake' broke before its answer was whole"));
        cases.add(new Case(
                Fault.ERROR_EVENT,
                0,
                false,
                Kind.ERROR_IN_STREAM,
                "Provider 'fake' sent an error in place of an answer: the engine died"));
        cases.add(new Case(Fault.GARBLED, 0, false, Kind.GARBLED, "Provider 'fake' sent an answer that is no JSON"));
        cases.add(
                new Case(Fault.HALF_CHARACTER, 0, false, Kind.GARBLED, "Provider 'fake' sent bytes that are no UTF-8"));
        cases.add(new Case(
                Fault.ENDLESS,
                0,
                false,
                Kind.TOO_LARGE,
                "Provider 'fake' sent more than 200000 bytes; llm.providers.fake.most_bytes allows more"));
        cases.add(new Case(Fault.SILENCE, 0, false, Kind.TOTAL_TIMEOUT, "Provider 'fake' was not done within 900 ms"));
        cases.add(new Case(
                Fault.WRONG_TYPE,
                0,
                false,
                Kind.WRONG_TYPE,
                "Provider 'fake' answered with 'text/html', not with application/json; is its url right?"));
        cases.add(new Case(Fault.EMPTY, 0, false, Kind.TRUNCATED, "Provider 'fake' sent an empty answer"));
        return cases.stream()
                .flatMap(c -> Stream.of(Format.values())
                        // Cohere's end marker is what tells the finish reason
                        .filter(format -> format != Format.COHERE || c.fault() != Fault.NO_END_MARKER)
                        .map(format -> Arguments.of(format, c)));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("faults")
    void aFaultIsAFailureAndNeverAnAnswer(Format format, Case c) {
        try (Provider provider = Provider.speaking(format)) {
            provider.fake().then(Reply.text(TEXT).failing(c.fault(), c.after()));

            ProviderFailure failure = catchThrowableOfType(
                    ProviderFailure.class, () -> provider.ask(c.streaming(), Provider.question("How was it?")));

            assertThat(failure.kind()).isEqualTo(c.kind());
            assertThat(failure).hasMessage(c.message());
            if (c.fault() != Fault.ENDLESS && c.after() > 0) {
                assertThat(provider.streamed()).isEqualTo("The night was");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Format.class)
    void aSlowFirstTokenIsWaitedForAsLongAsAllowed(Format format) {
        try (Provider provider = Provider.speaking(format)) {
            provider.fake()
                    .then(Reply.text(TEXT).failing(Fault.SLOW_FIRST_TOKEN).paced(Duration.ofSeconds(5)));

            ProviderFailure failure = catchThrowableOfType(
                    ProviderFailure.class, () -> provider.ask(true, Provider.question("How was it?")));

            assertThat(failure.kind()).isEqualTo(Kind.FIRST_TOKEN_TIMEOUT);
        }
    }

    @ParameterizedTest
    @EnumSource(Format.class)
    void splitLinesAndCharactersArePutTogether(Format format) throws Exception {
        try (Provider provider = Provider.speaking(format)) {
            String text = "Grüße 🐕‍🦺 aus Zürich — 3 € bitte";
            provider.fake()
                    .then(
                            Reply.text(text).failing(Fault.BYTE_BY_BYTE),
                            Reply.text(text).failing(Fault.BYTE_BY_BYTE));

            ChatAnswer streamed = provider.ask(true, Provider.question("Hallo"));
            ChatAnswer whole = provider.ask(false, Provider.question("Hallo"));

            assertThat(streamed.text()).isEqualTo(text);
            assertThat(provider.streamed()).isEqualTo(text);
            assertThat(whole.text()).isEqualTo(text);
        }
    }

    static Stream<Arguments> statuses() {
        return Stream.of(
                Arguments.of(
                        400,
                        "no such parameter",
                        Kind.BAD_REQUEST,
                        "Provider 'fake' answered 400 (bad-request): no such parameter"),
                Arguments.of(
                        401,
                        "Incorrect API key provided: sk-12",
                        Kind.KEY_REFUSED,
                        "Provider 'fake' answered 401 (key-refused)"),
                Arguments.of(
                        404,
                        "no model 'tiny'",
                        Kind.UNKNOWN_MODEL,
                        "Provider 'fake' answered 404 (unknown-model): no model 'tiny'"),
                Arguments.of(413, "too much", Kind.TOO_LONG, "Provider 'fake' answered 413 (too-long): too much"),
                Arguments.of(500, "oops", Kind.OVERLOADED, "Provider 'fake' answered 500 (overloaded): oops"),
                Arguments.of(529, "busy", Kind.OVERLOADED, "Provider 'fake' answered 529 (overloaded): busy"));
    }

    @ParameterizedTest
    @MethodSource("statuses")
    void aStatusOtherThanOkIsAFailureOfItsKind(int status, String said, Kind kind, String message) {
        for (Format format : Format.values()) {
            try (Provider provider = Provider.speaking(format)) {
                provider.fake().then(Reply.status(status, said));

                ProviderFailure failure = catchThrowableOfType(
                        ProviderFailure.class, () -> provider.ask(true, Provider.question("Hello")));

                assertThat(failure.kind()).isEqualTo(kind);
                assertThat(failure).hasMessage(message);
            }
        }
    }

    @Test
    void aRateLimitTellsWhenToComeBack() {
        try (Provider provider = Provider.speaking(Format.OPENAI)) {
            provider.fake()
                    .then(
                            Reply.rateLimited(Duration.ofMillis(1250)),
                            Reply.status(429, "slow down").with("retry-after", "3"));

            ProviderFailure millis =
                    catchThrowableOfType(ProviderFailure.class, () -> provider.ask(false, Provider.question("Hello")));
            ProviderFailure seconds =
                    catchThrowableOfType(ProviderFailure.class, () -> provider.ask(false, Provider.question("Hello")));

            assertThat(millis.kind()).isEqualTo(Kind.RATE_LIMITED);
            assertThat(millis.retryAfter()).hasValue(Duration.ofMillis(1250));
            assertThat(seconds.retryAfter()).hasValue(Duration.ofSeconds(3));
        }
    }

    @Test
    void nobodyAtTheAddressIsSaidSo() {
        Provider provider = Provider.speaking(Format.OPENAI);
        provider.close();

        ProviderFailure failure =
                catchThrowableOfType(ProviderFailure.class, () -> provider.ask(false, Provider.question("Hello")));

        assertThat(failure.kind()).isEqualTo(Kind.UNREACHABLE);
        assertThat(failure)
                .hasMessage("Nobody answers at %s/, the address of provider 'fake'"
                        .formatted(provider.fake().root()));
    }

    @ParameterizedTest
    @EnumSource(Format.class)
    void whoGoesAwayEndsTheCallAtTheProvider(Format format) throws Exception {
        try (Provider provider = Provider.speaking(format)) {
            provider.fake().then(Reply.text(TEXT).failing(Fault.SILENCE, 2));
            Thread caller = Thread.ofVirtual().start(() -> {
                try {
                    provider.client().stream(
                            Provider.question("Hello"), dev.patchbay.llm.chat.Timeouts.DEFAULT, provider.deltas()::add);
                } catch (ProviderFailure | InterruptedException e) {
                    // what the caller sees is not the point here
                }
            });
            await().until(() -> provider.fake().inside() == 1);

            caller.interrupt();

            await().until(() -> provider.fake().abandoned() == 1);
            caller.join();
        }
    }

    @Test
    void whatWasUsedUntilTheCutIsKept() {
        try (Provider provider = Provider.speaking(Format.ANTHROPIC)) {
            provider.fake()
                    .then(Reply.text(TEXT)
                            .counting(new Reply.Counted(120, 100, 6))
                            .failing(Fault.CUT, 2));

            ProviderFailure failure =
                    catchThrowableOfType(ProviderFailure.class, () -> provider.ask(true, Provider.question("Hello")));

            assertThat(failure.usage()).hasValue(new dev.patchbay.llm.chat.Usage(20, 100, 0, 1));
        }
    }
}
