package dev.patchbay.cli;

/// What the command's exit tells scripts.
final class ExitCode {

    static final int DONE = 0;
    static final int FAILED = 1;
    static final int USAGE = 2;
    static final int CHECK_NOT_PASSED = 3;
    static final int UNREACHABLE = 5;

    private ExitCode() {}
}
