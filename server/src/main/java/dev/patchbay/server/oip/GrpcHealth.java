package dev.patchbay.server.oip;

import dev.patchbay.api.ErrorCode;
import dev.patchbay.api.InferenceException;
import dev.patchbay.oip.health.HealthCheckRequest;
import dev.patchbay.oip.health.HealthCheckResponse;
import dev.patchbay.oip.health.HealthCheckResponse.ServingStatus;
import dev.patchbay.server.grpc.GrpcRoute;
import dev.patchbay.server.grpc.GrpcStream;
import dev.patchbay.server.http.Route;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/// [gRPC's health checking](https://github.com/grpc/grpc/blob/master/doc/health-checking.md): of the server as a whole
/// and, by its name, of each task.
final class GrpcHealth {

    private static final Duration LOOK_AGAIN = Duration.ofMillis(200);
    private static final int LONGEST = 4096;

    private final Supplier<List<String>> notReady;
    private final ModelDirectory models;

    GrpcHealth(Supplier<List<String>> notReady, ModelDirectory models) {
        this.notReady = notReady;
        this.models = models;
    }

    List<Route> routes() {
        return List.of(
                GrpcRoute.unary("/grpc.health.v1.Health/Check", (call, message) -> {
                    String service = service(message);
                    ServingStatus status = status(service);
                    if (status == ServingStatus.SERVICE_UNKNOWN) {
                        throw new InferenceException(
                                ErrorCode.UNKNOWN_TASK, "There is no service and no task '%s'".formatted(service));
                    }
                    call.reply(GrpcMessages.framed(response(status)));
                }),
                GrpcRoute.streaming("/grpc.health.v1.Health/Watch", LONGEST, this::watch));
    }

    private static String service(ByteBuffer message) {
        return GrpcMessages.read(HealthCheckRequest.parser(), message).getService();
    }

    private ServingStatus status(String service) {
        if (service.isEmpty() || service.equals("inference.GRPCInferenceService")) {
            return notReady.get().isEmpty() ? ServingStatus.SERVING : ServingStatus.NOT_SERVING;
        }
        try {
            models.ready(service, null, null);
            return ServingStatus.SERVING;
        } catch (InferenceException e) {
            return e.code() == ErrorCode.UNKNOWN_TASK ? ServingStatus.SERVICE_UNKNOWN : ServingStatus.NOT_SERVING;
        }
    }

    private void watch(GrpcStream stream) throws Exception {
        ByteBuffer message = stream.next();
        String service = message == null ? "" : service(message);
        Thread watching = Thread.currentThread();
        stream.onCancel(watching::interrupt);
        ServingStatus told = null;
        try {
            while (true) {
                ServingStatus now = status(service);
                if (now != told) {
                    stream.write(GrpcMessages.framed(response(now)));
                    told = now;
                }
                Thread.sleep(LOOK_AGAIN);
            }
        } catch (InterruptedException gone) {
            throw new InferenceException(ErrorCode.CANCELLED, "Nobody watches any more");
        }
    }

    private static HealthCheckResponse response(ServingStatus status) {
        return HealthCheckResponse.newBuilder().setStatus(status).build();
    }
}
