package dev.patchbay.runtime.remote;

import dev.patchbay.api.InferenceException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// Calls one server over HTTP. A call that is interrupted or late ends at the server, too: its connection is closed,
/// or its stream reset.
///
/// Tried again, once: what found nobody at the address, and, if calls may be repeated, what broke off before the head
/// of an answer came, as a pooled connection does that the server closed meanwhile.
final class HttpCalls {

    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final int OK = 200;
    private static final int NO_SUCCESS = 300;
    private static final int NO_REDIRECT = 400;
    private static final int MALFORMED = 400;
    private static final int TOO_LARGE = 413;
    private static final int UNPROCESSABLE = 422;
    private static final int TOO_MANY = 429;

    private final HttpClient client;
    private final Target target;
    private final int mostBytes;
    private final boolean tellsCallers;

    /// @param tellsCallers whether the words of a refusal are meant for callers
    HttpCalls(HttpClient client, Target target, int mostBytes, boolean tellsCallers) {
        this.tellsCallers = tellsCallers;
        this.client = client;
        this.target = target;
        this.mostBytes = mostBytes;
    }

    /// What is asked.
    ///
    /// @param body null for none
    record Question(String method, URI uri, Map<String, String> headers, byte @Nullable [] body, boolean repeatable) {

        static Question get(URI uri) {
            return new Question("GET", uri, Map.of(), null, true);
        }
    }

    Target target() {
        return target;
    }

    /// Asks and waits for a good answer.
    ///
    /// @throws InferenceException if there is none, saying why
    HttpResponse<byte[]> ask(Question question, Patience patience) throws InterruptedException {
        HttpResponse<byte[]> response = send(question, patience);
        if (response.statusCode() >= OK && response.statusCode() < NO_SUCCESS) {
            return response;
        }
        throw refused(response);
    }

    /// Asks and gives any answer that is whole.
    ///
    /// @throws InferenceException if nobody answers, or too late, or too much
    HttpResponse<byte[]> send(Question question, Patience patience) throws InterruptedException {
        for (boolean again = false; ; again = true) {
            try {
                return once(question, patience);
            } catch (ConnectException | HttpConnectTimeoutException e) {
                if (again || patience.leftNanos() <= PAUSE.toNanos()) {
                    throw RemoteFailure.of(target, "cannot be reached", e);
                }
                Thread.sleep(PAUSE);
            } catch (SSLException e) {
                throw RemoteFailure.of(target, e);
            } catch (AnswerTooLong e) {
                throw RemoteFailure.of(
                        target,
                        "sends an answer of more than %d bytes, which remote.max_answer of the module allows"
                                .formatted(mostBytes),
                        null);
            } catch (IOException e) {
                if (again || !question.repeatable() || patience.leftNanos() <= 0) {
                    throw RemoteFailure.of(target, "broke off before its answer was whole", e);
                }
            }
        }
    }

    private HttpResponse<byte[]> once(Question question, Patience patience) throws IOException, InterruptedException {
        HttpRequest.Builder builder = HttpRequest.newBuilder(question.uri())
                // a server without HTTP/2 may choke on the question for it
                .version(target.isSecure() ? HttpClient.Version.HTTP_2 : HttpClient.Version.HTTP_1_1)
                .method(
                        question.method(),
                        question.body() == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofByteArray(question.body()));
        question.headers().forEach(builder::setHeader);
        target.sent().forEach(builder::setHeader);
        CompletableFuture<HttpResponse<byte[]>> answer = client.sendAsync(
                builder.build(),
                HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofByteArray(), mostBytes));
        boolean done = false;
        try {
            HttpResponse<byte[]> response = answer.get(patience.leftNanos(), TimeUnit.NANOSECONDS);
            done = true;
            return response;
        } catch (TimeoutException e) {
            throw patience.over(target);
        } catch (ExecutionException e) {
            throw cause(e);
        } finally {
            if (!done) {
                answer.cancel(true);
            }
        }
    }

    private static IOException cause(ExecutionException failed) {
        SSLException tls = RemoteFailure.tls(failed);
        if (tls != null) {
            return tls;
        }
        for (Throwable cause = failed.getCause(); cause != null; cause = cause.getCause()) {
            if (String.valueOf(cause.getMessage()).contains("body exceeds capacity")) {
                return new AnswerTooLong();
            }
            if (cause instanceof ConnectException || cause instanceof HttpConnectTimeoutException) {
                return (IOException) cause;
            }
        }
        return failed.getCause() instanceof IOException io ? io : new IOException(failed.getCause());
    }

    private static final class AnswerTooLong extends IOException {
        private static final long serialVersionUID = 1L;
    }

    /// Makes an error of an answer that is not good.
    InferenceException refused(HttpResponse<byte[]> response) {
        int status = response.statusCode();
        String words = new String(response.body(), java.nio.charset.StandardCharsets.UTF_8);
        RemoteFailure.Said said = new RemoteFailure.Said(words);
        if (status >= NO_SUCCESS && status < NO_REDIRECT) {
            return RemoteFailure.of(
                    target,
                    "answers %d and sends elsewhere%s; redirects are not followed, so name the right url"
                            .formatted(status, location(response)),
                    said);
        }
        return switch (status) {
            case MALFORMED, UNPROCESSABLE, TOO_LARGE ->
                RemoteFailure.refused(target, tellsCallers ? JsonText.error(words) : "", said);
            case TOO_MANY -> RemoteFailure.overloaded(target, retryAfter(response), said);
            case 401, 403 ->
                RemoteFailure.of(
                        target,
                        "answers %d: it does not know us; see remote.targets.NAME.auth in patchbay.yaml"
                                .formatted(status),
                        said);
            case 404 ->
                RemoteFailure.of(
                        target,
                        "answers 404: it has nothing at %s"
                                .formatted(response.uri().getPath()),
                        said);
            default -> RemoteFailure.of(target, "answers %d".formatted(status), said);
        };
    }

    private static String location(HttpResponse<byte[]> response) {
        return response.headers()
                .firstValue("location")
                .map(to -> {
                    try {
                        String host = URI.create(to).getHost();
                        return host == null ? "" : ", to " + host;
                    } catch (IllegalArgumentException e) {
                        return "";
                    }
                })
                .orElse("");
    }

    private static @Nullable Duration retryAfter(HttpResponse<byte[]> response) {
        String value = response.headers().firstValue("retry-after").orElse("").toLowerCase(Locale.ROOT);
        return value.matches("\\d{1,6}") ? Duration.ofSeconds(Long.parseLong(value)) : null;
    }
}
