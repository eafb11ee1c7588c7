package dev.patchbay.llm.guard;

/// A baseline that tells attempts to give a model other orders, in this process and without a model: weighted
/// expressions in several languages, each of a verb with its object rather than of a word alone, because harmless
/// questions hold the words as well. It knows the families it was written for and finds little of others. It never
/// prevents anything; a prompt should also keep data out of its system part and its tools on a list.
///
/// Any number of threads may ask it.
public final class Injection {

    /// Names the expressions on records and benches.
    public static final String VERSION = "expressions-1";
    /// The usual threshold.
    public static final double THRESHOLD = 0.5;

    private final WeightedExpressions expressions = new WeightedExpressions("injection.tsv");

    /// Scores a text from 0 to 1; the worst part of it counts.
    public double score(String text) {
        return expressions.score(text);
    }
}
