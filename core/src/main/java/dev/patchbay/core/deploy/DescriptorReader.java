package dev.patchbay.core.deploy;

import dev.patchbay.api.Lane;
import dev.patchbay.api.Risk;
import dev.patchbay.api.runtime.FolderModule;
import dev.patchbay.core.config.ConfigInvalid;
import dev.patchbay.core.config.YamlFile;
import dev.patchbay.core.deploy.ModuleDescriptor.FolderBody;
import dev.patchbay.core.deploy.ModuleDescriptor.JavaBody;
import dev.patchbay.core.deploy.ModuleDescriptor.Kind;
import dev.patchbay.core.deploy.ModuleDescriptor.ModelBody;
import dev.patchbay.core.deploy.ModuleDescriptor.Schemas;
import dev.patchbay.core.registry.ModuleKey;
import dev.patchbay.core.schema.JsonValues;
import dev.patchbay.core.schema.Nearest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Reads who a module is from its artifact, without loading a class: `META-INF/patchbay/module.json`, which the
/// annotation processor writes, or `module.yaml`, which people write for a folder without code.
final class DescriptorReader {

    static final String JSON = "META-INF/patchbay/module.json";
    static final String YAML = "module.yaml";

    private static final JsonMapper MAPPER = JsonMapper.shared();
    private static final int DESCRIPTOR_FORMAT = 1;
    private static final String API = "0.1";
    private static final Pattern TASK = Pattern.compile("[a-z][a-z0-9_]{0,62}");
    private static final Pattern SEMVER =
            Pattern.compile("(0|[1-9]\\d*)\\.(0|[1-9]\\d*)\\.(0|[1-9]\\d*)(-[0-9A-Za-z.-]+)?(\\+[0-9A-Za-z.-]+)?");
    private static final List<String> COMMON =
            List.of("task", "version", "owner", "description", "risk", "labels", "lane", "deterministic");
    private static final List<String> MODEL = List.of("model", "input", "output", "labels", "threads", "options");

    private final ModelRuntimes runtimes;
    /// Engines and kinds, by the names of their sections in `module.yaml`.
    private final Set<String> sections;

    /// @param runtimes the engines and kinds that are there
    DescriptorReader(ModelRuntimes runtimes) {
        this.runtimes = runtimes;
        this.sections = new TreeSet<>(runtimes.formats());
        sections.addAll(runtimes.kindNames());
    }

    ModuleDescriptor read(ModuleArtifact artifact) {
        Path json = artifact.find(JSON).orElse(null);
        if (json != null) {
            return java(json);
        }
        Path yaml = artifact.find(YAML).orElse(null);
        if (yaml != null) {
            return folder(artifact, yaml);
        }
        throw failed(nothing(artifact));
    }

    private static String nothing(ModuleArtifact artifact) {
        for (String near : List.of("module.yml", "Module.yaml", "module.json", "patchbay.yaml")) {
            if (artifact.find(near).isPresent()) {
                return "it has a file '%s', but the descriptor of a folder without code is '%s'".formatted(near, YAML);
            }
        }
        boolean classes;
        try (var files = Files.walk(artifact.root())) {
            classes = files.anyMatch(file -> file.toString().endsWith(".class"));
        } catch (IOException e) {
            classes = false;
        }
        return classes
                ? "it has classes but no %s: it was compiled without the annotation processor (patchbay-processor on the processor path), or no class has @Module"
                        .formatted(JSON)
                : "it has neither %s nor %s, so it is no module".formatted(JSON, YAML);
    }

