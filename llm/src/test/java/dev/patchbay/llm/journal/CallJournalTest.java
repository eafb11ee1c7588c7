package dev.patchbay.llm.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.patchbay.llm.config.LlmConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Where records of calls are written.
class CallJournalTest {

    @TempDir
    Path folder;

    private CallJournal journal(long size, int files) {
        return new CallJournal(
                new LlmConfig.Journal(folder.resolve("journal").toString(), size, files, LlmConfig.Texts.NONE));
    }

    private static ObjectNode record(int number) {
        return JsonNodeFactory.instance.objectNode().put("number", number).put("text", "two\nlines");
    }

    private List<Integer> numbers(Path file) throws IOException {
        List<Integer> numbers = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            numbers.add(JsonMapper.shared().readTree(line).path("number").asInt());
        }
        return numbers;
    }

    @Test
    void aFullFileIsPutAsideAndTheOldestGoes() throws IOException {
        CallJournal journal = journal(80, 3);
        for (int i = 1; i <= 9; i++) {
            journal.add(record(i));
        }
        Path written = folder.resolve("journal");
        try (Stream<Path> files = Files.list(written)) {
            assertThat(files.map(file -> String.valueOf(file.getFileName())))
                    .containsExactlyInAnyOrder("calls.jsonl", "calls.1.jsonl", "calls.2.jsonl");
        }
        assertThat(numbers(written.resolve("calls.2.jsonl"))).containsExactly(5, 6);
        assertThat(numbers(written.resolve("calls.1.jsonl"))).containsExactly(7, 8);
        assertThat(numbers(written.resolve("calls.jsonl"))).containsExactly(9);
    }

    @Test
    void manyCallsAtATimeLoseNothing() throws Exception {
        CallJournal journal = journal(1 << 20, 2);
        try (ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> added = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                int number = i;
                added.add(calls.submit(() -> {
                    journal.add(record(number));
                    return null;
                }));
            }
            for (Future<?> each : added) {
                each.get();
            }
        }
        assertThat(numbers(folder.resolve("journal/calls.jsonl")))
                .doesNotHaveDuplicates()
                .hasSize(500);
    }

    @Test
    void aRecordThatCannotBeWrittenIsNotPassedOverInSilence() throws IOException {
        Files.writeString(folder.resolve("journal"), "a file where the folder should be");
        assertThat(catchThrowable(() -> journal(1000, 1).add(record(1)))).isInstanceOf(IOException.class);
    }
}
