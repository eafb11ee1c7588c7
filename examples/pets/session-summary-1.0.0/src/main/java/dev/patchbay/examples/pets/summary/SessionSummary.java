package dev.patchbay.examples.pets.summary;

import dev.patchbay.api.Call;
import dev.patchbay.api.Module;
import dev.patchbay.api.Parts;
import dev.patchbay.api.Risk;
import dev.patchbay.api.StreamingModule;
import dev.patchbay.examples.pets.collar.SessionMeasures;
import dev.patchbay.examples.pets.summary.Sentence.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// Picks the sentences of a carer's notes that matter most and adds what the collar recorded. It writes nothing
/// of its own about the pet: every sentence is the carer's or counted.
@Module(
        task = "session_summary",
        version = "1.0.0",
        owner = "pet-engagement",
        description = "A carer's visit in a few sentences, taken from the notes and the collar",
        risk = Risk.LIMITED,
        labels = "model=extractive",
        deterministic = true,
        config = SummarySettings.class)
public final class SessionSummary implements StreamingModule<SummaryRequest, Sentence, SummaryAnswer> {

    @Override
    public SummaryAnswer stream(SummaryRequest request, Call call, Parts<Sentence> parts) {
        SummarySettings settings = call.config(SummarySettings.class);
        List<Sentence> sentences = new ArrayList<>();
        Notes notes = Notes.of(request.notes());
        for (String text : notes.weightiest(settings.sentences(), settings.watchFor())) {
            emit(new Sentence(text, Source.notes), sentences, parts);
        }
        String counted = CollarReport.of(request.session(), new SessionMeasures(request.session()));
        emit(new Sentence(counted, Source.session), sentences, parts);
        return new SummaryAnswer(sentences.stream().map(Sentence::text).collect(Collectors.joining(" ")), sentences);
    }

    private static void emit(Sentence sentence, List<Sentence> sentences, Parts<Sentence> parts) {
        sentences.add(sentence);
        parts.emit(sentence);
    }
}
