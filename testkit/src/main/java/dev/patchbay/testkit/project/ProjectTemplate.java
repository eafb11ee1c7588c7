package dev.patchbay.testkit.project;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A module project that builds and passes its tests as it is: one class, settings, golden cases, a test.
///
/// @param task that the module answers
/// @param packageName of its class
/// @param owner the team that is asked when it misbehaves
/// @param patchbay the version of the API it is compiled against
public record ProjectTemplate(String task, String packageName, String owner, String patchbay) {

    private static final Pattern TASK = Pattern.compile("[a-z][a-z0-9_]{0,62}");
    private static final Pattern PACKAGE = Pattern.compile("[a-z][a-z0-9_]*(\\.[a-z][a-z0-9_]*)*");

    /// Checks the names.
    ///
    /// @throws ProjectBroken if one of them cannot be used
    public ProjectTemplate {
        if (!TASK.matcher(task).matches()) {
            throw new ProjectBroken(
                    "task '%s': a task's name has lower-case letters, digits and '_', begins with a letter and has at most 63 characters, such as ticket_priority"
                            .formatted(task));
        }
        if (!PACKAGE.matcher(packageName).matches()) {
            throw new ProjectBroken(
                    "package '%s' is none; write one such as com.example.tickets".formatted(packageName));
        }
    }

    /// Gives the name of the module's class.
    public String className() {
        StringBuilder name = new StringBuilder();
        for (String word : task.split("_+")) {
            name.append(Character.toUpperCase(word.charAt(0))).append(word.substring(1));
        }
        return name.toString();
    }

    /// Writes the project.
    ///
    /// @param folder that is empty or not there
    /// @return the files, relative to the folder
    /// @throws ProjectBroken if there is something in the folder
    public List<Path> write(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> files = Files.isDirectory(folder) ? Files.list(folder) : Stream.of(folder)) {
                if (files.findAny().isPresent()) {
                    throw new ProjectBroken(
                            "%s is there already and not empty; nothing was written. Name another folder with --dir"
                                    .formatted(folder));
                }
            }
        }
        List<Path> written = new ArrayList<>();
        for (Map.Entry<String, String> file : files().entrySet()) {
            Path target = folder.resolve(file.getKey());
            Files.createDirectories(target.toAbsolutePath().getParent());
            Files.writeString(target, filled(file.getValue()));
            written.add(Path.of(file.getKey()));
        }
        return written;
    }

    /// File of the project → file of the template.
    private Map<String, String> files() {
        String folder = packageName.replace('.', '/');
        Map<String, String> files = new LinkedHashMap<>();
        files.put("pom.xml", "pom.xml.template");
        files.put("patchbay.yaml", "patchbay.yaml");
        files.put("README.md", "README.md");
        files.put(".gitignore", "gitignore");
        files.put("src/main/java/%s/%s.java".formatted(folder, className()), "Module.java.template");
        files.put("src/main/resources/META-INF/patchbay/examples/urgent.json", "urgent.json");
        files.put("src/main/resources/golden/cases.yaml", "cases.yaml");
        files.put("src/test/java/%s/%sTest.java".formatted(folder, className()), "ModuleTest.java.template");
        return files;
    }

    private String filled(String name) throws IOException {
        try (InputStream in =
                Objects.requireNonNull(ProjectTemplate.class.getResourceAsStream("template/" + name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .replace("{{task}}", task)
                    .replace("{{artifact}}", task.replace('_', '-'))
                    .replace("{{Class}}", className())
                    .replace("{{package}}", packageName)
                    .replace("{{owner}}", owner)
                    .replace("{{patchbay}}", patchbay);
        }
    }
}
