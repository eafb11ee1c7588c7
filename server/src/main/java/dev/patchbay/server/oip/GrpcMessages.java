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
import dev.patchbay.oip.v2.InferParameter;
import dev.patchbay.oip.v2.InferTensorContents;
import dev.patchbay.oip.v2.ModelInferRequest;
import dev.patchbay.oip.v2.ModelInferRequest.InferInputTensor;
import dev.patchbay.server.grpc.GrpcMessage;
import dev.patchbay.server.oip.InferRequest.Inputs;
import dev.patchbay.server.oip.InferRequest.NamedTensor;
import dev.patchbay.server.oip.InferRequest.RequestedOutput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
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
                raw || Boolean.TRUE.equals(parameters.get("binary_data_output")));
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
        return RawTensor.read(input.getName(), type, shape(input), bytes.asReadOnlyByteBuffer());
    }

    private static Tensor typed(InferInputTensor input) {
        TensorType type = InferReader.type(input.getName(), input.getDatatype());
        InferTensorContents contents = input.getContents();
        int given = switch (type) {
            case BOOL -> contents.getBoolContentsCount();
            case INT8, INT16, INT32 -> contents.getIntContentsCount();
            case INT64 -> contents.getInt64ContentsCount();
            case UINT8, UINT16, UINT32 -> contents.getUintContentsCount();
            case UINT64 -> contents.getUint64ContentsCount();
            case FP32 -> contents.getFp32ContentsCount();
            case FP64 -> contents.getFp64ContentsCount();
            case BYTES -> contents.getBytesContentsCount();
            case FP16, BF16 ->
                throw Refused.input(input.getName(), "is %s, which only raw_input_contents can say".formatted(type));
        };
        long[] shape = shape(input);
        long wanted = Shape.elements(input.getName(), shape);
        if (wanted != given) {
            throw Refused.input(
                    input.getName(),
                    "has %d values of %s in its contents, but its shape %s holds %d"
                            .formatted(given, type, Arrays.toString(shape), wanted));
        }
        return Tensor.of(type, values(input.getName(), type, contents, given), shape);
    }

    private static Object values(String name, TensorType type, InferTensorContents contents, int count) {
        return switch (type) {
            case BOOL -> {
                boolean[] values = new boolean[count];
                for (int i = 0; i < count; i++) {
                    values[i] = contents.getBoolContents(i);
                }
                yield values;
            }
            case INT8 -> {
                byte[] values = new byte[count];
                for (int i = 0; i < count; i++) {
                    values[i] = (byte) within(name, type, i, contents.getIntContents(i), -128, 127);
                }
                yield values;
            }
            case INT16 -> {
                short[] values = new short[count];
                for (int i = 0; i < count; i++) {
                    values[i] =
                            (short) within(name, type, i, contents.getIntContents(i), Short.MIN_VALUE, Short.MAX_VALUE);
                }
                yield values;
            }
            case UINT8 -> {
                short[] values = new short[count];
                for (int i = 0; i < count; i++) {
                    values[i] = (short) within(name, type, i, unsigned(contents, i), 0, 0xff);
                }
                yield values;
            }
            case UINT16 -> {
                int[] values = new int[count];
                for (int i = 0; i < count; i++) {
                    values[i] = (int) within(name, type, i, unsigned(contents, i), 0, 0xffff);
                }
                yield values;
            }
            case UINT32 -> {
                long[] values = new long[count];
                for (int i = 0; i < count; i++) {
                    values[i] = unsigned(contents, i);
                }
                yield values;
            }
            case INT32 ->
                contents.getIntContentsList().stream()
                        .mapToInt(Integer::intValue)
                        .toArray();
            case INT64 ->
                contents.getInt64ContentsList().stream()
                        .mapToLong(Long::longValue)
                        .toArray();
            case UINT64 ->
                contents.getUint64ContentsList().stream()
                        .mapToLong(Long::longValue)
                        .toArray();
            case FP32 -> {
                float[] values = new float[count];
                for (int i = 0; i < count; i++) {
                    values[i] = contents.getFp32Contents(i);
                }
                yield values;
            }
            case FP64 ->
                contents.getFp64ContentsList().stream()
                        .mapToDouble(Double::doubleValue)
                        .toArray();
            case BYTES -> {
                String[] values = new String[count];
                for (int i = 0; i < count; i++) {
                    values[i] =
                            RawTensor.text(name, i, contents.getBytesContents(i).asReadOnlyByteBuffer());
                }
                yield values;
            }
            case FP16, BF16 -> throw new IllegalStateException(type + " has no contents");
        };
    }

    private static long unsigned(InferTensorContents contents, int i) {
        return Integer.toUnsignedLong(contents.getUintContents(i));
    }

    private static long within(String name, TensorType type, int i, long value, long least, long most) {
        if (value < least || value > most) {
            throw Refused.input(name, "has a value %d that is %d, which %s cannot hold".formatted(i, value, type));
        }
        return value;
    }

    /// Gives the bytes of a tensor.
    static ByteString raw(Tensor tensor) {
        ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(RawTensor.size(tensor)));
        RawTensor.write(tensor, bytes);
        return UnsafeByteOperations.unsafeWrap(bytes.array());
    }

    /// Gives the values of a tensor by their type.
    static InferTensorContents contents(Tensor tensor) {
        InferTensorContents.Builder contents = InferTensorContents.newBuilder();
        switch (tensor.values()) {
            case float[] values -> {
                for (float value : values) {
                    contents.addFp32Contents(value);
                }
            }
            case double[] values -> {
                for (double value : values) {
                    contents.addFp64Contents(value);
                }
            }
            case long[] values -> {
                for (long value : values) {
                    switch (tensor.type()) {
                        case UINT32 -> contents.addUintContents((int) value);
                        case UINT64 -> contents.addUint64Contents(value);
                        default -> contents.addInt64Contents(value);
                    }
                }
            }
            case int[] values -> {
                for (int value : values) {
                    if (tensor.type() == TensorType.UINT16) {
                        contents.addUintContents(value);
                    } else {
                        contents.addIntContents(value);
                    }
                }
            }
            case short[] values -> {
                for (short value : values) {
                    if (tensor.type() == TensorType.UINT8) {
                        contents.addUintContents(value);
                    } else {
                        contents.addIntContents(value);
                    }
                }
            }
            case byte[] values -> {
                for (byte value : values) {
                    contents.addIntContents(value);
                }
            }
            case boolean[] values -> {
                for (boolean value : values) {
                    contents.addBoolContents(value);
                }
            }
            case String[] values -> {
                for (String value : values) {
                    contents.addBytesContents(ByteString.copyFrom(value, StandardCharsets.UTF_8));
                }
            }
            case byte[][] values -> {
                for (byte[] value : values) {
                    contents.addBytesContents(ByteString.copyFrom(value));
                }
            }
            default -> throw new IllegalStateException("no tensor keeps its values in a " + tensor.values());
        }
        return contents.build();
    }
}
