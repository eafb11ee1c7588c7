package dev.patchbay.runtime.onnx;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Keeps ONNX Runtime from ending the process: version 1.29.0 on Linux dies with SIGSEGV, without a word, when it
/// starts in a process whose command line is longer than about 4,000 bytes.
final class CommandLine {

    private static final Path OWN = Path.of("/proc/self/cmdline");
    private static final int LONGEST = 3_500;

    private CommandLine() {}

    static void refuseIfTooLong() {
        int length;
        try {
            length = Files.isReadable(OWN) ? Files.readAllBytes(OWN).length : 0;
        } catch (IOException e) {
            return;
        }
        if (length > LONGEST) {
            throw new IllegalArgumentException(
                    "this process has a command line of %d bytes, and ONNX Runtime 1.29 crashes beyond some 4,000: pass the class path in the environment (CLASSPATH) or the options in a file (java @options)"
                            .formatted(length));
        }
    }
}
