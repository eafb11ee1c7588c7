package dev.patchbay.testkit.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.testkit.Chart;
import dev.patchbay.testkit.Check;
import dev.patchbay.testkit.CheckResult;
import dev.patchbay.testkit.Finding;
import dev.patchbay.testkit.TestReport;
import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;

final class ReportsTest {

    private static final TestReport REPORT = new TestReport(
            "score@1.0.0",
            "Scores <things> & more",
            Instant.parse("2026-03-02T18:30:00Z"),
            1_500_000_000,
            List.of(
                    new CheckResult(Check.Kind.CONTRACT, "says who it is", Finding.passed("owner tests"), 1_000_000),
                    new CheckResult(Check.Kind.GOLDEN, "calm", Finding.passed(""), 2_000_000),
                    new CheckResult(
                            Check.Kind.GOLDEN,
                            "a \"wild\" <day>",
                            Finding.failed("/score must be 1\nasked: {\"x\": \"<&\u0001\"}"),
                            3_000_000),
                    new CheckResult(Check.Kind.GOLDEN, "later", Finding.skipped("no answer so far"), 0),
                    new CheckResult(
                            Check.Kind.LEAK,
                            "leaves no memory",
                            Finding.passed("0.1 MB a round")
                                    .with(List.of(
                                            new Chart("Heap", "MB", "round", List.of(), List.of(10.0, 12.5, 11.0)))),
                            9_000_000)));

    @Test
    void theConsoleSaysWhatFailedAndNoMore() {
        assertThat(console(false)).isEqualTo("""
                score@1.0.0 · Scores <things> & more

                  ✔ contract       1 check

                  ✖ golden         1 of 3 checks failed
                    ✖ a "wild" <day>
                      /score must be 1
                      asked: {"x": "<&\u0001"}
                    ◌ later
                      no answer so far

                  ✔ leak           1 check
                    ✔ leaves no memory
                      0.1 MB a round

                ✖ 3 passed, 1 failed, 1 skipped in 1.5 s
                """);
        assertThat(console(true)).contains("\u001b[31m✖\u001b[0m a \"wild\" <day>");
    }

    @Test
    void buildServersReadTheResults() throws Exception {
        Element suite = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(JUnitReport.write(REPORT).getBytes(StandardCharsets.UTF_8)))
                .getDocumentElement();

        assertThat(suite.getAttribute("tests")).isEqualTo("5");
        assertThat(suite.getAttribute("failures")).isEqualTo("1");
        assertThat(suite.getAttribute("skipped")).isEqualTo("1");
        Element failed = (Element) suite.getElementsByTagName("failure").item(0);
        assertThat(failed.getAttribute("message")).isEqualTo("/score must be 1");
        assertThat(failed.getTextContent()).endsWith("{\"x\": \"<&\uFFFD\"}");
        assertThat(((Element) failed.getParentNode()).getAttribute("name")).isEqualTo("a \"wild\" <day>");
        assertThat(((Element) failed.getParentNode()).getAttribute("classname")).isEqualTo("score@1.0.0.golden");
    }

    @Test
    void thePageNeedsNothingFromElsewhereAndEscapesWhatModulesSay() {
        String page = HtmlReport.write(REPORT);

        assertThat(page)
                .contains("<h1>score@1.0.0</h1>")
                .contains("Scores &lt;things&gt; &amp; more")
                .contains("a &quot;wild&quot; &lt;day&gt;")
                .contains("<details class=\"check\" open>")
                .contains("<svg viewBox")
                .contains("<title>2: 12.5 MB</title>")
                .doesNotContain("http://", "https://", "<script", "<day>", "url(");
        // what failed comes before what passed
        assertThat(page.indexOf("/score must be 1")).isLessThan(page.indexOf("> calm<"));
    }

    private static String console(boolean colours) {
        StringWriter text = new StringWriter();
        new ConsoleReport(new PrintWriter(text), false, colours).print(REPORT);
        return text.toString();
    }
}
