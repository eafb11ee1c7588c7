package dev.patchbay.runtime.remote;

import dev.patchbay.api.runtime.Folder;
import dev.patchbay.api.runtime.Keys;
import dev.patchbay.api.runtime.TensorMapping;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads the section `remote` of a `module.yaml`.
final class RemoteReader {

    private static final Duration READY_WITHIN = Duration.ofSeconds(30);
    private static final Duration READY_EVERY = Duration.ofSeconds(10);
    private static final int MOST_BYTES = 16 << 20;
    private static final Set<String> METHODS = Set.of("GET", "POST", "PUT", "PATCH");

    private enum ProtocolName {
        OIP,
        TENSORFLOW,
        HTTP
    }

    private enum RowFormat {
        ROWS,
        COLUMNS
    }

    private final Keys keys;
    private final Folder folder;

    private RemoteReader(Map<String, Object> section, Folder folder) {
        this.keys = new Keys("remote.", section);
        this.folder = folder;
    }

    /// What is read.
    ///
    /// @param tensors where the tensors are in the JSON; empty for a service that takes none
    record Read(RemoteSettings settings, TensorMapping tensors) {}

    /// @throws IllegalArgumentException if something is wrong, naming the key
    static Read read(Map<String, Object> section, Folder folder) {
        return new RemoteReader(section, folder).read();
    }

    private Read read() {
        ProtocolName name = keys.choice("protocol", ProtocolName.class, ProtocolName.OIP);
        String targetName = keys.text("target");
        Target direct = null;
        if (targetName == null) {
            if (!keys.has("url")) {
                throw keys.wrong(
                        "url",
                        "is missing; name the server's address, or with remote.target one that patchbay.yaml has under remote.targets");
            }
            direct = Target.of(keys);
        } else if (keys.has("url")) {
            throw keys.wrong("url", "is there beside remote.target; it is one or the other");
        }
        Map<String, String> headers = Target.headers(keys);
        RemoteSettings.Protocol protocol = switch (name) {
            case OIP -> new RemoteSettings.Oip(model(keys.has("binary") ? flag("binary", false) : null));
            case TENSORFLOW -> tensorFlow();
            case HTTP -> new RemoteSettings.Http(http());
        };
        if (name != ProtocolName.OIP && direct != null && direct.isGrpc()) {
            throw keys.wrong("url", "is of gRPC, which is for protocol oip alone");
        }
        boolean tensors = name != ProtocolName.HTTP;
        RemoteSettings settings = new RemoteSettings(
                targetName,
                direct,
                headers,
                keys.has("timeout") ? keys.duration("timeout", READY_WITHIN) : null,
                keys.duration("ready_within", READY_WITHIN),
                keys.duration("ready_every", READY_EVERY),
                (int) keys.integer("max_answer", 1, Integer.MAX_VALUE - 8, MOST_BYTES),
                protocol,
                tensors ? Signature.of(keys) : null);
        TensorMapping mapping = tensors
                ? new TensorMapping(keys.textMap("input"), keys.textMap("output"), labels())
                : new TensorMapping(Map.of(), Map.of(), Map.of());
        keys.finish();
        return new Read(settings, mapping);
    }

    private RemoteModel model(@Nullable Boolean binary) {
        return new RemoteModel(
                keys.required("model", "the model's name at the server"),
                keys.text("model_version"),
                binary,
                flag("idempotent", true));
    }

    private RemoteSettings.TensorFlow tensorFlow() {
        String signature = keys.text("signature_name");
        return new RemoteSettings.TensorFlow(
                model(false),
                signature == null ? "serving_default" : signature,
                keys.choice("format", RowFormat.class, RowFormat.COLUMNS) == RowFormat.ROWS);
    }

    private boolean flag(String key, boolean otherwise) {
        if (!keys.has(key)) {
            return otherwise;
        }
        Object value = keys.items(key).getFirst();
        if (value instanceof Boolean flag) {
            return flag;
        }
        throw keys.wrong(key, "must be true or false, but is '" + value + "'");
    }

    private Map<String, List<String>> labels() {
        Map<String, List<String>> labels = new LinkedHashMap<>();
        keys.object("labels").forEach((tensor, names) -> {
            List<String> texts = new ArrayList<>();
            if (names instanceof List<?> list) {
                list.forEach(name -> texts.add(String.valueOf(name)));
            }
            labels.put(tensor, List.copyOf(texts));
        });
        return labels;
    }

    // --- JSON over HTTP ---

    private HttpMapping http() {
        String given = keys.text("method");
        String method = given == null ? "POST" : given.toUpperCase(Locale.ROOT);
        if (!METHODS.contains(method)) {
            throw keys.wrong("method", "must be one of GET, POST, PUT, PATCH, but is '" + given + "'");
        }
        boolean get = method.equals("GET");
        if (get && keys.has("request")) {
            throw keys.wrong("request", "is a body, which a GET has not; write path and query");
        }
        String path = keys.has("path") ? keys.required("path", "what follows the url") : "";
        List<Template.Pointer> pointers = new ArrayList<>();
        try {
            pointers.addAll(HttpMapping.pointers(path));
        } catch (IllegalArgumentException e) {
            throw keys.wrong("path", String.valueOf(e.getMessage()));
        }
        Map<String, Template> query = new LinkedHashMap<>();
        keys.object("query").forEach((parameter, value) -> {
            Template template = template("query." + parameter, value);
            template.pointers(pointers::add);
            query.put(parameter, template);
        });
        Template request = get ? null : template("request", keys.has("request") ? any("request") : "$");
        if (request != null) {
            request.pointers(pointers::add);
        }
        requireFields(pointers);
        return new HttpMapping(
                method,
                path,
                query,
                request,
                template("response", keys.has("response") ? any("response") : "$"),
                keys.text("health"),
                flag("idempotent", get || method.equals("PUT")));
    }

    private Object any(String key) {
        List<?> items = keys.items(key);
        // a list of one and one thing alone look the same to a reader of items
        return items.size() == 1 && !(items.getFirst() instanceof List) ? items.getFirst() : items;
    }

    private Template template(String key, @Nullable Object value) {
        try {
            return Template.of(value);
        } catch (IllegalArgumentException e) {
            throw keys.wrong(key, String.valueOf(e.getMessage()));
        }
    }

    /// A pointer to a field that the request cannot have is a slip.
    private void requireFields(List<Template.Pointer> pointers) {
        Map<String, Object> schema = schema(RemoteKind.REQUEST);
        if (schema == null || !Boolean.FALSE.equals(schema.get("additionalProperties"))) {
            return;
        }
        Set<String> fields =
                schema.get("properties") instanceof Map<?, ?> properties ? texts(properties.keySet()) : Set.of();
        for (Template.Pointer pointer : pointers) {
            if (!pointer.steps().isEmpty() && !fields.contains(pointer.steps().getFirst())) {
                throw new IllegalArgumentException("remote: %s leads nowhere: %s has the fields %s"
                        .formatted(pointer.text(), RemoteKind.REQUEST, fields));
            }
        }
    }

    private static Set<String> texts(Set<?> names) {
        Set<String> texts = new HashSet<>();
        names.forEach(name -> texts.add(String.valueOf(name)));
        return texts;
    }

    private @Nullable Map<String, Object> schema(String file) {
        return RemoteKind.schema(folder, file);
    }
}
