package dev.patchbay.examples.pets.summary;

import dev.patchbay.api.Description;
import java.util.List;

/// A visit in a few sentences.
@Description("A visit in a few sentences")
public record SummaryAnswer(
        @Description("All sentences in one text") String summary,

        @Description("Each sentence and where it comes from")
        List<Sentence> sentences) {}
