package dev.patchbay.llm.intent;

import dev.patchbay.api.Lane;
import dev.patchbay.api.runtime.Folder;
import dev.patchbay.api.runtime.FolderModule;
import dev.patchbay.api.runtime.ModuleKind;
import java.util.Map;

/// Makes modules that ask the right task: the section `intent` of `module.yaml`, and a file of examples for each
/// intent.
public final class IntentKind implements ModuleKind {

    @Override
    public String name() {
        return "intent";
    }

    @Override
    public Runnable configure(Map<String, Object> section) {
        if (!section.isEmpty()) {
            throw new IllegalArgumentException(section.keySet().iterator().next()
                    + ": there is nothing to configure; intents stand in module.yaml");
        }
        return () -> {};
    }

    @Override
    public FolderModule read(Map<String, Object> section, Folder folder) {
        IntentRules rules = IntentReader.read(section, folder);
        return new FolderModule(
                rules.requestSchema(), IntentReader.ANSWER, null, Lane.IO, 0, false, () -> new IntentModule(rules));
    }

    @Override
    public void close() {}
}
