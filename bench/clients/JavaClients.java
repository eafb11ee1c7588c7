import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.models.messages.MessageCreateParams;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.errors.NotFoundException;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// OpenAI's and Anthropic's own Java libraries and LangChain4j, unchanged, against the gateway.
final class JavaClients {

    private static final String TEXT = "one two three four five six seven eight nine ten";
    private static String base = "http://localhost:8080";

    private interface Check {
        void run() throws Exception;
    }

    public static void main(String[] args) {
        base = args.length > 0 ? args[0] : base;
        var openai = OpenAIOkHttpClient.builder().baseUrl(base + "/v1").apiKey("none").maxRetries(0).build();
        var anthropic = AnthropicOkHttpClient.builder().baseUrl(base).apiKey("none").maxRetries(0).build();
        Map<String, Check> checks = new LinkedHashMap<>();
        checks.put("openai-java: an answer", () -> {
            var answer = openai.chat().completions().create(question("chat", "hello"));
            same(TEXT, answer.choices().getFirst().message().content().orElseThrow());
            same(10L, answer.usage().orElseThrow().completionTokens());
        });
        checks.put("openai-java: a stream", () -> {
            var text = new StringBuilder();
            try (var stream = openai.chat().completions().createStreaming(question("chat", "hello"))) {
                stream.stream().forEach(chunk -> chunk.choices().forEach(
                        choice -> choice.delta().content().ifPresent(text::append)));
            }
            same(TEXT, text.toString());
        });
        for (String fault : new String[] {"cut", "truncated"}) {
            checks.put("openai-java: a stream that is " + fault + " throws", () -> {
                var text = new StringBuilder();
                throwing(com.openai.errors.OpenAIException.class, () -> {
                    try (var stream = openai.chat().completions().createStreaming(question("chat", fault))) {
                        stream.stream().forEach(chunk -> chunk.choices().forEach(
                                choice -> choice.delta().content().ifPresent(text::append)));
                    }
                });
                same("one two three", text.toString());
            });
            checks.put("anthropic-java: a stream that is " + fault + " throws", () -> {
                var text = new StringBuilder();
                throwing(com.anthropic.errors.AnthropicException.class, () -> {
                    try (var stream = anthropic.messages().createStreaming(message("chat", fault))) {
                        stream.stream().forEach(event -> event.contentBlockDelta()
                                .flatMap(delta -> delta.delta().text())
                                .ifPresent(piece -> text.append(piece.text())));
                    }
                });
                same("one two three", text.toString());
            });
        }
        checks.put("openai-java: an unknown model is not found", () -> throwing(
                NotFoundException.class, () -> openai.chat().completions().create(question("chatt", "hello"))));
        checks.put("openai-java: a stream can be left", () -> {
            try (var stream = openai.chat().completions().createStreaming(question("chat", "slow"))) {
                stream.stream().findFirst();
            }
        });
        checks.put("anthropic-java: an answer", () -> {
            var answer = anthropic.messages().create(message("chat", "hello"));
            same(TEXT, answer.content().getFirst().text().orElseThrow().text());
            same(10L, answer.usage().outputTokens());
        });
        checks.put("anthropic-java: a stream", () -> {
            var text = new StringBuilder();
            try (var stream = anthropic.messages().createStreaming(message("chat", "hello"))) {
                stream.stream().forEach(event -> event.contentBlockDelta()
                        .flatMap(delta -> delta.delta().text())
                        .ifPresent(piece -> text.append(piece.text())));
            }
            same(TEXT, text.toString());
        });
        checks.put("anthropic-java: an unknown model is not found", () -> throwing(
                com.anthropic.errors.NotFoundException.class,
                () -> anthropic.messages().create(message("chatt", "hello"))));
        checks.put("langchain4j: an answer", () -> {
            var model = OpenAiChatModel.builder().baseUrl(base + "/v1").apiKey("none").modelName("chat").maxRetries(0).build();
            same(TEXT, model.chat("hello"));
        });
        checks.put("langchain4j: a stream", () -> {
            var told = langchain("hello");
            same(TEXT, told.get(10, TimeUnit.SECONDS).aiMessage().text());
        });
        checks.put("langchain4j: an unknown model is not found", () -> throwing(
                dev.langchain4j.exception.ModelNotFoundException.class,
                () -> OpenAiChatModel.builder().baseUrl(base + "/v1").apiKey("none").modelName("chatt").maxRetries(0).build()
                        .chat("hello")));
        // LangChain4j takes every end of a connection for the end of the answer; what tells is that it has no reason
        for (String fault : new String[] {"cut", "truncated"}) {
            checks.put("langchain4j: a stream that is " + fault + " has no finish reason", () -> {
                try {
                    ChatResponse told = langchain(fault).get(10, TimeUnit.SECONDS);
                    same(null, told.finishReason());
                } catch (java.util.concurrent.ExecutionException e) {
                    // an error is right
                }
            });
        }
        int failed = 0;
        for (var check : checks.entrySet()) {
            try {
                check.getValue().run();
                System.out.println("ok    " + check.getKey());
            } catch (Throwable e) {
                failed++;
                System.out.println("FAILS " + check.getKey() + ": " + e);
            }
        }
        System.exit(failed == 0 ? 0 : 1);
    }

    private static CompletableFuture<ChatResponse> langchain(String question) {
        var told = new CompletableFuture<ChatResponse>();
        OpenAiStreamingChatModel.builder().baseUrl(base + "/v1").apiKey("none").modelName("chat").build()
                .chat(question, new StreamingChatResponseHandler() {
                    @Override
                    public void onPartialResponse(String piece) {}

                    @Override
                    public void onCompleteResponse(ChatResponse whole) {
                        told.complete(whole);
                    }

                    @Override
                    public void onError(Throwable error) {
                        told.completeExceptionally(error);
                    }
                });
        return told;
    }

    private static ChatCompletionCreateParams question(String model, String text) {
        return ChatCompletionCreateParams.builder().model(model).addUserMessage(text).build();
    }

    private static MessageCreateParams message(String model, String text) {
        return MessageCreateParams.builder().model(model).maxTokens(100).addUserMessage(text).build();
    }

    private static void same(Object expected, Object actual) {
        if (!java.util.Objects.equals(expected, actual)) {
            throw new AssertionError("expected " + expected + ", got " + actual);
        }
    }

    private static void throwing(Class<? extends Throwable> type, Check check) throws Exception {
        try {
            check.run();
        } catch (Throwable e) {
            if (type.isInstance(e)) {
                return;
            }
            throw e;
        }
        throw new AssertionError("nothing was thrown");
    }
}
