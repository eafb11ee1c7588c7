package dev.patchbay.api;

import java.util.List;

/// One version of one AI feature behind the gateway: a typed request in, a typed answer out.
///
/// The life of a module is `load`, `warmup`, any number of `predict`, `teardown`, in this order. One object
/// serves all calls of its version. When the version's settings change, the gateway builds a second object,
/// warms it, moves traffic and tears the first one down.
///
/// **Types.** `I` and `O` are records made of records, lists, maps with string keys, enums, strings, numbers,
/// booleans, `java.time` types and `Optional`. Jakarta Validation annotations on their components become the
/// JSON Schema that the gateway enforces; a request that reaches [#predict] fulfils it.
///
/// **Threading.** `load`, `warmup` and `teardown` are called once, each by one thread. `predict` is called by
/// many threads at a time, on the module's [Lane]; fields written by `load` are visible to it. No `predict`
/// begins after `teardown` began.
///
/// **Class loading.** Every method runs with the module's own loader as the thread's context class loader.
///
/// @param <I> the request record
/// @param <O> the answer record
public interface InferenceModule<I, O> {

    /// Prepares the module: reads its config, opens its models and takes what else it needs from the context.
    ///
    /// @param context the module's only door to the host; what is taken through it is closed by the host
    /// @throws Exception to refuse to start; the version is then failed with this cause and nothing else changes
    default void load(ModuleContext context) throws Exception {}

    /// Runs before the first real call. By default answers every example request of the artifact once.
    ///
    /// @param examples the requests under `examples/` of the artifact, bound and valid; may be empty
    /// @param call a call in [CallMode#WARMUP]
    /// @throws Exception to refuse to start, as in [#load]
    default void warmup(List<I> examples, Call call) throws Exception {
        for (I example : examples) {
            predict(example, call);
        }
    }

    /// Answers one request: a function of the request, the config and the resources that `load` opened.
    ///
    /// @param request the request, valid by its schema
    /// @param call who asks, how long there is, and the way to other tasks
    /// @return the answer; it must fulfil the answer's schema
    /// @throws InferenceException to answer with this error
    /// @throws InterruptedException when the caller went away or the deadline passed while blocked
    /// @throws Exception for anything else; callers get `module-failed` without its text or stack trace
    O predict(I request, Call call) throws Exception;

    /// Ends the module, after its last call. Only for what the module made without its context.
    ///
    /// @throws Exception is logged; the host closes the rest all the same
    default void teardown() throws Exception {}
}
