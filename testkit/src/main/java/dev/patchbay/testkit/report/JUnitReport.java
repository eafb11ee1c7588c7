package dev.patchbay.testkit.report;

import dev.patchbay.testkit.CheckResult;
import dev.patchbay.testkit.Finding.Verdict;
import dev.patchbay.testkit.TestReport;
import java.io.StringWriter;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/// The report in the XML that build servers know from JUnit.
public final class JUnitReport {

    private JUnitReport() {}

    /// Writes the document.
    public static String write(TestReport report) {
        StringWriter text = new StringWriter();
        try {
            XMLStreamWriter xml = XMLOutputFactory.newFactory().createXMLStreamWriter(text);
            xml.writeStartDocument();
            xml.writeStartElement("testsuite");
            xml.writeAttribute("name", plain(report.subject()));
            xml.writeAttribute("tests", String.valueOf(report.results().size()));
            xml.writeAttribute("failures", String.valueOf(report.count(Verdict.FAILED)));
            xml.writeAttribute("errors", "0");
            xml.writeAttribute("skipped", String.valueOf(report.count(Verdict.SKIPPED)));
            xml.writeAttribute("time", seconds(report.nanos()));
            xml.writeAttribute("timestamp", report.started().toString());
            for (CheckResult result : report.results()) {
                test(xml, report.subject(), result);
            }
            xml.writeEndElement();
            xml.writeEndDocument();
            xml.close();
        } catch (XMLStreamException e) {
            throw new IllegalStateException(e);
        }
        return text.toString();
    }

    private static void test(XMLStreamWriter xml, String subject, CheckResult result) throws XMLStreamException {
        xml.writeStartElement("testcase");
        xml.writeAttribute("classname", plain(subject + "." + result.kind().label()));
        xml.writeAttribute("name", plain(result.name()));
        xml.writeAttribute("time", seconds(result.nanos()));
        String text = plain(result.finding().text());
        switch (result.finding().verdict()) {
            case FAILED -> {
                xml.writeStartElement("failure");
                xml.writeAttribute("message", text.lines().findFirst().orElse(""));
                xml.writeCharacters(text);
                xml.writeEndElement();
            }
            case SKIPPED -> {
                xml.writeStartElement("skipped");
                xml.writeAttribute("message", text);
                xml.writeEndElement();
            }
            case PASSED -> {
                if (!text.isEmpty()) {
                    xml.writeStartElement("system-out");
                    xml.writeCharacters(text);
                    xml.writeEndElement();
                }
            }
        }
        xml.writeEndElement();
    }

    private static String seconds(long nanos) {
        return String.format(java.util.Locale.ROOT, "%.3f", nanos / 1e9);
    }

    /// XML 1.0 cannot say most control characters, and an answer may hold any.
    private static String plain(String text) {
        StringBuilder plain = new StringBuilder();
        text.codePoints()
                .map(c -> c == '\t'
                                || c == '\n'
                                || c == '\r'
                                || c >= 0x20 && c <= 0xD7FF
                                || c >= 0xE000 && c <= 0xFFFD
                                || c >= 0x10000
                        ? c
                        : '\uFFFD')
                .forEach(plain::appendCodePoint);
        return plain.toString();
    }
}
