package dev.patchbay.server.oip;

import dev.patchbay.api.ErrorCode;
import dev.patchbay.api.InferenceException;
import dev.patchbay.api.Tensor;
import dev.patchbay.api.TensorSpec;
import dev.patchbay.api.TensorType;
import dev.patchbay.api.Tensors;
import dev.patchbay.core.execution.Callee;
import dev.patchbay.core.execution.Dialect;
import dev.patchbay.core.execution.InOwnJson;
import dev.patchbay.core.schema.JsonReader;
import dev.patchbay.core.schema.Nearest;
import dev.patchbay.core.tensor.TensorPorts;
import dev.patchbay.oip.tensor.RawTensor;
import dev.patchbay.oip.tensor.Shape;
import dev.patchbay.server.oip.InferRequest.Inputs;
import dev.patchbay.server.oip.InferRequest.NamedTensor;
import dev.patchbay.server.oip.InferRequest.RequestedOutput;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// One inference request on its way into a version and back. A version of tensors gets them as they came; any other
/// takes one text, the JSON of its request, and gives one, the JSON of its answer.
final class InferDialect implements Dialect {

    /// The input and output of a version that takes JSON.
    static final TensorSpec REQUEST = new TensorSpec("request", TensorType.BYTES, List.of(1L));
    static final TensorSpec RESPONSE = new TensorSpec("response", TensorType.BYTES, List.of(1L));

    /// Writes an answer as one of the protocol's transports sends it. Used by one call.
    interface Form {

        /// Writes the tensors that were asked for.
        byte[] write(Callee callee, InferRequest request, List<NamedTensor> outputs);
    }

    private final InferRequest request;
    private final Form form;
    private final JsonReader json;
    private final @Nullable JsonNode body;
    /// Written on the lane, read once the call has ended.
    private @Nullable Supplier<byte[]> own;

    /// @param json reads the request of a version that takes JSON
    InferDialect(InferRequest request, Form form, JsonReader json) {
        this.request = request;
        this.form = form;
        this.json = json;
        this.body = body(request, json);
    }

    /// Gives what routing may look at: the request of a version that takes JSON.
    JsonNode seen() {
        return body == null ? JsonNodeFactory.instance.objectNode() : body;
    }

    /// Reads the JSON if it is there and is some; if it is not, the version will say so.
    private static @Nullable JsonNode body(InferRequest request, JsonReader json) {
        String text = text(request);
        if (text == null || !text.stripLeading().startsWith("{")) {
            return null;
        }
        try {
            return json.read(text.getBytes(StandardCharsets.UTF_8));
        } catch (InferenceException notJson) {
            return null;
        }
    }

    private static @Nullable String text(InferRequest request) {
        return request.inputs() instanceof Inputs.Named(List<NamedTensor> tensors)
                        && tensors.size() == 1
                        && tensors.getFirst().name().equals(REQUEST.name())
                        && tensors.getFirst().tensor().values() instanceof String[] texts
                        && texts.length == 1
                ? texts[0]
                : null;
    }

    // --- the question ---

    @Override
    public Object decode(Callee callee) {
        if (callee.codec() instanceof TensorPorts ports) {
            requireOutputs(callee, ports.outputTensors());
            return new Tensors(tensors(callee, ports));
        }
        requireOutputs(callee, List.of(RESPONSE));
        return callee.codec().decode(body != null ? body : json.read(requireText(callee)));
    }

