package dev.patchbay.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.llm.fake.FakeProvider;
import dev.patchbay.llm.fake.Fault;
import dev.patchbay.llm.fake.Reply;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/// Every fault of a provider, before and after the first content, as a stream and at once, as the caller sees it:
/// a plain error or another provider's answer while nothing was seen, an error event after that, never a result. And as
/// the record of the call tells it, which agrees with the bill.
class PromptFaultsTest {

    private static final String CONFIG = """
            llm:
              providers:
                first: {format: openai, url: "%s", most_bytes: 200000}
                second: {format: openai, url: "%s"}
              models:
                alone: {provider: first, model: tiny}
                backed: [{provider: first, model: tiny}, {provider: second, model: tiny}]
              timeouts: {first_token: 300ms, idle: 250ms, total: 700ms}
              retry: {attempts: 1}
              cooldown: {failures: 1000}
              journal: {folder: "%s"}
            inference: {alone: {default_version: 1.0.0}, backed: {default_version: 1.0.0}}
            """;

    @TempDir
    static Path folder;

    static final FakeProvider FIRST = FakeProvider.start();
    static final FakeProvider SECOND = FakeProvider.start(request -> Reply.text("rescued"));
    static RunningGateway gateway;

    @BeforeAll
    static void start() throws Exception {
        gateway = new RunningGateway(
                folder.resolve("served"), CONFIG.formatted(FIRST.url(), SECOND.url(), folder.resolve("journal")));
        for (String task : List.of("alone", "backed")) {
            PromptFolder prompt = PromptFolder.text(task, "1.0.0");
            String yaml = Objects.requireNonNull(prompt.files().get("module.yaml"));
            prompt.with("module.yaml", yaml.replace("model: default", "model: " + task))
                    .into(gateway.module(task));
        }
        gateway.start();
    }

    @AfterAll
    static void stop() throws Exception {
        gateway.close();
        FIRST.close();
        SECOND.close();
    }

    /// @param seen whether the caller of a stream sees content before the fault
    private record Case(String name, Reply reply, boolean stream, boolean seen) {

        @Override
        public String toString() {
            return name + (stream ? ", streamed" : ", at once") + (seen ? ", after content" : ", before content");
        }
    }

    private static final Reply ANSWER = Reply.text("All is quiet tonight");

    static Stream<Case> faults() {
        List<Case> cases = new ArrayList<>();
        for (boolean stream : new boolean[] {true, false}) {
            for (Fault fault : new Fault[] {
                Fault.TRUNCATED,
                Fault.CUT,
                Fault.ERROR_EVENT,
                Fault.SILENCE,
                Fault.ONLY_KEEP_ALIVES,
                Fault.GARBLED,
                Fault.HALF_CHARACTER
            }) {
                if (stream || fault != Fault.ONLY_KEEP_ALIVES) {
                    cases.add(new Case(fault.name(), ANSWER.failing(fault, 0), stream, false));
                }
                if (stream) {
                    cases.add(new Case(fault.name(), ANSWER.failing(fault, 2), true, true));
                }
            }
            Reply slow = ANSWER.failing(Fault.SLOW_FIRST_TOKEN).paced(Duration.ofSeconds(2));
            cases.add(new Case("SLOW_FIRST_TOKEN", slow, stream, false));
            cases.add(new Case("WRONG_TYPE", ANSWER.failing(Fault.WRONG_TYPE), stream, false));
            cases.add(new Case("EMPTY", ANSWER.failing(Fault.EMPTY), stream, false));
            cases.add(new Case("ENDLESS", ANSWER.failing(Fault.ENDLESS), stream, stream));
            cases.add(new Case("429", Reply.rateLimited(Duration.ofMillis(1)), stream, false));
            cases.add(new Case("500", Reply.status(500, "the engine died"), stream, false));
        }
        cases.add(new Case("NO_END_MARKER", ANSWER.failing(Fault.NO_END_MARKER), true, true));
        cases.add(new Case("NO_FINISH_REASON", ANSWER.failing(Fault.NO_FINISH_REASON), true, true));
        return cases.stream();
    }

