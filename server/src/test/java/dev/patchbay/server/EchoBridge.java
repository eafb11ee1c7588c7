package dev.patchbay.server;

import dev.patchbay.llm.chat.ChatAnswer;
import dev.patchbay.llm.chat.ChatBridge;
import dev.patchbay.llm.chat.ChatClient;
import dev.patchbay.llm.chat.ChatRequest;
import dev.patchbay.llm.chat.Delta;
import dev.patchbay.llm.chat.FinishReason;
import dev.patchbay.llm.chat.Timeouts;
import dev.patchbay.llm.chat.Usage;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.databind.json.JsonMapper;

/// A bridge on the gateway's class path. As libraries do, it looks for its own classes by the thread's class loader.
public final class EchoBridge implements ChatBridge {

    @Override
    public String name() {
        return "echo";
    }

    @Override
    public ChatClient open(String provider, Map<String, String> settings) {
        seesItself();
        return new ChatClient() {
            @Override
            public ChatAnswer complete(ChatRequest request, Timeouts timeouts) {
                seesItself();
                String text = settings.get("says") + " "
                        + request.messages().getLast().text();
                return new ChatAnswer(
                        request.model(),
                        text,
                        List.of(),
                        FinishReason.STOP,
                        new Usage(3, 0, 0, 2),
                        JsonMapper.shared().createObjectNode());
            }

            @Override
            public ChatAnswer stream(ChatRequest request, Timeouts timeouts, Consumer<Delta> deltas) {
                ChatAnswer answer = complete(request, timeouts);
                deltas.accept(new Delta.Text(answer.text()));
                return answer;
            }
        };
    }

    private static void seesItself() {
        try {
            Class.forName(
                    EchoBridge.class.getName(), false, Thread.currentThread().getContextClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException("the thread's class loader does not see the bridge", e);
        }
    }
}
