package dev.patchbay.server.sink;

import dev.patchbay.api.runtime.MetricsSink;
import dev.patchbay.api.runtime.MetricsSink.Sample;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Gives the gateway's own metrics to a sink, once a minute, as what happened in that minute. A sink that fails gets
/// its minutes later; the last quarter of an hour waits for it, and what is older is lost and counted. It all happens
/// on one thread of its own, so that a sink that fails or hangs costs calls nothing.
public final class MetricsFeed implements AutoCloseable {

    /// How many minutes wait for a sink that fails.
    static final int WAITING = 15;

    private static final Logger log = LoggerFactory.getLogger(MetricsFeed.class);
    private static final Duration PERIOD = Duration.ofMinutes(1);
    private static final Duration AT_THE_END = Duration.ofSeconds(2);

    private final MetricsSink sink;
    private final Supplier<List<Meter>> meters;
    private final Clock clock;
    private final Counter sent;
    private final Counter lost;
    private final Changes changes = new Changes();
    private final Deque<Minute> waiting = new ArrayDeque<>();
    private final ScheduledExecutorService timer;
    private boolean failing;

    private record Minute(Instant end, List<Sample> samples) {}

    private MetricsFeed(MetricsSink sink, MeterRegistry registry, Supplier<List<Meter>> meters, Clock clock) {
        this.sink = sink;
        this.meters = meters;
        this.clock = clock;
        this.sent = minutes(registry, "sent");
        this.lost = minutes(registry, "lost");
        this.timer = Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform()
                .daemon()
                .name("patchbay-metrics-" + sink.name())
                .factory());
    }

    private Counter minutes(MeterRegistry registry, String result) {
        return Counter.builder("patchbay.metrics.minutes")
                .description("Minutes of metrics for a sink outside")
                .tags("sink", sink.name(), "result", result)
                .register(registry);
    }

    /// Makes a feed for each sink that the environment asks for. A sink that cannot start is told in the log.
    ///
    /// @param registry where it is counted what was sent
    /// @param meters what is sent
    public static List<MetricsFeed> of(
            List<MetricsSink> sinks,
            Function<String, @Nullable String> environment,
            MeterRegistry registry,
            Supplier<List<Meter>> meters,
            Clock clock) {
        List<MetricsFeed> feeds = new ArrayList<>();
        for (MetricsSink sink : sinks) {
            try {
                if (sink.start(environment)) {
                    feeds.add(new MetricsFeed(sink, registry, meters, clock));
                    log.info("metrics are sent to {}", sink.name());
                }
            } catch (RuntimeException | LinkageError e) {
                log.error("metrics are not sent to {}: {}", sink.name(), e.getMessage());
            }
        }
        return List.copyOf(feeds);
    }

    /// Sends once a minute from now on.
    public void start() {
        timer.scheduleWithFixedDelay(this::feed, PERIOD.toMillis(), PERIOD.toMillis(), TimeUnit.MILLISECONDS);
    }

    /// Sends what happened since it was last called, after what still waits.
    void feed() {
        try {
            List<Sample> samples = changes.in(meters.get());
            if (!samples.isEmpty()) {
                waiting.add(new Minute(clock.instant(), samples));
            }
            while (!waiting.isEmpty()) {
                sink.send(waiting.element().end(), waiting.element().samples());
                waiting.remove();
                sent.increment();
            }
            if (failing) {
                log.info("metrics are sent to {} again", sink.name());
            }
            failing = false;
        } catch (RuntimeException | LinkageError e) {
            if (!failing) {
                log.warn("metrics cannot be sent to {}, which is told once: {}", sink.name(), e.toString());
            }
            failing = true;
            if (waiting.size() > WAITING) {
                waiting.remove();
                lost.increment();
            }
        }
    }

    /// Sends what happened since, and ends.
    @Override
    public void close() throws InterruptedException {
        timer.shutdown();
        if (timer.awaitTermination(AT_THE_END.toMillis(), TimeUnit.MILLISECONDS)) {
            Thread last = Thread.ofVirtual().start(this::feed);
            last.join(AT_THE_END);
        }
        sink.close();
    }
}