    private static ModuleDescriptor java(Path file) {
        JsonNode node;
        try {
            node = MAPPER.readTree(Files.readAllBytes(file));
        } catch (JacksonException e) {
            throw noJson(JSON, e);
        } catch (IOException e) {
            throw new DeploymentFailed("read", JSON + " cannot be read: " + e, e);
        }
        if (node.path("descriptor").asInt(0) != DESCRIPTOR_FORMAT
                || !node.path("api").asString("").equals(API)) {
            throw failed(
                    "it was built for descriptor format %s and api %s; this gateway takes %d and %s. Build it again with the matching patchbay-api"
                            .formatted(
                                    node.path("descriptor").asString("?"),
                                    node.path("api").asString("?"),
                                    DESCRIPTOR_FORMAT,
                                    API));
        }
        Kind kind = choice(Kind.class, node, "kind", Kind.UNARY);
        return new ModuleDescriptor(
                key(node.path("task").asString(""), node.path("version").asString("")),
                node.path("owner").asString(""),
                node.path("description").asString(""),
                choice(Risk.class, node, "risk", Risk.LIMITED),
                texts(node.path("labels")),
                // a stream waits for its reader; it must not hold a computing thread meanwhile
                kind == Kind.STREAM ? Lane.IO : choice(Lane.class, node, "lane", Lane.COMPUTE),
                node.path("deterministic").asBoolean(false),
                new JavaBody(
                        kind,
                        required(node, "/class"),
                        required(node, "/request/type"),
                        required(node, "/response/type"),
                        node.at("/part/type").asString(null),
                        node.at("/config/type").asString(null)),
                new Schemas(
                        schema(node, "request"),
                        schema(node, "response"),
                        schema(node, "part"),
                        schema(node, "config")));
    }

    private ModuleDescriptor folder(ModuleArtifact artifact, Path file) {
        JsonNode node;
        try {
            node = YamlFile.read(Files.readString(file));
        } catch (IOException | ConfigInvalid e) {
            throw new DeploymentFailed("read", YAML + ": " + e.getMessage(), e);
        }
        List<String> known = new ArrayList<>(COMMON);
        known.addAll(sections);
        String format = null;
        for (String key : node.propertyNames()) {
            if (COMMON.contains(key)) {
                continue;
            }
            if (!sections.contains(key) && MissingEngine.exists(key)) {
                throw failed(YAML + ": " + MissingEngine.forFormat(key, runtimes.formats()));
            }
            if (!sections.contains(key)) {
                throw failed("%s: '%s' is no key here%s (the keys are %s; engines that are there: %s)"
                        .formatted(YAML, key, Nearest.question(key, known), String.join(", ", COMMON), sections));
            }
            if (format != null) {
                throw failed("%s: it has two sections that make a module, '%s' and '%s'; there is one"
                        .formatted(YAML, format, key));
            }
            format = key;
        }
        if (format == null) {
            throw failed("%s: it names no model. Add a section of an engine that is there (%s) with 'model: file'"
                    .formatted(YAML, String.join(", ", sections)));
        }
        if (node.path("version").isNumber()) {
            throw failed("%s: version: YAML reads %s as a number; write a SemVer such as \"1.0.0\""
                    .formatted(YAML, node.path("version").asString()));
        }
        if (node.path("owner").asString("").isBlank()) {
            throw failed(YAML + ": owner is missing; name the team that is asked when the module misbehaves");
        }
        Content content = runtimes.kindNames().contains(format)
                ? kindContent(artifact, format, node.path(format))
                : new Content(
                        modelBody(artifact, format, node.path(format)),
                        new Schemas(
                                file(artifact, "request.schema.json"),
                                file(artifact, "response.schema.json"),
                                null,
                                null),
                        Lane.COMPUTE);
        return new ModuleDescriptor(
                key(node.path("task").asString(""), node.path("version").asString("")),
                node.path("owner").asString(""),
                node.path("description").asString(""),
                choice(Risk.class, node, "risk", Risk.LIMITED),
                texts(node.path("labels")),
                // a stream waits for its reader; it must not hold a computing thread meanwhile
                content.schemas().part() == null ? choice(Lane.class, node, "lane", content.lane()) : Lane.IO,
                node.path("deterministic").asBoolean(false),
                content.body(),
                content.schemas());
    }

    /// What the section that makes the module says.
    private record Content(ModuleDescriptor.Body body, Schemas schemas, Lane lane) {}

    private Content kindContent(ModuleArtifact artifact, String kind, JsonNode section) {
        if (!section.isObject()) {
            throw failed("%s: %s must be a mapping of keys to values".formatted(YAML, kind));
        }
        try {
            FolderModule module =
                    runtimes.kind(kind).orElseThrow().read(JsonValues.map(section), new ArtifactFolder(artifact));
            return new Content(
                    new FolderBody(kind, module),
                    new Schemas(tree(module.request()), tree(module.response()), tree(module.part()), null),
                    module.lane());
        } catch (IllegalArgumentException e) {
            throw new DeploymentFailed("read", String.valueOf(e.getMessage()), e);
        }
    }

    private static @Nullable JsonNode tree(@Nullable Map<String, Object> schema) {
        return schema == null ? null : JsonValues.tree(schema);
    }

