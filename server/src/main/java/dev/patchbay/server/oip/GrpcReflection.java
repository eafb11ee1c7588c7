package dev.patchbay.server.oip;

import com.google.protobuf.Descriptors.FileDescriptor;
import dev.patchbay.oip.health.HealthProto;
import dev.patchbay.oip.reflection.ErrorResponse;
import dev.patchbay.oip.reflection.FileDescriptorResponse;
import dev.patchbay.oip.reflection.ListServiceResponse;
import dev.patchbay.oip.reflection.ReflectionProto;
import dev.patchbay.oip.reflection.ServerReflectionRequest;
import dev.patchbay.oip.reflection.ServerReflectionResponse;
import dev.patchbay.oip.reflection.ServiceResponse;
import dev.patchbay.oip.v2.OpenInferenceProto;
import dev.patchbay.server.grpc.GrpcRoute;
import dev.patchbay.server.grpc.GrpcStream;
import dev.patchbay.server.http.Route;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// [gRPC's server reflection](https://github.com/grpc/grpc/blob/master/doc/server-reflection.md), by which tools such
/// as
/// grpcurl learn what can be called. `v1alpha` has the same messages.
final class GrpcReflection {

    private static final int LONGEST = 64 << 10;
    private static final int NOT_FOUND = 5;
    private static final int UNIMPLEMENTED = 12;
    private static final List<FileDescriptor> FILES =
            List.of(OpenInferenceProto.getDescriptor(), HealthProto.getDescriptor(), ReflectionProto.getDescriptor());

    private GrpcReflection() {}

    static List<Route> routes() {
        return Stream.of("v1", "v1alpha")
                .map(version -> GrpcRoute.streaming(
                        "/grpc.reflection." + version + ".ServerReflection/ServerReflectionInfo",
                        LONGEST,
                        GrpcReflection::answer))
                .toList();
    }

    private static void answer(GrpcStream stream) throws Exception {
        ByteBuffer message = stream.next();
        while (message != null) {
            ServerReflectionRequest request = GrpcMessages.read(ServerReflectionRequest.parser(), message);
            stream.write(GrpcMessages.framed(response(request)));
            message = stream.next();
        }
    }

    private static ServerReflectionResponse response(ServerReflectionRequest request) {
        ServerReflectionResponse.Builder response = ServerReflectionResponse.newBuilder()
                .setValidHost(request.getHost())
                .setOriginalRequest(request);
        switch (request.getMessageRequestCase()) {
            case LIST_SERVICES -> response.setListServicesResponse(services());
            case FILE_BY_FILENAME -> file(response, byName(request.getFileByFilename()), request.getFileByFilename());
            case FILE_CONTAINING_SYMBOL ->
                file(response, bySymbol(request.getFileContainingSymbol()), request.getFileContainingSymbol());
            case FILE_CONTAINING_EXTENSION, ALL_EXTENSION_NUMBERS_OF_TYPE, MESSAGEREQUEST_NOT_SET ->
                response.setErrorResponse(ErrorResponse.newBuilder()
                        .setErrorCode(UNIMPLEMENTED)
                        .setErrorMessage("There are no extensions here"));
        }
        return response.build();
    }

    private static ListServiceResponse services() {
        ListServiceResponse.Builder services = ListServiceResponse.newBuilder();
        FILES.stream()
                .flatMap(file -> file.getServices().stream())
                .forEach(service ->
                        services.addService(ServiceResponse.newBuilder().setName(service.getFullName())));
        return services.build();
    }

    private static @Nullable FileDescriptor byName(String name) {
        return FILES.stream()
                .filter(file -> file.getName().equals(name))
                .findFirst()
                .orElse(null);
    }

    private static @Nullable FileDescriptor bySymbol(String symbol) {
        return FILES.stream().filter(file -> has(file, symbol)).findFirst().orElse(null);
    }

    private static boolean has(FileDescriptor file, String symbol) {
        return Stream.concat(
                        file.getServices().stream().map(service -> service.getFullName()),
                        file.getMessageTypes().stream().map(type -> type.getFullName()))
                .anyMatch(name -> symbol.equals(name) || symbol.startsWith(name + "."));
    }

    private static void file(ServerReflectionResponse.Builder response, @Nullable FileDescriptor file, String asked) {
        if (file == null) {
            response.setErrorResponse(ErrorResponse.newBuilder()
                    .setErrorCode(NOT_FOUND)
                    .setErrorMessage("There is no '%s' here".formatted(asked)));
        } else {
            response.setFileDescriptorResponse(FileDescriptorResponse.newBuilder()
                    .addFileDescriptorProto(file.toProto().toByteString()));
        }
    }
}
