package dev.patchbay.server.grpc;

import dev.patchbay.api.ErrorCode;
import dev.patchbay.api.InferenceException;
import java.nio.ByteBuffer;

/// The frame of a message: whether it is compressed, its length, and then its bytes.
public final class GrpcMessage {

    /// The bytes in front of a message.
    public static final int HEAD = 5;

    private GrpcMessage() {}

    /// Gives room for a message with its head written; the position is behind it.
    public static ByteBuffer frame(int length) {
        return ByteBuffer.allocate(HEAD + length).put((byte) 0).putInt(length);
    }

    /// Gives the bytes of the only message of a body.
    ///
    /// @throws InferenceException if it holds anything else
    static ByteBuffer only(byte[] body) {
        ByteBuffer frame = ByteBuffer.wrap(body);
        long length = frame.remaining() < HEAD ? -1 : length(frame);
        if (length != frame.remaining()) {
            throw new InferenceException(
                    ErrorCode.MALFORMED_REQUEST,
                    "The request is no single gRPC message: %d bytes, of which the first should be its frame"
                            .formatted(body.length));
        }
        return frame;
    }

    /// Reads the head of a frame.
    static long length(ByteBuffer frame) {
        if (frame.get() != 0) {
            throw new InferenceException(
                    ErrorCode.METHOD_NOT_ALLOWED, "Compressed messages are not taken; send grpc-encoding: identity");
        }
        return Integer.toUnsignedLong(frame.getInt());
    }
}
