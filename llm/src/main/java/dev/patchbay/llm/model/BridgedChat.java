package dev.patchbay.llm.model;

import dev.patchbay.llm.chat.ChatAnswer;
import dev.patchbay.llm.chat.ChatBridge;
import dev.patchbay.llm.chat.ChatClient;
import dev.patchbay.llm.chat.ChatRequest;
import dev.patchbay.llm.chat.Delta;
import dev.patchbay.llm.chat.ProviderFailure;
import dev.patchbay.llm.chat.Timeouts;
import java.util.Map;
import java.util.function.Consumer;

/// The client of a bridge, asked with the bridge's class loader as the thread's. A call comes with that of its module,
/// which does not see what the bridge leads to.
final class BridgedChat implements ChatClient {

    private final ChatClient client;
    private final ClassLoader loader;

    private BridgedChat(ChatClient client, ClassLoader loader) {
        this.client = client;
        this.loader = loader;
    }

    /// Opens a bridge.
    ///
    /// @throws IllegalArgumentException if it cannot be opened with these settings
    static BridgedChat open(ChatBridge bridge, String provider, Map<String, String> settings) {
        ClassLoader loader = bridge.getClass().getClassLoader();
        try (Inside _ = new Inside(loader)) {
            return new BridgedChat(bridge.open(provider, settings), loader);
        }
    }

    @Override
    public ChatAnswer complete(ChatRequest request, Timeouts timeouts) throws ProviderFailure, InterruptedException {
        try (Inside _ = new Inside(loader)) {
            return client.complete(request, timeouts);
        }
    }

    @Override
    public ChatAnswer stream(ChatRequest request, Timeouts timeouts, Consumer<Delta> deltas)
            throws ProviderFailure, InterruptedException {
        try (Inside _ = new Inside(loader)) {
            return client.stream(request, timeouts, deltas);
        }
    }

    /// The thread has another context class loader until this is closed.
    private static final class Inside implements AutoCloseable {

        private final Thread thread = Thread.currentThread();
        private final ClassLoader before = thread.getContextClassLoader();

        Inside(ClassLoader loader) {
            thread.setContextClassLoader(loader);
        }

        @Override
        public void close() {
            thread.setContextClassLoader(before);
        }
    }
}