    @ParameterizedTest
    @MethodSource("faults")
    void withoutAnotherProviderTheCallFails(Case c) throws Exception {
        FIRST.answering(request -> c.reply());
        double output = counted("alone", "tokens_output");
        double truncated = counted("alone", "truncated");

        HttpResponse<String> answer = ask("alone", c);

        JsonNode record = record(answer);
        assertThat(record.path("ended").asString()).isEqualTo(c.seen() ? "truncated" : "failed");
        assertThat(tried(record)).hasSize(1).doesNotContain("first/tiny answered");
        assertThat(record.has("finish")).isFalse();
        assertThat(record.path("usage").path("output").asDouble())
                .as("the record agrees with the bill")
                .isEqualTo(counted("alone", "tokens_output") - output);
        assertThat(answer.body()).doesNotContain("event: result");
        if (c.seen()) {
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).contains("event: part").contains("event: error\ndata: {");
            assertThat(counted("alone", "tokens_output"))
                    .as("what was used is billed")
                    .isGreaterThan(output);
            assertThat(counted("alone", "truncated")).isEqualTo(truncated + 1);
        } else {
            assertThat(answer.statusCode()).isBetween(500, 503);
            assertThat(answer.headers().firstValue("content-type")).contains("application/problem+json");
            assertThat(answer.body()).contains("Model 'alone' gave no answer. ", "rovider 'first' ");
            assertThat(counted("alone", "truncated")).isEqualTo(truncated);
        }
    }

    @ParameterizedTest
    @MethodSource("faults")
    void anotherProviderIsAskedWhileNothingWasSeen(Case c) throws Exception {
        FIRST.answering(request -> c.reply());
        int asked = SECOND.received().size();

        double output = counted("backed", "tokens_output");

        HttpResponse<String> answer = ask("backed", c);

        JsonNode record = record(answer);
        assertThat(record.path("ended").asString()).isEqualTo(c.seen() ? "truncated" : "whole");
        assertThat(tried(record)).hasSize(c.seen() ? 1 : 2).doesNotContain("first/tiny answered");
        assertThat(tried(record).contains("second/tiny answered")).isEqualTo(!c.seen());
        assertThat(record.path("usage").path("output").asDouble())
                .isEqualTo(counted("backed", "tokens_output") - output);
        assertThat(answer.statusCode()).isEqualTo(200);
        if (c.seen()) {
            assertThat(answer.body()).contains("event: error\ndata: {").doesNotContain("event: result", "rescued");
            assertThat(SECOND.received()).hasSize(asked);
        } else {
            assertThat(answer.body()).contains("\"text\":\"rescued\"").doesNotContain("quiet");
            assertThat(SECOND.received()).hasSize(asked + 1);
        }
    }

    @Test
    void anAnswerInSingleBytesIsWhole() throws Exception {
        Reply split = Reply.text("Zoë’s night: 夜 🐈 quiet").failing(Fault.BYTE_BY_BYTE);
        FIRST.answering(request -> split);
        for (boolean stream : new boolean[] {true, false}) {
            assertThat(ask("alone", new Case("split", split, stream, false)).body())
                    .contains("{\"text\":\"Zoë’s night: 夜 🐈 quiet\",\"finish\":\"stop\"");
        }
    }

    private static HttpResponse<String> ask(String task, Case c) throws Exception {
        return gateway.post(
                "/v1/inference/" + task,
                "{\"question\": \"How was the night?\"}",
                "accept",
                c.stream() ? "text/event-stream" : "application/json");
    }

    /// The one record of a call.
    private static JsonNode record(HttpResponse<String> answer) throws Exception {
        String id = answer.headers().firstValue("inference-request-id").orElseThrow();
        List<JsonNode> records = Files.readAllLines(folder.resolve("journal/calls.jsonl")).stream()
                .map(RunningGateway.JSON::readTree)
                .filter(record -> record.path("request_id").asString().equals(id))
                .toList();
        assertThat(records).hasSize(1);
        return records.getFirst();
    }

    private static List<String> tried(JsonNode record) {
        return record.path("tries")
                .valueStream()
                .map(each -> each.path("target").asString() + " "
                        + each.path("ended").asString())
                .toList();
    }

    private static double counted(String task, String counter) throws Exception {
        Matcher line = Pattern.compile(
                        "patchbay_module_llm_" + counter + "_total\\{task=\"" + task + "\",version=\"1.0.0\"} (\\S+)")
                .matcher(gateway.admin("GET", "/metrics", "").body());
        return line.find() ? Double.parseDouble(line.group(1)) : -1;
    }
}
