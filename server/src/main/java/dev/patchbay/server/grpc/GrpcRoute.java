package dev.patchbay.server.grpc;

import dev.patchbay.api.ErrorCode;
import dev.patchbay.api.InferenceException;
import dev.patchbay.server.http.Answer;
import dev.patchbay.server.http.AnswerHeaders;
import dev.patchbay.server.http.ClientGoneException;
import dev.patchbay.server.http.HttpExchange;
import dev.patchbay.server.http.Route;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes routes of gRPC methods. A path is `/package.Service/Method`.
public final class GrpcRoute {

    private static final Logger log = LoggerFactory.getLogger(GrpcRoute.class);

    private GrpcRoute() {}

    /// Takes one message and answers, now or later.
    public interface Unary {

        /// Takes a call on an event loop; must not block.
        ///
        /// @throws InferenceException which is the call's status
        void call(GrpcCall call, ByteBuffer message) throws Exception;
    }

    /// Takes messages as they come.
    public interface Streaming {

        /// Takes a call on a virtual thread of its own; when it returns, the call has ended well.
        ///
        /// @throws InferenceException which is the call's status
        void call(GrpcStream stream) throws Exception;
    }

    /// Makes the route of a method with one message in each direction.
    public static Route unary(String path, Unary method) {
        return new Route("POST", path, exchange -> {
            Answer refused = refusal(exchange);
            if (refused != null) {
                exchange.respond(refused);
                return;
            }
            GrpcCall call = new GrpcCall(exchange);
            try {
                method.call(call, GrpcMessage.only(exchange.body()));
            } catch (InferenceException error) {
                call.fail(GrpcStatus.of(error));
            }
        });
    }

    /// Makes the route of a method with any number of messages in each direction.
    ///
    /// @param longest the longest message
    public static Route streaming(String path, int longest, Streaming method) {
        return Route.incoming("POST", path, exchange -> {
            Answer refused = refusal(exchange);
            if (refused != null) {
                exchange.respond(refused);
                return;
            }
            GrpcStream stream = new GrpcStream(exchange, longest);
            Thread.ofVirtual().name("patchbay-grpc-stream").start(() -> run(exchange, stream, method));
        });
    }

    private static void run(HttpExchange exchange, GrpcStream stream, Streaming method) {
        try {
            method.call(stream);
            stream.end(GrpcStatus.OK);
        } catch (InferenceException error) {
            stream.end(GrpcStatus.of(error));
        } catch (ClientGoneException gone) {
            log.debug("the caller of {} went away", exchange.path());
        } catch (Exception bug) {
            log.error("{} failed", exchange.path(), bug);
            stream.end(GrpcStatus.of(ErrorCode.INTERNAL, "The gateway failed on this call; the cause is in its log"));
        }
    }

    private static @Nullable Answer refusal(HttpExchange exchange) {
        String type = exchange.header("content-type");
        if (type == null || !type.toLowerCase(Locale.ROOT).startsWith(GrpcCall.CONTENT_TYPE)) {
            return text(415, "This path is a gRPC method; it takes application/grpc\n");
        }
        if (!exchange.takesTrailers()) {
            return text(400, "gRPC needs HTTP/2\n");
        }
        return null;
    }

    private static Answer text(int status, String text) {
        return new Answer(status, AnswerHeaders.contentType("text/plain"), text.getBytes(StandardCharsets.UTF_8));
    }
}
