package dev.patchbay.core.schema;

import dev.patchbay.api.FieldError;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Binds the settings of one module instance: checked by the schema of its config record, defaults filled in,
/// secrets resolved.
public final class SettingsBinder {

    private final Class<? extends Record> type;
    private final JsonSchema schema;
    private final JsonMapper mapper;

    /// Makes a binder with caches of its own.
    public SettingsBinder(Class<? extends Record> type, JsonSchema schema, ClassLoader loader) {
        this.type = type;
        this.schema = schema;
        this.mapper = RecordMapper.create(loader);
    }

    /// Binds settings.
    ///
    /// @param prefix where the settings stand in the config file, for messages
    /// @throws IllegalArgumentException naming every key that is wrong
    public Record bind(ObjectNode settings, String prefix) {
        List<FieldError> errors = schema.check(settings);
        if (!errors.isEmpty()) {
            throw new IllegalArgumentException(errors.stream()
                            .map(error -> key(prefix, error.path()) + " " + error.message())
                            .collect(Collectors.joining("; "))
                    + (errors.stream().anyMatch(error -> error.message().equals("is missing"))
                            ? ". Set what is missing in patchbay.yaml, or give it a @Default or make it Optional in the record"
                            : ""));
        }
        JsonNode complete = schema.withDefaults(settings.deepCopy());
        try {
            return mapper.treeToValue(complete, type);
        } catch (JacksonException e) {
            StringBuilder path = new StringBuilder();
            e.getPath().forEach(step -> path.append('/').append(step.getPropertyName()));
            throw new IllegalArgumentException(key(prefix, path.toString()) + " " + RecordCodec.reason(e), e);
        }
    }

    private static String key(String prefix, String pointer) {
        return prefix + pointer.replace('/', '.');
    }
}
