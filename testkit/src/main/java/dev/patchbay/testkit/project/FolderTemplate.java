package dev.patchbay.testkit.project;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// A folder to serve, with a module that is no Java in it: a Python class, a service that runs elsewhere, a model file.
///
/// @param task that the module answers
/// @param owner the team that is asked when it misbehaves
public record FolderTemplate(String task, String owner, Content content) {

    /// What answers.
    public sealed interface Content {}

    /// A Python class, with golden cases.
    public record Python() implements Content {}

    /// A service that speaks JSON (`http`, `https`), or a server of the Open Inference Protocol (`grpc`, `grpcs`).
    public record Remote(URI url) implements Content {}

    /// A model file, or the folder of a TensorFlow SavedModel, which is copied.
    public record Model(Path file) implements Content {}

    /// Checks the names.
    ///
    /// @throws ProjectBroken if one of them cannot be used
    public FolderTemplate {
        TemplateFiles.requireTask(task);
        switch (content) {
            case Python _ -> {}
            case Remote(URI url) -> {
                if (url.getHost() == null || !String.valueOf(url.getScheme()).matches("https?|grpcs?")) {
                    throw new ProjectBroken(
                            "'%s' is no address of a server; write one such as https://scores.example.com/v1 or grpc://models:8001"
                                    .formatted(url));
                }
            }
            case Model(Path file) -> format(file);
        }
    }

    /// Gives the path of the module's folder inside what [#write] makes.
    public Path module() {
        return Path.of("modules", task + "-1.0.0");
    }

    /// Gives the path of an example request inside what [#write] makes; for a model file, whose fields only the model
    /// knows, none is there yet.
    public Path example() {
        return module().resolve("examples/example.json");
    }

    /// Writes the folder.
    ///
    /// @param folder that is empty or not there
    /// @return the files, relative to the folder
    /// @throws ProjectBroken if there is something in the folder
    public List<Path> write(Path folder) throws IOException {
        Map<String, String> values = new HashMap<>(
                Map.of("task", task, "Class", TemplateFiles.className(task), "owner", owner, "module", module() + ""));
        Map<String, String> files = new LinkedHashMap<>();
        files.put("patchbay.yaml", "folder/patchbay.yaml");
        switch (content) {
            case Python _ -> {
                files.put("README.md", "folder/python/README.md");
                files.put(module() + "/module.yaml", "folder/python/module.yaml");
                files.put(module() + "/model.py", "folder/python/model.py.template");
                files.put(module() + "/golden/cases.yaml", "cases.yaml");
                files.put(example() + "", "urgent.json");
            }
            case Remote(URI url) -> {
                values.put("url", url.toString());
                files.put("README.md", "folder/remote/README.md");
                if (url.getScheme().startsWith("grpc")) {
                    files.put(module() + "/module.yaml", "folder/remote/oip.yaml");
                } else {
                    files.put(module() + "/module.yaml", "folder/remote/http.yaml");
                    files.put(module() + "/request.schema.json", "folder/remote/request.schema.json");
                    files.put(module() + "/response.schema.json", "folder/remote/response.schema.json");
                    files.put(module() + "/golden/cases.yaml", "folder/remote/cases.yaml");
                    files.put(example() + "", "urgent.json");
                }
            }
            case Model(Path file) -> {
                values.put("format", format(file));
                values.put("file", name(file));
                files.put("README.md", "folder/model/README.md");
                files.put(
                        module() + "/module.yaml",
                        format(file).equals("torchscript")
                                ? "folder/model/torchscript.yaml"
                                : "folder/model/module.yaml");
            }
        }
        List<Path> written = new ArrayList<>(TemplateFiles.write(folder, files, values));
        if (content instanceof Model(Path file)) {
            Path copy = module().resolve(name(file));
            copy(file, folder.resolve(copy));
            written.add(copy);
        }
        return written;
    }

    private static String name(Path file) {
        return file.toAbsolutePath().normalize().getFileName().toString();
    }

    private static String format(Path file) {
        if (!Files.exists(file)) {
            throw new ProjectBroken("there is no model '%s'".formatted(file));
        }
        if (Files.isRegularFile(file.resolve("saved_model.pb"))) {
            return "tensorflow";
        }
        String name = name(file);
        return switch (name.substring(name.lastIndexOf('.') + 1)) {
            case "onnx" -> "onnx";
            case "pmml" -> "pmml";
            case "pt", "pth", "ts", "torchscript" -> "torchscript";
            default ->
                throw new ProjectBroken(
                        "'%s' is no model that can be told by its name: .onnx, .pmml, .pt, .pth, .ts, .torchscript, or a folder with saved_model.pb"
                                .formatted(file));
        };
    }

    private static void copy(Path source, Path target) throws IOException {
        try (Stream<Path> files = Files.walk(source)) {
            for (Path file : files.toList()) {
                Files.copy(file, target.resolve(source.relativize(file).toString()));
            }
        }
    }
}
