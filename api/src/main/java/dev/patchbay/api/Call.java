package dev.patchbay.api;

import java.time.Duration;
import java.util.Optional;

/// One call as the module sees it. Valid until `predict` returns; may be used by any thread until then.
public interface Call {

    /// Names the call in headers, logs and records.
    String requestId();

    /// Names the task that is answered.
    String task();

    /// Names the version that answers.
    String version();

    /// Gives the authenticated tenant, if the caller has one.
    Optional<String> tenant();

    /// Tells why the module is called.
    CallMode mode();

    /// Gives the time left until the caller's deadline; zero when it has passed.
    Duration remaining();

    /// Tells whether nobody waits for the answer any more: the caller went away or the deadline passed. The
    /// thread in `predict` is interrupted as well; long loops that never block should ask here.
    boolean isCancelled();

    /// Gives the W3C `traceparent` to send along to other services.
    String traceparent();

    /// Gives the W3C `tracestate` that came with the call, to send along with [#traceparent()].
    Optional<String> tracestate();

    /// Gives the module's settings with the overrides of this call's tenant.
    ///
    /// @param type the record named by [Module#config]
    /// @throws IllegalArgumentException if it is another type
    <C extends Record> C config(Class<C> type);

    /// Says that the answer is for this call alone: it is not kept, and not given to others who ask the same,
    /// even where the config keeps answers of this version. For answers that stand in for better ones, and for
    /// calls that change something. It holds also for the answer of a module that asked this one.
    void noStore();

    /// Asks another task through the gateway, with this call's tenant, deadline and trace, and waits.
    ///
    /// Use it from [Lane#IO]. The request is written to JSON and read back by the other module, so any record
    /// of the right shape will do.
    ///
    /// @param task the task to ask, or `task@version` for one of its versions, also of this module's own task
    /// @param request a record that fulfils the task's request schema
    /// @param response the record to read the answer into; fields it does not have are ignored
    /// @throws InferenceException with the other task's error, or `call-cycle` if this call already comes from
    ///     it; let it pass through unless there is something better to answer
    <O> O infer(String task, Object request, Class<O> response);
}
