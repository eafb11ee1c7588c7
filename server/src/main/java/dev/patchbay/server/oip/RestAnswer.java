package dev.patchbay.server.oip;

import dev.patchbay.core.execution.Callee;
import dev.patchbay.oip.tensor.InvalidTensor;
import dev.patchbay.oip.tensor.JsonTensor;
import dev.patchbay.oip.tensor.RawTensor;
import dev.patchbay.server.http.AnswerHeaders;
import dev.patchbay.server.oip.InferRequest.NamedTensor;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// An answer as REST sends it: a JSON object, and behind it the bytes of the outputs that are wanted so.
final class RestAnswer implements InferDialect.Form {

    private static final JsonFactory JSON = new JsonFactory();

    /// Written on the lane, read once the call has ended.
    private int jsonLength = -1;

    @Override
    public byte[] write(Callee callee, InferRequest request, List<NamedTensor> outputs) {
        ByteArrayOutputStream json = new ByteArrayOutputStream(512);
        long raw = 0;
        boolean anyBinary = false;
        try (JsonGenerator out = JSON.createGenerator(ObjectWriteContext.empty(), json)) {
            out.writeStartObject();
            out.writeStringProperty("model_name", callee.task());
            out.writeStringProperty("model_version", callee.version());
            if (request.id() != null) {
                out.writeStringProperty("id", request.id());
            }
            out.writeArrayPropertyStart("outputs");
            for (NamedTensor output : outputs) {
                out.writeStartObject();
                out.writeStringProperty("name", output.name());
                out.writeStringProperty("datatype", output.tensor().type().name());
                out.writeName("shape");
                long[] shape = output.tensor().shape();
                out.writeArray(shape, 0, shape.length);
                if (request.isBinary(output.name())) {
                    anyBinary = true;
                    long size = RawTensor.size(output.tensor());
                    raw += size;
                    out.writeObjectPropertyStart("parameters");
                    out.writeNumberProperty("binary_data_size", size);
                    out.writeEndObject();
                } else {
                    out.writeName("data");
                    data(out, output);
                }
                out.writeEndObject();
            }
            out.writeEndArray();
            out.writeEndObject();
        }
        if (!anyBinary) {
            return json.toByteArray();
        }
        jsonLength = json.size();
        ByteBuffer whole = ByteBuffer.allocate(Math.toIntExact(jsonLength + raw));
        whole.put(json.toByteArray());
        for (NamedTensor output : outputs) {
            if (request.isBinary(output.name())) {
                RawTensor.write(output.tensor(), whole);
            }
        }
        return whole.array();
    }

    private static void data(JsonGenerator out, NamedTensor output) {
        try {
            JsonTensor.write(out, output.name(), output.tensor());
        } catch (InvalidTensor e) {
            throw Refused.output(e.tensor(), e.what() + "; ask for it with \"binary_data\": true");
        }
    }

    AnswerHeaders headers() {
        return jsonLength < 0
                ? AnswerHeaders.contentType("application/json")
                : AnswerHeaders.contentType("application/octet-stream")
                        .add("inference-header-content-length", Integer.toString(jsonLength));
    }
}
