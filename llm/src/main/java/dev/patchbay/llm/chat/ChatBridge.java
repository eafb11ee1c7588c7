package dev.patchbay.llm.chat;

import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;

/// A way to models that are not spoken to here: a provider of the format `bridge` names it. Found by [ServiceLoader].
public interface ChatBridge {

    /// Gives the name that `llm.providers.<name>.bridge` says.
    String name();

    /// Opens the way. Called once for a provider, by the first call that needs it.
    ///
    /// @param provider the provider's name in the config
    /// @param settings as the config has them; with the value of `key`, if the provider has one
    /// @throws IllegalArgumentException if it cannot be opened with these; the message begins with the setting
    ChatClient open(String provider, Map<String, String> settings);

    /// Gives the bridges that are there, by name: those of the host's class path, whichever module's call asks.
    static Map<String, ChatBridge> all() {
        Map<String, ChatBridge> bridges = new TreeMap<>();
        ServiceLoader.load(ChatBridge.class, ChatBridge.class.getClassLoader())
                .forEach(bridge -> bridges.put(bridge.name(), bridge));
        return bridges;
    }
}
