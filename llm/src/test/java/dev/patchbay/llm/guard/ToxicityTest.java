package dev.patchbay.llm.guard;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Abuse by a list of expressions: what is said to persons, and not the words alone.
class ToxicityTest {

    private final WeightedExpressions toxicity = new WeightedExpressions("toxicity.tsv");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "You are such an idiot",
                "go kill yourself",
                "I will find out where you live and I'm going to hurt you",
                "shut the fuck up",
                "All refugees are criminals",
                "Du bist so ein Arschloch",
                "Ferme ta gueule",
                "Vete a la mierda",
                "Sei un coglione",
                "Você é um idiota",
                "Ты полный идиот"
            })
    void abuseIsFound(String text) {
        assertThat(toxicity.score(text)).isGreaterThanOrEqualTo(0.5);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "The Idiot is a novel by Dostoevsky",
                "How do I kill a process that hangs?",
                "This bloody bug is fucking annoying",
                "My dog died last week and I feel worthless",
                "He said that somebody called him a bastard",
                "What does the word bitch mean for a breeder of dogs?",
                "Are most refugees women?",
                "Die Katze ist ein Miststück von einem Jäger"
            })
    void theWordsAloneAreNot(String text) {
        assertThat(toxicity.score(text)).isLessThan(0.5);
    }
}
