package dev.patchbay.llm.guard;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What has the form and the checksum of personal data is found, and what only looks like it is not.
class PiiTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "EMAIL|zoe.müller+cats@mail.example.org",
                "IBAN|DE89 3704 0044 0532 0130 00",
                "IBAN|GB82WEST12345698765432",
                "IBAN|NO93 8601 1117 947",
                "CARD|4111 1111 1111 1111",
                "CARD|5500-0055-5555-5559",
                "CARD|378282246310005",
                "SSN|078-05-1120",
                "IP|192.168.17.254",
                "PHONE|+49 (0)30 901820",
                "PHONE|+1-415-555-2671",
                "PHONE|0044 20 7946 0958",
                "PHONE|(030) 1234567",
                "PHONE|415-555-2671",
            })
    void itIsFoundWholeBetweenOtherWords(Pii.Kind kind, String value) {
        String text = "Please use " + value + ", it is mine. OK THEN";
        assertThat(Pii.FORMS.in(text)).singleElement().satisfies(found -> {
            assertThat(found.kind()).isEqualTo(kind);
            assertThat(text.substring(found.from(), found.to())).isEqualTo(value);
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "DE89 3704 0044 0532 0130 01",
                "4111 1111 1111 1112",
                "version 10.2.300.4",
                "order 12345678901234",
                "it was 2026-11-21 at 10:15",
                "me@localhost",
                "000-12-3456",
                "3.14159265358979",
                "a price of 1,299.00 for 2 beds",
                "0000 0000 0000 0000",
            })
    void whatOnlyLooksLikeItIsNot(String text) {
        assertThat(Pii.FORMS.in(text)).isEmpty();
    }

    @Test
    void theSameValueHasTheSamePlaceholderAndComesBack() {
        Mask mask = new Mask(Pii.FORMS);
        String masked = mask.mask("Write to a@example.org or b@example.org, not to a@example.org");
        assertThat(masked).isEqualTo("Write to [EMAIL_1] or [EMAIL_2], not to [EMAIL_1]");
        assertThat(mask.unmask("[EMAIL_2], then [EMAIL_1] and [EMAIL_3]"))
                .isEqualTo("b@example.org, then a@example.org and [EMAIL_3]");
    }
}
