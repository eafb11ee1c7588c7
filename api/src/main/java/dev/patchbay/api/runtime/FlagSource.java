package dev.patchbay.api.runtime;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Another system's feature flags, which decide versions of tasks that ask for it. The gateway finds flag sources by
/// [java.util.ServiceLoader] and keeps one object for the life of the process. May be used by many threads.
public interface FlagSource extends AutoCloseable {

    /// Begins. Does not wait until flags are there: until then, evaluations tell that they are not.
    ///
    /// @param provider which of the systems that the source knows; null for the one that the process has set up
    ///     itself
    /// @throws IllegalArgumentException if there is no such provider; the message says what is wrong with the name
    void start(@Nullable String provider);

    /// Evaluates a flag. May block; is interrupted when nobody waits any longer. What it throws is an error like one
    /// that it gives.
    ///
    /// @param key the flag
    /// @param unit whom the flag decides about, so that the same unit gets the same; null if the call has none
    /// @param attributes what else is known of the call: texts, numbers (as [Double] or [Long]) and truth values
    Flag evaluate(String key, @Nullable String unit, Map<String, Object> attributes);

    /// Ends what [#start] began.
    @Override
    void close();

    /// What a flag says.
    ///
    /// @param value a version, an alias, or empty if the flag decides nothing
    /// @param why how it came to that, in the source's own words, such as `TARGETING_MATCH, variant next`
    /// @param error why there is no value; null if all went well
    record Flag(String value, String why, @Nullable String error) {}
}