    private byte[] requireText(Callee callee) {
        if (request.inputs() instanceof Inputs.OnlyInput(byte[] bytes)) {
            // in raw mode, too, an element is its length and its bytes
            ByteBuffer raw = ByteBuffer.wrap(bytes);
            return Refused.input(() -> RawTensor.read(REQUEST.name(), TensorType.BYTES, new long[] {1}, raw))
                    .strings()[0]
                    .getBytes(StandardCharsets.UTF_8);
        }
        String text = text(request);
        if (text == null) {
            throw new InferenceException(
                    ErrorCode.INVALID_REQUEST,
                    "%s %s takes one input, %s: a text, the JSON of its request; there %s"
                            .formatted(callee.task(), callee.version(), REQUEST, given()));
        }
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private Map<String, Tensor> tensors(Callee callee, TensorPorts ports) {
        List<TensorSpec> specs = ports.inputTensors();
        if (request.inputs() instanceof Inputs.OnlyInput(byte[] bytes)) {
            return valid(onlyInput(callee, specs, bytes), ports);
        }
        List<NamedTensor> inputs = ((Inputs.Named) request.inputs()).tensors();
        Map<String, Tensor> tensors = LinkedHashMap.newLinkedHashMap(specs.size());
        for (NamedTensor input : inputs) {
            TensorSpec spec = find(specs, input.name());
            if (spec == null) {
                throw Refused.input(
                        input.name(),
                        "is none of %s %s; it takes %s%s"
                                .formatted(
                                        callee.task(),
                                        callee.version(),
                                        words(specs),
                                        Nearest.question(input.name(), names(specs))));
            }
            if (tensors.putIfAbsent(input.name(), fitting(callee, input, spec)) != null) {
                throw Refused.input(input.name(), "is there twice");
            }
        }
        for (TensorSpec spec : specs) {
            if (!spec.optional() && !tensors.containsKey(spec.name())) {
                throw Refused.input(
                        spec.name(),
                        "is missing; %s %s takes %s, and there %s"
                                .formatted(callee.task(), callee.version(), words(specs), given()));
            }
        }
        return valid(tensors, ports);
    }

    private static Map<String, Tensor> valid(Map<String, Tensor> tensors, TensorPorts ports) {
        tensors.forEach((name, tensor) -> ports.wrong(name, tensor).ifPresent(wrong -> {
            throw Refused.input(name, wrong);
        }));
        return tensors;
    }

    private static Tensor fitting(Callee callee, NamedTensor input, TensorSpec spec) {
        Tensor tensor = input.tensor();
        if (tensor.type() != spec.type() || !Shape.fits(tensor.shape(), spec)) {
            throw Refused.input(
                    input.name(),
                    "is %s, but %s %s takes %s%s; -1 is any size"
                            .formatted(tensor, callee.task(), callee.version(), spec.type(), spec.shape()));
        }
        return tensor;
    }

    /// The whole body is one tensor; its only open size follows from its length.
    private static Map<String, Tensor> onlyInput(Callee callee, List<TensorSpec> specs, byte[] bytes) {
        TensorSpec spec = specs.getFirst();
        long[] shape = spec.shape().stream().mapToLong(Long::longValue).toArray();
        long open = Arrays.stream(shape).filter(size -> size < 0).count();
        int width = RawTensor.width(spec.type());
        if (specs.size() != 1 || open > 1 || (width == 0 && open > 0)) {
            throw Refused.request(
                    "Inference-Header-Content-Length: 0 says that the body is the only input, but %s %s takes %s; send JSON in front"
                            .formatted(callee.task(), callee.version(), words(specs)));
        }
        long row = width;
        for (long size : shape) {
            row *= size < 0 ? 1 : size;
        }
        for (int i = 0; i < shape.length; i++) {
            if (shape[i] < 0) {
                shape[i] = row == 0 ? 0 : bytes.length / row;
            }
        }
        return Map.of(
                spec.name(),
                Refused.input(() -> RawTensor.read(spec.name(), spec.type(), shape, ByteBuffer.wrap(bytes))));
    }

    private void requireOutputs(Callee callee, List<TensorSpec> specs) {
        Set<String> asked = new HashSet<>();
        for (RequestedOutput output : request.outputs()) {
            if (find(specs, output.name()) == null) {
                throw Refused.output(
                        output.name(),
                        "is none of %s %s; it gives %s%s"
                                .formatted(
                                        callee.task(),
                                        callee.version(),
                                        words(specs),
                                        Nearest.question(output.name(), names(specs))));
            }
            if (!asked.add(output.name())) {
                throw Refused.output(output.name(), "is asked for twice");
            }
        }
    }

    private static @Nullable TensorSpec find(List<TensorSpec> specs, String name) {
        for (TensorSpec spec : specs) {
            if (spec.name().equals(name)) {
                return spec;
            }
        }
        return null;
    }

    private static List<String> names(List<TensorSpec> specs) {
        return specs.stream().map(TensorSpec::name).toList();
    }

    private static String words(List<TensorSpec> specs) {
        return specs.stream().map(TensorSpec::toString).collect(Collectors.joining(", "));
    }

    private String given() {
        return switch (request.inputs()) {
            case Inputs.OnlyInput(byte[] bytes) -> "are %d bytes".formatted(bytes.length);
            case Inputs.Named(List<NamedTensor> none) when none.isEmpty() -> "is none";
            case Inputs.Named(List<NamedTensor> tensors) ->
                "is "
                        + tensors.stream()
                                .limit(5)
                                .map(input -> input.name() + " " + input.tensor())
                                .collect(Collectors.joining(", "));
        };
    }

    // --- the answer ---

    @Override
    public byte[] encode(Callee callee, Object answer) {
        return form.write(callee, request, outputs(callee, answer));
    }

    private List<NamedTensor> outputs(Callee callee, Object answer) {
        if (!(callee.codec() instanceof TensorPorts ports)) {
            byte[] json = callee.codec().encode(answer);
            own = () -> json;
            return List.of(text(RESPONSE.name(), json));
        }
        Tensors tensors = (Tensors) answer;
        own = () -> callee.codec().encode(tensors);
        List<String> names = request.outputs().isEmpty()
                ? names(ports.outputTensors())
                : request.outputs().stream().map(RequestedOutput::name).toList();
        List<NamedTensor> outputs = new ArrayList<>(names.size());
        for (String name : names) {
            outputs.add(new NamedTensor(name, tensors.get(name)));
        }
        return outputs;
    }

    private static NamedTensor text(String name, byte[] utf8) {
        return new NamedTensor(name, Tensor.of(new String[] {new String(utf8, StandardCharsets.UTF_8)}, 1));
    }

    @Override
    public byte[] encodePart(Callee callee, Object part) {
        return form.write(callee, request, List.of(text("part", callee.codec().encodePart(part))));
    }

    // --- the same for a shadow ---

    @Override
    public Optional<Dialect> again() {
        return Optional.of(new InOwnJson(this));
    }

    @Override
    public Optional<byte[]> inOwnJson(byte[] answer) {
        return Optional.ofNullable(own).map(Supplier::get);
    }
}
