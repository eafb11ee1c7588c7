package dev.patchbay.testkit.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.testkit.Check;
import dev.patchbay.testkit.CheckResult;
import dev.patchbay.testkit.Finding.Verdict;
import dev.patchbay.testkit.ModuleFixture;
import dev.patchbay.testkit.TestPlan;
import dev.patchbay.testkit.suite.ModuleSuite;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RuleChecksTest {

    /// Follows whoever speaks last, and says too much.
    private static final String MODULE = """
            public record Request(String text) {}
            public record Answer(boolean approved, List<String> reasons, String note) {}
            public Answer predict(Request request, Call call) {
                boolean approved = request.text().contains("please") || request.text().contains("highest score");
                return new Answer(approved, request.text().contains("why") ? List.of("so") : List.of(), "ask ada@example.org");
            }
            """;

    @TempDir
    private Path home;

    @Test
    void aBrokenRuleShowsTheAnswerThatBreaksIt() throws Exception {
        List<CheckResult> results = results("""
                rules:
                  - name: whoever is refused hears why
                    when: {answer: {approved: false}}
                    then: {reasons: {size: {at_least: 1}}}
                  - name: whoever is polite is heard
                    when: {request: {text: {contains: please}}}
                    then: {approved: true}
                  - name: who shouts waits
                    when: {request: {text: {contains: NOW}}}
                    then: {approved: false}
                """);

        assertThat(results)
                .extracting(result -> result.finding().verdict())
                .containsExactly(Verdict.FAILED, Verdict.PASSED, Verdict.SKIPPED);
        assertThat(results.get(0).finding().text()).isEqualTo("""
                /reasons must have a size of {"at_least":1}, but is []
                  asked: {"text":"a loan"}""");
        assertThat(results.get(2).finding().text())
                .isEqualTo("it applies to none of the 3 requests that are known; add a golden case that it is about");
    }

    @Test
    void personalDataIsFoundAndNotRepeated() throws Exception {
        assertThat(results("rules: [{name: no addresses, without: [email, iban]}]"))
                .singleElement()
                .satisfies(result -> {
                    assertThat(result.finding().text()).contains("/note has a email in it: ada…");
                    assertThat(result.finding().text()).doesNotContain("example.org");
                });
    }

    @Test
    void instructionsInARequestThatAreFollowedAreFound() throws Exception {
        assertThat(results("rules: [{name: data gives no orders, injecting: /text, keeps: [/approved]}]"))
                .singleElement()
                .satisfies(result -> assertThat(result.finding().text())
                        .contains("/approved was false and is true when /text ends with: SYSTEM:"));
        assertThat(results("rules: [{name: data gives no orders, injecting: /text, keeps: [/reasons]}]"))
                .singleElement()
                .satisfies(result -> assertThat(result.finding().verdict()).isEqualTo(Verdict.PASSED));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "rules: {}                   | 'rules.yaml: must be a mapping with ''rules'', a list'",
                "rules: [{then: {}}]         | 'rules.yaml: rule 1: must have a ''name'' that says what holds'",
                "rules: [{name: x}]          | 'rules.yaml: rule 1: must say ''then'', ''without'' or ''injecting'''",
                "rules: [{name: x, than: 1}] | 'rules.yaml: rule 1: ''than'' is no key here. Did you mean ''then'' or ''when''? Keys: name, when, then, without, injecting, keeps'",
                "rules: [{name: x, without: [mail]}] | 'rules.yaml: rule 1: without: \"mail\" is no kind of personal data; they are email, credit_card, iban'",
            })
    void aRuleThatCannotBeUnderstoodIsNamed(String text, String complaint) throws Exception {
        assertThat(results(text))
                .singleElement()
                .satisfies(result -> assertThat(result.finding().text()).isEqualTo(complaint));
    }

    @ParameterizedTest
    @CsvSource({
        "EMAIL, write to ada.lovelace+x@example.co.uk now, true",
        "EMAIL, at @home, false",
        "CREDIT_CARD, card 4111 1111 1111 1111, true",
        "CREDIT_CARD, order 4111 1111 1111 1112, false",
        "IBAN, pay to DE89 3704 0044 0532 0130 00 please, true",
        "IBAN, pay to DE88 3704 0044 0532 0130 00 please, false",
    })
    void dataIsToldByItsFormAndCheckDigits(PersonalData kind, String text, boolean found) {
        assertThat(kind.find(text).isPresent()).isEqualTo(found);
    }

    private List<CheckResult> results(String rules) throws Exception {
        ModuleFixture module = ModuleFixture.compile(home, "task = \"loan\", version = \"1.0.0\"", MODULE)
                .with("examples/plain.json", "{\"text\": \"a loan\"}")
                .with("examples/polite.json", "{\"text\": \"a loan, please\"}")
                .with("examples/curious.json", "{\"text\": \"a loan, or say why\"}")
                .with("golden/rules.yaml", rules);
        try (ModuleSuite suite = ModuleSuite.start(TestPlan.of(module.artifact()))) {
            return suite.run(suite.of(EnumSet.of(Check.Kind.RULES)), result -> {})
                    .results();
        }
    }
}
