package dev.patchbay.examples.pets.summary;

import dev.patchbay.api.Description;

/// A sentence of a summary; a stream has one in each part.
@Description("A sentence of the summary")
public record Sentence(
        String text,

        @Description("Whether the carer wrote it or the collar counted it")
        Source from) {

    /// Where a sentence comes from, written as in JSON.
    public enum Source {
        notes,
        session
    }
}
