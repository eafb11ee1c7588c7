package dev.patchbay.bench.load;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What to send, how fast and for how long; a run ends at its duration or after `calls`, whichever is first.
public record LoadPlan(
        URI target,
        List<byte[]> bodies,
        Map<String, String> headers,
        int connections,
        Pace pace,
        Duration duration,
        long calls,
        Duration timeout,
        @Nullable String countedHeader,
        AnswerCheck check) {

    public static LoadPlan of(URI target, String body) {
        return of(target, body.getBytes(StandardCharsets.UTF_8), Map.of());
    }

    public static LoadPlan of(URI target, byte[] body, Map<String, String> headers) {
        return new LoadPlan(
                target,
                List.of(body),
                headers,
                16,
                new Pace.Closed(),
                Duration.ofSeconds(5),
                Long.MAX_VALUE,
                Duration.ofSeconds(30),
                null,
                AnswerCheck.NONE);
    }

    public LoadPlan over(int newConnections, Pace newPace, Duration newDuration) {
        return new LoadPlan(
                target, bodies, headers, newConnections, newPace, newDuration, calls, timeout, countedHeader, check);
    }

    public LoadPlan counting(String header, AnswerCheck newCheck) {
        return new LoadPlan(target, bodies, headers, connections, pace, duration, calls, timeout, header, newCheck);
    }

    /// The same, ended after so many calls.
    public LoadPlan calls(long upTo) {
        return new LoadPlan(target, bodies, headers, connections, pace, duration, upTo, timeout, countedHeader, check);
    }
}
