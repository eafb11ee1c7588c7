package dev.patchbay.core.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.core.golden.GoldenCase.Expected;
import dev.patchbay.core.golden.GoldenCase.Runs;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class GoldenDocumentTest {

    @Test
    void aFileIsACase() {
        GoldenDocument document = read("walk.yaml", """
                about: A walk in ${city}
                kind: edge
                request_file: walk-request.json
                tenant: tenant_a
                answer: {score: 0.5}
                runs: 20
                pass_rate: 0.9
                probe: true
                """);

        assertThat(document.cases()).singleElement().satisfies(golden -> {
            assertThat(golden.name()).isEqualTo("walk");
            assertThat(golden.about()).isEqualTo("A walk in ${city}");
            assertThat(golden.kind()).isEqualTo(GoldenCase.Kind.EDGE);
            assertThat(golden.request().toString()).isEqualTo("{\"pet\":\"rex\"}");
            assertThat(golden.tenant()).isEqualTo("tenant_a");
            assertThat(golden.expected()).isInstanceOf(Expected.Answer.class);
            assertThat(golden.runs()).isEqualTo(new Runs(20, 0.9, false));
            assertThat(golden.probe()).isTrue();
        });
    }

    @Test
    void aFileHoldsManyCasesAndTheirRelations() {
        GoldenDocument document = read("days.json", """
                {"cases": {"calm": {"request": 1, "answer": 1}, "wild/er": {"request": 2}},
                 "relations": [{"increasing": "", "over": ["calm", "wild/er"]}]}
                """);

        assertThat(document.cases()).extracting(GoldenCase::name).containsExactly("days/calm", "days/wild/er");
        assertThat(document.cases()).extracting(GoldenCase::place).containsExactly("/cases/calm", "/cases/wild~1er");
        assertThat(document.cases().getLast().expected()).isInstanceOf(Expected.Open.class);
        assertThat(document.relations()).hasSize(1);
    }

    @Test
    void anErrorIsExpectedByCodePathAndMessage() {
        GoldenCase golden = read("a.yaml", """
                request: 1
                error: {code: invalid-request, path: /age, message: {contains: at most}}
                """).cases().getFirst();

        assertThat(golden.refused("invalid-request", "must be at most 3", List.of("/age"), error("must be at most 3")))
                .isEmpty();
        assertThat(golden.refused("module-failed", "boom", List.of(), error("boom")))
                .extracting(Mismatch::toString)
                .containsExactly(
                        "the answer must fail with invalid-request, but failed with module-failed: boom",
                        "the answer must be refused because of /age, but was because of no field: boom",
                        "the answer has a message that must contain \"at most\", but is \"boom\"");
        assertThat(golden.answered(error("")))
                .extracting(Mismatch::toString)
                .containsExactly(
                        "the answer must not be given: the request is to fail with invalid-request, but is {\"message\":\"\"}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[1]                         | 'a.yaml: a golden file is a mapping with ''request'' and ''answer'', or with ''cases'''",
                "answer: 1                   | 'a.yaml: must have either ''request'' or ''request_file'''",
                "{request: 1, anser: 1}      | 'a.yaml: /anser is no key here. Did you mean ''answer''? Keys: about, kind, request, request_file, tenant, answer, error, runs, pass_rate, certain, probe'",
                "{request: 1, answer: 1, error: cancelled} | 'a.yaml: must have ''answer'' or ''error'', not both'",
                "{request: 1, error: invalid} | 'a.yaml: /error ''invalid'' is no error code'",
                "{request: 1, error: module-faild} | 'a.yaml: /error ''module-faild'' is no error code. Did you mean ''module-failed''?'",
                "{request: 1, kind: hard}    | 'a.yaml: /kind ''hard'' is none of typical, edge, adversarial'",
                "{request_file: no.json}     | 'a.yaml: /request_file there is no file ''no.json'' (paths are relative to this file)'",
                "{request_file: bad.json}    | 'a.yaml: bad.json: The JSON is cut off (line 1, column 2)'",
                "{request: 1, runs: 0}       | 'a.yaml: /runs must be a whole number from 1 to 10000, but is 0'",
                "{request: 1, runs: 3, pass_rate: 90} | 'a.yaml: /pass_rate must be a share above 0 and at most 1, but is 90'",
                "{request: 1, pass_rate: 0.9} | 'a.yaml: pass_rate and certain are about ''runs''; say how many'",
                "{request: 1, answer: {a: {above: x}}} | 'a.yaml: /answer /a: above takes a number, but is \"x\"'",
                "{cases: []}                 | 'a.yaml: /cases must be a mapping of names to cases'",
                "{cases: {b: {reqest: 1}}}   | 'a.yaml: /cases/b/reqest is no key here. Did you mean ''request''? Keys: about, kind, request, request_file, tenant, answer, error, runs, pass_rate, certain, probe'",
                "{request: 1, relations: []} | 'a.yaml: relations are between ''cases'', and there are none'",
            })
    void whatCannotBeUnderstoodIsNamed(String text, String complaint) {
        assertThatThrownBy(() -> read("a.yaml", text))
                .isInstanceOf(GoldenInvalid.class)
                .hasMessage(complaint);
    }

    private static tools.jackson.databind.JsonNode error(String message) {
        return tools.jackson.databind.node.JsonNodeFactory.instance.objectNode().put("message", message);
    }

    private static GoldenDocument read(String name, String text) {
        Map<String, String> files = Map.of("walk-request.json", "{\"pet\": \"rex\"}", "bad.json", "{");
        return GoldenDocument.read(name, text, files::get);
    }
}
