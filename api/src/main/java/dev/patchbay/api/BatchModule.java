package dev.patchbay.api;

import java.util.List;

/// A module that answers many requests at once for less than it costs to answer them one by one.
///
/// The gateway gathers calls that are waiting anyway: a call that finds the module idle is answered at once. A call
/// that expired or was cancelled has left the batch before it is handed over. If a batch fails, its requests are
/// tried again in smaller batches, so that one bad request fails alone; answering a request twice must do no harm.
/// The thread is interrupted when nobody waits for any answer of the batch any more.
///
/// Not on [Lane#INLINE], where each call is answered by the thread that brings it.
///
/// @param <I> the request record
/// @param <O> the answer record
public interface BatchModule<I, O> extends InferenceModule<I, O> {

    /// Answers the requests, in their order.
    ///
    /// @param requests at least one request, each valid by its schema
    /// @param batch the calls that the requests belong to, in the same order
    /// @return exactly one answer for each request, in the same order
    /// @throws Exception as in [InferenceModule#predict]
    List<O> predictAll(List<I> requests, Batch batch) throws Exception;

    /// Names what a request may share a batch with: requests whose keys are equal. By default the tenant, so that
    /// calls of different tenants never meet; a module whose requests do not touch each other may give a constant.
    ///
    /// @param request the request, valid by its schema
    /// @param call the call that it belongs to
    /// @return a value with `equals` and `hashCode`
    default Object batchKey(I request, Call call) {
        return call.tenant();
    }

    /// Gives how many requests are answered together at most, where the config does not say. Read once, when the
    /// module is loaded; 1 keeps all calls apart, whatever the config says.
    default int largestBatch() {
        return 32;
    }

    @Override
    default O predict(I request, Call call) throws Exception {
        return predictAll(List.of(request), new Batch(List.of(call))).getFirst();
    }
}
