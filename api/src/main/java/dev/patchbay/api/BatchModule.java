package dev.patchbay.api;

import java.util.List;

/// A module that answers many requests at once for less than it costs to answer them one by one.
///
/// The gateway gathers calls that are waiting anyway. A call that expired or was cancelled has left the batch
/// before it is handed over. If a batch fails, its requests may be tried again in smaller batches, so that one
/// bad request fails alone.
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

    @Override
    default O predict(I request, Call call) throws Exception {
        return predictAll(List.of(request), new Batch(List.of(call))).getFirst();
    }
}
