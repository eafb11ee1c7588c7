package dev.patchbay.core.tensor;

import dev.patchbay.api.ErrorCode;
import dev.patchbay.api.FieldError;
import dev.patchbay.api.InferenceException;
import dev.patchbay.api.Tensor;
import dev.patchbay.api.TensorSpec;
import dev.patchbay.api.Tensors;
import dev.patchbay.api.runtime.TensorMapping;
import dev.patchbay.core.schema.Codec;
import dev.patchbay.core.schema.JsonSchema;
import dev.patchbay.core.schema.Nearest;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;

/// The boundary of a module that takes and gives tensors: JSON fields in, tensors, JSON fields out.
public final class TensorCodec implements Codec, TensorPorts {

    private static final JsonFactory JSON = new JsonFactory();

    private final List<TensorSpec> inputTensors;
    private final List<TensorSpec> outputTensors;
    private final List<Port> inputs;
    private final List<Port> outputs;
    private final Map<String, List<String>> labels;
    /// Null where the reader of the tensors sees all that can be wrong.
    private final @Nullable JsonSchema requestCheck;
    private final JsonNode requestSchema;
    private final JsonNode responseSchema;
    private final Map<String, ValueRules> rules = new LinkedHashMap<>();
    /// Whether the request is nothing but the inputs, each a field of the top level.
    private final boolean flat;

    /// Makes a codec.
    ///
    /// @param requestSchema the artifact's schema; null to derive it from the inputs
    /// @param responseSchema the artifact's schema; null to derive it from the outputs
    /// @throws IllegalArgumentException if the mapping names what is not there
    public TensorCodec(
            List<TensorSpec> inputTensors,
            List<TensorSpec> outputTensors,
            TensorMapping mapping,
            @Nullable JsonNode requestSchema,
            @Nullable JsonNode responseSchema) {
        this.inputTensors = List.copyOf(inputTensors);
        this.outputTensors = List.copyOf(outputTensors);
        this.inputs = Port.of(inputTensors, mapping.input(), "input", true);
        this.outputs = Port.of(outputTensors, mapping.output(), "output", false);
        this.labels = mapping.labels();
        for (String name : labels.keySet()) {
            if (outputs.stream().noneMatch(port -> port.spec().name().equals(name))) {
                throw new IllegalArgumentException("labels name the output '%s', which is not answered; there are %s"
                        .formatted(
                                name,
                                outputs.stream().map(port -> port.spec().name()).toList()));
            }
        }
        for (Port output : outputs) {
            if (output.path().size() != 1) {
                throw new IllegalArgumentException("output %s: %s is nested; an answer's fields are at its top"
                        .formatted(output.spec().name(), output.pointer()));
            }
        }
        this.flat = requestSchema == null
                && inputs.stream().allMatch(port -> port.path().size() == 1);
        this.requestSchema = requestSchema == null ? TensorSchemas.request(inputs) : requestSchema;
        boolean typesSayAll = inputs.stream()
                .allMatch(port -> port.spec().values().isEmpty() && !port.spec().optional());
        this.requestCheck = flat && typesSayAll ? null : JsonSchema.compile(this.requestSchema);
        inputTensors.forEach(spec -> rules.put(spec.name(), new ValueRules(spec)));
        this.responseSchema = responseSchema == null ? TensorSchemas.response(outputs, labels) : responseSchema;
    }

