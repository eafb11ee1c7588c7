package dev.patchbay.server.oip;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import com.google.protobuf.UnsafeByteOperations;
import dev.patchbay.api.Tensor;
import dev.patchbay.api.TensorType;
import dev.patchbay.oip.tensor.RawTensor;
import dev.patchbay.oip.tensor.TensorContents;
import dev.patchbay.oip.v2.InferParameter;
import dev.patchbay.oip.v2.ModelInferRequest;
import dev.patchbay.oip.v2.ModelInferRequest.InferInputTensor;
import dev.patchbay.server.grpc.GrpcMessage;
import dev.patchbay.server.oip.InferRequest.Inputs;
import dev.patchbay.server.oip.InferRequest.NamedTensor;
import dev.patchbay.server.oip.InferRequest.RequestedOutput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Reads and writes the protocol's messages.
final class GrpcMessages {

    private GrpcMessages() {}

    /// Reads a message; its bytes fields are views of what was given.
    ///
    /// @throws dev.patchbay.api.InferenceException if it is none
    static <M extends Message> M read(Parser<M> parser, ByteBuffer bytes) {
        CodedInputStream in = UnsafeByteOperations.unsafeWrap(bytes).newCodedInput();
        in.enableAliasing(true);
        try {
            return parser.parseFrom(in);
        } catch (InvalidProtocolBufferException e) {
            throw Refused.request("The message cannot be read: " + e.getMessage());
        }
    }

    /// Writes a message with its frame.
    static byte[] framed(Message message) {
        int length = message.getSerializedSize();
        byte[] frame = GrpcMessage.frame(length).array();
        try {
            CodedOutputStream out = CodedOutputStream.newInstance(frame, GrpcMessage.HEAD, length);
            message.writeTo(out);
            out.checkNoSpaceLeft();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return frame;
    }

    /// Reads what is asked.
    ///
    /// @throws dev.patchbay.api.InferenceException if it does not hold together
    static InferRequest request(ModelInferRequest message) {
        Map<String, Object> parameters = parameters(message.getParametersMap());
        List<RequestedOutput> outputs = message.getOutputsList().stream()
                .map(output -> new RequestedOutput(output.getName(), null))
                .toList();
        boolean raw = message.getRawInputContentsCount() > 0;
        if (raw && message.getRawInputContentsCount() != message.getInputsCount()) {
            throw Refused.request("There are %d inputs, but %d raw_input_contents; there is one for each input"
                    .formatted(message.getInputsCount(), message.getRawInputContentsCount()));
        }
        List<NamedTensor> inputs = new ArrayList<>(message.getInputsCount());
        for (int i = 0; i < message.getInputsCount(); i++) {
            InferInputTensor input = message.getInputs(i);
            inputs.add(
                    new NamedTensor(input.getName(), raw ? raw(input, message.getRawInputContents(i)) : typed(input)));
        }
        return new InferRequest(
                message.getId().isEmpty() ? null : message.getId(),
                parameters,
                new Inputs.Named(inputs),
                outputs,
                // raw unless the caller says otherwise: many clients of Triton read nothing else
                !Boolean.FALSE.equals(parameters.get("binary_data_output")));
    }

    private static Map<String, Object> parameters(Map<String, InferParameter> given) {
        Map<String, Object> parameters = LinkedHashMap.newLinkedHashMap(given.size());
        given.forEach((name, value) -> {
            switch (value.getParameterChoiceCase()) {
                case BOOL_PARAM -> parameters.put(name, value.getBoolParam());
                case INT64_PARAM -> parameters.put(name, value.getInt64Param());
                case UINT64_PARAM -> parameters.put(name, value.getUint64Param());
                case STRING_PARAM -> parameters.put(name, value.getStringParam());
                case DOUBLE_PARAM -> parameters.put(name, value.getDoubleParam());
                case PARAMETERCHOICE_NOT_SET -> {
                    // nothing is said
                }
            }
        });
        return parameters;
    }

    private static long[] shape(InferInputTensor input) {
        long[] shape = new long[input.getShapeCount()];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = input.getShape(i);
        }
        return shape;
    }

    private static Tensor raw(InferInputTensor input, ByteString bytes) {
        if (input.hasContents() && input.getContents().getSerializedSize() > 0) {
            throw Refused.input(
                    input.getName(), "has contents, but there are raw_input_contents; it is one or the other");
        }
        TensorType type = InferReader.type(input.getName(), input.getDatatype());
        return Refused.input(() -> RawTensor.read(input.getName(), type, shape(input), bytes.asReadOnlyByteBuffer()));
    }

    private static Tensor typed(InferInputTensor input) {
        TensorType type = InferReader.type(input.getName(), input.getDatatype());
        return Refused.input(() -> TensorContents.read(input.getName(), type, shape(input), input.getContents()));
    }
}
