package dev.patchbay.core.rollout;

import dev.patchbay.core.statistics.Verdict;
import java.util.List;

/// What the guard thinks of an experiment now: the worst of its findings.
public record Judgement(Verdict verdict, List<Finding> findings) {

    static Judgement of(List<Finding> findings) {
        Verdict verdict =
                findings.stream().filter(Finding::judged).map(Finding::verdict).reduce(Verdict.PASS, Verdict::and);
        return new Judgement(verdict, List.copyOf(findings));
    }

    /// Gives the sentence of the worst finding.
    public String words() {
        return findings.stream()
                .filter(Finding::judged)
                .filter(finding -> finding.verdict() == verdict)
                .map(Finding::words)
                .findFirst()
                .orElse("nothing is known yet");
    }
}
