package dev.patchbay.core.execution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class NicenessTest {

    private static final int WEAKEST = 19;

    @Test
    void a_thread_gives_way_alone() throws Exception {
        int before = nice();
        int modest = onItsOwn(() -> {
            Niceness.giveWay();
            return nice();
        });
        assertThat(modest).isEqualTo(Math.min(WEAKEST, before + 10));
        assertThat(nice()).as("of the thread that started it").isEqualTo(before);
        assertThat(onItsOwn(NicenessTest::nice)).as("of the next").isEqualTo(before);
    }

    private static int onItsOwn(Callable<Integer> work) throws Exception {
        FutureTask<Integer> task = new FutureTask<>(work);
        Thread.ofPlatform().start(task);
        return task.get();
    }

    /// The nineteenth field of `proc_pid_stat(5)`; the second is in parentheses and may have spaces.
    private static int nice() throws IOException {
        String stat = Files.readString(Path.of("/proc/thread-self/stat"));
        return Integer.parseInt(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[16]);
    }
}
