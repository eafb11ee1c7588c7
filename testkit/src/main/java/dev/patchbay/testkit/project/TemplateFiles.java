package dev.patchbay.testkit.project;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Writes files of a template.
final class TemplateFiles {

    private static final Pattern TASK = Pattern.compile("[a-z][a-z0-9_]{0,62}");

    private TemplateFiles() {}

    static void requireTask(String task) {
        if (!TASK.matcher(task).matches()) {
            throw new ProjectBroken(
                    "task '%s': a task's name has lower-case letters, digits and '_', begins with a letter and has at most 63 characters, such as ticket_priority"
                            .formatted(task));
        }
    }

    /// Makes a class's name of a task's.
    static String className(String task) {
        StringBuilder name = new StringBuilder();
        for (String word : task.split("_+")) {
            name.append(Character.toUpperCase(word.charAt(0))).append(word.substring(1));
        }
        return name.toString();
    }

    /// Writes files.
    ///
    /// @param folder that is empty or not there
    /// @param files file of the project → file of the template
    /// @param values word in double braces → what stands in its place
    /// @return the files, relative to the folder
    /// @throws ProjectBroken if there is something in the folder
    static List<Path> write(Path folder, Map<String, String> files, Map<String, String> values) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> present = Files.isDirectory(folder) ? Files.list(folder) : Stream.of(folder)) {
                if (present.findAny().isPresent()) {
                    throw new ProjectBroken(
                            "%s is there already and not empty; nothing was written. Name another folder with --dir"
                                    .formatted(folder));
                }
            }
        }
        List<Path> written = new ArrayList<>();
        for (Map.Entry<String, String> file : files.entrySet()) {
            Path target = folder.resolve(file.getKey());
            Files.createDirectories(target.toAbsolutePath().getParent());
            Files.writeString(target, filled(file.getValue(), values));
            written.add(Path.of(file.getKey()));
        }
        return written;
    }

    private static String filled(String name, Map<String, String> values) throws IOException {
        try (InputStream in =
                Objects.requireNonNull(TemplateFiles.class.getResourceAsStream("template/" + name), name)) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            for (Map.Entry<String, String> value : values.entrySet()) {
                text = text.replace("{{" + value.getKey() + "}}", value.getValue());
            }
            return text;
        }
    }
}
