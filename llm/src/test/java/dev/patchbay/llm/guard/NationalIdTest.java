package dev.patchbay.llm.guard;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Numbers of persons, by the examples that their states publish.
class NationalIdTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "12345678Z", "X1234567L", "2 55 08 14 168 025 38", "255081416802538", "RSSMRA85T10A562S", "86095742719",
                "47 036 892 816", "AB 12 34 56 C", "44051401359", "529.982.247-25", "811228-9874", "756.9217.0769.85",
                "85.07.30-033.28", "131052-308T"
            })
    void aNumberOfAPersonIsFound(String number) {
        String text = "Number: " + number + ", thank you";
        assertThat(Pii.FORMS.redacted(text)).isEqualTo("Number: [NATIONAL_ID], thank you");
    }

    /// Each with one digit changed.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "12345679Z",
                "X1234568L",
                "RSSMRA85T11A562S",
                "86095742718",
                "44051401358",
                "529.982.247-24",
                "811228-9873",
                "756.9217.0769.84",
                "85.07.30-033.27",
                "131052-309T"
            })
    void whatOnlyLooksLikeOneIsLeftAlone(String number) {
        assertThat(Pii.FORMS.in("Number: " + number + ", thank you"))
                .noneMatch(found -> found.kind() == Pii.Kind.NATIONAL_ID);
    }
}
