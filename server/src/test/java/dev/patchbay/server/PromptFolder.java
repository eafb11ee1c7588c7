package dev.patchbay.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/// A prompt as its author writes it: a folder of files.
record PromptFolder(Map<String, String> files) {

    static final String QUESTION = """
            {"type": "object", "properties": {"question": {"type": "string"}}, "required": ["question"],
             "additionalProperties": false}""";

    /// A prompt for free text about a question.
    static PromptFolder text(String task, String version, String... more) {
        return new PromptFolder(Map.of())
                .with("module.yaml", """
                        task: %s
                        version: %s
                        owner: tests
                        llm:
                          model: default
                        %s
                        """.formatted(task, version, String.join("\n", more)))
                .with("request.schema.json", QUESTION)
                .with("system.md", "Be brief.")
                .with("user.md", "Question: {{question}}");
    }

    PromptFolder with(String name, String content) {
        Map<String, String> next = new LinkedHashMap<>(files);
        next.put(name, content);
        return new PromptFolder(next);
    }

    PromptFolder without(String name) {
        Map<String, String> next = new LinkedHashMap<>(files);
        next.remove(name);
        return new PromptFolder(next);
    }

    /// Puts the folder where it is wanted, whole.
    void into(Path folder) throws IOException {
        Path made = folder.resolveSibling("." + folder.getFileName() + ".new");
        for (Map.Entry<String, String> file : files.entrySet()) {
            Path path = made.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
        }
        Files.move(made, folder);
    }
}
