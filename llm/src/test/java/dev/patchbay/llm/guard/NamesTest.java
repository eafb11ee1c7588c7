package dev.patchbay.llm.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Names of a list in texts.
class NamesTest {

    private static final Pii PII = new Pii(new Names(List.of(
            "# customers", "", "Anna", "Anna Müller", "O'Brien", "Jean-Luc", "Иван Петров", "王小明", "Will", "Σοφία")));

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Anna called                     | [NAME] called
            ask Anna Müller, not Anna       | ask [NAME], not [NAME]
            Anna's cat and ANNA MÜLLER's    | [NAME]'s cat and [NAME]'s
            Hannah and Annabel and anna     | Hannah and Annabel and anna
            Mr O’Brien and Jean‐Luc         | Mr [NAME] and [NAME]
            will you ask Will?              | will you ask [NAME]?
            Звонил Иван Петров вчера        | Звонил [NAME] вчера
            请联系王小明先生                   | 请联系[NAME]先生
            Η Σοφία είναι εδώ               | Η [NAME] είναι εδώ
            """)
    void namesAreFoundAsWholeWordsInAnyScript(String text, String redacted) {
        assertThat(PII.redacted(text)).isEqualTo(redacted);
    }

    @Test
    void aMaskGivesEachItsPlaceholderAndPutsThemBack() {
        Mask mask = new Mask(PII);
        String masked = mask.mask("Anna wrote to Will (will@example.com), and Will to Anna.");
        assertThat(masked).isEqualTo("[NAME_1] wrote to [NAME_2] ([EMAIL_1]), and [NAME_2] to [NAME_1].");
        assertThat(mask.unmask(masked)).isEqualTo("Anna wrote to Will (will@example.com), and Will to Anna.");
    }

    @Test
    void whatIsNoNameIsRefused() {
        assertThat(catchThrowable(() -> new Names(List.of("x"))))
                .hasMessage("'x' is no name: it has 2 to 100 characters");
    }
}
