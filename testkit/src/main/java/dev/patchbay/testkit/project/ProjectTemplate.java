package dev.patchbay.testkit.project;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// A module project that builds and passes its tests as it is: one class, settings, golden cases, a test.
///
/// @param task that the module answers
/// @param packageName of its class
/// @param owner the team that is asked when it misbehaves
/// @param patchbay the version of the API it is compiled against
public record ProjectTemplate(String task, String packageName, String owner, String patchbay) {

    private static final Pattern PACKAGE = Pattern.compile("[a-z][a-z0-9_]*(\\.[a-z][a-z0-9_]*)*");

    /// Checks the names.
    ///
    /// @throws ProjectBroken if one of them cannot be used
    public ProjectTemplate {
        TemplateFiles.requireTask(task);
        if (!PACKAGE.matcher(packageName).matches()) {
            throw new ProjectBroken(
                    "package '%s' is none; write one such as com.example.tickets".formatted(packageName));
        }
    }

    /// Gives the name of the module's class.
    public String className() {
        return TemplateFiles.className(task);
    }

    /// Writes the project.
    ///
    /// @param folder that is empty or not there
    /// @return the files, relative to the folder
    /// @throws ProjectBroken if there is something in the folder
    public List<Path> write(Path folder) throws IOException {
        return TemplateFiles.write(
                folder,
                files(),
                Map.of(
                        "task", task,
                        "artifact", task.replace('_', '-'),
                        "Class", className(),
                        "package", packageName,
                        "owner", owner,
                        "patchbay", patchbay));
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
}
