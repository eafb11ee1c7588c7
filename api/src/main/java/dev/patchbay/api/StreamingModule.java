package dev.patchbay.api;

/// A module that emits parts of its answer while it works, and the whole answer at the end.
///
/// A caller that asks for a stream gets every part as it is emitted and then the answer; only the answer marks
/// the stream as complete. When [#stream] throws after the first part, the caller gets an error event instead
/// of the answer, so that a cut stream is never taken for a whole one. A caller that asks for a plain answer
/// gets only the answer.
///
/// @param <I> the request record
/// @param <P> the record of one part
/// @param <O> the answer record
public interface StreamingModule<I, P, O> extends InferenceModule<I, O> {

    /// Answers one request, emitting parts on the way.
    ///
    /// @param request the request, valid by its schema
    /// @param call who asks and how long there is
    /// @param parts takes the parts; it blocks while the caller reads slower than the module emits
    /// @return the whole answer
    /// @throws Exception as in [InferenceModule#predict]
    O stream(I request, Call call, Parts<P> parts) throws Exception;

    @Override
    default O predict(I request, Call call) throws Exception {
        return stream(request, call, part -> {});
    }
}
