package dev.patchbay.runtime.remote;

import dev.patchbay.api.ModuleContext;
import io.grpc.ChannelCredentials;
import io.grpc.InsecureChannelCredentials;
import io.grpc.TlsChannelCredentials;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the section `remote` of a `module.yaml` says that holds for every protocol.
///
/// @param targetName the server's name in `patchbay.yaml`; null if `module.yaml` has its url
/// @param direct the server by its url; null if it has a name
/// @param headers sent with every call, beside those of the server
/// @param timeout how long a call may take; null leaves it to the caller
/// @param readyWithin how long to wait for the server before the version has failed
/// @param readyEvery how often it is asked after that whether it is still ready
/// @param mostBytes the longest answer that is taken
/// @param protocol how the server is spoken to
/// @param signature the model's tensors; null to ask the server
record RemoteSettings(
        @Nullable String targetName,
        @Nullable Target direct,
        Map<String, String> headers,
        @Nullable Duration timeout,
        Duration readyWithin,
        Duration readyEvery,
        int mostBytes,
        Protocol protocol,
        @Nullable Signature signature) {

    /// How a server is spoken to.
    sealed interface Protocol {}

    /// The Open Inference Protocol.
    record Oip(RemoteModel model) implements Protocol {}

    /// TensorFlow Serving.
    record TensorFlow(RemoteModel model, String signatureName, boolean rows) implements Protocol {}

    /// JSON over HTTP.
    record Http(HttpMapping mapping) implements Protocol {}

    /// Says what is asked for, in messages.
    String what() {
        return switch (protocol) {
            case Oip(RemoteModel model) -> "model " + model.name();
            case TensorFlow(RemoteModel model, String _, boolean _) -> "model " + model.name();
            case Http _ -> "it";
        };
    }

    HttpCalls http(Target target, ModuleContext context, boolean tellsCallers) {
        Tls tls = target.tls();
        return new HttpCalls(
                tls == null ? context.http() : context.http(tls.context(context)), target, mostBytes, tellsCallers);
    }

    /// Makes the way to a model that takes tensors.
    TensorServer open(Target target, ModuleContext context) {
        return switch (protocol) {
            case Oip(RemoteModel model) ->
                target.isGrpc()
                        ? context.own(new OipGrpc(target, credentials(target, context), model, mostBytes))
                        : new OipRest(http(target, context, true), model);
            case TensorFlow(RemoteModel model, String signatureName, boolean rows) ->
                new TensorFlowServing(http(target, context, true), model, signatureName, rows);
            case Http _ -> throw new IllegalStateException("a JSON service takes no tensors");
        };
    }

    private static ChannelCredentials credentials(Target target, ModuleContext context) {
        Tls tls = target.tls();
        if (tls != null) {
            return tls.credentials(context);
        }
        return target.isSecure() ? TlsChannelCredentials.create() : InsecureChannelCredentials.create();
    }
}
