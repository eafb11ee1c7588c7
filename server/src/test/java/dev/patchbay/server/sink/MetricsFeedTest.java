package dev.patchbay.server.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.patchbay.api.runtime.MetricsSink;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What a sink is given of each minute.
class MetricsFeedTest {

    private final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final List<List<MetricsSink.Sample>> sent = new ArrayList<>();
    private boolean fails;
    private boolean closed;

    private MetricsFeed feed() {
        MetricsSink sink = new MetricsSink() {
            @Override
            public String name() {
                return "test";
            }

            @Override
            public boolean start(Function<String, @Nullable String> environment) {
                return environment.apply("SEND") != null;
            }

            @Override
            public void send(Instant at, List<Sample> samples) {
                if (fails) {
                    throw new IllegalStateException("no network");
                }
                sent.add(samples);
            }

            @Override
            public void close() {
                closed = true;
            }
        };
        assertThat(MetricsFeed.of(List.of(sink), _ -> null, meters, meters::getMeters, Clock.systemUTC()))
                .isEmpty();
        return MetricsFeed.of(List.of(sink), _ -> "yes", meters, meters::getMeters, Clock.systemUTC())
                .getFirst();
    }

    private Map<Double, Double> last(String name) {
        return sent.getLast().stream()
                .filter(sample -> sample.name().equals(name))
                .findFirst()
                .map(MetricsSink.Sample::values)
                .orElse(Map.of());
    }

    @Test
    void eachMinuteHoldsWhatHappenedInItAndNothingElse() {
        Counter requests =
                Counter.builder("patchbay.requests").tag("task", "score").register(meters);
        Timer duration = Timer.builder("patchbay.request.duration")
                .serviceLevelObjectives(Duration.ofMillis(1), Duration.ofMillis(10))
                .register(meters);
        Counter others = Counter.builder("jvm.things").register(meters);
        Gauge.builder("patchbay.queue.depth", () -> 3).register(meters);
        MetricsFeed feed = feed();
        requests.increment(5);
        others.increment();
        duration.record(Duration.ofNanos(400_000));
        duration.record(Duration.ofMillis(4));
        duration.record(Duration.ofMillis(4));
        duration.record(Duration.ofSeconds(9));
        feed.feed();
        assertThat(last("patchbay.requests")).containsExactly(entry(5.0, 1.0));
        assertThat(last("patchbay.queue.depth")).containsExactly(entry(3.0, 1.0));
        assertThat(last("patchbay.request.duration"))
                .containsExactly(entry(0.0005, 1.0), entry(0.0055, 2.0), entry(0.01, 1.0));
        assertThat(sent.getLast()).noneMatch(sample -> sample.name().startsWith("jvm"));

        requests.increment(2);
        feed.feed();
        assertThat(last("patchbay.requests")).containsExactly(entry(2.0, 1.0));
        assertThat(last("patchbay.request.duration")).isEmpty();
        assertThat(sent.getLast())
                .filteredOn(sample -> sample.name().equals("patchbay.requests"))
                .singleElement()
                .satisfies(sample -> {
                    assertThat(sample.labels()).isEqualTo(Map.of("task", "score"));
                    assertThat(sample.unit()).isEqualTo("count");
                });
    }

    @Test
    void whatASinkDidNotTakeWaitsForIt() throws Exception {
        Counter requests = Counter.builder("patchbay.requests").register(meters);
        MetricsFeed feed = feed();
        requests.increment();
        fails = true;
        feed.feed();
        fails = false;
        requests.increment(4);
        feed.close();
        assertThat(sent).hasSize(2);
        assertThat(sent.getFirst()).extracting(MetricsSink.Sample::values).contains(Map.of(1.0, 1.0));
        assertThat(last("patchbay.requests")).containsExactly(entry(4.0, 1.0));
        assertThat(closed).isTrue();
    }

    @Test
    void onlyTheLastMinutesWaitAndTheOthersAreCounted() {
        Counter requests = Counter.builder("patchbay.requests").register(meters);
        MetricsFeed feed = feed();
        fails = true;
        for (int minute = 1; minute <= MetricsFeed.WAITING + 2; minute++) {
            requests.increment(100 + minute);
            feed.feed();
        }
        assertThat(minutes("lost")).isEqualTo(2);
        fails = false;
        feed.feed();
        assertThat(sent.getFirst())
                .filteredOn(sample -> sample.name().equals("patchbay.requests"))
                .singleElement()
                .satisfies(sample -> assertThat(sample.values()).isEqualTo(Map.of(103.0, 1.0)));
        assertThat(minutes("sent")).isEqualTo(MetricsFeed.WAITING + 1);
    }

    private double minutes(String result) {
        return meters.get("patchbay.metrics.minutes")
                .tag("result", result)
                .counter()
                .count();
    }

    @Test
    void aGaugeThatIsNothingIsToldOnce() {
        AtomicInteger waiting = new AtomicInteger();
        Gauge.builder("patchbay.queue.depth", waiting, AtomicInteger::get).register(meters);
        MetricsFeed feed = feed();
        feed.feed();
        assertThat(sent).isEmpty();
        waiting.set(2);
        feed.feed();
        assertThat(last("patchbay.queue.depth")).containsExactly(entry(2.0, 1.0));
        waiting.set(0);
        feed.feed();
        assertThat(last("patchbay.queue.depth")).containsExactly(entry(0.0, 1.0));
        feed.feed();
        assertThat(last("patchbay.queue.depth")).isEmpty();
    }
}
