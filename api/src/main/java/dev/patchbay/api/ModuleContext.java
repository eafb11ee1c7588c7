package dev.patchbay.api;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import javax.net.ssl.SSLContext;

/// The module's door to the host. Whatever is taken here is on the module's ledger: the host closes it after
/// `teardown`, in reverse order, whether or not the module did. May be used by any thread between the start of
/// `load` and the end of `teardown`.
public interface ModuleContext {

    /// Names the task.
    String task();

    /// Names the version.
    String version();

    /// Gives the module's settings: the record's defaults, overridden by the gateway's config file.
    ///
    /// @param type the record named by [Module#config]
    /// @throws IllegalArgumentException if it is another type
    <C extends Record> C config(Class<C> type);

    /// Opens a model file of the artifact in the host's engine for its format. The host owns the model: it is
    /// closed after the module's last call, and its running time is measured as the call's model stage.
    ///
    /// @param file the path inside the artifact, such as `behavior.onnx`
    /// @throws IllegalArgumentException if there is no such file, or no engine for it (the message names what
    ///     to add), or the engine refuses the model
    default Model model(String file) {
        return model(file, ModelOptions.DEFAULT);
    }

    /// Opens a model file with options for the engine.
    ///
    /// @throws IllegalArgumentException as in [#model(String)], or if the engine does not know an option
    Model model(String file, ModelOptions options);

    /// Reads a file of the artifact.
    ///
    /// @param path the path inside the artifact
    /// @throws IOException if there is no such file
    InputStream open(String path) throws IOException;

    /// Gives an HTTP client for this module. It follows no redirects and has a connect timeout of 5 s.
    HttpClient http();

    /// Gives an HTTP client as [#http()] does, whose TLS is the module's own: a certificate authority that only this
    /// service uses, or a certificate to show. Each call makes another client.
    HttpClient http(SSLContext tls);

    /// Gives an executor with a virtual thread per task, the module's class loader set.
    ExecutorService executor();

    /// Gives a scheduler for periodic work, the module's class loader set.
    ScheduledExecutorService scheduler();

    /// Gives the clock to read the time from; tests can move it.
    Clock clock();

    /// Gives counters, gauges and timers that carry the module's task and version.
    Metrics metrics();

    /// Makes a bounded cache.
    ///
    /// @param name the name of the cache in metrics, unique within the module
    /// @param maximumEntries the number of entries after which old ones are dropped
    /// @param timeToLive how long an entry is kept after it was written
    <K, V> Cache<K, V> cache(String name, long maximumEntries, Duration timeToLive);

    /// Makes an empty directory that is deleted at retirement.
    Path temporaryDirectory() throws IOException;

    /// Gives a logger whose lines carry task and version.
    System.Logger logger();

    /// Tells operators what they would want to know without asking: an event of `patchbay events`, with task and
    /// version.
    /// Of a kind, one a minute is told, with the number of those between.
    ///
    /// @param kind a stable word in lower case with hyphens, such as `worker-lost`
    /// @param message what happened and what it costs, for a person, without a full stop
    /// @throws IllegalArgumentException if the kind is no such word
    void event(String kind, String message);

    /// Tells that something outside the gateway is gone without which the module cannot answer. From now on rules
    /// pass the version by, as one that is not ready, and its state says why; calls that name it still come. May be
    /// told again and again.
    ///
    /// @param why what is gone, for a person, without a full stop
    void unreachable(String why);

    /// Tells that all is there, as it is at the start.
    void reachable();

    /// Puts something the module made itself on the ledger, so that it is closed after `teardown`.
    ///
    /// @return the resource
    <R extends AutoCloseable> R own(R resource);
}