    @Override
    public Object decode(JsonNode request) {
        List<FieldError> errors = new ArrayList<>();
        if (requestCheck != null) {
            errors.addAll(requestCheck.check(request));
        } else if (!request.isObject()) {
            errors.add(new FieldError("", "must be an object"));
        }
        Map<String, Tensor> tensors = LinkedHashMap.newLinkedHashMap(inputs.size());
        if (errors.isEmpty()) {
            for (Port port : inputs) {
                JsonNode value = request;
                for (String step : port.path()) {
                    value = value.path(step);
                }
                if (value.isMissingNode() && port.spec().optional()) {
                    continue;
                }
                if (value.isMissingNode()) {
                    errors.add(new FieldError(port.pointer(), "is missing"));
                    continue;
                }
                Tensor tensor = TensorReader.read(value, port, errors);
                if (tensor != null) {
                    tensors.put(port.spec().name(), tensor);
                }
            }
            // fields that are all known and all there need not be looked up once more
            if (requestCheck == null && (request.size() != inputs.size() || !errors.isEmpty())) {
                unknownFields(request, errors);
            }
        }
        if (!errors.isEmpty()) {
            throw new InferenceException(
                    ErrorCode.INVALID_REQUEST,
                    "The request does not fit the task's schema: "
                            + errors.stream()
                                    .limit(3)
                                    .map(error ->
                                            (error.path().isEmpty() ? "it" : error.path()) + " " + error.message())
                                    .collect(Collectors.joining("; ")),
                    errors,
                    null,
                    null);
        }
        return new Tensors(tensors);
    }

    private void unknownFields(JsonNode request, List<FieldError> errors) {
        List<String> names = inputs.stream().map(port -> port.path().getFirst()).toList();
        for (String field : request.propertyNames()) {
            if (!names.contains(field)) {
                errors.add(new FieldError("/" + field, "is no field here" + Nearest.question(field, names)));
            }
        }
    }

    @Override
    public byte[] encode(Object response) {
        Tensors tensors = (Tensors) response;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        try (JsonGenerator json = JSON.createGenerator(tools.jackson.core.ObjectWriteContext.empty(), bytes)) {
            json.writeStartObject();
            for (Port port : outputs) {
                json.writeName(port.path().getLast());
                TensorWriter writer =
                        new TensorWriter(json, port, tensors.get(port.spec().name()));
                List<String> names = labels.get(port.spec().name());
                if (names == null) {
                    writer.write();
                } else {
                    writer.writeScores(names);
                }
            }
            json.writeEndObject();
        }
        return bytes.toByteArray();
    }

    @Override
    public byte[] encodePart(Object part) {
        throw new IllegalStateException("a model file answers at once, not in parts");
    }

    @Override
    public JsonNode part(Object part) {
        throw new IllegalStateException("a model file answers at once, not in parts");
    }

    @Override
    public JsonNode write(Object value) {
        throw new IllegalStateException("a model file asks no other task");
    }

    @Override
    public <T> T read(byte[] json, Class<T> type) {
        throw new IllegalStateException("a model file asks no other task");
    }

    @Override
    public JsonNode requestSchema() {
        return requestSchema;
    }

    @Override
    public JsonNode responseSchema() {
        return responseSchema;
    }

    @Override
    public List<TensorSpec> inputTensors() {
        return inputTensors;
    }

    @Override
    public List<TensorSpec> outputTensors() {
        return outputTensors;
    }

    @Override
    public Optional<String> wrong(String input, Tensor tensor) {
        ValueRules known = rules.get(input);
        return known == null ? Optional.empty() : known.wrong(tensor);
    }

    /// Makes a request of zeros and empty texts, or of values that the model takes in their place, so that a model
    /// without examples is warm before its first call.
    Tensors blank() {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (Port port : inputs) {
            long[] shape = port.spec().shape().stream()
                    .mapToLong(size -> size < 0 ? 1 : size)
                    .toArray();
            long count = 1;
            for (long size : shape) {
                count *= size;
            }
            Object values = TensorReader.allocate(port.spec().type(), Math.toIntExact(count));
            if (values instanceof String[] texts) {
                java.util.Arrays.fill(texts, "");
            }
            Objects.requireNonNull(rules.get(port.spec().name())).makeValid(values);
            tensors.put(port.spec().name(), Tensor.of(port.spec().type(), values, shape));
        }
        return new Tensors(tensors);
    }
}
