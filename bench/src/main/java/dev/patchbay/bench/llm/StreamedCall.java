package dev.patchbay.bench.llm;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// One streamed chat call, read event by event.
final class StreamedCall {

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final String BODY =
            "{\"model\":\"ask\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"Count the words\"}]}";

    private StreamedCall() {}

    /// How long it took.
    ///
    /// @param tokens the events with a piece of the text
    /// @param ended whether the end marker came
    record Took(long firstNanos, int tokens, boolean ended) {}

    static Took ask(URI target, Map<String, String> headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(target)
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(BODY));
        headers.forEach(request::header);
        long from = System.nanoTime();
        HttpResponse<java.io.InputStream> answer =
                HTTP.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        long first = 0;
        int tokens = 0;
        boolean ended = false;
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("data:") && line.contains("word")) {
                    first = tokens == 0 ? System.nanoTime() : first;
                    tokens++;
                }
                ended |= line.startsWith("data: [DONE]");
            }
        }
        return new Took(first - from, tokens, ended);
    }
}
