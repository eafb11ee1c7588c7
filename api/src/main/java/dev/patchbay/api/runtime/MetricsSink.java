package dev.patchbay.api.runtime;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A service outside that the gateway's metrics are sent to, beside those it knows itself. The gateway finds sinks by
/// [java.util.ServiceLoader] and keeps one object of each for the life of the process. Used by one thread at a time.
public interface MetricsSink extends AutoCloseable {

    /// Names the sink in logs, in metrics and in `patchbay runtime list`, such as `cloudwatch`.
    String name();

    /// Begins, if the environment asks for it.
    ///
    /// @param environment gives the value of a variable
    /// @return whether it does; if not, nothing is sent
    /// @throws IllegalArgumentException if a variable is wrong; the message begins with its name
    boolean start(Function<String, @Nullable String> environment);

    /// Takes what happened in one period. May block for seconds: no call waits for it. If it throws, it is given the
    /// same period again later, all of it, until newer ones need its place.
    ///
    /// @param at the end of the period
    void send(Instant at, List<Sample> samples);

    /// Ends what [#start] began.
    @Override
    void close();

    /// What one metric was in a period.
    ///
    /// @param name with dots, such as `patchbay.requests`
    /// @param labels at most ten
    /// @param unit `count`, `seconds` or `bytes`; empty for none
    /// @param values value → how often it was seen: once for a gauge or for what a counter rose by; for a histogram
    ///     each of its buckets by a value inside it
    record Sample(String name, Map<String, String> labels, String unit, Map<Double, Double> values) {}
}