    private ModelBody modelBody(ModuleArtifact artifact, String format, JsonNode section) {
        for (String key : section.propertyNames()) {
            if (!MODEL.contains(key)) {
                throw failed("%s: %s.%s is no key here%s (the keys are %s)"
                        .formatted(YAML, format, key, Nearest.question(key, MODEL), String.join(", ", MODEL)));
            }
        }
        String model = section.path("model").asString("");
        if (model.isEmpty()) {
            throw failed("%s: %s.model is missing; name the model file".formatted(YAML, format));
        }
        Path file = artifact.findModel(model)
                .orElseThrow(() -> failed(
                        "%s: %s.model is '%s', but the artifact has no such file".formatted(YAML, format, model)));
        String runBy = runtimes.formatOf(file).orElse(format);
        if (!runBy.equals(format)) {
            throw failed("%s: %s.model is '%s', which the engine for %s runs; write '%s:' in place of '%s:'"
                    .formatted(YAML, format, model, runBy, runBy, format));
        }
        Map<String, List<String>> labels = new LinkedHashMap<>();
        section.path("labels").properties().forEach(entry -> {
            List<String> names = new ArrayList<>();
            entry.getValue().forEach(name -> names.add(name.asString()));
            labels.put(entry.getKey(), List.copyOf(names));
        });
        return new ModelBody(
                format,
                model,
                texts(section.path("input")),
                texts(section.path("output")),
                labels,
                section.path("threads").asInt(1),
                texts(section.path("options")));
    }

    private static ModuleKey key(String task, String version) {
        if (task.isEmpty() || version.isEmpty()) {
            throw failed(
                    "%s is missing; a module says who it is: task, such as ticket_priority, and version, such as \"1.0.0\""
                            .formatted(task.isEmpty() ? "task" : "version"));
        }
        if (!TASK.matcher(task).matches()) {
            throw failed(
                    "task '%s': a task's name has lower-case letters, digits and '_', begins with a letter and has at most 63 characters"
                            .formatted(task));
        }
        if (!SEMVER.matcher(version).matches()) {
            throw failed("version '%s' is no SemVer such as 1.0.0".formatted(version));
        }
        return new ModuleKey(task, version);
    }

    private static @Nullable JsonNode file(ModuleArtifact artifact, String name) {
        Path file = artifact.find(name).orElse(null);
        if (file == null) {
            return null;
        }
        try {
            return MAPPER.readTree(Files.readAllBytes(file));
        } catch (JacksonException e) {
            throw noJson(name, e);
        } catch (IOException e) {
            throw new DeploymentFailed("read", name + " cannot be read: " + e, e);
        }
    }

    private static @Nullable JsonNode schema(JsonNode node, String role) {
        JsonNode schema = node.path(role).path("schema");
        return schema.isObject() ? schema : null;
    }

    private static String required(JsonNode node, String pointer) {
        String value = node.at(pointer).asString("");
        if (value.isEmpty()) {
            throw failed(JSON + " has no " + pointer + "; it was not written by the annotation processor");
        }
        return value;
    }

    private static <E extends Enum<E>> E choice(Class<E> type, JsonNode node, String key, E otherwise) {
        if (!node.has(key)) {
            return otherwise;
        }
        String value = node.path(key).asString("");
        try {
            return Enum.valueOf(type, value.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            List<String> names = new ArrayList<>();
            for (E constant : type.getEnumConstants()) {
                names.add(constant.name().toLowerCase(Locale.ROOT));
            }
            throw failed("%s is '%s'; it is one of %s".formatted(key, value, String.join(", ", names)));
        }
    }

    private static Map<String, String> texts(JsonNode node) {
        Map<String, String> texts = new LinkedHashMap<>();
        node.properties()
                .forEach(entry -> texts.put(entry.getKey(), entry.getValue().asString()));
        return java.util.Collections.unmodifiableMap(texts);
    }

    private static DeploymentFailed noJson(String file, JacksonException e) {
        return new DeploymentFailed(
                "read",
                "%s is no JSON: %s (line %d, column %d)"
                        .formatted(
                                file,
                                e.getOriginalMessage(),
                                e.getLocation().getLineNr(),
                                e.getLocation().getColumnNr()),
                e);
    }

    private static DeploymentFailed failed(String message) {
        return new DeploymentFailed("read", message);
    }
}
