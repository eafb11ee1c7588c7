package dev.patchbay.bench.load;

import org.jspecify.annotations.Nullable;

/// Looks at every 2xx answer; called by all connections at once.
public interface AnswerCheck {
    AnswerCheck NONE = new AnswerCheck() {
        @Override
        public long mark() {
            return 0;
        }

        @Override
        public @Nullable String objection(long mark, Answer answer) {
            return null;
        }
    };

    /// Taken just before a request is sent and handed back with its answer.
    long mark();

    /// What is wrong with the answer, or null; an objection counts as a failed call.
    @Nullable
    String objection(long mark, Answer answer);
}
