package dev.patchbay.testkit.conformance;

import com.google.protobuf.Message;
import io.grpc.CallOptions;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ClientCalls;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The server under test over gRPC, without TLS.
final class GrpcServer implements AutoCloseable {

    private static final String SERVICE = "inference.GRPCInferenceService/";
    private static final int PATIENCE_SECONDS = 30;

    private final ManagedChannel channel;

    /// @param address host and port
    GrpcServer(String address) {
        channel = Grpc.newChannelBuilder(address, InsecureChannelCredentials.create())
                .build();
    }

    /// Asks, and requires an answer.
    <Q extends Message, A extends Message> A ask(String method, Q question, A answer) {
        try {
            return call(method, question, answer);
        } catch (StatusRuntimeException e) {
            throw Broken.because(words(method, e.getStatus()));
        }
    }

    /// Asks, and requires one of some statuses.
    <Q extends Message, A extends Message> void refused(
            String method, Q question, A answer, List<Status.Code> fitting) {
        try {
            call(method, question, answer);
        } catch (StatusRuntimeException e) {
            if (!fitting.contains(e.getStatus().getCode())) {
                throw Broken.because(words(method, e.getStatus()) + ": not " + fitting);
            }
            return;
        }
        throw Broken.because(method + " → OK: not refused");
    }

    private <Q extends Message, A extends Message> A call(String method, Q question, A answer) {
        MethodDescriptor<Q, A> descriptor = MethodDescriptor.<Q, A>newBuilder(
                        ProtoUtils.marshaller(question), ProtoUtils.marshaller(answer))
                .setType(MethodDescriptor.MethodType.UNARY)
                .setFullMethodName(SERVICE + method)
                .build();
        return ClientCalls.blockingUnaryCall(
                channel,
                descriptor,
                CallOptions.DEFAULT.withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS),
                question);
    }

    private static String words(String method, Status status) {
        return "%s → %s %s".formatted(method, status.getCode(), status.getDescription());
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
