package dev.patchbay.bridge.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import dev.patchbay.llm.chat.ChatAnswer;
import dev.patchbay.llm.chat.ChatMessage;
import dev.patchbay.llm.chat.ChatMessage.Role;
import dev.patchbay.llm.chat.ChatRequest;
import dev.patchbay.llm.chat.Delta;
import dev.patchbay.llm.chat.ProviderFailure;
import dev.patchbay.llm.chat.ProviderFailure.Kind;
import dev.patchbay.llm.chat.Timeouts;
import dev.patchbay.llm.chat.Usage;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// LangChain4j's word is guarded: what it takes for the end of an answer is not always one.
class LangChain4jChatTest {

    private static final Timeouts SHORT =
            new Timeouts(Duration.ofMillis(300), Duration.ofMillis(200), Duration.ofSeconds(5));

    private final List<Delta> seen = new ArrayList<>();

    private interface Telling {
        void tell(StreamingChatResponseHandler handler) throws Exception;
    }

    private static LangChain4jChat telling(Telling telling) {
        return new LangChain4jChat("far", new StreamingChatModel() {
            @Override
            public void doChat(
                    dev.langchain4j.model.chat.request.ChatRequest request, StreamingChatResponseHandler handler) {
                Thread.ofVirtual().start(() -> {
                    try {
                        telling.tell(handler);
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                });
            }
        });
    }

    private static ChatRequest question(String parameters) {
        return new ChatRequest(
                "tiny",
                List.of(ChatMessage.of(Role.SYSTEM, "Be brief."), ChatMessage.of(Role.USER, "Hello")),
                (ObjectNode) JsonMapper.shared().readTree(parameters),
                null,
                Map.of());
    }

    private static ChatResponse response(String text, @Nullable FinishReason finish) {
        return ChatResponse.builder()
                .aiMessage(AiMessage.from(text))
                .finishReason(finish)
                .tokenUsage(new TokenUsage(10, 2))
                .build();
    }

    private ProviderFailure failure(Telling telling) {
        return catchThrowableOfType(
                ProviderFailure.class, () -> telling(telling).stream(question("{}"), SHORT, seen::add));
    }

    @Test
    void anAnswerWithItsFinishReasonIsOne() throws Exception {
        ChatAnswer answer = telling(handler -> {
                    handler.onPartialResponse("All ");
                    handler.onPartialResponse("well");
                    handler.onCompleteResponse(response("All well", FinishReason.STOP));
                })
                .stream(question("{\"temperature\": 0.2, \"max_tokens\": 9, \"stop\": [\"x\"]}"), SHORT, seen::add);

        assertThat(seen).containsExactly(new Delta.Text("All "), new Delta.Text("well"));
        assertThat(answer.text()).isEqualTo("All well");
        assertThat(answer.finish()).isEqualTo(dev.patchbay.llm.chat.FinishReason.STOP);
        assertThat(answer.usage()).isEqualTo(new Usage(10, 0, 0, 2));
    }

    @Test
    void anAnswerWithoutFinishReasonIsTruncated() {
        ProviderFailure failure = failure(handler -> {
            handler.onPartialResponse("All ");
            handler.onCompleteResponse(response("All ", null));
        });

        assertThat(failure.kind()).isEqualTo(Kind.TRUNCATED);
        assertThat(failure).hasMessage("The answer of provider 'far' ended without its finish reason");
        assertThat(failure.usage()).contains(new Usage(10, 0, 0, 2));
    }

    @Test
    void theFirstEndIsTheEnd() {
        ProviderFailure failure = failure(handler -> {
            handler.onPartialResponse("All ");
            handler.onError(new IOException("connection reset"));
            handler.onCompleteResponse(response("All ", FinishReason.STOP));
        });

        assertThat(failure.kind()).isEqualTo(Kind.CUT);
        assertThat(failure).hasMessage("Provider 'far' failed behind its bridge: cut (IOException)");
    }

    @Test
    void silenceEndsTheCallAtTheProvider() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        ProviderFailure failure = failure(handler -> handler.onPartialResponse(
                new PartialResponse("All "), new PartialResponseContext(new StreamingHandle() {
                    @Override
                    public void cancel() {
                        ended.countDown();
                    }

                    @Override
                    public boolean isCancelled() {
                        return ended.getCount() == 0;
                    }
                })));

        assertThat(failure.kind()).isEqualTo(Kind.IDLE_TIMEOUT);
        assertThat(failure).hasMessage("Provider 'far' sent nothing more for 200 ms");
        ended.await();
    }

    @Test
    void aFirstTokenThatDoesNotComeIsNotWaitedForLonger() {
        assertThat(failure(handler -> {}).kind()).isEqualTo(Kind.FIRST_TOKEN_TIMEOUT);
    }

    @Test
    void errorsHaveTheirKinds() {
        assertThat(failure(handler -> handler.onError(new RateLimitException("slow down")))
                        .kind())
                .isEqualTo(Kind.RATE_LIMITED);
    }

    @Test
    void whatDoesNotGoOverTheBridgeIsRefused() {
        ProviderFailure failure = catchThrowableOfType(
                ProviderFailure.class, () -> telling(handler -> {}).complete(question("{\"logit_bias\": {}}"), SHORT));

        assertThat(failure.kind()).isEqualTo(Kind.BAD_REQUEST);
        assertThat(failure)
                .hasMessage(
                        "Provider 'far' is reached by a bridge to LangChain4j, which does not carry the parameter 'logit_bias'");
    }

    @Test
    void whoGoesAwayIsNotKept() throws Exception {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread caller = Thread.ofVirtual().start(() -> {
            try {
                telling(handler -> {}).stream(question("{}"), Timeouts.DEFAULT, seen::add);
            } catch (ProviderFailure | InterruptedException e) {
                thrown.set(e);
            }
        });
        caller.interrupt();
        caller.join();

        assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
    }
}
