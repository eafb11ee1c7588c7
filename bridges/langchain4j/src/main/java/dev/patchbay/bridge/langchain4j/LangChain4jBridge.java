package dev.patchbay.bridge.langchain4j;

import dev.langchain4j.model.chat.StreamingChatModel;
import dev.patchbay.llm.chat.ChatBridge;
import dev.patchbay.llm.chat.ChatClient;
import java.util.Map;

/// A bridge to a model of LangChain4j. Whoever wants one writes this, and names it in
/// `META-INF/services/dev.patchbay.llm.chat.ChatBridge`:
///
/// ```java
/// public final class Bedrock implements LangChain4jBridge {
///     public String name() {
///         return "bedrock";
///     }
///     public StreamingChatModel model(Map<String, String> settings) {
///         return BedrockStreamingChatModel.builder().region(Region.of(settings.get("region"))).build();
///     }
/// }
/// ```
public interface LangChain4jBridge extends ChatBridge {

    /// Makes the model. It is asked with the name and the parameters that the config and the prompt give.
    ///
    /// @throws IllegalArgumentException if it cannot be made with these; the message begins with the setting
    StreamingChatModel model(Map<String, String> settings);

    @Override
    default ChatClient open(String provider, Map<String, String> settings) {
        return new LangChain4jChat(provider, model(settings));
    }
}
