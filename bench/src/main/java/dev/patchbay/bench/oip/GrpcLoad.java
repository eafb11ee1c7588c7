package dev.patchbay.bench.oip;

import dev.patchbay.oip.v2.ModelInferRequest;
import dev.patchbay.oip.v2.ModelInferResponse;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ClientCalls;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/// Asks over gRPC in a closed loop: a connection and a thread for each caller.
final class GrpcLoad implements AutoCloseable {

    private static final MethodDescriptor<ModelInferRequest, ModelInferResponse> INFER =
            MethodDescriptor.<ModelInferRequest, ModelInferResponse>newBuilder(
                            ProtoUtils.marshaller(ModelInferRequest.getDefaultInstance()),
                            ProtoUtils.marshaller(ModelInferResponse.getDefaultInstance()))
                    .setType(MethodDescriptor.MethodType.UNARY)
                    .setFullMethodName("inference.GRPCInferenceService/ModelInfer")
                    .build();

    private final List<ManagedChannel> channels = new ArrayList<>();
    private final ModelInferRequest request;

    GrpcLoad(int port, int connections, ModelInferRequest request) {
        this.request = request;
        for (int i = 0; i < connections; i++) {
            channels.add(ManagedChannelBuilder.forAddress("127.0.0.1", port)
                    .usePlaintext()
                    .build());
        }
    }

    /// Asks for a while.
    Answered run(Duration duration) throws InterruptedException {
        long end = System.nanoTime() + duration.toNanos();
        LongAdder answers = new LongAdder();
        LongAdder failures = new LongAdder();
        List<Thread> threads = channels.stream()
                .map(channel -> Thread.ofPlatform().start(() -> {
                    while (System.nanoTime() < end) {
                        if (ask(channel)) {
                            answers.increment();
                        } else {
                            failures.increment();
                        }
                    }
                }))
                .toList();
        for (Thread thread : threads) {
            thread.join();
        }
        return new Answered(answers.sum(), failures.sum());
    }

    /// Tells whether a call was answered.
    boolean ask() {
        return ask(channels.getFirst());
    }

    private boolean ask(ManagedChannel channel) {
        try {
            return ClientCalls.blockingUnaryCall(channel, INFER, CallOptions.DEFAULT, request)
                            .getRawOutputContentsCount()
                    > 0;
        } catch (StatusRuntimeException e) {
            return false;
        }
    }

    @Override
    public void close() {
        channels.forEach(ManagedChannel::shutdownNow);
    }
}
