package dev.patchbay.llm.intent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.llm.intent.IntentClassifier.Ranked;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Examples are enough to tell intents apart, and what is like none of them is not sure.
class IntentClassifierTest {

    private static final Map<String, List<String>> EXAMPLES = Map.of(
            "refund",
                    List.of(
                            "I want my money back",
                            "Please refund my order",
                            "How do I get a refund?",
                            "Return the payment to my card"),
            "delivery",
                    List.of(
                            "Where is my parcel?",
                            "The delivery has not arrived",
                            "When will my order be delivered?",
                            "Track my shipment"),
            "hours",
                    List.of(
                            "When do you open?",
                            "Are you open on Sunday?",
                            "Opening hours please",
                            "Until when are you open?"));

    private final IntentClassifier classifier = new IntentClassifier(EXAMPLES);

    private Ranked first(String text) {
        return classifier.rank(text).getFirst();
    }

    @Test
    void whatIsMeantIsFoundInOtherWords() {
        assertThat(first("could I have the refund of the money, please").intent())
                .isEqualTo("refund");
        assertThat(first("my parcels did not arrive").intent()).isEqualTo("delivery");
        assertThat(first("open on saturdays?").intent()).isEqualTo("hours");
    }

    @Test
    void whatIsLikeNoneOfThemIsNotSure() {
        assertThat(first("sourdough needs patience").confidence()).isLessThan(0.2);
        assertThat(first("").confidence()).isZero();
        assertThat(first("Please refund my order").confidence()).isGreaterThan(0.7);
    }

    @Test
    void theSameExamplesMakeTheSameClassifier() {
        assertThat(new IntentClassifier(EXAMPLES).rank("is my order open?"))
                .isEqualTo(classifier.rank("is my order open?"));
    }

    @Test
    void anIntentWithoutExamplesIsRefused() {
        assertThatThrownBy(() -> new IntentClassifier(Map.of("a", List.of("x"), "b", List.of())))
                .hasMessage("intent 'b' has no example");
        assertThatThrownBy(() -> new IntentClassifier(Map.of("a", List.of("x"))))
                .hasMessage("there are 1 intents with examples; two are the least");
    }
}
